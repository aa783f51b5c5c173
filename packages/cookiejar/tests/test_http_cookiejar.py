import http.client
import http.cookiejar
import io
import urllib.request
from collections.abc import Iterable
from math import inf
from typing import Any, cast

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_cookiejar._cookie import Cookie
from martlet_cookiejar._cookie_date import END_OF_TIME
from martlet_cookiejar._http_cookiejar import from_http_cookiejar, to_http_cookiejar
from martlet_cookiejar._jar import CookieJar

LATER = 4102444800
"""The year 2100."""

PLAIN = Cookie("a", "1", "example.org", "/", True)


class Response:
    """As much of a response as http.cookiejar looks at."""

    def __init__(self, fields: Iterable[bytes]) -> None:
        lines = b"".join(field + b"\r\n" for field in fields)
        self._message = http.client.parse_headers(io.BytesIO(lines + b"\r\n"))

    def info(self) -> http.client.HTTPMessage:
        return self._message


def received(url: str, *fields: bytes, rfc2965: bool = False) -> http.cookiejar.CookieJar:
    """What http.cookiejar has after a response."""
    theirs = http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(rfc2965=rfc2965))
    response = cast("http.client.HTTPResponse", Response(fields))
    theirs.extract_cookies(response, urllib.request.Request(url))
    return theirs


def sent(theirs: http.cookiejar.CookieJar, url: str) -> str | None:
    """What http.cookiejar sends."""
    request = urllib.request.Request(url)
    theirs.add_cookie_header(request)
    return request.get_header("Cookie")


def made(**different: Any) -> http.cookiejar.Cookie:
    """A cookie of http.cookiejar."""
    values: dict[str, Any] = {
        "version": 0,
        "name": "a",
        "value": "1",
        "port": None,
        "port_specified": False,
        "domain": "example.org",
        "domain_specified": False,
        "domain_initial_dot": False,
        "path": "/",
        "path_specified": True,
        "secure": False,
        "expires": None,
        "discard": True,
        "comment": None,
        "comment_url": None,
        "rest": {},
    }
    return http.cookiejar.Cookie(**(values | different))


def jar_of(*cookies: Cookie) -> CookieJar:
    jar = CookieJar()
    for number, cookie in enumerate(cookies, 1):
        jar.add(attrs.evolve(cookie, created=float(number)))
    return jar


def theirs_of(*cookies: http.cookiejar.Cookie) -> http.cookiejar.CookieJar:
    theirs = http.cookiejar.CookieJar()
    for cookie in cookies:
        theirs.set_cookie(cookie)
    return theirs


def here(theirs: http.cookiejar.CookieJar) -> list[Cookie]:
    """The cookies of a jar of http.cookiejar as ours, whenever they were created."""
    cookies = from_http_cookiejar(theirs).list_cookies()
    return sorted((attrs.evolve(cookie, created=0.0) for cookie in cookies), key=repr)


def one_there(cookie: Cookie) -> http.cookiejar.Cookie:
    (theirs,) = to_http_cookiejar(jar_of(cookie))
    return theirs


@pytest.mark.parametrize(
    ("cookie", "domain", "specified"),
    [
        (PLAIN, "example.org", False),
        (attrs.evolve(PLAIN, host_only=False), ".example.org", True),
        (attrs.evolve(PLAIN, domain="localhost"), "localhost.local", False),
        (attrs.evolve(PLAIN, domain="127.0.0.1"), "127.0.0.1", False),
        (attrs.evolve(PLAIN, domain="127.0.0.1", host_only=False), "127.0.0.1", False),
        (attrs.evolve(PLAIN, domain="::1"), "[::1].local", False),
    ],
)
def test_domain_is_that_which_http_cookiejar_would_have_stored(
    cookie: Cookie, domain: str, specified: bool
) -> None:
    theirs = one_there(cookie)
    assert (theirs.domain, theirs.domain_specified) == (domain, specified)
    assert theirs.domain_initial_dot is specified


