"""Deadlines on a clock that only the tests move."""

import heapq
import itertools
from collections.abc import Callable
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from martlet_interfaces import Deadlines

RESOLUTION: Final = 0.001


class Timer:
    def __init__(self, when: float, callback: Callable[[], object]) -> None:
        self.when = when
        self.callback: Callable[[], object] | None = callback

    def cancel(self) -> None:
        self.callback = None


class VirtualClock:
    """Keeps timers as an event loop does, and may fire them a little *early* as loops do."""

    def __init__(self, early: float = 0.0) -> None:
        self.now = 1000.0
        self.early = early
        self.made = 0
        self._timers: list[tuple[float, int, Timer]] = []
        self._numbers = itertools.count()

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, callback: Callable[[], object], /) -> Timer:
        self.made += 1
        timer = Timer(when, callback)
        heapq.heappush(self._timers, (when, next(self._numbers), timer))
        return timer

    @property
    def pending(self) -> int:
        return sum(timer.callback is not None for _, _, timer in self._timers)

    def advance(self, seconds: float) -> None:
        target = self.now + seconds
        while self._timers and self._timers[0][0] - self.early <= target:
            when, _, timer = heapq.heappop(self._timers)
            self.now = max(self.now, when - self.early)
            if timer.callback is not None:
                timer.callback()
        self.now = max(self.now, target)


