"""Which URLs are trusted with Secure cookies."""

from collections.abc import Iterable

import pytest
from yarl import URL

from martlet_cookiejar import CookieJar


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.com/", True),
        ("wss://example.com/", True),
        ("HTTPS://example.com/", True),
        ("http://example.com/", False),
        ("ws://example.com/", False),
        ("//example.com/", False),
        ("http://localhost/", False),
    ],
)
def test_https_and_wss_are_secure(url: str, expected: bool) -> None:
    jar = CookieJar()
    jar.update_cookies_from_headers(["a=b; Secure"], url)
    assert len(jar) == expected
    assert jar.cookie_header(url) == ("a=b" if expected else "")


@pytest.mark.parametrize(
    ("origins", "expected"),
    [
        (None, set()),
        ([], set()),
        ("http://example.com", {"http://example.com"}),
        ("http://example.com:80/path?query", {"http://example.com"}),
        ("http://user:password@example.com:8080", {"http://example.com:8080"}),
        (URL("http://example.com/path"), {"http://example.com"}),
        (
            ["http://example.com", URL("ws://localhost:8080/x")],
            {"http://example.com", "ws://localhost:8080"},
        ),
        (("http://a.example", "http://a.example/b"), {"http://a.example"}),
        ({URL("http://a.example")}, {"http://a.example"}),
        (iter(["http://a.example"]), {"http://a.example"}),
    ],
)
def test_origins_come_in_any_form(
    origins: str | URL | Iterable[str | URL] | None, expected: set[str]
) -> None:
    jar = CookieJar(treat_as_secure_origin=origins)
    assert isinstance(jar.treat_as_secure_origin, frozenset)
    assert jar.treat_as_secure_origin == {URL(origin) for origin in expected}


@pytest.mark.parametrize("origins", [1, True, [1], [None], b"http://example.com", object()])
def test_what_is_no_url_is_a_type_error(origins: object) -> None:
    with pytest.raises(TypeError):
        CookieJar(treat_as_secure_origin=origins)  # type: ignore[arg-type]  # what is tested


@pytest.mark.parametrize("origins", ["", "/path", "example.com", ["http://a.example", "b"]])
def test_what_has_no_origin_is_a_value_error(origins: str | list[str]) -> None:
    with pytest.raises(ValueError, match="URL should"):
        CookieJar(treat_as_secure_origin=origins)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://localhost:8080/", True),
        ("http://localhost:8080/path?query#fragment", True),
        ("http://user@LOCALHOST:8080/", True),
        ("http://localhost/", False),
        ("http://localhost:80/", False),
        ("http://localhost:8081/", False),
        ("http://a.localhost:8080/", False),
        ("ws://localhost:8080/", False),
        ("https://localhost:8080/", True),
        ("//localhost:8080/", False),
        (URL("/path"), False),
        ("", False),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str | URL, expected: bool) -> None:
    jar = CookieJar(treat_as_secure_origin="http://localhost:8080")
    jar.update_cookies_from_headers(["a=b; Secure", "__Host-c=d; Secure; Path=/"], url)
    assert len(jar) == 2 * expected
    assert jar.cookie_header(url) == ("a=b; __Host-c=d" if expected else "")


@pytest.mark.parametrize("origin", ["http://example.com", "http://example.com:80"])
@pytest.mark.parametrize("url", ["http://example.com/", "http://example.com:80/"])
def test_the_default_port_need_not_be_named(origin: str, url: str) -> None:
    jar = CookieJar(treat_as_secure_origin=origin)
    jar.update_cookies_from_headers(["a=b; Secure"], url)
    assert jar.cookie_header(url) == "a=b"
    assert jar.cookie_header("http://example.com:8080/") == ""


def test_it_may_replace_secure_cookies() -> None:
    jar = CookieJar(treat_as_secure_origin="http://localhost:8080")
    jar.update_cookies_from_headers(["a=1; Secure"], "https://localhost/")
    jar.update_cookies_from_headers(["a=2"], "http://localhost/")
    assert jar.cookie_header("https://localhost/") == "a=1"
    jar.update_cookies_from_headers(["a=3"], "http://localhost:8080/")
    assert jar.cookie_header("https://localhost/") == "a=3"


def test_the_users_secure_cookies_too() -> None:
    jar = CookieJar(treat_as_secure_origin="http://localhost:8080")
    source = CookieJar()
    source.update_cookies_from_headers(["a=b; Secure"], "https://example.com/")
    jar.update_cookies({"a": next(iter(source))}, "http://localhost:8080/")
    # The Morsel names its domain, which is another.
    assert len(jar) == 0
    morsel = next(iter(source))
    morsel["domain"] = ""
    jar.update_cookies({"a": morsel}, "http://localhost:8080/")
    assert jar.cookie_header("http://localhost:8080/") == "a=b"


def test_the_other_properties_are_what_was_given() -> None:
    jar = CookieJar()
    assert (jar.unsafe, jar.quote_cookie, jar.treat_as_secure_origin) == (False, True, frozenset())
    jar = CookieJar(unsafe=True, quote_cookie=False)
    assert (jar.unsafe, jar.quote_cookie) == (True, False)
