from collections import OrderedDict
from collections.abc import Iterator
from enum import IntEnum
from http.cookies import BaseCookie, CookieError, Morsel, SimpleCookie
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict, MultiDict, MultiDictProxy

from martlet_cookiejar._abstract_jar import LooseCookies
from martlet_cookiejar._cookie import Cookie
from martlet_cookiejar._given_cookies import given_cookies
from martlet_cookiejar._limits import DEFAULT_LIMITS, CookieLimits
from martlet_cookiejar._morsel import make_morsel, received_morsel, to_morsel
from martlet_cookiejar._set_cookie import SetCookie, parse_set_cookie

TEXT = st.text(st.characters()) | st.text('ab"\\;=, \t\n\0\xfc\udcff\ud800', max_size=9)
# No tab in names: `check_pair` refuses it there.
LINES = st.builds(
    "{}={}; {}={}".format,
    st.text('ab" ,\xfc\udcff', max_size=3),
    st.text('ab"\\ ,=0123\t\xfc\udcff', max_size=9) | st.just(r'"\012\073"'),
    st.sampled_from(["Path", "Domain", "Max-Age", "Secure", "Expires", "SameSite"]),
    st.text("/.a0-\t \xfc\u212a\udcff", max_size=5),
)


class Colour(IntEnum):
    RED = 3


def read(
    cookies: object, *, quote: bool = True, limits: CookieLimits = DEFAULT_LIMITS
) -> list[SetCookie]:
    # Wrong types are a part of what is tested.
    loose: LooseCookies = cookies  # type: ignore[assignment]  # see above
    return list(given_cookies(loose, quote=quote, limits=limits))


def morsel_of(name: str, value: str, **attributes: object) -> Morsel[str]:
    """Make a Morsel as users do, of any attributes."""
    morsel: Morsel[str] = Morsel()
    morsel.set(name, value, f'"{value}"' if " " in value else value)
    dict.update(morsel, {key.replace("_", "-"): value for key, value in attributes.items()})
    return morsel


def pairs() -> Iterator[tuple[str, str]]:
    yield "a", "b"
    yield "c", "d"


TWO: dict[str, str] = {"a": "b", "c": "d"}


@pytest.mark.parametrize(
    "cookies",
    [
        TWO,
        OrderedDict(TWO),
        MappingProxyType(TWO),
        MultiDict(TWO),
        CIMultiDict(TWO),
        MultiDictProxy(MultiDict(TWO)),
        TWO.items(),
        list(TWO.items()),
        tuple(TWO.items()),
        [["a", "b"], ["c", "d"]],
        pairs(),
        zip("ac", "bd", strict=True),
        SimpleCookie("a=b; c=d"),
        BaseCookie("a=b; c=d"),
        SimpleCookie(TWO).items(),
        [("a", morsel_of("a", "b")), ("c", "d")],
        {"a": SimpleCookie("x=y; a=b"), "c": SimpleCookie("c=d")},
    ],
)
def test_mappings_and_pairs_with_values_and_morsels(cookies: object) -> None:
    assert read(cookies) == [SetCookie("a", "b"), SetCookie("c", "d")]


@pytest.mark.parametrize("cookies", [{}, [], (), SimpleCookie(), iter(())])
def test_no_cookies(cookies: object) -> None:
    assert read(cookies) == []


def test_a_name_may_come_twice() -> None:
    expected = [SetCookie("a", "b"), SetCookie("a", "c")]
    assert read([("a", "b"), ("a", "c")]) == expected
    assert read(MultiDict([("a", "b"), ("a", "c")])) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "0"),
        (-7, "-7"),
        (2**70, str(2**70)),
        (1.5, "1.5"),
        (1e100, "1e+100"),
        (float("nan"), "nan"),
        (Colour.RED, "3"),
        ("", ""),
    ],
)
def test_numbers_are_written_as_python_writes_them(value: object, expected: str) -> None:
    assert read({"a": value}) == [SetCookie("a", expected)]
    assert read({"a": value}, quote=False) == [SetCookie("a", expected)]


