"""A limit on what retries add to the load of a server that fails."""

from math import inf, nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_client_session._retry_budget import RetryBudget

HERE = ("http", "a.example", 80)
THERE = ("http", "b.example", 80)


def allowed(budget: RetryBudget, now: float, tries: int = 1000) -> int:
    """Take all that there is."""
    return sum(budget.take(HERE, now) for _ in range(tries))


def sent(budget: RetryBudget, count: int, now: float) -> None:
    for _ in range(count):
        budget.note_request(HERE, now)


def test_few_requests_may_always_be_retried() -> None:
    budget = RetryBudget()
    sent(budget, 1, 0.0)
    assert allowed(budget, 0.0) == 100


def test_a_part_of_the_requests() -> None:
    budget = RetryBudget(0.25, 0)
    assert allowed(budget, 0.0) == 0
    sent(budget, 80, 0.0)
    assert allowed(budget, 0.0) == 20
    sent(budget, 3, 0.0)
    assert not budget.take(HERE, 0.0)
    sent(budget, 1, 0.0)
    assert allowed(budget, 0.0) == 1


def test_both_together() -> None:
    budget = RetryBudget(0.5, 2, window=5)
    sent(budget, 8, 100.0)
    assert allowed(budget, 100.0) == 4 + 10


def test_nothing_at_all() -> None:
    budget = RetryBudget(0, 0)
    sent(budget, 1000, 0.0)
    assert allowed(budget, 0.0) == 0


def test_what_is_old_is_forgotten() -> None:
    budget = RetryBudget(0.5, 1)
    sent(budget, 10, 0.0)
    assert allowed(budget, 0.0) == 15
    # In the last slot of the window nothing has come back, after it all of the free ones have.
    assert allowed(budget, 9.9) == 0
    assert allowed(budget, 10.0) == 10
    assert allowed(budget, 1000.0) == 10


def test_slots_pass_one_by_one() -> None:
    budget = RetryBudget(1, 0)
    for second in range(10):
        sent(budget, 1, second + 0.5)
    for second in range(10, 20):
        # One request has left the window, and no retry was made in its second.
        expected = 10 - (second - 9)
        probe = RetryBudget(1, 0)
        for earlier in range(10):
            sent(probe, 1, earlier + 0.5)
        assert allowed(probe, second + 0.5) == expected


def test_origins_are_apart() -> None:
    budget = RetryBudget(1, 0)
    sent(budget, 2, 0.0)
    budget.note_request(THERE, 0.0)
    assert [budget.take(THERE, 0.0) for _ in range(2)] == [True, False]
    assert allowed(budget, 0.0) == 2


def test_origins_are_forgotten_if_there_are_too_many() -> None:
    budget = RetryBudget(0, 0.1)
    assert allowed(budget, 0.0) == 1
    for number in range(999):
        budget.note_request(("http", f"{number}.example", 80), 0.0)
    assert allowed(budget, 0.0) == 0
    budget.note_request(("http", "x.example", 80), 0.0)
    assert allowed(budget, 0.0) == 1


def test_a_clock_that_goes_back() -> None:
    budget = RetryBudget(0, 1)
    assert allowed(budget, 50.0) == 10
    assert allowed(budget, 20.0) == 0
    assert allowed(budget, 60.0) == 10


EVENTS = st.lists(
    st.tuples(st.booleans(), st.floats(0, 4) | st.sampled_from([0.0, 1.0, 9.0, 10.0, 30.0])),
    max_size=300,
)


@given(EVENTS, st.sampled_from([0.0, 0.2, 1.0]), st.sampled_from([0.0, 0.3, 1.0]))
def test_no_window_has_more(
    events: list[tuple[bool, float]], ratio: float, per_second: float
) -> None:
    window = 10.0
    budget = RetryBudget(ratio, per_second, window=window)
    now = 0.0
    requests: list[float] = []
    retries: list[float] = []
    for is_retry, passed in events:
        now += passed
        if not is_retry:
            budget.note_request(HERE, now)
            requests.append(now)
        elif budget.take(HERE, now):
            retries.append(now)
            # A slot is forgotten as a whole, so some of what is counted is that much older.
            counted = sum(moment > now - window for moment in requests)
            made = sum(moment > now - window * 0.9 for moment in retries)
            assert made <= ratio * counted + per_second * window
        else:
            counted = sum(moment > now - window * 0.9 for moment in requests)
            made = sum(moment > now - window for moment in retries)
            assert made + 1 > ratio * counted + per_second * window


@pytest.mark.parametrize("name", ["ratio", "per_second", "window"])
def test_what_is_refused(name: str) -> None:
    make: Any = RetryBudget
    with pytest.raises(TypeError, match=f"^{name} must be a number"):
        make(**{name: "1"})
    for number in (-1, nan, inf):
        with pytest.raises(ValueError, match=f"^{name} must be at least 0 and finite"):
            make(**{name: number})


def test_a_window_of_nothing() -> None:
    with pytest.raises(ValueError, match=r"^window must be more than 0 seconds$"):
        RetryBudget(window=0)


def test_it_says_what_it_allows() -> None:
    assert repr(RetryBudget(0.2, 10)) == "<RetryBudget 0.2 of the requests and 10 a second>"
