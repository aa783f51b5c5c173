"""What a server sends is looked at a bounded number of times."""

from collections.abc import Callable

import pytest

from linear_time import Work, grows_linearly
from martlet_cookiejar import CookieLimits
from martlet_cookiejar._cookie_date import parse_cookie_date
from martlet_cookiejar._domains import domains_of
from martlet_cookiejar._host import canonical_host, is_ip_address
from martlet_cookiejar._morsel import quoted, unquoted
from martlet_cookiejar._set_cookie import parse_max_age, parse_set_cookie

DATE = "Sun, 06 Nov 1994 08:49:37 GMT"


def cookie(line: str) -> Work:
    # The limits are above what is sent: no work is spared.
    limits = CookieLimits(pair=1 << 40, attribute=1 << 40)
    return lambda: parse_set_cookie(line, limits)


def date(text: str) -> Work:
    return lambda: parse_cookie_date(text)


def host(text: str) -> Work:
    return lambda: (canonical_host(text), is_ip_address(text))


# How to make the work of a size; the size; sizes are such that a quadratic part shows.
CASES: dict[str, tuple[Callable[[int], Work], int]] = {
    "a value": (lambda n: cookie("a=" + "b" * n), 500_000),
    "a value that is not ASCII": (lambda n: cookie("a=" + "\udcff\xe4" * n), 200_000),
    "a value that is bad at its end": (lambda n: cookie("a=" + "b" * n + "\0"), 500_000),
    "equals signs": (lambda n: cookie("=" * n), 500_000),
    "blanks": (lambda n: cookie(" \t" * n + "=" + " \t" * n), 200_000),
    "blanks before the end": (lambda n: cookie("a=" + " " * n + "b"), 500_000),
    "semicolons": (lambda n: cookie("a=b" + ";" * n), 20_000),
    "repeated attributes": (lambda n: cookie("a=b" + "; Path=/c" * n), 10_000),
    "unknown attributes": (lambda n: cookie("a=b" + "; c=d" * n), 10_000),
    "flags": (lambda n: cookie("a=b" + "; Secure; HttpOnly" * n), 10_000),
    "dates": (lambda n: cookie("a=b" + f"; Expires={DATE}" * n), 1_000),
    "ages": (lambda n: cookie("a=b" + "; Max-Age=12345678901234567890" * n), 5_000),
    "a path": (lambda n: cookie("a=b; Path=/" + "/" * n), 500_000),
    "a domain": (lambda n: cookie("a=b; Domain=" + ".A" * n), 200_000),
    "digits of an age": (lambda n: lambda: parse_max_age("9" * n), 500_000),
    "zeros of an age": (lambda n: lambda: parse_max_age("-" + "0" * n), 500_000),
    "an age that is none at its end": (lambda n: lambda: parse_max_age("9" * n + "x"), 500_000),
    "tokens of a date": (lambda n: date("a " * n), 10_000),
    "tokens of a date that is complete": (lambda n: date(f"{DATE} " * n), 2_000),
    "delimiters of a date": (lambda n: date(" ,;" * n), 200_000),
    "one token of a date": (lambda n: date("a" * n), 500_000),
    "digits of a date": (lambda n: date("1" * n), 500_000),
    "colons of a date": (lambda n: date("1:1:" * n), 200_000),
    "colons and delimiters of a date": (lambda n: date("1:1: " * n), 10_000),
    "labels": (lambda n: host("a." * n), 20_000),
    "a label": (lambda n: host("a" * n), 200_000),
    "numbers": (lambda n: host("1." * n + "x"), 20_000),
    "a number": (lambda n: host("1" * n + "x"), 200_000),
    "a number in hexadecimal": (lambda n: host("0x" + "f" * n + "g"), 200_000),
    "colons": (lambda n: host(":" * n), 100_000),
    "a zone": (lambda n: host("fe80::1%" + "x" * n), 50_000),
    "a label that is not ASCII": (lambda n: host("\xfc" * n), 1_000),
    "labels that are not ASCII": (lambda n: host("\xfc." * n), 500),
    "domains": (lambda n: lambda: domains_of.__wrapped__("a." * n + "b"), 20_000),
    "backslashes in quotes": (lambda n: lambda: unquoted('"' + "\\" * n + '"'), 10_000),
    "escapes in quotes": (lambda n: lambda: unquoted('"' + "\\a" * n + '"'), 10_000),
    "numbers in quotes": (lambda n: lambda: unquoted('"' + r"\101" * n + '"'), 10_000),
    "quotes to quote": (lambda n: lambda: quoted('"' * n), 50_000),
    "a plain value that is none at its end": (lambda n: lambda: quoted("a" * n + ";"), 100_000),
}


@pytest.mark.parametrize("case", CASES)
def test_time_grows_no_faster_than_what_was_sent(case: str) -> None:
    assert grows_linearly(*CASES[case])