@pytest.mark.parametrize(
    ("cookie", "to", "not_to"),
    [
        (PLAIN, ["example.org"], ["www.example.org", "example.com"]),
        (attrs.evolve(PLAIN, host_only=False), ["example.org", "www.example.org"], ["a.org"]),
        (attrs.evolve(PLAIN, domain="localhost"), ["localhost"], ["a.localhost", "example.org"]),
        (
            attrs.evolve(PLAIN, domain="web", host_only=False),
            ["web", "a.web", "web.local"],
            ["other", "a.web.local", "other.local"],
        ),
        (attrs.evolve(PLAIN, domain="127.0.0.1"), ["127.0.0.1"], ["127.0.0.2", "localhost"]),
        (attrs.evolve(PLAIN, domain="::1"), ["[::1]"], ["[::2]", "localhost"]),
        (attrs.evolve(PLAIN, domain="", host_only=False), ["a.org", "web", "127.0.0.1"], []),
    ],
)
def test_copy_is_sent_to_the_same_hosts(cookie: Cookie, to: list[str], not_to: list[str]) -> None:
    theirs = to_http_cookiejar(jar_of(cookie))
    assert [sent(theirs, f"http://{host}:8080/") for host in to] == ["a=1"] * len(to)
    assert [sent(theirs, f"http://{host}:8080/") for host in not_to] == [None] * len(not_to)


def test_secure_copy_is_not_sent_over_http() -> None:
    theirs = to_http_cookiejar(jar_of(attrs.evolve(PLAIN, secure=True)))
    assert sent(theirs, "http://example.org/") is None
    assert sent(theirs, "https://example.org/") == "a=1"


def test_copy_is_sent_below_its_path_only() -> None:
    theirs = to_http_cookiejar(jar_of(attrs.evolve(PLAIN, path="/a")))
    assert sent(theirs, "http://example.org/a/b") == "a=1"
    assert sent(theirs, "http://example.org/ab") is None


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("a", "", "a="),
        ("", "foo", "foo"),
        ("", "foo=bar", "foo=bar"),
        ("a", '"x y"', 'a="x y"'),
        ("a", "b=c", "a=b=c"),
        # As octets of Latin-1, which is how http.client writes it.
        ("a", "€", "a=\xe2\x82\xac"),
        ("ü", "\udcff", "\xc3\xbc=\xff"),
    ],
)
def test_copy_goes_on_the_wire_as_the_same_octets(name: str, value: str, field: str) -> None:
    cookie = attrs.evolve(PLAIN, name=name, value=value)
    theirs = to_http_cookiejar(jar_of(cookie))
    assert sent(theirs, "http://example.org/") == field
    assert here(theirs) == [cookie]


def test_copies_are_sent_in_the_order_of_their_creation() -> None:
    jar = CookieJar()
    for name, created in (("a", 3.0), ("b", 1.0), ("c", 2.0)):
        jar.add(attrs.evolve(PLAIN, name=name, created=created))
    assert sent(to_http_cookiejar(jar), "http://example.org/") == "b=1; c=1; a=1"


@pytest.mark.parametrize(
    ("expires", "seconds"),
    [(None, None), (LATER + 0.75, LATER), (1e15, END_OF_TIME), (inf, END_OF_TIME)],
)
def test_end_is_a_whole_second_there(expires: float | None, seconds: int | None) -> None:
    theirs = one_there(attrs.evolve(PLAIN, expires=expires))
    assert (theirs.expires, theirs.discard) == (seconds, expires is None)


def test_attributes_that_http_cookiejar_does_not_know_are_nonstandard_ones() -> None:
    plain = one_there(PLAIN)
    full = one_there(attrs.evolve(PLAIN, http_only=True, same_site="Lax", partitioned=True))
    for name, value in (("HttpOnly", ""), ("SameSite", "Lax"), ("Partitioned", "")):
        assert not plain.has_nonstandard_attr(name)
        assert full.get_nonstandard_attr(name) == value


