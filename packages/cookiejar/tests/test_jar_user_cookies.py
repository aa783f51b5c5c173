"""Cookies that the user gives."""

from http.cookies import Morsel, SimpleCookie

import pytest
from yarl import URL

from martlet_cookiejar import Cookie, CookieJar, CookieLimits, LooseCookies

NOW = 1_700_000_000.0
HOST = "https://www.example.com/dir/page"


@pytest.fixture
def jar() -> CookieJar:
    return CookieJar(now=lambda: NOW)


def cookie_with(**attributes: object) -> SimpleCookie:
    cookies = SimpleCookie({"a": "b"})
    dict.update(cookies["a"], {key.replace("_", "-"): value for key, value in attributes.items()})
    return cookies


def only(jar: CookieJar) -> Cookie:
    (cookie,) = jar.list_cookies()
    return cookie


@pytest.mark.parametrize(
    "cookies",
    [
        {"a": "b"},
        [("a", "b")],
        iter([("a", "b")]),
        SimpleCookie({"a": "b"}),
        {"a": SimpleCookie({"a": "b"})["a"]},
        [("a", SimpleCookie({"x": "b"})["x"])],
    ],
)
def test_in_any_form(jar: CookieJar, cookies: LooseCookies) -> None:
    jar.update_cookies(cookies, HOST)
    expected = Cookie("a", "b", "www.example.com", "/dir", host_only=True, created=NOW)
    assert jar.list_cookies() == [expected]


@pytest.mark.parametrize("url", ["", URL(), URL("/dir"), URL("mailto:me@example.com")])
def test_without_a_host_they_go_to_all(jar: CookieJar, url: str | URL) -> None:
    jar.update_cookies({"a": "b"}, url)
    assert only(jar) == Cookie("a", "b", "", "/", created=NOW)
    assert jar.cookie_header("http://example.org/x") == "a=b"
    assert jar.cookie_header("http://127.0.0.1/") == "a=b"
    assert jar.cookie_header("http://[::1]/") == "a=b"


def test_no_url_is_the_default(jar: CookieJar) -> None:
    jar.update_cookies([("a", "1"), ("a", "2"), ("c", "d")])
    assert jar.cookie_header(HOST) == "a=2; c=d"
    assert jar.cookie_header("") == "a=2; c=d"


@pytest.mark.parametrize("domain", ["example.com", ".example.com", "EXAMPLE.com"])
def test_without_a_url_a_domain_counts(jar: CookieJar, domain: str) -> None:
    jar.update_cookies(cookie_with(domain=domain, path="/a"))
    assert only(jar) == Cookie("a", "b", "example.com", "/a", created=NOW)
    assert jar.cookie_header("http://www.example.com/a/b") == "a=b"
    assert jar.cookie_header("http://example.org/a/b") == ""


@pytest.mark.parametrize("domain", ["example..com", "b c", "..example.com", "a/b", "a:b"])
def test_without_a_url_a_domain_that_is_none_is_an_error(jar: CookieJar, domain: str) -> None:
    with pytest.raises(ValueError, match="not a domain that a cookie can have: "):
        jar.update_cookies(cookie_with(domain=domain))
    assert len(jar) == 0


def test_with_a_url_a_domain_is_judged_as_if_a_server_sent_it(jar: CookieJar) -> None:
    jar.update_cookies(cookie_with(domain="example.com"), HOST)
    assert jar.cookie_header("https://ftp.example.com/dir") == "a=b"
    jar.clear()
    jar.update_cookies(cookie_with(domain="example.org"), HOST)
    jar.update_cookies(cookie_with(domain="com"), HOST)
    assert len(jar) == 0


def test_attributes_count(jar: CookieJar) -> None:
    cookies = cookie_with(
        path="/", secure=True, httponly=True, samesite="lax", max_age="60", expires="ignored"
    )
    for url in ("", HOST):
        jar.clear()
        jar.update_cookies(cookies, url)
        cookie = only(jar)
        assert (cookie.secure, cookie.http_only, cookie.same_site) == (True, True, "Lax")
        assert (cookie.expires, cookie.max_age) == (NOW + 60, "60")


@pytest.mark.parametrize("url", ["", HOST])
def test_one_that_has_expired_removes(jar: CookieJar, url: str) -> None:
    jar.update_cookies({"a": "b"}, url)
    jar.update_cookies(cookie_with(max_age="0"), url)
    assert len(jar) == 0
    jar.update_cookies({"a": "b"}, url)
    jar.update_cookies(cookie_with(expires="Thu, 01 Jan 1970 00:00:00 GMT"), url)
    assert len(jar) == 0


def test_a_secure_cookie_for_all_is_sent_to_secure_hosts(jar: CookieJar) -> None:
    jar.update_cookies(cookie_with(secure=True))
    assert jar.cookie_header("https://example.org/") == "a=b"
    assert jar.cookie_header("http://example.org/") == ""


