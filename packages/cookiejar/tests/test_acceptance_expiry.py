"""When a cookie ends (RFC 6265bis section 5.7, step 6)."""

from math import inf

import pytest

from martlet_cookiejar._acceptance import expiry
from martlet_cookiejar._cookie_date import format_cookie_date
from martlet_cookiejar._limits import DEFAULT_LIMITS, CookieLimits
from martlet_cookiejar._set_cookie import SetCookie, parse_set_cookie

NOW = 1_700_000_000.0
DAY = 86400
CAP = 400 * DAY


def given(attributes: str) -> SetCookie:
    parsed = parse_set_cookie(f"a=b; {attributes}")
    assert parsed is not None
    return parsed


def date(seconds: float) -> str:
    return format_cookie_date(NOW + seconds)


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ("", None),
        ("Max-Age=1", NOW + 1),
        ("Max-Age=0060", NOW + 60),
        (f"Max-Age={CAP - 1}", NOW + CAP - 1),
        (f"Max-Age={CAP}", NOW + CAP),
        (f"Max-Age={CAP + 1}", NOW + CAP),
        (f"Max-Age={'9' * 900}", NOW + CAP),
        ("Max-Age=0", -inf),
        ("Max-Age=-0", -inf),
        ("Max-Age=-1", -inf),
        (f"Max-Age=-{'9' * 900}", -inf),
        ("Max-Age=", None),
        ("Max-Age", None),
        ("Max-Age=x", None),
        ("Max-Age=1.5", None),
        ("Max-Age=+1", None),
        ("Max-Age=1; Max-Age=2", NOW + 2),
        ("Max-Age=1; Max-Age=x", NOW + 1),
    ],
)
def test_max_age_counts_from_now(attributes: str, expected: float | None) -> None:
    assert expiry(given(attributes), NOW, DEFAULT_LIMITS) == expected


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        (f"Expires={date(60)}", NOW + 60),
        (f"Expires={date(CAP)}", NOW + CAP),
        (f"Expires={date(CAP + 1)}", NOW + CAP),
        ("Expires=Fri, 31 Dec 9999 23:59:59 GMT", NOW + CAP),
        (f"Expires={date(-1)}", NOW - 1),
        ("Expires=Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("Expires=Mon, 01 Jan 1601 00:00:00 GMT", -11644473600.0),
        ("Expires=", None),
        ("Expires=never", None),
        ("Expires=Mon, 01 Jan 1600 00:00:00 GMT", None),
        (f"Expires={date(1)}; Expires={date(2)}", NOW + 2),
    ],
)
def test_expires_is_a_date(attributes: str, expected: float | None) -> None:
    assert expiry(given(attributes), NOW, DEFAULT_LIMITS) == expected


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        (f"Max-Age=60; Expires={date(-60)}", NOW + 60),
        (f"Expires={date(-60)}; Max-Age=60", NOW + 60),
        (f"Expires={date(60)}; Max-Age=0", -inf),
        (f"Max-Age=0; Expires={date(60)}", -inf),
        (f"Max-Age=x; Expires={date(60)}", NOW + 60),
        (f"Max-Age=; Expires={date(60)}", NOW + 60),
        ("Max-Age=60; Expires=never", NOW + 60),
    ],
)
def test_max_age_goes_before_expires(attributes: str, expected: float | None) -> None:
    assert expiry(given(attributes), NOW, DEFAULT_LIMITS) == expected


def test_the_longest_age_is_a_limit() -> None:
    limits = CookieLimits(age=10)
    assert expiry(given("Max-Age=11"), NOW, limits) == NOW + 10
    assert expiry(given(f"Expires={date(11)}"), NOW, limits) == NOW + 10
    assert expiry(given(""), NOW, limits) is None
