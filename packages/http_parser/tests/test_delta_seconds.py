import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_http_parser._delta_seconds import MAX_DELTA_SECONDS, read_delta_seconds


@pytest.mark.parametrize(
    ("digits", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        ("9999999999", 9_999_999_999),
        ("10000000000", 9_999_999_999),
        ("9" * 10_000, 9_999_999_999),
        ("0" * 10_000, 0),
        ("0" * 10_000 + "7", 7),
    ],
)
def test_a_number_of_any_length_is_read(digits: str, seconds: int) -> None:
    assert read_delta_seconds(digits) == seconds


@given(st.integers(0, 10**12), st.integers(0, 20))
def test_a_number_is_itself_up_to_the_greatest(number: int, zeros: int) -> None:
    assert read_delta_seconds("0" * zeros + str(number)) == min(number, MAX_DELTA_SECONDS)
