"""Dates (RFC 9110 section 5.6.7), without regard to any locale."""

import re
import time
from typing import Final

from ._late_pattern import late_pattern

__all__ = ["format_http_date", "parse_http_date"]

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
_MONTH_OF: Final = {name.lower(): number for number, name in enumerate(_MONTHS, 1)}
# How many days of the year have gone by when a month begins, if it is no leap year.
_DAYS_BEFORE: Final = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365)
_EPOCH: Final = 719_162

_DAY: Final = f"(?:{'|'.join(_DAYS)})"
_LONG_DAY: Final = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_MONTH: Final = f"(?P<month>{'|'.join(_MONTHS)})"
_TIME: Final = "(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"
_FORMATS: Final = tuple(
    late_pattern(pattern, re.ASCII | re.IGNORECASE)
    for pattern in (
        rf"{_DAY}, (?P<day>[0-9]{{2}}) {_MONTH} (?P<year>[0-9]{{4}}) {_TIME} GMT",
        rf"{_LONG_DAY}, (?P<day>[0-9]{{2}})-{_MONTH}-(?P<year>[0-9]{{2}}) {_TIME} GMT",
        rf"{_DAY} {_MONTH} (?P<day>[0-9]{{2}}| [0-9]) {_TIME} (?P<year>[0-9]{{4}})",
    )
)


def parse_http_date(text: str, now: float | None = None) -> float | None:
    """Read a date as seconds since 1970 (Unix time); ``None`` if it is none.

    It may have any of the three forms of RFC 9110: that of today, that of RFC 850, and
    that of asctime. Upper and lower case are one, as for caches (RFC 9111 section 4.2).
    The date has to exist, from the year 1 on; a leap second, 60, may stand after any
    minute; the day of the week is not compared with it.

    A year of two digits is read so that the date is at most 50 years after *now*, in Unix
    time, by default the time it is. Raises `ValueError` if *now*, where it is needed, is
    not in the years 1 to 9999.
    """
    text = text.strip(" \t")
    for pattern in _FORMATS:
        match = pattern().fullmatch(text)
        if match is not None:
            break
    else:
        return None
    month = _MONTH_OF[match["month"].lower()]
    day, hour, minute, second = map(int, match.group("day", "hour", "minute", "second"))
    year = int(match["year"])
    if len(match["year"]) == 2:
        moment = (month, day, hour, minute, second)
        year = _full_year(year, moment, time.time() if now is None else now)
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    length = _DAYS_BEFORE[month] - _DAYS_BEFORE[month - 1] + (is_leap and month == 2)
    if not (year >= 1 and 1 <= day <= length and hour < 24 and minute < 60 and second <= 60):
        return None
    before = year - 1
    days = before * 365 + before // 4 - before // 100 + before // 400 - _EPOCH
    days += _DAYS_BEFORE[month - 1] + (is_leap and month > 2) + day - 1
    return float(((days * 24 + hour) * 60 + minute) * 60 + second)


def _full_year(digits: int, moment: tuple[int, ...], now: float) -> int:
    present = _split(now)
    latest = present.tm_year + 50
    year = latest - (latest - digits) % 100
    if year == latest and moment > present[1:6]:
        year -= 100
    return year


def format_http_date(timestamp: float) -> str:
    """Write *timestamp*, in seconds since 1970, as a date: an IMF-fixdate.

    Parts of a second are left out. Raises `ValueError` for what is not in the years 1 to
    9999.
    """
    at = _split(timestamp)
    return (
        f"{_DAYS[at.tm_wday]}, {at.tm_mday:02} {_MONTHS[at.tm_mon - 1]} {at.tm_year:04}"
        f" {at.tm_hour:02}:{at.tm_min:02}:{at.tm_sec:02} GMT"
    )


def _split(timestamp: float) -> time.struct_time:
    at: time.struct_time | None = None
    try:
        at = time.gmtime(timestamp)
    except (OverflowError, OSError, ValueError):
        pass
    if at is None or not 1 <= at.tm_year <= 9999:
        raise ValueError(f"Not a time in the years 1 to 9999: {timestamp!r:.100}")
    return at
