import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_http_parser import format_http_date, parse_retry_after

NOW = 784111777.25  # a quarter of a second after the dates below


@pytest.mark.parametrize(
    ("field", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        (" 007\t", 7.0),
        ("9" * 5000, 9_999_999_999.0),
        ("Sun, 06 Nov 1994 08:50:37 GMT", 59.75),
        ("Sunday, 06-Nov-94 08:50:37 GMT", 59.75),
        ("Sun Nov  6 08:50:37 1994", 59.75),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 0.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
    ],
)
def test_how_long_to_wait_is_read(field: str, seconds: float) -> None:
    waiting = parse_retry_after(field, NOW)
    assert waiting == seconds
    assert isinstance(waiting, float)


@pytest.mark.parametrize(
    "field",
    [
        "",
        "-1",
        "+1",
        "1.5",
        "1s",
        "1_0",
        "0x1",
        "1, 2",
        "١٢",
        "²",
        "soon",
        "Sun, 06 Nov 1994",
        "\udc80",
    ],
)
def test_what_is_neither_a_number_nor_a_date_is_none(field: str) -> None:
    assert parse_retry_after(field, NOW) is None


def test_a_now_that_is_no_time_is_refused_where_it_is_needed() -> None:
    assert parse_retry_after("1", 1e300) == 1.0
    with pytest.raises(ValueError, match="Not a time"):
        parse_retry_after("Sunday, 06-Nov-94 08:49:37 GMT", 1e300)


@given(st.integers(0, 10**10), st.integers(-(10**9), 10**10))
def test_what_was_written_is_read(now: int, delay: int) -> None:
    assert parse_retry_after(format_http_date(now + delay), now) == max(0, delay)
    assert parse_retry_after(f"{abs(delay)}", now) == min(abs(delay), 9_999_999_999)


@given(st.text())
def test_any_text_gives_a_time_to_wait_or_none(text: str) -> None:
    waiting = parse_retry_after(text, NOW)
    assert waiting is None or waiting >= 0
