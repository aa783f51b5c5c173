"""The jar beside that of aiohttp 3.14: where it does the same, and where it does not.

What aiohttp's does was found out by trying. Each test's name says which of the two it is about.
"""

from collections.abc import Callable
from http.cookies import SimpleCookie

import pytest
from yarl import URL

from martlet_cookiejar import CookieJar, DummyCookieJar, LooseCookies

HOST = URL("http://x.example.com/a/b")


def sent(lines: list[str], url: str = str(HOST), to: str | None = None) -> str:
    """The field that filter_cookies makes, as aiohttp's sessions ask for it."""
    jar = CookieJar()
    jar.update_cookies_from_headers(lines, URL(url))
    return jar.filter_cookies(URL(to or url)).output(header="", sep=";").strip()


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["a=1"], "a=1"),
        (["a=1", "b=2"], "a=1; b=2"),
        (['a="q v"'], 'a="q v"'),
        (["a=1; Domain=example.com"], "a=1"),
        (["a=1; Domain=other.example"], ""),
        (["a=1; Max-Age=0"], ""),
        (["a=1; Max-Age=-1"], ""),
        (["a=1; Max-Age=x"], "a=1"),
        (["a=1; Path=relative"], "a=1"),
        (["a=1; Path=/other"], ""),
        (["a=1; SameSite=None"], "a=1"),
        (["a[b]=1", "path=3"], "a[b]=1; path=3"),
        (["a=1; Path=/", "a=2; Path=/a"], "a=2"),
    ],
)
def test_the_same_of_a_servers_cookies(lines: list[str], expected: str) -> None:
    assert sent(lines) == expected