@pytest.mark.parametrize("name", ["a[b]", "path", "Path", "expires", "secure", "a b", "\xfc"])
def test_names_that_http_cookies_refuses(name: str) -> None:
    with pytest.raises(CookieError):
        SimpleCookie()[name] = "b"
    assert read({name: "b"}) == [SetCookie(name, "b")]
    assert read({name: make_morsel(name, "b")}) == [SetCookie(name, "b")]


@pytest.mark.parametrize("name", ["$a", "a:b", "a,b", '"a"', "a/b", "a@b", "__Host-a"])
def test_other_names_that_are_not_tokens(name: str) -> None:
    assert read({name: "b"}) == [SetCookie(name, "b")]


def test_the_name_is_the_key_and_not_that_of_the_morsel() -> None:
    assert read({"a": morsel_of("other", "b")}) == [SetCookie("a", "b")]


# Quoting


@pytest.mark.parametrize("value", ["a/b==", '"quoted"', "a=b", "", '""', "{'a':1}", "%3B", "a+b"])
@pytest.mark.parametrize("quote", [True, False])
def test_a_value_that_the_rfc_allows_stays_as_it_is(value: str, quote: bool) -> None:
    assert read({"a": value}, quote=quote) == [SetCookie("a", value)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("b c", '"b c"'),
        ("b,c", r'"b\054c"'),
        ('b"c', r'"b\"c"'),
        ("b\\c", r'"b\\c"'),
        ("b\tc", r'"b\011c"'),
        ("\xe4", r'"\344"'),
        ("\u20ac", '"\u20ac"'),
    ],
)
def test_other_values_are_quoted_if_that_is_wanted(value: str, expected: str) -> None:
    assert read({"a": value}) == [SetCookie("a", expected)]
    assert read({"a": value}, quote=False) == [SetCookie("a", value)]


@pytest.mark.parametrize(
    ("value", "expected"), [("b;c", r'"b\073c"'), ("b\r\nc", r'"b\015\012c"'), ("\0", r'"\000"')]
)
def test_quoting_lets_through_what_else_cannot_be_sent(value: str, expected: str) -> None:
    assert read({"a": value}) == [SetCookie("a", expected)]
    with pytest.raises(ValueError, match="the value of the cookie 'a' holds"):
        read({"a": value}, quote=False)


def test_a_morsel_of_the_user_goes_quoted_or_not() -> None:
    cookies = SimpleCookie()
    cookies["a"] = "b c"
    assert read(cookies) == [SetCookie("a", '"b c"')]
    assert read(cookies, quote=False) == [SetCookie("a", "b c")]


@pytest.mark.parametrize("quote", [True, False])
@pytest.mark.parametrize("value", ['"b c"', "b c", "b\tc", '"', r'"\073"', r'"\012"', "\udcff"])
def test_what_a_server_sent_goes_back_as_it_came(value: str, quote: bool) -> None:
    received = SetCookie("a", value)
    assert read({"a": received_morsel(received)}, quote=quote) == [received]
    stored = to_morsel(Cookie("a", value))
    assert read({"a": stored}, quote=quote) == [SetCookie("a", value, path="/")]


