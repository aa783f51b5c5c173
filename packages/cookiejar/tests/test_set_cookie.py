"""The numbers in the tests' names are the steps of RFC 6265bis section 5.6.

The attributes are in test_set_cookie_attributes.py, what is too long in test_set_cookie_limits.py.
"""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_cookiejar._set_cookie import SetCookie, parse_max_age, parse_set_cookie

CONTROLS = [chr(code) for code in (*range(0x09), *range(0x0A, 0x20), 0x7F)]
# What can be in a name or in a value, as octets give it.
OCTETS = st.binary(max_size=40).map(lambda octets: octets.decode("utf-8", "surrogateescape"))
JUNK = st.lists(
    st.sampled_from(
        [
            "=",
            ";",
            " ",
            "\t",
            ",",
            '"',
            "a",
            "path",
            "Domain",
            "expires",
            "max-age",
            "secure",
            "samesite",
            "HttpOnly",
            "partitioned",
            "/",
            ".",
            "-1",
            "9" * 20,
            "\xfc",
            "\udcff",
            "\0",
            "Sun, 06 Nov 1994 08:49:37 GMT",
        ]
    ),
    max_size=30,
).map("".join)


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize(
    "line",
    ["{}", "{}a=b", "a{}=b", "a={}b", "a=b{}", "a=b; Path=/{}", "a=b; {}=c", "a=b; Secure{}; c"],
)
def test_1_a_control_character_anywhere_aborts(line: str, control: str) -> None:
    assert parse_set_cookie(line.format(control)) is None
    assert parse_set_cookie(line.format("-")) is not None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a\tb=c\td", SetCookie("a\tb", "c\td")),
        ("\ta\t=\tb\t", SetCookie("a", "b")),
        ("a=b;\tPath\t=\t/c\td\t", SetCookie("a", "b", path="/c\td")),
    ],
)
def test_1_a_tab_is_no_such_control_character(line: str, expected: SetCookie) -> None:
    assert parse_set_cookie(line) == expected


@pytest.mark.parametrize("character", "\x80\x85\x9f\xa0\xff\u2028\ufeff\U0001f36a\udc80\udcff")
def test_1_what_is_not_ascii_is_no_control_character(character: str) -> None:
    assert parse_set_cookie(f"a={character}b") == SetCookie("a", f"{character}b")


@pytest.mark.parametrize("code", [0xD800, 0xDBFF, 0xDC00, 0xDC7F, 0xDD00, 0xDFFF])
@pytest.mark.parametrize("line", ["a{}=b", "a=b{}c", "a=b; Path=/{}", "a=b; {}"])
def test_1_text_that_no_octets_give_aborts_too(line: str, code: int) -> None:
    assert parse_set_cookie(line.format(chr(code))) is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a=b", SetCookie("a", "b")),
        ("a=b;", SetCookie("a", "b")),
        ("a=b;;;", SetCookie("a", "b")),
        ("a=b;c=d", SetCookie("a", "b")),
        ("a=b;Secure", SetCookie("a", "b", secure=True)),
        ("a=b ; Secure", SetCookie("a", "b", secure=True)),
        # Quotes protect nothing.
        ('a="b;Secure;c"', SetCookie("a", '"b', secure=True)),
        ("a=b, c=d; Secure", SetCookie("a", "b, c=d", secure=True)),
    ],
)
def test_2_the_pair_ends_at_the_first_semicolon(line: str, expected: SetCookie) -> None:
    assert parse_set_cookie(line) == expected


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("a", "a"),
        ("a b", "a b"),
        (" a ", "a"),
        ('"a"', '"a"'),
        ("a;b=c", "a"),
        ("Secure", "Secure"),
    ],
)
def test_3_without_an_equals_sign_all_is_the_value(line: str, value: str) -> None:
    assert parse_set_cookie(line) == SetCookie("", value)


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("a=b", "a", "b"),
        ("a=", "a", ""),
        ("a=;", "a", ""),
        ("a= ;", "a", ""),
        ("=b", "", "b"),
        (" = b", "", "b"),
        ("a=b=c", "a", "b=c"),
        ("a==", "a", "="),
        ("==", "", "="),
        ("=a=b", "", "a=b"),
        ("a=b==; Path=c=d", "a", "b=="),
        ("a b=c d", "a b", "c d"),
        ("a,b=c", "a,b", "c"),
        ("a[0]=b", "a[0]", "b"),
        ("$Version=1", "$Version", "1"),
        ("Path=/", "Path", "/"),
        ("Secure=", "Secure", ""),
        ('"a=b"', '"a', 'b"'),
        ("A=B", "A", "B"),
    ],
)
def test_3_the_name_ends_at_the_first_equals_sign(line: str, name: str, value: str) -> None:
    assert parse_set_cookie(line) == SetCookie(name, value)