def test_a_secure_cookie_for_an_http_url_is_refused(jar: CookieJar) -> None:
    jar.update_cookies(cookie_with(secure=True), "http://example.com/")
    assert len(jar) == 0


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://[::1]/"])
def test_for_ip_addresses_in_unsafe_jars_only(jar: CookieJar, url: str) -> None:
    jar.update_cookies({"a": "b"}, url)
    assert len(jar) == 0
    unsafe = CookieJar(unsafe=True)
    unsafe.update_cookies({"a": "b"}, url)
    assert unsafe.cookie_header(url) == "a=b"


@pytest.mark.parametrize(
    ("value", "quoted"),
    [
        ("plain", "plain"),
        ("", ""),
        ("a=b/c:d", "a=b/c:d"),
        ("a b", '"a b"'),
        ('a"b', '"a\\"b"'),
        ("a,b", '"a\\054b"'),
        ('"quoted"', '"quoted"'),
    ],
)
def test_a_value_is_quoted_where_it_has_to_be(jar: CookieJar, value: str, quoted: str) -> None:
    jar.update_cookies({"a": value}, HOST)
    assert jar.cookie_header(HOST) == f"a={quoted}"
    as_it_is = CookieJar(quote_cookie=False)
    as_it_is.update_cookies({"a": value}, HOST)
    assert as_it_is.cookie_header(HOST) == f"a={value}"


@pytest.mark.parametrize("value", ["a;b", 'a"b;c', "\xe9"])
def test_quoting_lets_all_text_pass(jar: CookieJar, value: str) -> None:
    jar.update_cookies({"a": value}, HOST)
    assert jar.filter_cookies(HOST)["a"].value == value


@pytest.mark.parametrize("quote", [True, False])
def test_what_a_server_sent_is_not_quoted_when_it_is_given_on(quote: bool) -> None:
    source, target = CookieJar(), CookieJar(quote_cookie=quote)
    source.update_cookies_from_headers(['a="b c"', "d=e f", 'g=h"i'], HOST)
    target.update_cookies({morsel.key: morsel for morsel in source}, HOST)
    assert target.cookie_header(HOST) == source.cookie_header(HOST)


@pytest.mark.parametrize("name", ["a[b]", "path", "Expires", "a b", "\xe9", "a:b", "__Host-a"])
def test_names_need_not_be_pythons(jar: CookieJar, name: str) -> None:
    jar.update_cookies({name: "1"})
    assert jar.cookie_header("https://example.org/") == f"{name}=1"


@pytest.mark.parametrize(
    "cookies", ["a=b", 1, None, b"a=b", ["ab"], [("a",)], {1: "b"}, {"a": None}]
)
def test_other_types_are_refused(jar: CookieJar, cookies: object) -> None:
    for url in ("", HOST):
        with pytest.raises(TypeError, match="cookie"):
            jar.update_cookies(cookies, url)  # type: ignore[arg-type]  # what is tested


@pytest.mark.parametrize(
    "cookies", [{"": "b"}, {"a=b": "c"}, {"a\n": "b"}, {"a;": "b"}, {"a": "\0"}]
)
def test_what_cannot_be_sent_is_refused(cookies: dict[str, str]) -> None:
    jar = CookieJar(quote_cookie=False)
    with pytest.raises(ValueError, match="cookie"):
        jar.update_cookies(cookies)


def test_one_that_is_refused_keeps_all_out(jar: CookieJar) -> None:
    for url in ("", HOST, "http://127.0.0.1/"):
        with pytest.raises(ValueError, match="name"):
            jar.update_cookies([("a", "b"), ("c=d", "e")], url)
    with pytest.raises(ValueError, match="domain"):
        jar.update_cookies([("c", "d"), *cookie_with(domain="example..com").items()])
    assert jar.list_cookies() == []


def test_one_that_is_too_long_is_refused() -> None:
    jar = CookieJar(limits=CookieLimits(pair=5))
    jar.update_cookies({"abc": "de"})
    with pytest.raises(ValueError, match="takes 6 bytes, more than the 5 that are allowed"):
        jar.update_cookies({"abc": "def"})


def test_they_keep_the_order_and_the_time_of_creation(jar: CookieJar) -> None:
    jar.update_cookies({"z": "1", "a": "2"})
    jar.update_cookies({"m": "3"}, "https://example.com")
    jar.update_cookies({"z": "4"})
    assert jar.cookie_header("https://example.com") == "z=4; a=2; m=3"


def test_a_morsel_without_a_value_or_of_a_wrong_one_is_refused(jar: CookieJar) -> None:
    morsel: Morsel[str] = Morsel()
    with pytest.raises(TypeError):
        jar.update_cookies({"a": morsel})