@pytest.mark.parametrize(
    ("url", "field", "cookies"),
    [
        ("http://example.org/a/b", b"a=1", [attrs.evolve(PLAIN, path="/a")]),
        ("http://example.org/", b"a=1; Path=/x/", [attrs.evolve(PLAIN, path="/x/")]),
        ("http://EXAMPLE.org:80/", b"a=1", [PLAIN]),
        (
            "http://www.example.org/",
            b"a=1; Domain=example.org",
            [attrs.evolve(PLAIN, host_only=False)],
        ),
        (
            "http://www.example.org/",
            b"a=1; Domain=.EXAMPLE.org",
            [attrs.evolve(PLAIN, host_only=False)],
        ),
        ("http://localhost:8080/", b"a=1", [attrs.evolve(PLAIN, domain="localhost")]),
        ("http://127.0.0.1:8080/", b"a=1", [attrs.evolve(PLAIN, domain="127.0.0.1")]),
        (
            "http://127.0.0.1/",
            b"a=1; Domain=127.0.0.1",
            [attrs.evolve(PLAIN, domain="127.0.0.1")],
        ),
        ("http://[::1]:8080/", b"a=1", [attrs.evolve(PLAIN, domain="::1")]),
        (
            "http://web/",
            b"a=1",
            [attrs.evolve(PLAIN, domain="web"), attrs.evolve(PLAIN, domain="web.local")],
        ),
        (
            "http://web.local/",
            b"a=1; Domain=web.local",
            [
                attrs.evolve(PLAIN, domain="web"),
                attrs.evolve(PLAIN, domain="web.local", host_only=False),
            ],
        ),
        ("http://a.web.local/", b"a=1", [attrs.evolve(PLAIN, domain="a.web.local")]),
        ("http://example.org/", b"foo", [attrs.evolve(PLAIN, name="", value="foo")]),
        ("http://example.org/", b"a=", [attrs.evolve(PLAIN, value="")]),
        ("http://example.org/", b'a="x y"', [attrs.evolve(PLAIN, value='"x y"')]),
        ("http://example.org/", b"a=\xc3\xbc\xff", [attrs.evolve(PLAIN, value="ü\udcff")]),
        ("https://example.org/", b"a=1; Secure", [attrs.evolve(PLAIN, secure=True)]),
        (
            "http://example.org/",
            b"a=1; Expires=Fri, 01 Jan 2100 00:00:00 GMT",
            [attrs.evolve(PLAIN, expires=float(LATER))],
        ),
        (
            "http://example.org/",
            b"a=1; HttpOnly; SameSite=Strict; Partitioned",
            [attrs.evolve(PLAIN, http_only=True, same_site="Strict", partitioned=True)],
        ),
        (
            "http://example.org/",
            b"a=1; httponly; SAMESITE=lax; partitioned",
            [attrs.evolve(PLAIN, http_only=True, same_site="Lax", partitioned=True)],
        ),
        ("http://example.org/", b"a=1; Samesite=NONE", [attrs.evolve(PLAIN, same_site="None")]),
        ("http://example.org/", b"a=1; SameSite=Other; SameSite", [PLAIN]),
        # RFC 2109, which http.cookiejar takes for an ordinary cookie.
        ("http://example.org/", b'a="1"; Version=1', [attrs.evolve(PLAIN, value='"1"')]),
    ],
)
def test_cookie_that_http_cookiejar_has_received(
    url: str, field: bytes, cookies: list[Cookie]
) -> None:
    assert here(received(url, b"Set-Cookie: " + field)) == cookies


def test_cookie_of_version_1_is_an_ordinary_one() -> None:
    theirs = received(
        "http://example.org/a/b",
        b'Set-Cookie2: a="1"; Version=1; Path="/a"; Max-Age=60; Discard',
        rfc2965=True,
    )
    (cookie,) = here(theirs)
    assert cookie.expires is not None
    assert attrs.evolve(cookie, expires=None) == attrs.evolve(PLAIN, path="/a")


