import pickle
from copy import copy, deepcopy
from http.cookies import Morsel, SimpleCookie

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_cookiejar._cookie import Cookie
from martlet_cookiejar._morsel import make_morsel, quoted, received_morsel, to_morsel, unquoted
from martlet_cookiejar._set_cookie import SetCookie, parse_set_cookie

# cookie-octet (RFC 6265bis section 4.1.1).
PLAIN = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '",;\\')
# What `http.cookies` has in every Morsel; "partitioned" is among them from Python 3.14 on.
NONE = dict.fromkeys(("expires", "path", "comment", "domain", "max-age", "secure"), "") | (
    dict.fromkeys(("httponly", "version", "samesite"), "")
)


def attributes(morsel: Morsel[str]) -> dict[str, object]:
    """Those that are not empty."""
    return {name: value for name, value in morsel.items() if value != ""}


@pytest.mark.parametrize(
    ("name", "wire_value", "value"),
    [
        ("a", "b", "b"),
        ("a", "", ""),
        ("", "b", "b"),
        ("a", '"b c"', "b c"),
        ("a", r'"\"b\\"', '"b\\'),
        # No octal number of an octet.
        ("a", r'"\400\18\z"', "40018z"),
        ("a", r'"b\073c\054"', "b;c,"),
        ("a", '"', '"'),
        ("a", 'b"c"', 'b"c"'),
        ("a", "b c, d", "b c, d"),
        ("a", "\xfc\udcff", "\xfc\udcff"),
        # What Morsel.set refuses as a name.
        ("a[b]", "c", "c"),
        ("path", "c", "c"),
        ("Expires", "c", "c"),
        ("a b", "c", "c"),
        ("a,b", "c", "c"),
        ('"a"', "c", "c"),
        ("\xfc", "c", "c"),
        # Control characters that a Set-Cookie field can have, in the end.
        ("a", "b\tc", "b\tc"),
        ("a\tb", "c", "c"),
        ("a", r'"b\012c"', "b\nc"),
    ],
)
def test_a_morsel_is_made_of_every_cookie(name: str, wire_value: str, value: str) -> None:
    morsel = make_morsel(name, wire_value)
    assert isinstance(morsel, Morsel)
    assert (morsel.key, morsel.value, morsel.coded_value) == (name, value, wire_value)
    assert attributes(morsel) == {}
    assert dict(morsel) == dict(Morsel())


def test_a_morsel_is_as_that_of_a_simple_cookie() -> None:
    cookies = SimpleCookie('a="b c"')
    morsel = make_morsel("a", '"b c"')
    assert morsel == cookies["a"]
    assert morsel.OutputString() == cookies["a"].OutputString()


def test_morsels_can_be_copied_and_pickled() -> None:
    morsel = to_morsel(Cookie("a[b]", '"c d"', "example.com", secure=True))
    for copied in (morsel.copy(), copy(morsel), deepcopy(morsel), _pickled(morsel)):
        assert copied == morsel
        assert copied.coded_value == '"c d"'


def _pickled(morsel: Morsel[str]) -> Morsel[str]:
    restored: Morsel[str] = pickle.loads(pickle.dumps(morsel))
    return restored


