"""Dates in cookies, read more leniently than those of HTTP (RFC 6265bis section 5.1.1)."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

# What almost all servers write; the rest is read token by token.
_USUAL: Final = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d\d)[ -]([A-Za-z]{3})[ -](\d{4}) "
    r"([01]\d|2[0-3]):([0-5]\d):([0-5]\d) GMT",
    re.ASCII,
)
_DELIMITERS: Final = re.compile(r"[\t -/;-@\[-`{-~]+")
_TIME: Final = re.compile(r"(\d{1,2}):(\d{1,2}):(\d{1,2})(?!\d)", re.ASCII)
_DAY_OF_MONTH: Final = re.compile(r"(\d{1,2})(?!\d)", re.ASCII)
_YEAR: Final = re.compile(r"(\d{2,4})(?!\d)", re.ASCII)
_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_FIRST_YEAR: Final = 1601
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTH_NAMES: Final = ("", *(name.title() for name in _MONTHS))
_DAYS_BEFORE_1970: Final = date(1970, 1, 1).toordinal()
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

END_OF_TIME: Final = 253402300799
"""The last second of the year 9999; no date can be written of what comes after it."""


def parse_cookie_date(text: str, /) -> float | None:
    """Read a date in any of the forms that servers write.

    The first token that looks like a time is the time, and so on; others do not matter.

    Returns:
        Seconds since 1970 UTC, below 0 for what was before; None where it is no date.
    """
    usual = _USUAL.fullmatch(text)
    if usual is not None:
        of_month, name, full_year, hours, minutes, seconds = usual.groups()
        number = _MONTHS.get(name.lower())
        if number is not None:
            return _seconds(
                int(full_year), number, int(of_month), int(hours), int(minutes), int(seconds)
            )
    time: re.Match[str] | None = None
    day = month = year = None
    for token in _DELIMITERS.split(text):
        if time is None and (match := _TIME.match(token)):
            time = match
        elif day is None and (match := _DAY_OF_MONTH.match(token)):
            day = int(match[1])
        elif month is None and (number := _MONTHS.get(token[:3].lower())):
            month = number
        elif year is None and (match := _YEAR.match(token)):
            year = _full_year(int(match[1]))
    if time is None or day is None or month is None or year is None:
        return None
    hour, minute, second = map(int, time.groups())
    if hour > 23 or minute > 59 or second > 59:
        return None
    return _seconds(year, month, day, hour, minute, second)


def format_cookie_date(seconds: float, /) -> str:
    """Write a time, from 1601 to `END_OF_TIME`, as HTTP has it (RFC 9110 section 5.6.7)."""
    time = _EPOCH + timedelta(seconds=seconds)
    return (
        f"{_DAYS[time.weekday()]}, {time.day:02} {_MONTH_NAMES[time.month]} {time.year:04} "
        f"{time:%H:%M:%S} GMT"
    )


def _seconds(year: int, month: int, day: int, hour: int, minute: int, second: int) -> float | None:
    if year < _FIRST_YEAR:
        return None
    try:
        days = date(year, month, day).toordinal() - _DAYS_BEFORE_1970
    except ValueError:
        return None
    return float(days * 86400 + hour * 3600 + minute * 60 + second)


def _full_year(year: int) -> int:
    if year <= 69:
        return year + 2000
    return year + 1900 if year <= 99 else year
