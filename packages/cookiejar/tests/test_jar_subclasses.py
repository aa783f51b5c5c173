"""Jars that people derive from `CookieJar`: what they override is asked."""

from collections.abc import Sequence
from http.cookies import SimpleCookie

import pytest
from yarl import URL

from martlet_cookiejar import CookieJar, LooseCookies

HOST = URL("https://www.example.com/dir/page")


class Filtering(CookieJar):
    """Sends nothing whose name begins with an underscore."""

    def filter_cookies(self, request_url: URL | str = HOST) -> SimpleCookie:
        found = super().filter_cookies(request_url)
        for name in [name for name in found if name.startswith("_")]:
            del found[name]
        return found


class Picky(CookieJar):
    """Takes nothing whose name begins with an underscore."""

    def update_cookies(self, cookies: LooseCookies, response_url: URL | str = HOST) -> None:
        kept = [pair for pair in dict(cookies).items() if not pair[0].startswith("_")]
        super().update_cookies(kept, response_url)


class Below(Filtering, Picky):
    """Both."""


class Mixin:
    """For any jar."""

    def filter_cookies(self, request_url: URL | str = HOST) -> SimpleCookie:
        return SimpleCookie({"mixed": "in"})


class Mixed(Mixin, CookieJar):
    """Its override comes from a class that is no jar."""


class OwnHeader(Filtering):
    """Overrides what `Filtering` got for it."""

    def cookie_header(self, request_url: URL | str) -> str:
        return "own; " + super().cookie_header(request_url)


class Both(CookieJar):
    """Overrides all four."""

    def filter_cookies(self, request_url: URL | str = HOST) -> SimpleCookie:
        return SimpleCookie({"never": "asked"})

    def cookie_header(self, request_url: URL | str) -> str:
        return super().cookie_header(request_url)

    def update_cookies(self, cookies: LooseCookies, response_url: URL | str = HOST) -> None:
        raise AssertionError

    def update_cookies_from_headers(self, headers: Sequence[str], response_url: URL | str) -> None:
        super().update_cookies_from_headers(headers, response_url)


class Neither(CookieJar):
    """Overrides something else."""

    def __len__(self) -> int:
        return 42


@pytest.mark.parametrize("kind", [Filtering, Below])
def test_cookie_header_asks_filter_cookies(kind: type[CookieJar]) -> None:
    jar = kind()
    jar.update_cookies_from_headers(["a=1", 'b="2 3"', "noname"], HOST)
    jar.update_cookies({"_c": "3"}, HOST)
    assert jar.cookie_header(HOST) == 'a=1; b="2 3"; noname'


def test_what_filter_cookies_hides_is_not_sent() -> None:
    jar = Filtering()
    jar.update_cookies_from_headers(["a=1", "_b=2"], HOST)
    assert len(jar) == 2
    assert jar.cookie_header(HOST) == "a=1"


@pytest.mark.parametrize("kind", [Picky, Below])
def test_update_cookies_from_headers_asks_update_cookies(kind: type[CookieJar]) -> None:
    jar = kind()
    jar.update_cookies_from_headers(
        [
            "_a=1",
            'b="2 3"; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Partitioned; Secure',
            "c=4 5; Domain=example.com; Expires=Fri, 31 Dec 2100 23:59:59 GMT",
            "path=6",
            "noname",
            "bad=\0",
        ],
        HOST,
    )
    assert jar.cookie_header(HOST) == 'c=4 5; path=6; noname; b="2 3"'


def test_by_way_of_update_cookies_nothing_is_lost() -> None:
    lines = [
        'b="2 3"; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Partitioned; Secure',
        "c=4 5; Domain=example.com; Expires=Fri, 31 Dec 2100 23:59:59 GMT",
        "\udcff=\xe9 \t\udcfe",
        "d=; Max-Age=0",
    ]
    jars = [
        kind(now=lambda: 4e9, quote_cookie=quote)
        for kind in (CookieJar, Picky)
        for quote in (True, False)
    ]
    for jar in jars:
        jar.update_cookies_from_headers(["d=1"], HOST)
        jar.update_cookies_from_headers(lines, HOST)
    first, *others = jars
    assert len(first) == 3
    for other in others:
        assert other.list_cookies() == first.list_cookies()


def test_a_mixin_before_the_jar_is_asked() -> None:
    assert Mixed().cookie_header(HOST) == "mixed=in"


def test_an_own_header_goes_before() -> None:
    jar = OwnHeader()
    jar.update_cookies({"a": "1", "_b": "2"}, HOST)
    assert jar.cookie_header(HOST) == "own; a=1"


def test_who_overrides_all_is_left_alone() -> None:
    jar = Both()
    jar.update_cookies_from_headers(["a=1"], HOST)
    assert jar.cookie_header(HOST) == "a=1"


def test_who_overrides_neither_has_the_short_way() -> None:
    assert Neither.cookie_header is CookieJar.cookie_header
    assert Neither.update_cookies_from_headers is CookieJar.update_cookies_from_headers
    assert "cookie_header" not in vars(Neither)


def test_repr_has_the_name_of_the_class() -> None:
    assert repr(Filtering()) == "<Filtering of 0 cookies>"
