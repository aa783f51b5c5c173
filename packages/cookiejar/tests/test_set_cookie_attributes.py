"""The numbers in the tests' names are the steps, or the sections, of RFC 6265bis section 5.6."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_cookiejar._cookie import SameSite
from martlet_cookiejar._set_cookie import (
    SetCookie,
    parse_max_age,
    parse_same_site,
    parse_set_cookie,
)

EXAMPLE = 784111777.0
DATE = "Sun, 06 Nov 1994 08:49:37 GMT"


def with_attributes(text: str) -> SetCookie:
    """Parse a cookie a=b that has these attributes."""
    given = parse_set_cookie(f"a=b;{text}")
    assert given is not None
    assert (given.name, given.value) == ("a", "b")
    return given


@pytest.mark.parametrize("text", ["", ";", ";;", " ", " ; ;\t;", "=", "=;=", " = ", "=/", "=a=b"])
def test_1_to_4_nothing_and_what_has_no_name_is_no_attribute(text: str) -> None:
    assert with_attributes(text) == SetCookie("a", "b")


@pytest.mark.parametrize(
    "text",
    [
        "Secure;Path=/c",
        "Secure; Path=/c",
        ";;Secure;;;Path=/c;;",
        "=;Secure;=;Path=/c",
        "Path=/c;Secure",
    ],
)
def test_2_and_3_attributes_end_at_semicolons(text: str) -> None:
    assert with_attributes(text) == SetCookie("a", "b", path="/c", secure=True)


@pytest.mark.parametrize("text", ["Secure Path=/c", "Secure,Path=/c", "Secure&Path=/c", '"Secure"'])
def test_2_and_3_attributes_end_at_nothing_else(text: str) -> None:
    assert with_attributes(text) == SetCookie("a", "b")


def test_4_the_name_of_an_attribute_ends_at_the_first_equals_sign() -> None:
    assert with_attributes("Path=/c=d") == SetCookie("a", "b", path="/c=d")
    assert with_attributes("Path==/c") == SetCookie("a", "b")
    assert with_attributes("Path:/c") == SetCookie("a", "b")


@pytest.mark.parametrize("space", [" ", "\t", "  ", " \t "])
def test_5_spaces_and_tabs_around_names_and_values_go(space: str) -> None:
    text = f"{space}Path{space}={space}/c d{space};{space}Secure{space}"
    assert with_attributes(text) == SetCookie("a", "b", path="/c d", secure=True)


@pytest.mark.parametrize("character", "\xa0\u2003\u3000\x85")
def test_5_other_blanks_stay(character: str) -> None:
    assert with_attributes(f"Path=/c{character}").path == f"/c{character}"
    assert with_attributes(f"Path={character}/c").path is None
    assert not with_attributes(f"{character}Secure").secure


@pytest.mark.parametrize(
    "text",
    [
        "Version=1",
        "Comment=c",
        "Port=80",
        "Priority=High",
        "foo",
        "Secured",
        "Max Age=1",
        "maxage=1",
        "Http-Only",
        "Same-Site=Lax",
        "Pa th=/c",
        "Path/=/c",
        '"Path"=/c',
        "\xfc=\udcff",
        "$Path=/c",
        # These letters are not those that they look like, in upper and in lower case.
        "\u017fecure",
        "Doma\u0131n=example.com",
        "Expire\u017f=1",
        "Doma\u0130n=example.com",
    ],
)
def test_7_unknown_attributes_are_ignored(text: str) -> None:
    assert with_attributes(text) == SetCookie("a", "b")
    assert with_attributes(f"{text};Path=/c") == SetCookie("a", "b", path="/c")
    assert with_attributes(f"Path=/c;{text}") == SetCookie("a", "b", path="/c")


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("Expires", DATE, "expires"),
        ("Max-Age", "1", "max_age"),
        ("Domain", "example.com", "domain"),
        ("Path", "/c", "path"),
        ("Secure", "", "secure"),
        ("HttpOnly", "", "http_only"),
        ("SameSite", "Lax", "same_site"),
        ("Partitioned", "", "partitioned"),
    ],
)
def test_7_names_are_read_in_any_case(name: str, value: str, field: str) -> None:
    expected = with_attributes(f"{name}={value}")
    assert getattr(expected, field)
    assert expected == with_attributes(f"{name.lower()}={value}")
    assert expected == with_attributes(f"{name.upper()}={value}")
    assert expected == with_attributes(f"{name.swapcase()}={value}")


# 5.6.1 Expires


@pytest.mark.parametrize(
    "date",
    [
        DATE,
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "6 nov 94 8:49:37",
        f'"{DATE}"',
    ],
)
def test_5_6_1_step_1_expires_is_a_cookie_date(date: str) -> None:
    assert with_attributes(f"Expires={date}") == SetCookie("a", "b", expires=EXAMPLE)


@pytest.mark.parametrize(
    "date", ["", "0", "-1", "now", "Session", "784111777", "1994-11-06T08:49:37Z"]
)
def test_5_6_1_step_2_what_is_no_date_is_ignored(date: str) -> None:
    assert with_attributes(f"Expires={date}") == SetCookie("a", "b")
    assert with_attributes(f"Expires={DATE};Expires={date}").expires == EXAMPLE
    assert with_attributes(f"Expires={date};Expires={DATE}").expires == EXAMPLE


def test_5_6_1_step_2_expires_without_a_value_is_ignored() -> None:
    assert with_attributes("Expires") == SetCookie("a", "b")


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("Mon, 01 Jan 1601 00:00:00 GMT", -11644473600.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 253402300799.0),
    ],
)
def test_5_6_1_steps_3_to_6_the_date_is_not_cut_here(date: str, expected: float) -> None:
    assert with_attributes(f"Expires={date}").expires == expected


def test_5_6_1_step_7_the_last_date_counts() -> None:
    early = "Thu, 01 Jan 1970 00:00:00 GMT"
    assert with_attributes(f"Expires={early};Expires={DATE}").expires == EXAMPLE
    assert with_attributes(f"Expires={DATE};Expires={early}").expires == 0.0


# 5.6.2 Max-Age


@pytest.mark.parametrize("text", ["Max-Age", "Max-Age=", "Max-Age= "])
def test_5_6_2_step_1_an_empty_max_age_is_ignored(text: str) -> None:
    assert with_attributes(text) == SetCookie("a", "b")


@pytest.mark.parametrize(
    "age", ["+1", "a1", ".1", "'1'", '"1"', "\u0661", "\xb2", "\uff11", "x", "--1"]
)
def test_5_6_2_step_2_max_age_begins_with_a_digit_or_a_minus(age: str) -> None:
    assert with_attributes(f"Max-Age={age}") == SetCookie("a", "b")


@pytest.mark.parametrize(
    "age", ["1a", "1.0", "1e3", "1_000", "1 0", "1,0", "0x10", "1-", "-1-", "1\u0661", "-", "- 1"]
)
def test_5_6_2_step_3_the_rest_is_digits(age: str) -> None:
    assert with_attributes(f"Max-Age={age}") == SetCookie("a", "b")


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        ("0", 0),
        ("-0", 0),
        ("1", 1),
        ("-1", -1),
        ("007", 7),
        ("3600", 3600),
        ("2147483648", 2**31),
        ("9" * 17, 10**17 - 1),
        ("9" * 18, 10**18 - 1),
        ("-" + "9" * 18, 1 - 10**18),
        # However many zeros.
        ("0" * 18, 0),
        ("0" * 1000, 0),
        ("-" + "0" * 1000, 0),
        ("0" * 18 + "5", 5),
        ("0" * 1000 + "5", 5),
        ("-" + "0" * 1000 + "5", -5),
    ],
)
def test_5_6_2_step_4_max_age_is_a_decimal_number(age: str, expected: int) -> None:
    given = with_attributes(f"Max-Age={age}")
    assert given == SetCookie("a", "b", max_age=expected, max_age_text=age)


@pytest.mark.parametrize("digits", [19, 20, 1000, 1023])
def test_5_6_2_step_6_an_age_beyond_all_limits_is_one_still(digits: int) -> None:
    assert with_attributes(f"Max-Age={'9' * digits}").max_age == 10**18
    assert with_attributes(f"Max-Age=-{'9' * digits}").max_age == -(10**18)


def test_5_6_2_step_6_no_number_of_digits_is_too_large() -> None:
    # int() has a limit of 4300.
    assert parse_max_age("9" * 100_000) == 10**18
    assert parse_max_age("-" + "9" * 100_000) == -(10**18)
    assert parse_max_age("0" * 100_000 + "60") == 60
    assert parse_max_age("9" * 100_000 + "x") is None


def test_5_6_2_step_8_the_last_age_counts() -> None:
    given = with_attributes("Max-Age=1;Max-Age=2;Max-Age=x;Max-Age=")
    assert given == SetCookie("a", "b", max_age=2, max_age_text="2")


@given(st.integers(-(10**18) + 1, 10**18 - 1))
def test_5_6_2_every_number_is_read(age: int) -> None:
    assert parse_max_age(str(age)) == age


# 5.6.3 Domain


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("example.com", "example.com"),
        ("127.0.0.1", "127.0.0.1"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        # All of these are refused later, by their own names.
        ("example.com.", "example.com."),
        ("example .com", "example .com"),
        ("http://example.com", "http://example.com"),
        ("example.com:80", "example.com:80"),
        ('"example.com"', '"example.com"'),
        ("*.example.com", "*.example.com"),
        ("[::1]", "[::1]"),
    ],
)
def test_5_6_3_step_1_the_domain_is_what_it_is(domain: str, expected: str) -> None:
    assert with_attributes(f"Domain={domain}") == SetCookie("a", "b", domain=expected)


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        (".example.com", "example.com"),
        ("..example.com", ".example.com"),
        (". example.com", " example.com"),
        ("..", "."),
        (".com", "com"),
    ],
)
def test_5_6_3_step_2_one_leading_dot_goes(domain: str, expected: str) -> None:
    assert with_attributes(f"Domain={domain}").domain == expected


def test_5_6_3_step_3_the_domain_is_lower_case() -> None:
    assert with_attributes("Domain=.WWW.Example.COM").domain == "www.example.com"


@pytest.mark.parametrize(
    "domain", ["B\xdcCHER.Example", "\u212aelvin.example", "\u0130.example", "\udcff.Example"]
)
def test_5_6_3_step_3_a_domain_that_is_not_ascii_never_becomes_one_that_is(domain: str) -> None:
    assert with_attributes(f"Domain={domain}").domain == domain
    assert with_attributes(f"Domain=.{domain}").domain == domain


@pytest.mark.parametrize("text", ["Domain", "Domain=", "Domain= ", "Domain=.", "Domain=\t. "])
def test_5_6_3_step_4_an_empty_domain_is_none(text: str) -> None:
    assert with_attributes(text) == SetCookie("a", "b")


def test_5_6_3_step_4_the_last_domain_counts_even_if_it_is_empty() -> None:
    assert with_attributes("Domain=example.com;Domain=example.org").domain == "example.org"
    assert with_attributes("Domain=example.com;Domain=").domain is None
    assert with_attributes("Domain=example.com;Domain").domain is None
    assert with_attributes("Domain=;Domain=example.com").domain == "example.com"


# 5.6.4 Path


@pytest.mark.parametrize(
    "path", ["", "c", "c/d", '"/c"', "./c", "\\c", "%2Fc", "*", "http://a/c", "?"]
)
def test_5_6_4_step_1_a_path_that_does_not_begin_with_a_slash_is_none(path: str) -> None:
    assert with_attributes(f"Path={path}") == SetCookie("a", "b")


def test_5_6_4_step_1_a_path_without_a_value_is_none() -> None:
    assert with_attributes("Path") == SetCookie("a", "b")


@pytest.mark.parametrize(
    "path",
    ["/", "/c", "/c/", "//", "/C", "/c=d", "/c%2F", "/c?d", "/c d", "/c,d", "/\xfc\udcff", "/.."],
)
def test_5_6_4_step_2_other_paths_are_what_they_are(path: str) -> None:
    assert with_attributes(f"Path={path}") == SetCookie("a", "b", path=path)


def test_5_6_4_step_3_the_last_path_counts_even_if_it_is_none() -> None:
    assert with_attributes("Path=/c;Path=/d").path == "/d"
    assert with_attributes("Path=/c;Path=d").path is None
    assert with_attributes("Path=/c;Path").path is None
    assert with_attributes("Path=c;Path=/d").path == "/d"


# 5.6.5 Secure, 5.6.6 HttpOnly; Partitioned is alike


@pytest.mark.parametrize(
    ("section", "name", "field"),
    [
        ("5.6.5", "Secure", "secure"),
        ("5.6.6", "HttpOnly", "http_only"),
        ("CHIPS", "Partitioned", "partitioned"),
    ],
)
def test_5_6_5_and_5_6_6_flags_are_there_whatever_their_value(
    section: str, name: str, field: str
) -> None:
    expected = SetCookie("a", "b")
    setattr(expected, field, True)
    for text in (
        name,
        f"{name}=",
        f"{name}=true",
        f"{name}=false",
        f"{name}=0",
        f"{name};{name}=no",
    ):
        assert with_attributes(text) == expected, section


# 5.6.7 SameSite


@pytest.mark.parametrize(
    "value", ["", "Default", "Lax2", "Laxx", '"Lax"', "Lax,None", "L ax", "\u017ftrict"]
)
def test_5_6_7_step_1_what_is_unknown_is_the_default(value: str) -> None:
    assert with_attributes(f"SameSite={value}") == SetCookie("a", "b")
    assert parse_same_site(value) == ""


@pytest.mark.parametrize("name", ["None", "Strict", "Lax"])
def test_5_6_7_steps_2_to_4_the_value_is_read_in_any_case(name: SameSite) -> None:
    expected = SetCookie("a", "b", same_site=name)
    for value in (name, name.lower(), name.upper(), name.swapcase(), f" {name}\t"):
        assert with_attributes(f"SameSite={value}") == expected


def test_5_6_7_step_5_the_last_one_counts_even_if_it_is_unknown() -> None:
    assert with_attributes("SameSite=Lax;SameSite=Strict").same_site == "Strict"
    assert with_attributes("SameSite=Strict;SameSite=Other").same_site == ""
    assert with_attributes("SameSite=Strict;SameSite").same_site == ""
    assert with_attributes("SameSite=Other;SameSite=None").same_site == "None"
