"""Cookies as `http.cookies` has them."""

from http.cookies import BaseCookie, Morsel, SimpleCookie

import pytest
from yarl import URL

from martlet_cookiejar import Cookie, CookieJar

NOW = 1_700_000_000.0
HOST = "https://www.example.com/dir/page"


@pytest.fixture
def jar() -> CookieJar:
    return CookieJar(now=lambda: NOW)


def test_iteration_gives_morsels_with_all_attributes(jar: CookieJar) -> None:
    jar.update_cookies_from_headers(
        [
            'a="1 2"; Path=/x; Max-Age=100; Secure; HttpOnly; SameSite=Lax; Domain=example.com',
            "b=2; Expires=Wed, 01 May 2024 00:00:00 GMT; Partitioned",
        ],
        HOST,
    )
    jar.update_cookies({"c": "3 4"})
    first, second, third = jar
    assert all(isinstance(morsel, Morsel) for morsel in (first, second, third))
    assert (first.key, first.value, first.coded_value) == ("a", "1 2", '"1 2"')
    assert dict(first) | {"partitioned": ""} == {
        "path": "/x",
        "domain": "example.com",
        "max-age": "100",
        "expires": "",
        "secure": True,
        "httponly": True,
        "samesite": "Lax",
        "version": "",
        "comment": "",
        "partitioned": "",
    }
    assert (second.key, second["path"], second["domain"]) == ("b", "/dir", "www.example.com")
    assert second["expires"] == "Wed, 01 May 2024 00:00:00 GMT"
    assert second["partitioned"] is True
    assert (second["secure"], second["httponly"], second["samesite"]) == ("", "", "")
    assert (third.key, third.value, third.coded_value) == ("c", "3 4", '"3 4"')
    assert (third["domain"], third["path"]) == ("", "/")


def test_a_morsel_is_no_way_into_the_jar(jar: CookieJar) -> None:
    jar.update_cookies_from_headers(["a=1"], HOST)
    for morsel in [
        *jar,
        jar.filter_cookies(HOST)["a"],
        jar.cookies["www.example.com", "/dir"]["a"],
    ]:
        morsel["path"] = "/elsewhere"
        morsel.set("a", "2", "2")
    assert jar.cookie_header(HOST) == "a=1"


def test_the_jar_may_change_while_it_is_iterated_over(jar: CookieJar) -> None:
    jar.update_cookies({"a": "1", "b": "2"})
    for morsel in jar:
        jar.clear(lambda other, key=morsel.key: other.key == key)  # type: ignore[misc]  # mypy knows no default here
    assert len(jar) == 0


def test_filter_cookies_gives_names_and_values_without_attributes(jar: CookieJar) -> None:
    jar.update_cookies_from_headers(['a="1 2"; Secure', "b=3; Path=/"], HOST)
    found = jar.filter_cookies(HOST)
    assert isinstance(found, SimpleCookie)
    assert found.output(header="", sep=";") == ' a="1 2"; b=3'
    assert (found["a"].value, found["a"].coded_value) == ("1 2", '"1 2"')
    assert not any(value for morsel in found.values() for value in morsel.values())
    assert list(jar.filter_cookies(URL("http://www.example.com/"))) == ["b"]
    assert jar.filter_cookies("https://example.org/") == BaseCookie()


@pytest.mark.parametrize(
    "name", ["a[b]", "path", "Expires", "a b", "\xe9", "\udcff", "{}", "a,b", "@", ""]
)
def test_filter_cookies_has_any_name(jar: CookieJar, name: str) -> None:
    jar.update_cookies_from_headers([f"{name}=1"], HOST)
    found = jar.filter_cookies(HOST)
    assert list(found) == [name]
    assert found[name].key == name
    assert found[name].value == "1"
    assert [morsel.key for morsel in jar] == [name]


def test_filter_cookies_has_the_more_specific_one_of_a_name(jar: CookieJar) -> None:
    jar.update_cookies({"a": "all"})
    jar.update_cookies_from_headers(["a=root; Path=/", "a=dir", "a=page; Path=/dir/page"], HOST)
    assert jar.cookie_header(HOST) == "a=page; a=dir; a=all; a=root"
    assert jar.filter_cookies(HOST)["a"].value == "page"
    assert jar.filter_cookies("https://www.example.com/dir/")["a"].value == "dir"
    assert jar.filter_cookies("https://www.example.com/")["a"].value == "all"