class Item:
    """Notes when it expired."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.expired: list[float] = []

    def on_deadline(self) -> None:
        self.expired.append(self.clock.now)


class Acting(Item):
    """Does something when it expires."""

    def __init__(self, clock: VirtualClock, act: Callable[[], object]) -> None:
        super().__init__(clock)
        self.act = act

    def on_deadline(self) -> None:
        super().on_deadline()
        self.act()


def test_an_item_expires_once_at_its_time() -> None:
    clock = VirtualClock()
    deadlines, item = Deadlines(clock), Item(clock)
    assert deadlines.set(item, 5.0) == 1005.0
    clock.advance(4.9)
    assert item.expired == []
    clock.advance(0.1)
    clock.advance(100)
    assert item.expired == [1005.0]


def test_the_time_is_the_clock_s() -> None:
    clock = VirtualClock()
    deadlines = Deadlines(clock)
    clock.advance(2)
    assert deadlines.time() == 1002.0


def test_a_cancelled_item_does_not_expire() -> None:
    clock = VirtualClock()
    deadlines, item, other = Deadlines(clock), Item(clock), Item(clock)
    deadlines.set(item, 5.0)
    clock.advance(1)
    deadlines.set(other, 5.0)
    deadlines.cancel(item, 5.0)
    clock.advance(100)
    assert (item.expired, other.expired) == ([], [1006.0])


def test_cancelling_what_is_not_set_does_nothing() -> None:
    clock = VirtualClock()
    deadlines, item = Deadlines(clock), Item(clock)
    deadlines.cancel(item, 5.0)
    deadlines.set(item, 5.0)
    deadlines.cancel(item, 6.0)
    deadlines.cancel(Item(clock), 5.0)
    clock.advance(5)
    assert item.expired == [1005.0]


def test_setting_again_starts_anew() -> None:
    clock = VirtualClock()
    deadlines, item, other = Deadlines(clock), Item(clock), Item(clock)
    deadlines.set(item, 5.0)
    deadlines.set(other, 5.0)
    clock.advance(3)
    assert deadlines.set(item, 5.0) == 1008.0
    clock.advance(10)
    assert (item.expired, other.expired) == ([1008.0], [1005.0])


def test_an_item_may_be_set_with_several_delays() -> None:
    clock = VirtualClock()
    deadlines, item = Deadlines(clock), Item(clock)
    deadlines.set(item, 5.0)
    deadlines.set(item, 2.0)
    clock.advance(10)
    assert item.expired == [1002.0, 1005.0]


def test_equal_delays_share_one_timer() -> None:
    clock = VirtualClock()
    deadlines = Deadlines(clock)
    for _ in range(1000):
        item = Item(clock)
        deadlines.set(item, 30.0)
        deadlines.cancel(item, 30.0)
        clock.advance(0.01)
    assert clock.made == 1


def test_a_timer_that_fires_a_tick_early_counts() -> None:
    clock = VirtualClock(early=0.0009)
    deadlines, item = Deadlines(clock), Item(clock)
    deadlines.set(item, 5.0)
    clock.advance(5)
    assert item.expired == [pytest.approx(1005 - 0.0009)]
    assert clock.pending == 0


def test_it_is_idle_when_nothing_is_set() -> None:
    clock = VirtualClock()
    deadlines, item = Deadlines(clock), Item(clock)
    seen = [deadlines.idle]
    deadlines.set(item, 5.0)
    seen.append(deadlines.idle)
    deadlines.cancel(item, 5.0)
    seen.append(deadlines.idle)
    deadlines.set(item, 5.0)
    clock.advance(4)
    seen.append(deadlines.idle)
    clock.advance(1)
    seen.append(deadlines.idle)
    assert seen == [True, False, True, False, True]


def test_after_close_nothing_expires_and_no_timer_is_left() -> None:
    clock = VirtualClock()
    deadlines = Deadlines(clock)
    items = [Item(clock) for _ in range(4)]
    for delay, item in enumerate(items):
        deadlines.set(item, delay + 1.0)
    clock.advance(1)
    deadlines.close()
    assert deadlines.idle
    assert clock.pending == 0
    clock.advance(100)
    assert [len(item.expired) for item in items] == [1, 0, 0, 0]


def test_closing_twice_and_using_it_again_are_harmless() -> None:
    clock = VirtualClock()
    deadlines, item = Deadlines(clock), Item(clock)
    deadlines.close()
    deadlines.close()
    deadlines.set(item, 1.0)
    clock.advance(1)
    assert item.expired == [1001.0]


def test_an_item_that_sets_itself_again_keeps_one_timer() -> None:
    clock = VirtualClock()
    deadlines = Deadlines(clock)
    beat = Acting(clock, lambda: deadlines.set(beat, 1.0))
    deadlines.set(beat, 1.0)
    for beats in range(1, 50):
        clock.advance(1)
        assert len(beat.expired) == beats
        assert clock.pending == 1


def test_an_item_may_cancel_and_close_from_its_own_deadline() -> None:
    clock = VirtualClock()
    deadlines, last = Deadlines(clock), Item(clock)
    first = Acting(clock, lambda: deadlines.cancel(last, 1.0))
    deadlines.set(first, 1.0)
    deadlines.set(last, 1.0)
    closing = Acting(clock, deadlines.close)
    deadlines.set(closing, 2.0)
    deadlines.set(last, 2.0)
    clock.advance(10)
    assert (len(first.expired), len(closing.expired), last.expired) == (1, 1, [])
    assert clock.pending == 0


def test_an_item_that_raises_does_not_hold_up_the_others() -> None:
    def fail() -> None:
        raise LookupError("the item's own error")

    clock = VirtualClock()
    deadlines, last = Deadlines(clock), Item(clock)
    deadlines.set(Acting(clock, fail), 1.0)
    deadlines.set(last, 1.0)
    with pytest.raises(LookupError, match="the item's own error"):
        clock.advance(1)
    clock.advance(0)
    assert last.expired == [1001.0]


def test_queues_of_delays_that_never_come_again_are_bounded() -> None:
    clock = VirtualClock()
    deadlines = Deadlines(clock)
    for number in range(10_000):
        item = Item(clock)
        deadlines.set(item, 100 + number / 1000)
        deadlines.cancel(item, 100 + number / 1000)
        assert clock.pending <= 64


def test_queues_whose_items_have_expired_are_bounded_too() -> None:
    clock = VirtualClock()
    deadlines = Deadlines(clock)
    for number in range(1000):
        item = Item(clock)
        deadlines.set(item, number / 1000)
        clock.advance(1)
        assert len(item.expired) == 1
        assert len(deadlines._queues) <= 64


def test_a_queue_that_is_kept_serves_also_after_many_others() -> None:
    clock = VirtualClock()
    deadlines, item = Deadlines(clock), Item(clock)
    kept, other = deadlines.queue(5, keep=True), deadlines.queue(6)
    for number in range(1000):
        deadlines.set(Item(clock), 10 + number / 1000)
        clock.advance(20)
    assert deadlines.queue(5) is kept
    assert deadlines.queue(6) is not other

    kept.due[item] = clock.time() + kept.delay
    assert kept.timer is None
    kept.start()
    assert not deadlines.idle
    clock.advance(6)
    assert item.expired == [pytest.approx(clock.now - 1)]
    assert deadlines.idle


def test_what_is_taken_out_of_a_queue_does_not_expire() -> None:
    clock = VirtualClock()
    deadlines, item, other = Deadlines(clock), Item(clock), Item(clock)
    queue = deadlines.queue(5)
    for each in (item, other):
        queue.due[each] = clock.time() + queue.delay
    queue.start()
    del queue.due[item]
    clock.advance(6)
    assert (len(item.expired), len(other.expired)) == (0, 1)
    assert clock.pending == 0


def test_a_queue_without_deadlines_starts_no_timer() -> None:
    clock = VirtualClock()
    queue = Deadlines(clock).queue(5)
    queue.start()
    assert queue.timer is None
    assert clock.made == 0


def test_queues_in_use_are_never_dropped_and_are_looked_through_seldom() -> None:
    clock = VirtualClock()
    deadlines = Deadlines(clock)
    items = [Item(clock) for _ in range(1000)]
    limits = set()
    for number, item in enumerate(items):
        deadlines.set(item, 1 + number / 1000)
        limits.add(deadlines._full)
    assert limits == {64, 128, 256, 512, 1024}
    clock.advance(2)
    assert [len(item.expired) for item in items] == [1] * 1000


DELAYS: Final = st.one_of(
    st.sampled_from([0.0, 0.0005, 1.0, 30.0, 300.0]), st.floats(0.0, 400.0, allow_subnormal=False)
)


@settings(max_examples=200)
@given(
    st.lists(st.tuples(DELAYS, st.floats(0.0, 2.0)), max_size=200), st.floats(0.0, RESOLUTION * 0.9)
)
def test_with_many_delays_none_is_early_or_late(
    steps: list[tuple[float, float]], early: float
) -> None:
    clock = VirtualClock(early)
    deadlines = Deadlines(clock)
    wanted = []
    for delay, pause in steps:
        item = Item(clock)
        wanted.append((deadlines.set(item, delay), item))
        clock.advance(pause)
    clock.advance(1000)
    for when, item in wanted:
        assert len(item.expired) == 1
        assert when - RESOLUTION <= item.expired[0] <= when
    assert deadlines.idle
    assert clock.pending == 0


class Model(RuleBasedStateMachine):
    """Any order of calls, against a plain table of what is set."""

    @initialize(early=st.floats(0.0, RESOLUTION * 0.9))
    def begin(self, early: float) -> None:
        self.clock = VirtualClock(early)
        self.deadlines = Deadlines(self.clock)
        self.items = [Item(self.clock) for _ in range(6)]
        self.set_for: dict[tuple[int, float], float] = {}
        self.seen = [0] * 6

    @rule(number=st.integers(0, 5), delay=DELAYS)
    def set(self, number: int, delay: float) -> None:
        when = self.deadlines.set(self.items[number], delay)
        assert when == self.clock.now + delay
        self.set_for[number, delay] = when

    @rule(number=st.integers(0, 5), delay=DELAYS)
    def cancel(self, number: int, delay: float) -> None:
        self.deadlines.cancel(self.items[number], delay)
        self.set_for.pop((number, delay), None)

    @rule(data=st.data())
    def cancel_one_that_is_set(self, data: st.DataObject) -> None:
        if self.set_for:
            number, delay = data.draw(st.sampled_from(sorted(self.set_for)))
            self.cancel(number, delay)

    @rule()
    def close(self) -> None:
        self.deadlines.close()
        self.set_for.clear()

    @rule(seconds=st.floats(0.0, 100.0))
    def advance(self, seconds: float) -> None:
        self.clock.advance(seconds)
        for number, item in enumerate(self.items):
            for moment in item.expired[self.seen[number] :]:
                mine = [(w, key) for key, w in self.set_for.items() if key[0] == number]
                when, key = min(mine)
                assert when - RESOLUTION <= moment <= when
                del self.set_for[key]
            self.seen[number] = len(item.expired)
        late = [when for when in self.set_for.values() if when <= self.clock.now]
        assert not late

    @invariant()
    def it_knows_whether_anything_is_set(self) -> None:
        assert self.deadlines.idle == (not self.set_for)


TestModel = Model.TestCase
TestModel.settings = settings(max_examples=100, stateful_step_count=40)
