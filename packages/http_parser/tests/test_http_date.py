import math
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_http_parser import format_http_date, parse_http_date

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EXAMPLE = 784111777.0
MOMENTS = st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0))
LONG_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def unix(moment: datetime) -> float:
    return (moment - EPOCH) / timedelta(seconds=1)


NOW = unix(datetime(2026, 11, 25, 12, 0, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    "text",
    [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Sun Nov 06 08:49:37 1994",
        "\tsun, 06 NOV 1994 08:49:37 gmt ",
        "SUNDAY, 06-nov-94 08:49:37 Gmt",
        # The day of the week is not compared.
        "Mon, 06 Nov 1994 08:49:37 GMT",
    ],
)
def test_the_three_forms_are_read(text: str) -> None:
    assert parse_http_date(text, NOW) == EXAMPLE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "784111777",
        "06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 +0000",
        "Sun, 06 Nov 1994 08:49:37 GMT+1",
        "Sun, 06 Nov 1994 08:49 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 94 08:49:37 GMT",
        "Sun,  06 Nov 1994 08:49:37 GMT",
        "Sun, 06-Nov-1994 08:49:37 GMT",
        "Sun, 06-Nov-94 08:49:37 GMT",
        "Sunday, 06 Nov 1994 08:49:37 GMT",
        "Sun Nov 6 08:49:37 1994",
        "Sun Nov  6 08:49:37 1994 GMT",
        "Son, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nox 1994 08:49:37 GMT",
        "\u017fun, 06 Nov 1994 08:49:37 GMT",
        "Sun, \u0660\u0666 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT\n",
        "Sun, 00 Nov 1994 08:49:37 GMT",
        "Sun, 31 Nov 1994 08:49:37 GMT",
        "Sun, 29 Feb 1994 08:49:37 GMT",
        "Sun, 29 Feb 1900 08:49:37 GMT",
        "Sun, 06 Nov 0000 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, -6 Nov 1994 08:49:37 GMT",
        "\udc80",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_http_date(text, NOW) is None


def test_a_leap_second_is_the_first_of_the_next_minute() -> None:
    leap = parse_http_date("Sat, 31 Dec 2016 23:59:60 GMT")
    assert leap == parse_http_date("Sun, 01 Jan 2017 00:00:00 GMT")
    assert leap is not None


@pytest.mark.parametrize(
    ("date", "year"),
    [
        ("25-Nov-26 12:00:00", 2026),
        ("26-Nov-26 00:00:00", 2026),
        ("01-Jan-00 00:00:00", 2000),
        ("31-Dec-75 23:59:59", 2075),
        ("25-Nov-76 12:00:00", 2076),
        ("25-Nov-76 12:00:01", 1976),
        ("31-Dec-76 00:00:00", 1976),
        ("01-Jan-77 00:00:00", 1977),
        ("01-Jan-99 00:00:00", 1999),
        ("29-Feb-60 00:00:00", 2060),
    ],
)
def test_a_year_of_two_digits_is_at_most_fifty_years_ahead(date: str, year: int) -> None:
    at = parse_http_date(f"Monday, {date} GMT", NOW)
    assert at is not None
    assert (EPOCH + timedelta(seconds=at)).year == year


def test_a_day_that_the_year_does_not_have_is_no_date() -> None:
    late = unix(datetime(2120, 1, 1, tzinfo=UTC))
    assert parse_http_date("Monday, 29-Feb-00 00:00:00 GMT", NOW) is not None
    assert parse_http_date("Monday, 29-Feb-00 00:00:00 GMT", late) is None


def test_the_first_years_have_no_century_before_them() -> None:
    early = unix(datetime(1, 6, 1, tzinfo=UTC))
    assert parse_http_date("Monday, 01-Jan-99 00:00:00 GMT", early) is None


def test_now_is_the_time_it_is_unless_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: unix(datetime(2050, 1, 1, tzinfo=UTC)))
    at = parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT")
    assert at == unix(datetime(2094, 11, 6, 8, 49, 37, tzinfo=UTC))


@pytest.mark.parametrize("now", [math.nan, math.inf, -math.inf, 1e300, 3e11, -1e11])
def test_a_now_that_is_no_time_is_refused_where_it_is_needed(now: float) -> None:
    assert parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT", now) == EXAMPLE
    with pytest.raises(ValueError, match="Not a time in the years 1 to 9999"):
        parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT", now)


def test_a_date_is_written() -> None:
    assert format_http_date(EXAMPLE) == "Sun, 06 Nov 1994 08:49:37 GMT"
    assert format_http_date(EXAMPLE + 0.999) == "Sun, 06 Nov 1994 08:49:37 GMT"
    assert format_http_date(-0.5) == "Wed, 31 Dec 1969 23:59:59 GMT"
    assert format_http_date(0) == "Thu, 01 Jan 1970 00:00:00 GMT"


@pytest.mark.parametrize("timestamp", [math.nan, math.inf, 1e300, 253402300800.0, -62135596801.0])
def test_a_time_without_a_date_is_refused(timestamp: float) -> None:
    with pytest.raises(ValueError, match="Not a time in the years 1 to 9999"):
        format_http_date(timestamp)


@given(MOMENTS)
def test_what_the_standard_library_writes_is_read(moment: datetime) -> None:
    text = format_datetime(moment, usegmt=True)
    assert parse_http_date(text) == unix(moment)
    assert format_http_date(unix(moment)) == text


@given(MOMENTS)
def test_what_asctime_writes_is_read(moment: datetime) -> None:
    # Python's asctime does not pad the year.
    text = f"{time.asctime(moment.timetuple())[:20]}{moment.year:04}"
    assert parse_http_date(text) == unix(moment)


@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)), st.integers(-49, 49))
def test_dates_of_the_same_half_century_are_read_with_two_digits(now: datetime, years: int) -> None:
    moment = now.replace(year=now.year + years, day=min(now.day, 28), microsecond=0, tzinfo=UTC)
    month = format_datetime(moment)[8:11]
    text = (
        f"{LONG_DAYS[moment.weekday()]}, {moment.day:02}-{month}-{moment.year % 100:02}"
        f" {moment.hour:02}:{moment.minute:02}:{moment.second:02} GMT"
    )
    assert parse_http_date(text, unix(now.replace(tzinfo=UTC))) == unix(moment)


@given(
    st.one_of(
        st.text(),
        st.from_regex(r"[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT"),
        st.text(st.sampled_from("Sun,06 Nov1948:37GMTday-"), max_size=30),
    )
)
def test_any_text_is_a_date_or_none(text: str) -> None:
    at = parse_http_date(text, NOW)
    assert at is None or abs(at) < 3e11