# Attributes


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({}, SetCookie("a", "b")),
        ({"domain": "example.com"}, SetCookie("a", "b", domain="example.com")),
        ({"domain": ".Example.COM"}, SetCookie("a", "b", domain="example.com")),
        ({"domain": "."}, SetCookie("a", "b")),
        ({"domain": "\u212aelvin"}, SetCookie("a", "b", domain="\u212aelvin")),
        ({"path": "/c"}, SetCookie("a", "b", path="/c")),
        ({"path": "/c\td"}, SetCookie("a", "b", path="/c\td")),
        ({"path": "c"}, SetCookie("a", "b")),
        (
            {"expires": "Sun, 06 Nov 1994 08:49:37 GMT"},
            SetCookie("a", "b", expires=784111777.0),
        ),
        ({"expires": "now"}, SetCookie("a", "b")),
        ({"max_age": "60"}, SetCookie("a", "b", max_age=60, max_age_text="60")),
        ({"max_age": 60}, SetCookie("a", "b", max_age=60, max_age_text="60")),
        ({"max_age": 0}, SetCookie("a", "b", max_age=0, max_age_text="0")),
        ({"max_age": -1}, SetCookie("a", "b", max_age=-1, max_age_text="-1")),
        ({"max_age": "x"}, SetCookie("a", "b")),
        ({"max_age": 1.5}, SetCookie("a", "b")),
        ({"secure": True}, SetCookie("a", "b", secure=True)),
        ({"secure": False}, SetCookie("a", "b")),
        ({"httponly": True}, SetCookie("a", "b", http_only=True)),
        ({"samesite": "Strict"}, SetCookie("a", "b", same_site="Strict")),
        ({"samesite": "lax"}, SetCookie("a", "b", same_site="Lax")),
        ({"samesite": "other"}, SetCookie("a", "b")),
        ({"partitioned": True}, SetCookie("a", "b", partitioned=True)),
        ({"comment": "c", "version": "1"}, SetCookie("a", "b")),
        (
            {
                "domain": "example.com",
                "path": "/",
                "expires": "Sun, 06 Nov 1994 08:49:37 GMT",
                "max_age": "5",
                "secure": True,
                "httponly": True,
                "samesite": "None",
                "partitioned": True,
            },
            SetCookie(
                "a",
                "b",
                domain="example.com",
                path="/",
                expires=784111777.0,
                max_age=5,
                max_age_text="5",
                secure=True,
                http_only=True,
                partitioned=True,
                same_site="None",
            ),
        ),
    ],
)
def test_the_attributes_of_a_morsel_count(
    attributes: dict[str, object], expected: SetCookie
) -> None:
    assert read({"a": morsel_of("a", "b", **attributes)}) == [expected]


@pytest.mark.parametrize("name", ["path", "domain"])
@pytest.mark.parametrize("character", [*";\n\r\0\x7f", chr(0xD800), chr(0xDFFF)])
def test_an_attribute_that_no_field_could_have_is_a_value_error(name: str, character: str) -> None:
    morsel = morsel_of("a", "b", **{name: f"/x{character}y"})
    with pytest.raises(ValueError, match="the domain or the path of the cookie 'a' holds") as info:
        read({"a": morsel})
    assert repr(character) in str(info.value)


def test_a_morsel_may_have_a_number_as_its_value() -> None:
    morsel = morsel_of("a", "5")
    vars(morsel).update(_value=5)
    assert read({"a": morsel}, quote=False) == read({"a": morsel}) == [SetCookie("a", "5")]


@given(TEXT, TEXT, st.booleans())
def test_arbitrary_text_can_be_sent_or_is_a_value_error(name: str, value: str, quote: bool) -> None:
    try:
        (cookie,) = read({name: value}, quote=quote)
    except UnicodeError:
        # A ValueError too, but one that shows the value.
        raise
    except ValueError:
        return
    sent = f"{cookie.name}={cookie.value}".encode("utf-8", "surrogateescape")
    assert not set(sent) & {*b"\0\r\n;"}
    # The server, or whoever reads it as one would, finds the same.
    if cookie.value == cookie.value.strip(" \t"):
        assert parse_set_cookie(sent.decode("utf-8", "surrogateescape")) == cookie


@given(LINES, st.booleans())
def test_what_a_server_sent_is_never_an_error(line: str, quote: bool) -> None:
    received = parse_set_cookie(line)
    if received is not None:
        assert read([(received.name, received_morsel(received))], quote=quote) == [received]
