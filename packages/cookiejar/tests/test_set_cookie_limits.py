"""What is too long (RFC 6265bis section 5.6); the numbers in the tests' names are its steps."""

import pytest

from martlet_cookiejar import CookieLimits
from martlet_cookiejar._set_cookie import SetCookie, parse_set_cookie

DATE = "Sun, 06 Nov 1994 08:49:37 GMT"
# Characters of one to four octets; the last is an octet that is not UTF-8.
CHARACTERS = [("x", 1), ("\xe4", 2), ("\u20ac", 3), ("\U0001f36a", 4), ("\udcff", 1)]


@pytest.mark.parametrize(
    ("name", "value"), [(1, 4095), (4095, 1), (0, 4096), (4096, 0), (2048, 2048)]
)
def test_5_name_and_value_may_have_4096_octets_together(name: int, value: int) -> None:
    given = SetCookie("n" * name, "v" * value)
    assert parse_set_cookie(f"{given.name}={given.value}") == given
    assert parse_set_cookie(f" {given.name} = {given.value} ; Secure") is not None
    assert parse_set_cookie(f"{given.name}={given.value}v") is None
    assert parse_set_cookie(f"n{given.name}={given.value}; Secure") is None


def test_5_a_nameless_cookie_may_have_4096_octets() -> None:
    assert parse_set_cookie("v" * 4096) == SetCookie("", "v" * 4096)
    assert parse_set_cookie("v" * 4097) is None


@pytest.mark.parametrize(("character", "octets"), CHARACTERS)
def test_5_octets_are_counted_and_not_characters(character: str, octets: int) -> None:
    value = character * ((4096 - 1) // octets)
    value += "v" * (4096 - 1 - len(value) * octets)
    assert parse_set_cookie(f"a={value}") == SetCookie("a", value)
    assert parse_set_cookie(f"a={value}v") is None
    assert parse_set_cookie(f"{value}=a") == SetCookie(value, "a")
    assert parse_set_cookie(f"{value}=av") is None


def test_5_blanks_around_name_and_value_do_not_count() -> None:
    blanks = " \t" * 5000
    expected = SetCookie("n", "v" * 4095)
    assert parse_set_cookie(f"{blanks}n{blanks}={blanks}{'v' * 4095}{blanks}") == expected


def test_5_attributes_do_not_count() -> None:
    line = "n=" + "v" * 4095 + "; x" * 5000
    assert parse_set_cookie(line) == SetCookie("n", "v" * 4095)


@pytest.mark.parametrize(
    ("attribute", "field", "otherwise"),
    [
        ("Path=/{}", "path", None),
        ("Domain={}", "domain", None),
        # Even a flag, whose value says nothing.
        ("Secure={}", "secure", False),
        ("HttpOnly={}", "http_only", False),
        ("Partitioned={}", "partitioned", False),
        (f"Expires={DATE}{{}}", "expires", None),
    ],
)
def test_attributes_6_a_value_may_have_1024_octets(
    attribute: str, field: str, otherwise: object
) -> None:
    _, _, start = attribute.format("").partition("=")
    text = attribute.format("x" * (1024 - len(start)))
    kept, ignored = parse_set_cookie(f"a=b; {text}"), parse_set_cookie(f"a=b; {text}x")
    assert kept is not None
    assert getattr(kept, field) != otherwise
    assert ignored == SetCookie("a", "b")


def test_attributes_6_a_max_age_of_1025_digits_is_ignored() -> None:
    age = "0" * 1023 + "7"
    expected = SetCookie("a", "b", max_age=7, max_age_text=age)
    assert parse_set_cookie(f"a=b; Max-Age={age}") == expected
    assert parse_set_cookie(f"a=b; Max-Age=0{age}") == SetCookie("a", "b")


def test_attributes_6_a_long_attribute_leaves_an_earlier_one_in_force() -> None:
    long = "x" * 1024
    line = f"a=b; Path=/c; Path=/{long}; Domain=d; Domain=x{long}; SameSite=Lax; SameSite=x{long}"
    assert parse_set_cookie(line) == SetCookie("a", "b", domain="d", path="/c", same_site="Lax")


def test_attributes_6_a_long_attribute_does_not_hide_the_next() -> None:
    line = f"a=b; Path=/{'x' * 2000}; Secure; {'y' * 5000}; Domain=d"
    assert parse_set_cookie(line) == SetCookie("a", "b", domain="d", secure=True)


@pytest.mark.parametrize(("character", "octets"), CHARACTERS)
def test_attributes_6_octets_are_counted_and_not_characters(character: str, octets: int) -> None:
    path = "/" + character * ((1024 - 1) // octets)
    path += "v" * (1024 - 1 - (len(path) - 1) * octets)
    assert parse_set_cookie(f"a=b; Path={path}") == SetCookie("a", "b", path=path)
    assert parse_set_cookie(f"a=b; Path={path}v") == SetCookie("a", "b")


def test_attributes_6_blanks_around_a_value_do_not_count() -> None:
    path, blanks = "/" + "c" * 1023, " \t" * 1000
    line = f"a=b; Path ={blanks}{path}{blanks}; Secure"
    assert parse_set_cookie(line) == SetCookie("a", "b", path=path, secure=True)


def test_attributes_have_no_limit_in_number() -> None:
    line = "a=b" + "; Path=/c; x=y" * 10_000 + "; Path=/d"
    assert parse_set_cookie(line) == SetCookie("a", "b", path="/d")


def test_the_limits_can_be_others() -> None:
    limits = CookieLimits(pair=3, attribute=2)
    assert parse_set_cookie("ab=c; Path=/d", limits) == SetCookie("ab", "c", path="/d")
    assert parse_set_cookie("ab=cd; Path=/d", limits) is None
    assert parse_set_cookie("ab=c; Path=/de; Secure", limits) == SetCookie("ab", "c", secure=True)
    # And what is read with one limit says nothing about another.
    assert parse_set_cookie("ab=c; Path=/de; Secure") == SetCookie(
        "ab", "c", path="/de", secure=True
    )