@pytest.mark.parametrize("space", [" ", "\t", "  ", "\t \t"])
def test_4_spaces_and_tabs_around_the_name_and_the_value_go(space: str) -> None:
    line = f"{space}a{space}={space}b{space}"
    assert parse_set_cookie(line) == SetCookie("a", "b")
    assert parse_set_cookie(f"{line};") == SetCookie("a", "b")


@pytest.mark.parametrize("character", "\x85\xa0\u1680\u2003\u2028\u3000\ufeff")
def test_4_other_blanks_stay(character: str) -> None:
    a, b = f"{character}a{character}", f"{character}b{character}"
    assert parse_set_cookie(f" {a} = {b} ") == SetCookie(a, b)


@pytest.mark.parametrize("line", ["", " ", "\t", "=", " = ", "\t=\t", ";", "=;", "; a=b", "=; a=b"])
def test_a_cookie_with_neither_name_nor_value_is_ignored(line: str) -> None:
    # The second step of section 5.7.
    assert parse_set_cookie(line) is None


@pytest.mark.parametrize(
    "value",
    [
        '"a"',
        '"a',
        '\\"a\\"',
        '"\\054"',
        "%20%3B",
        "a+b",
        "a,b",
        "{'a':1}",
        "a b",
        "a&b",
        "&#59",
        "\xe4",
        "\U0001f36a",
        "\udcff\udc80",
        "e\u0301",
        "\xe9",
        "\u2028",
        "=?utf-8?q?a?=",
        "a/b:c@d",
    ],
)
def test_6_the_value_is_what_was_received(value: str) -> None:
    assert parse_set_cookie(f"a={value}; Path=/") == SetCookie("a", value, path="/")


@given(OCTETS, OCTETS)
def test_6_names_and_values_are_kept_byte_for_byte(name: str, value: str) -> None:
    for character in [*CONTROLS, ";"]:
        name, value = name.replace(character, ""), value.replace(character, "")
    name, value = name.replace("=", "").strip(" \t"), value.strip(" \t")
    given = parse_set_cookie(f"{name}={value}")
    assert given == (SetCookie(name, value) if name or value else None)


def test_what_the_defaults_are() -> None:
    assert attrs.asdict(SetCookie("a", "b")) == {
        "name": "a",
        "value": "b",
        "domain": None,
        "path": None,
        "expires": None,
        "max_age": None,
        "max_age_text": "",
        "secure": False,
        "http_only": False,
        "partitioned": False,
        "same_site": "",
    }


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "sid=abc123; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=3600",
            SetCookie(
                "sid",
                "abc123",
                path="/",
                max_age=3600,
                max_age_text="3600",
                secure=True,
                http_only=True,
                same_site="Lax",
            ),
        ),
        (
            "__Host-id=1; path=/; secure; httponly; samesite=none; partitioned",
            SetCookie(
                "__Host-id",
                "1",
                path="/",
                secure=True,
                http_only=True,
                partitioned=True,
                same_site="None",
            ),
        ),
        (
            "lang=en-US; Expires=Sun, 06-Nov-94 08:49:37 GMT; Domain=.Example.COM; version=1",
            SetCookie("lang", "en-US", domain="example.com", expires=784111777.0),
        ),
    ],
)
def test_whole_cookies(line: str, expected: SetCookie) -> None:
    assert parse_set_cookie(line) == expected


@given(st.text(st.characters()) | JUNK)
def test_arbitrary_text_is_a_cookie_or_none(line: str) -> None:
    given = parse_set_cookie(line)
    if given is None:
        return
    assert given.name or given.value
    assert "=" not in given.name
    assert not set(given.name + given.value) & {*CONTROLS, ";"}
    assert given.domain is None or (given.domain and ";" not in given.domain)
    assert given.path is None or given.path.startswith("/")
    assert (given.max_age is None) is (given.max_age_text == "")
    assert given.same_site in ("", "Lax", "Strict", "None")


@given(st.text(st.characters()) | JUNK)
def test_what_is_read_once_is_read_the_same_again(line: str) -> None:
    assert parse_set_cookie(line) == parse_set_cookie(line)
    assert parse_set_cookie(f"{line};") == parse_set_cookie(line)


def test_cookies_with_the_same_attributes_are_not_mixed_up() -> None:
    first, second = parse_set_cookie("a=b; Path=/c"), parse_set_cookie("d=e; Path=/c")
    assert first == SetCookie("a", "b", path="/c")
    assert second == SetCookie("d", "e", path="/c")
    assert first is not None
    first.path = "/changed"
    assert parse_set_cookie("a=b; Path=/c") == SetCookie("a", "b", path="/c")


@given(st.text(st.characters()))
def test_max_age_of_arbitrary_text_is_a_number_or_none(text: str) -> None:
    assert isinstance(parse_max_age(text), int | None)
