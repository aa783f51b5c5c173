"""The judge of linear time: what is linear passes, what is quadratic does not."""

import gc
from collections.abc import Callable, Iterator

import pytest

from linear_time import FLOOR, PAIRS, Work, grows_linearly


class Clock:
    """Time passes only when work is done."""

    def __init__(self, lateness: Iterator[float] | None = None) -> None:
        self.now = 0.0
        self.lateness = lateness

    def __call__(self) -> float:
        return self.now

    def taking(self, duration: Callable[[int], float]) -> Callable[[int], Work]:
        def make(size: int) -> Work:
            def work() -> None:
                self.now += duration(size) * (next(self.lateness) if self.lateness else 1)

            return work

        return make


@pytest.mark.parametrize(
    ("duration", "linear"),
    [
        (lambda n: 0.001 * n, True),
        (lambda n: 0.002 * n + 0.001 * n * n.bit_length(), True),
        (lambda n: 0.001 * n * n, False),
        (lambda n: 0.003 * n + 0.001 * n * n, False),
    ],
)
def test_it_tells_linear_work_from_quadratic(
    duration: Callable[[int], float], linear: bool
) -> None:
    clock = Clock()
    assert grows_linearly(clock.taking(duration), 100, clock=clock) is linear


def test_a_machine_that_is_slow_for_a_while_is_no_fault() -> None:
    # The first pairs' large runs come in a slow spell, their small ones do not.
    clock = Clock(iter([1.0, 9.0] * (PAIRS - 1) + [1.0, 1.0]))
    assert grows_linearly(clock.taking(lambda n: 0.001 * n), 100, clock=clock)


def test_one_small_run_that_was_slow_hides_nothing() -> None:
    clock = Clock(iter([1.0, 1.0] + [9.0, 1.0] * PAIRS))
    assert not grows_linearly(clock.taking(lambda n: 0.001 * n * n), 100, clock=clock)


def test_a_run_too_short_to_be_measured_counts_as_the_floor() -> None:
    clock = Clock()
    times = {1: 0.0, 8: 23 * FLOOR}
    assert grows_linearly(clock.taking(times.__getitem__), 1, clock=clock)
    times[8] = 25 * FLOOR
    assert not grows_linearly(clock.taking(times.__getitem__), 1, clock=clock)


def test_factor_and_bound_can_be_others() -> None:
    clock = Clock()
    work = clock.taking(lambda n: 0.001 * n)
    assert grows_linearly(work, 100, factor=2, bound=2.1, clock=clock)
    assert not grows_linearly(work, 100, factor=2, bound=1.9, clock=clock)


def test_nothing_is_collected_meanwhile_and_afterwards_it_is_as_before() -> None:
    states = []

    def make(size: int) -> Work:
        return lambda: states.append(gc.isenabled())

    assert grows_linearly(make, 1)
    assert states == [False, False]
    assert gc.isenabled()
    gc.disable()
    try:
        assert grows_linearly(make, 1)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_work_that_raises_leaves_the_collector_on() -> None:
    def make(size: int) -> Work:
        return lambda: 1 // 0

    with pytest.raises(ZeroDivisionError):
        grows_linearly(make, 1)
    assert gc.isenabled()
