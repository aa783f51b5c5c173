import asyncio
from collections.abc import Iterator

import pytest

from martlet_connector_pool._key import host_key
from martlet_connector_pool._limits import Slots
from martlet_connector_pool._waiters import Waiter, Waiters

from .fakes import Fake, key


@pytest.fixture(name="loop")
def _loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


class Line:
    """Waiters, and who they are."""

    def __init__(self, loop: asyncio.AbstractEventLoop, *, limit_per_host: int = 0) -> None:
        self.loop = loop
        self.slots = Slots(0, limit_per_host)
        self.waiters: Waiters[Fake] = Waiters()

    def add(self, *hosts: str) -> list[Waiter[Fake]]:
        waiters = [Waiter[Fake](key(host), self.loop.create_future()) for host in hosts]
        for waiter in waiters:
            self.waiters.add(waiter)
        return waiters

    def next(self) -> Waiter[Fake] | None:
        waiter = self.waiters.next(self.slots)
        if waiter is not None:
            self.slots.take(waiter.host)
        return waiter

    def free(self, host: str) -> None:
        self.slots.give_back(host_key(key(host)))
        self.waiters.host_freed(host_key(key(host)))


def test_first_come_first_served_over_all_hosts(loop: asyncio.AbstractEventLoop) -> None:
    line = Line(loop)
    waiters = line.add("a", "b", "a", "c", "b")

    assert len(line.waiters) == 5
    assert [line.next() for _ in range(6)] == [*waiters, None]
    assert len(line.waiters) == 0


def test_who_is_at_the_limit_of_its_host_is_passed_over(loop: asyncio.AbstractEventLoop) -> None:
    line = Line(loop, limit_per_host=1)
    first, second, other = line.add("a", "a", "b")

    assert line.next() is first
    assert line.next() is other
    assert line.next() is None
    line.free("b")
    assert line.next() is None
    line.free("a")
    assert line.next() is second


def test_who_was_passed_over_keeps_the_place(loop: asyncio.AbstractEventLoop) -> None:
    line = Line(loop, limit_per_host=1)
    line.slots.take(host_key(key("a")))
    first, other = line.add("a", "b")
    line.free("a")

    assert line.next() is first
    assert line.next() is other


def test_who_has_left_is_not_served(loop: asyncio.AbstractEventLoop) -> None:
    line = Line(loop)
    first, second, third, last = line.add("a", "a", "a", "b")

    line.waiters.discard(first)
    line.waiters.discard(third)
    line.waiters.discard(first)

    assert len(line.waiters) == 2
    assert line.next() is second
    assert line.next() is last
    assert line.next() is None


def test_who_was_cancelled_but_does_not_know_yet_is_not_served(
    loop: asyncio.AbstractEventLoop,
) -> None:
    line = Line(loop)
    first, second, other = line.add("a", "a", "b")
    first.grant.cancel()
    other.grant.cancel()

    assert line.next() is second
    assert line.next() is None


def test_everybody_is_taken_out_at_once(loop: asyncio.AbstractEventLoop) -> None:
    line = Line(loop)
    waiters = line.add("a", "b", "a")

    assert set(line.waiters.drain()) == set(waiters)
    assert len(line.waiters) == 0
    assert line.next() is None
    assert line.waiters.drain() == []


def test_freeing_a_host_for_which_nobody_waits_changes_nothing(
    loop: asyncio.AbstractEventLoop,
) -> None:
    line = Line(loop)

    line.waiters.host_freed(host_key(key("a")))

    assert line.next() is None


def test_the_heap_does_not_grow_with_what_no_longer_tells_the_truth(
    loop: asyncio.AbstractEventLoop,
) -> None:
    line = Line(loop)
    (stays,) = line.add("a")
    for _ in range(5000):
        line.waiters.host_freed(host_key(key("a")))
        line.waiters.discard(line.add("b")[0])

    assert len(line.waiters._heads) <= 2 * len(line.waiters._lines) + 65
    assert line.next() is stays
    assert line.next() is None