@pytest.mark.parametrize(
    ("cookie", "expected"),
    [
        (Cookie("a", "b"), {"path": "/"}),
        (Cookie("a", "b", "example.com", "/c"), {"path": "/c", "domain": "example.com"}),
        (Cookie("a", "b", host_only=True), {"path": "/"}),
        (Cookie("a", "b", secure=True), {"path": "/", "secure": True}),
        (Cookie("a", "b", http_only=True), {"path": "/", "httponly": True}),
        (Cookie("a", "b", same_site="Lax"), {"path": "/", "samesite": "Lax"}),
        (Cookie("a", "b", partitioned=True), {"path": "/", "partitioned": True}),
        (
            Cookie("a", "b", expires=784111777.5),
            {"path": "/", "expires": "Sun, 06 Nov 1994 08:49:37 GMT"},
        ),
        (Cookie("a", "b", max_age="60"), {"path": "/", "max-age": "60"}),
        # Max-Age goes before Expires, which was made of it.
        (Cookie("a", "b", max_age="60", expires=784111777.0), {"path": "/", "max-age": "60"}),
    ],
)
def test_a_stored_cookie_is_shown_with_its_attributes(
    cookie: Cookie, expected: dict[str, object]
) -> None:
    morsel = to_morsel(cookie)
    assert (morsel.key, morsel.value, morsel.coded_value) == ("a", "b", "b")
    assert attributes(morsel) == expected
    assert set(NONE) <= set(morsel)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("Domain=.Example.com", {"domain": "example.com"}),
        ("Path=/c", {"path": "/c"}),
        ("Path=c", {}),
        ("Max-Age=060", {"max-age": "060"}),
        ("Max-Age=x", {}),
        ("Expires=6 nov 94 8:49:37", {"expires": "Sun, 06 Nov 1994 08:49:37 GMT"}),
        ("Expires=now", {}),
        (
            "Expires=6 nov 94 8:49:37; Max-Age=60",
            {"expires": "Sun, 06 Nov 1994 08:49:37 GMT", "max-age": "60"},
        ),
        ("Secure=no", {"secure": True}),
        ("httponly", {"httponly": True}),
        ("samesite=strict", {"samesite": "Strict"}),
        ("samesite=other", {}),
        ("partitioned", {"partitioned": True}),
        ("version=1; comment=c", {}),
    ],
)
def test_a_received_cookie_is_shown_with_its_attributes(
    text: str, expected: dict[str, object]
) -> None:
    received = parse_set_cookie(f'a="b c"; {text}')
    assert received is not None
    morsel = received_morsel(received)
    assert (morsel.key, morsel.value, morsel.coded_value) == ("a", "b c", '"b c"')
    assert attributes(morsel) == expected
    assert set(NONE) <= set(morsel)


def test_a_received_cookie_without_a_name_has_a_morsel_without_one() -> None:
    assert received_morsel(SetCookie("", "b")).key == ""


@pytest.mark.parametrize(
    "value", ["", "a", "a/b==", '"quoted"', '""', "a=b&c=d", "{}", "a'b", "[1]", "%20", PLAIN]
)
def test_what_the_rfc_allows_is_not_quoted(value: str) -> None:
    assert quoted(value) == value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a b", '"a b"'),
        (" ", '" "'),
        ("a,b", r'"a\054b"'),
        ("a;b", r'"a\073b"'),
        ("a\\b", r'"a\\b"'),
        ('"', r'"\""'),
        ('a"b', r'"a\"b"'),
        ('"a', r'"\"a"'),
        ('"a"b"', r'"\"a\"b\""'),
        ("a\nb", r'"a\012b"'),
        ("a\n", r'"a\012"'),
        ('"a"\n', r'"\"a\"\012"'),
        ("\0", r'"\000"'),
        ("\t", r'"\011"'),
        ("\x7f", r'"\177"'),
        ("\xe4", r'"\344"'),
        ("\u20ac", '"\u20ac"'),
        ("\udcff", '"\udcff"'),
    ],
)
def test_what_the_rfc_does_not_allow_is_quoted(value: str, expected: str) -> None:
    assert quoted(value) == expected


@given(st.text(PLAIN) | st.text(PLAIN).map('"{}"'.format))
def test_no_value_that_the_rfc_allows_is_quoted(value: str) -> None:
    assert quoted(value) == value


@given(st.text() | st.text('a"\\;, \n\0\xfc'))
def test_what_is_quoted_is_unquoted_again(value: str) -> None:
    wire_value = quoted(value)
    assert unquoted(wire_value) == value or wire_value == value
    assert not set(wire_value) & set(";\n\0")


@given(st.text('a"\\0123478x') | st.text('a"\\0123478x').map('"{}"'.format))
def test_unquoting_is_that_of_http_cookies(wire_value: str) -> None:
    assert unquoted(wire_value) == SimpleCookie().value_decode(wire_value)[0]
