"""How long to wait before a request is sent again."""

from math import inf, isfinite, nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_client_session._backoff import ExponentialBackoff

SECONDS = st.floats(0, 1e300)


def test_the_waits_grow_up_to_the_limit() -> None:
    backoff = ExponentialBackoff()
    assert [backoff(attempt) for attempt in range(1, 5)] == [0.2, 0.4, 0.8, 1.6]
    assert backoff(9) == 30.0
    assert backoff(10_000) == 30.0


@pytest.mark.parametrize(
    ("backoff", "waits"),
    [
        (ExponentialBackoff(1, 1, 5), [1.0, 1.0, 1.0]),
        (ExponentialBackoff(1, 10, 50), [1.0, 10.0, 50.0]),
        (ExponentialBackoff(first=9, limit=2), [2.0, 2.0, 2.0]),
        (ExponentialBackoff(0), [0.0, 0.0, 0.0]),
    ],
)
def test_each_of_its_numbers(backoff: ExponentialBackoff, waits: list[float]) -> None:
    assert [backoff(attempt) for attempt in (1, 2, 3)] == waits


def test_no_first_wait_means_none_at_all() -> None:
    assert ExponentialBackoff(0, 10.0, 30)(10**6) == 0.0


@given(SECONDS, st.floats(1, 1e300), SECONDS, st.integers(1, 10**6))
def test_the_waits_keep_their_bounds(
    first: float, factor: float, limit: float, attempt: int
) -> None:
    backoff = ExponentialBackoff(first, factor, limit)
    wait, following = backoff(attempt), backoff(attempt + 1)
    assert isinstance(wait, float)
    assert isfinite(wait)
    assert min(first, limit) <= wait <= following <= limit


@pytest.mark.parametrize("name", ["first", "factor", "limit"])
def test_what_is_refused(name: str) -> None:
    make: Any = ExponentialBackoff
    with pytest.raises(TypeError, match=f"^{name} must be a number"):
        make(**{name: "1"})
    for number in (-1, nan, inf):
        with pytest.raises(ValueError, match=f"^{name} must be at least [01] and finite"):
            make(**{name: number})


def test_a_factor_shrinks_nothing() -> None:
    with pytest.raises(ValueError, match=r"^factor must be at least 1 and finite, not 0\.5$"):
        ExponentialBackoff(factor=0.5)


def test_it_is_a_value() -> None:
    backoff: Any = ExponentialBackoff(1, 2, 3)
    assert backoff == ExponentialBackoff(1, 2, 3)
    assert hash(backoff) == hash(ExponentialBackoff(1, 2, 3))
    assert repr(backoff) == "ExponentialBackoff(first=1, factor=2, limit=3)"
    with pytest.raises(AttributeError):
        backoff.first = 5
