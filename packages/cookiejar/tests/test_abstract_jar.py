from collections.abc import Callable, Iterator
from http.cookies import BaseCookie, Morsel, SimpleCookie
from typing import Any

import pytest
from yarl import URL

from martlet_cookiejar import AbstractCookieJar, LooseCookies

HOST = URL("https://www.example.com/dir/page")


def morsel_of(name: str, value: object) -> Morsel[str]:
    cookies = SimpleCookie()
    cookies[name] = str(value)
    return cookies[name]


class ListJar(AbstractCookieJar):
    """The five methods, as simple as can be: everything goes everywhere."""

    def __init__(self) -> None:
        super().__init__()
        self.morsels: list[Morsel[str]] = []
        self.urls: list[URL] = []

    def __iter__(self) -> Iterator[Morsel[str]]:
        return iter(self.morsels)

    def __len__(self) -> int:
        return len(self.morsels)

    def clear(self, predicate: Callable[[Morsel[str]], bool] | None = None) -> None:
        self.morsels = [m for m in self.morsels if predicate is not None and not predicate(m)]

    def update_cookies(self, cookies: LooseCookies, response_url: URL = HOST) -> None:
        self.urls.append(response_url)
        for name, value in dict(cookies).items():
            self.morsels.append(value if isinstance(value, Morsel) else morsel_of(name, value))

    def filter_cookies(self, request_url: URL = HOST) -> BaseCookie[str]:
        found = SimpleCookie()
        for morsel in self.morsels:
            dict.__setitem__(found, morsel.key, morsel)
        return found


class OldJar(AbstractCookieJar):
    """A jar as they were written for aiohttp 3.4."""

    def __init__(self, *, loop: Any = None) -> None:
        super().__init__(loop=loop)
        self._cookies = SimpleCookie()

    def __iter__(self) -> Iterator[Morsel[str]]:
        yield from self._cookies.values()

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def clear(self) -> None:  # type: ignore[override]  # there was no predicate
        self._cookies.clear()

    def update_cookies(self, cookies: Any, response_url: Any = None) -> None:
        if isinstance(cookies, dict):
            cookies = cookies.items()
        for name, value in cookies:
            self._cookies[name] = value

    def filter_cookies(self, request_url: URL) -> SimpleCookie:  # type: ignore[override]  # nor this default
        return self._cookies


def test_the_five_methods_are_all_that_is_asked() -> None:
    assert AbstractCookieJar.__abstractmethods__ == {
        "__iter__",
        "__len__",
        "clear",
        "update_cookies",
        "filter_cookies",
    }
    with pytest.raises(TypeError, match="abstract"):
        AbstractCookieJar()  # type: ignore[abstract]  # what is tested


def test_fields_become_morsels() -> None:
    jar = ListJar()
    jar.update_cookies_from_headers(
        ['a="1 2"; Path=/x; Domain=.Example.com; Max-Age=5; Secure; HttpOnly; SameSite=lax', "b=3"],
        HOST,
    )
    first, second = jar
    assert jar.urls == [HOST]
    assert (first.key, first.value, first.coded_value) == ("a", "1 2", '"1 2"')
    assert (first["path"], first["domain"], first["max-age"]) == ("/x", "example.com", "5")
    assert (first["secure"], first["httponly"], first["samesite"]) == (True, True, "Lax")
    assert (second.key, second.value, second["path"], second["domain"]) == ("b", "3", "", "")


@pytest.mark.parametrize("headers", [[], ["", "a=\0", ";"]])
def test_without_cookies_nothing_is_called(headers: list[str]) -> None:
    jar = ListJar()
    jar.update_cookies_from_headers(headers, HOST)
    assert jar.urls == []


def test_morsels_become_a_field() -> None:
    jar = ListJar()
    assert jar.cookie_header(HOST) == ""
    jar.update_cookies({"a": "1", "b": "2 3"})
    assert jar.cookie_header(HOST) == 'a=1; b="2 3"'


@pytest.mark.parametrize("line", ['a="b c"', "a=b c", "a[b]=1", "path=1", "noname", "\xe9=\udcff"])
def test_what_came_goes_back_as_it_was(line: str) -> None:
    jar = ListJar()
    jar.update_cookies_from_headers([line], HOST)
    assert jar.cookie_header(HOST) == line


def test_cookies_are_by_domain_and_path() -> None:
    jar = ListJar()
    jar.update_cookies_from_headers(["a=1; Path=/x; Domain=example.com", "b=2", "path=3"], HOST)
    assert {place: list(found) for place, found in jar.cookies.items()} == {
        ("example.com", "/x"): ["a"],
        ("", ""): ["b", "path"],
    }
    with pytest.raises(TypeError):
        jar.cookies["", ""] = SimpleCookie()  # type: ignore[index]  # what is tested


@pytest.mark.parametrize(
    ("domain", "left"),
    [
        ("example.com", ["c", "d"]),
        (".Example.com", ["c", "d"]),
        ("www.example.com", ["a", "c", "d"]),
        ("example.org", ["a", "b", "c", "d"]),
        ("", ["a", "b", "c"]),
    ],
)
def test_clear_domain_removes_a_domain_and_those_below_it(domain: str, left: list[str]) -> None:
    jar = ListJar()
    jar.update_cookies_from_headers(
        [
            "a=1; Domain=example.com",
            "b=1; Domain=www.example.com",
            "c=1; Domain=badexample.com",
            "d=1",
        ],
        HOST,
    )
    jar.clear_domain(domain)
    assert [morsel.key for morsel in jar] == left


def test_properties_have_defaults() -> None:
    jar = ListJar()
    assert jar.host_only_cookies == frozenset()
    assert jar.unsafe is False
    assert jar.quote_cookie is True
    assert jar.treat_as_secure_origin == frozenset()


def test_an_old_jar_works() -> None:
    loop = object()
    jar = OldJar(loop=loop)
    assert jar._loop is loop
    jar.update_cookies_from_headers(["a=1; Path=/", 'b="2 3"'], HOST)
    jar.update_cookies({"c": "4"})
    assert jar.cookie_header(HOST) == 'a=1; b="2 3"; c=4'
    assert len(jar) == 3
    assert ("", "/") in jar.cookies
    jar.clear()
    assert jar.cookie_header(HOST) == ""
