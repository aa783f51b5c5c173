"""Reading a Retry-After field (RFC 9110 section 10.2.3)."""

from ._delta_seconds import read_delta_seconds
from ._http_date import parse_http_date

__all__ = ["parse_retry_after"]


def parse_retry_after(field: str, now: float) -> float | None:
    """Tell how many seconds *field* wants one to wait from *now*, which is in Unix time.

    It is a number of seconds, or a date (see `parse_http_date`); a date that has gone by
    gives 0.0, a number of more than 10 digits is read as 9,999,999,999. ``None`` if it is
    neither. Raises `ValueError` if *now*, where a date needs it, is not in the years 1 to
    9999.
    """
    text = field.strip(" \t")
    if text.isdigit() and text.isascii():
        return float(read_delta_seconds(text))
    date = parse_http_date(text, now)
    return None if date is None else max(0.0, date - now)