@pytest.mark.parametrize("url", ["", URL("/"), URL("/dir"), URL("mailto:me@example.com")])
def test_filter_cookies_without_a_host_gives_what_is_for_all(
    jar: CookieJar, url: str | URL
) -> None:
    jar.update_cookies({"a": "1"})
    jar.update_cookies({"b": "1"}, HOST)
    assert list(jar.filter_cookies(url)) == ["a"]
    assert list(jar.filter_cookies()) == ["a"]


def test_cookies_are_by_domain_and_path(jar: CookieJar) -> None:
    jar.update_cookies_from_headers(
        ["a=1", "b=2", "a=3; Path=/", "path=4; Domain=example.com"], HOST
    )
    jar.update_cookies({"c": "5"})
    cookies = jar.cookies
    assert {place: list(found) for place, found in cookies.items()} == {
        ("www.example.com", "/dir"): ["a", "b"],
        ("www.example.com", "/"): ["a"],
        ("example.com", "/dir"): ["path"],
        ("", "/"): ["c"],
    }
    assert isinstance(cookies["", "/"], SimpleCookie)
    assert cookies["www.example.com", "/"]["a"]["path"] == "/"
    with pytest.raises(TypeError):
        cookies["", "/"] = SimpleCookie()  # type: ignore[index]  # what is tested


def test_host_only_cookies_are_told(jar: CookieJar) -> None:
    jar.update_cookies_from_headers(["a=1", "b=2; Domain=www.example.com", "c=3; Path=/"], HOST)
    jar.update_cookies({"d": "4"})
    assert jar.host_only_cookies == {
        ("www.example.com", "/dir", "a"),
        ("www.example.com", "/", "c"),
    }


def test_clear_removes_all(jar: CookieJar) -> None:
    jar.update_cookies({"a": "1"})
    jar.update_cookies({"b": "1"}, HOST)
    jar.clear()
    assert len(jar) == 0
    assert jar.cookie_header(HOST) == ""


def test_clear_removes_what_the_predicate_says(jar: CookieJar) -> None:
    jar.update_cookies_from_headers(["a=1; Path=/", "a=2; Secure", "b=3; Domain=example.com"], HOST)
    jar.clear(lambda morsel: morsel.key == "a" and bool(morsel["secure"]))
    assert jar.cookie_header(HOST) == "b=3; a=1"
    jar.clear(lambda morsel: morsel["domain"] == "example.com")
    assert jar.cookie_header(HOST) == "a=1"
    jar.clear(lambda morsel: False)
    assert len(jar) == 1


def test_an_error_in_the_predicate_comes_out(jar: CookieJar) -> None:
    jar.update_cookies({"a": "1"})
    with pytest.raises(ZeroDivisionError):
        jar.clear(lambda morsel: len(morsel) == 1 // 0)
    assert len(jar) == 1


DOMAINS = ("", "example.com", "www.example.com", "a.www.example.com", "badexample.com", "127.0.0.1")


@pytest.mark.parametrize(
    ("domain", "left"),
    [
        ("example.com", ["", "badexample.com", "127.0.0.1"]),
        (".example.com", ["", "badexample.com", "127.0.0.1"]),
        ("Example.COM.", ["", "badexample.com", "127.0.0.1"]),
        ("www.example.com", ["", "example.com", "badexample.com", "127.0.0.1"]),
        ("com", ["", "127.0.0.1"]),
        ("127.0.0.1", [*DOMAINS[:-1]]),
        ("0.0.1", [*DOMAINS]),
        ("example.org", [*DOMAINS]),
        ("example..com", [*DOMAINS]),
        ("..", [*DOMAINS]),
        ("", [*DOMAINS[1:]]),
        ("b\xfccher.example", [*DOMAINS]),
    ],
)
def test_clear_domain_removes_a_domain_and_those_below_it(
    jar: CookieJar, domain: str, left: list[str]
) -> None:
    for of_domain in DOMAINS:
        jar.add(Cookie("a", "1", of_domain))
    jar.clear_domain(domain)
    assert [cookie.domain for cookie in jar.list_cookies()] == left


def test_clear_domain_knows_a_labels(jar: CookieJar) -> None:
    jar.update_cookies({"a": "1"}, "http://www.b\xfccher.example/")
    jar.clear_domain("b\xfccher.example")
    assert len(jar) == 0