@pytest.mark.parametrize(
    ("lines", "expected", "of_aiohttp"),
    [
        # Public suffixes.
        (["a=1; Domain=com"], "", "a=1"),
        # Of step 10, aiohttp takes a domain with a dot at its end for none.
        (["a=1; Domain=example.com."], "", "a=1"),
        # Dates in 1970.
        (["a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], "", "a=1"),
        # Without a name.
        (["a"], "a", ""),
        (["=a"], "a", ""),
        # Names that promise something.
        (["__Host-a=1"], "", "__Host-a=1"),
    ],
)
def test_not_the_same_of_a_servers_cookies(
    lines: list[str], expected: str, of_aiohttp: str
) -> None:
    found = sent(lines).removeprefix("=")
    assert found == expected
    assert found != of_aiohttp


def test_not_the_same_secure_cookies_do_not_come_over_http() -> None:
    # aiohttp stores them, and sends them over https.
    assert sent(["a=1; Secure"], "http://example.com/", "https://example.com/") == ""


def test_the_same_secure_cookies_do_not_go_over_http() -> None:
    assert sent(["a=1; Secure"], "https://example.com/", "http://example.com/") == ""
    assert sent(["a=1; Secure"], "https://example.com/", "wss://example.com/") == "a=1"


@pytest.mark.parametrize("url", ["http://1.2.3.4/", "http://[::1]/"])
def test_the_same_no_cookies_for_ip_addresses(url: str) -> None:
    assert sent(["a=1"], url) == ""


def test_the_same_attributes_of_a_users_cookie() -> None:
    jar = CookieJar()
    jar.update_cookies({"a": "1"}, HOST)
    jar.update_cookies({"shared": "v w"})
    one, shared = jar
    assert (one["domain"], one["path"]) == ("x.example.com", "/a")
    assert (shared["domain"], shared["path"], shared.coded_value) == ("", "/", '"v w"')
    assert jar.host_only_cookies == {("x.example.com", "/a", "a")}
    assert set(jar.cookies) == {("x.example.com", "/a"), ("", "/")}


def test_the_same_a_shared_cookie_goes_everywhere() -> None:
    jar = CookieJar()
    jar.update_cookies({"a": "1"})
    for url in ("http://example.com/x", "http://1.2.3.4/", "/x", ""):
        assert list(jar.filter_cookies(URL(url))) == ["a"]


def test_the_same_a_path_that_is_none_is_all_paths() -> None:
    cookies = SimpleCookie({"a": "1"})
    cookies["a"]["domain"], cookies["a"]["path"] = "example.com", "relative"
    jar = CookieJar()
    jar.update_cookies(cookies)
    assert [(morsel["domain"], morsel["path"]) for morsel in jar] == [("example.com", "/")]
    assert jar.host_only_cookies == frozenset()


@pytest.mark.parametrize(
    ("value", "quoted", "plain"),
    [
        ("x y", '"x y"', "x y"),
        ('a"b', '"a\\"b"', 'a"b'),
        ("a,b", '"a\\054b"', "a,b"),
        ("1", "1", "1"),
    ],
)
def test_the_same_quoting(value: str, quoted: str, plain: str) -> None:
    for quote, expected in ((True, quoted), (False, plain)):
        jar = CookieJar(quote_cookie=quote)
        jar.update_cookies({"a": value}, HOST)
        assert jar.filter_cookies(HOST)["a"].coded_value == expected


def test_not_the_same_a_servers_quotes_stay_whatever_quote_cookie_is() -> None:
    # aiohttp takes them off if quote_cookie is false.
    jar = CookieJar(quote_cookie=False)
    jar.update_cookies_from_headers(['a="q r"'], HOST)
    assert jar.filter_cookies(HOST)["a"].coded_value == '"q r"'
    assert jar.filter_cookies(HOST)["a"].value == "q r"


@pytest.mark.parametrize("name", ["a[b]", "a b", "path", "\xe9"])
def test_not_the_same_a_user_may_give_names_that_servers_may(name: str) -> None:
    # aiohttp raises http.cookies.CookieError.
    jar = CookieJar()
    jar.update_cookies({name: "1"})
    assert list(jar.filter_cookies()) == [name]


@pytest.mark.parametrize("value", [None, b"x"])
def test_not_the_same_a_value_is_no_repr(value: object) -> None:
    # aiohttp sends "None" and "b'x'".
    with pytest.raises(TypeError, match="the value of the cookie 'a' has to be a str"):
        CookieJar().update_cookies({"a": value})  # type: ignore[arg-type]  # what is tested


def test_not_the_same_a_domain_has_at_most_fifty() -> None:
    # aiohttp keeps all.
    jar = CookieJar()
    jar.update_cookies({f"c{number}": "" for number in range(60)}, HOST)
    assert len(jar) == 50


def test_shared_cookies_may_be_more() -> None:
    jar = CookieJar()
    jar.update_cookies({f"c{number}": "" for number in range(60)})
    assert len(jar) == 60


def test_not_the_same_urls_may_be_text() -> None:
    # aiohttp warns, or raises AttributeError.
    jar = CookieJar()
    jar.update_cookies({"a": "1"}, str(HOST))
    jar.update_cookies_from_headers(["b=1"], str(HOST))
    assert list(jar.filter_cookies(str(HOST))) == ["a", "b"]


def test_not_the_same_filter_cookies_gives_one_type() -> None:
    # aiohttp gives a BaseCookie, or a SimpleCookie.
    for quote in (True, False):
        assert type(CookieJar(quote_cookie=quote).filter_cookies(HOST)) is SimpleCookie


@pytest.mark.parametrize(
    ("call", "left"),
    [
        (lambda jar: jar.clear(), []),
        (lambda jar: jar.clear(lambda morsel: morsel.key == "a"), ["b", "c"]),
        (lambda jar: jar.clear_domain("example.com"), ["c"]),
        (lambda jar: jar.clear_domain("y.example.com"), ["a", "c"]),
    ],
)
def test_the_same_clearing(call: Callable[[CookieJar], None], left: list[str]) -> None:
    jar = CookieJar()
    jar.update_cookies_from_headers(["a=1; Domain=example.com"], HOST)
    jar.update_cookies_from_headers(["b=1"], URL("http://y.example.com/"))
    jar.update_cookies_from_headers(["c=1"], URL("http://example.org/"))
    call(jar)
    assert [morsel.key for morsel in jar] == left


def test_the_same_a_morsel_of_another_domain_is_not_for_this_url() -> None:
    cookies = SimpleCookie({"a": "1"})
    cookies["a"]["domain"] = "other.example"
    jar = CookieJar()
    jar.update_cookies(cookies, HOST)
    assert len(jar) == 0


def test_not_the_same_a_users_secure_cookie_for_http_is_refused() -> None:
    # aiohttp stores it, and sends it over https.
    cookies = SimpleCookie({"a": "1"})
    cookies["a"]["secure"] = True
    jar = CookieJar()
    jar.update_cookies(cookies, HOST)
    assert len(jar) == 0


@pytest.mark.parametrize("cookies", [{"a": "1"}, [("a", "1")], SimpleCookie({"a": "1"})])
def test_the_same_types_of_cookies(cookies: LooseCookies) -> None:
    jar = CookieJar()
    jar.update_cookies(cookies, HOST)
    assert jar.filter_cookies(HOST)["a"].value == "1"


def test_the_same_defaults() -> None:
    for jar in (CookieJar(), DummyCookieJar()):
        assert (jar.unsafe, jar.quote_cookie, len(jar)) == (False, True, 0)
        assert jar.treat_as_secure_origin == frozenset()
        assert dict(jar.cookies) == {}
        assert jar.filter_cookies(HOST) == SimpleCookie()