def test_cookies_that_are_bound_to_ports_are_left_out() -> None:
    theirs = received(
        "http://example.org:8080/",
        b'Set-Cookie2: a="1"; Version=1; Port',
        b'Set-Cookie2: b="2"; Version=1; Port="80,8080"',
        b'Set-Cookie2: c="3"; Version=1',
        rfc2965=True,
    )
    assert len(theirs) == 3
    assert [cookie.name for cookie in here(theirs)] == ["c"]


@pytest.mark.parametrize(
    ("different", "cookie"),
    [
        # As requests makes them.
        ({"domain": ""}, attrs.evolve(PLAIN, domain="", host_only=False)),
        ({"domain": "", "domain_specified": True}, attrs.evolve(PLAIN, domain="", host_only=False)),
        ({"domain_specified": True}, attrs.evolve(PLAIN, host_only=False)),
        (
            {"domain": "localhost.local", "domain_specified": True},
            attrs.evolve(PLAIN, domain="localhost"),
        ),
        # As MozillaCookieJar loads them.
        ({"rest": {"HttpOnly": ""}}, attrs.evolve(PLAIN, http_only=True)),
        ({"path": ""}, PLAIN),
        ({"value": "€"}, attrs.evolve(PLAIN, value="€")),
        ({"expires": LATER, "discard": True}, attrs.evolve(PLAIN, expires=float(LATER))),
        ({"expires": 10**30}, attrs.evolve(PLAIN, expires=float(END_OF_TIME))),
        ({"domain": "münchen.de"}, attrs.evolve(PLAIN, domain="xn--mnchen-3ya.de")),
    ],
)
def test_cookie_that_was_made_by_hand(different: dict[str, Any], cookie: Cookie) -> None:
    assert here(theirs_of(made(**different))) == [cookie]


@pytest.mark.parametrize(
    "different",
    [
        {"value": "x;y", "version": 1},
        {"value": "x\ny"},
        {"name": "", "value": ""},
        {"domain": "\udcff.org"},
        {"domain": "\udcff.org", "domain_specified": True},
        {"domain": "\udcff.local"},
        {"domain": "ä" * 64 + ".org"},
        {"domain": "."},
        {"domain": ".."},
    ],
)
def test_cookie_that_no_jar_can_hold_is_left_out(different: dict[str, Any]) -> None:
    assert here(theirs_of(made(**different), made(name="b"))) == [attrs.evolve(PLAIN, name="b")]


def test_expired_cookies_are_left_out() -> None:
    theirs = theirs_of(made(expires=1, discard=False), made(name="b"))
    assert len(theirs) == 2
    assert here(theirs) == [attrs.evolve(PLAIN, name="b")]


def test_no_cookies_are_none_on_either_side() -> None:
    assert len(to_http_cookiejar(CookieJar())) == 0
    assert here(http.cookiejar.CookieJar()) == []


wire_text = st.text(
    st.characters(exclude_characters=";\x7f", min_codepoint=33, exclude_categories=["Cs"])
    | st.sampled_from("\udc80\udcff"),
    max_size=8,
)
cookies_of_both = st.builds(
    Cookie,
    name=wire_text.filter(lambda name: not {*"=,"} & {*name}).map("n".__add__),
    value=wire_text,
    domain=st.sampled_from(["example.org", "localhost", "127.0.0.1", "::1", "xn--mnchen-3ya.de"]),
    path=st.sampled_from(["/", "/a", "/a/", "/%20"]),
    host_only=st.just(True),
    secure=st.booleans(),
    http_only=st.booleans(),
    same_site=st.sampled_from(["Strict", "Lax", "None", ""]),
    partitioned=st.booleans(),
    expires=st.none() | st.integers(LATER, END_OF_TIME).map(float),
) | st.builds(Cookie, st.just("d"), wire_text, st.sampled_from(["example.org", ""]))


@given(st.lists(cookies_of_both, max_size=5, unique_by=lambda c: (c.domain, c.path, c.name)))
def test_what_goes_there_comes_back(cookies: list[Cookie]) -> None:
    assert here(to_http_cookiejar(jar_of(*cookies))) == sorted(cookies, key=repr)
