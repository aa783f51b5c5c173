"""Crowds at a small pool: whatever they do, nobody gets too much and nobody is forgotten."""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from typing import Final

import pytest

from martlet_exceptions import ClientConnectionError

from .crowd import Crowd
from .oracle import LIMIT

SEEDS: Final = 10
REQUESTS: Final = 10_000  # for each seed
KINDS: Final = {
    "cancelled: dial",
    "cancelled: hand-over",
    "cancelled: use",
    "cancelled: waiting",
    "dial failed",
    "passed on",
    "served",
    "waited",
}
WITH_IDLE: Final = {"died", "died in the hand-over", "died unnoticed", "evicted", "handed over"}


def run(scenario: Coroutine[object, object, None]) -> None:
    # The debug mode of `-X dev` would cost more than everything else here.
    with asyncio.Runner(debug=False) as runner:
        runner.run(scenario)


def outcomes(crowd: Crowd) -> "Counter[type[BaseException] | None]":
    """Count how the requests ended: with which exception, or none."""
    ends: Counter[type[BaseException] | None] = Counter()
    for request in crowd.requests:
        exc = asyncio.CancelledError() if request.task.cancelled() else request.task.exception()
        ends[None if exc is None else type(exc)] += 1
    return ends


def check_empty(crowd: Crowd) -> None:
    """Hold that nothing was leaked, and nothing stays after the end of the pool."""
    assert crowd.handed == {}
    assert crowd.oracle.line == {}
    assert len(crowd.pool.waiters) == 0
    assert crowd.pool.slots.used == len(crowd.pool.idle)
    assert crowd.pool.close() == []
    assert crowd.pool.slots.used == 0
    assert crowd.pool.slots.used_by_host == {}
    assert all(fake.closed == 1 for fake in crowd.opened)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_crowd_is_served(seed: int) -> None:
    crowd = Crowd(seed)

    run(crowd.gather(REQUESTS))

    ends = outcomes(crowd)
    happened = crowd.happened
    assert set(ends) == {None, asyncio.CancelledError, ConnectionRefusedError}
    assert ends.total() == REQUESTS
    assert ends[None] == happened["served"]
    assert ends[ConnectionRefusedError] == happened["dial failed"]
    assert 0.08 * REQUESTS < ends[asyncio.CancelledError] < 0.12 * REQUESTS
    assert crowd.peak == LIMIT
    for kind in KINDS if crowd.keepalive == 0 else KINDS | WITH_IDLE:
        assert happened[kind] >= 10, kind
    assert (happened["pruned"] > 0) is (crowd.keepalive == 0.5)
    check_empty(crowd)


@pytest.mark.parametrize("seed", range(20))
def test_a_crowd_is_sent_away(seed: int) -> None:
    crowd = Crowd(seed)

    waiting: list[int] = []

    async def scenario() -> None:
        for _ in range(300 + 10 * seed):
            await crowd.pass_tick(1000)
        waiting.extend(crowd.close())
        for number in waiting[::3]:  # in the tick in which they hear of it
            crowd.requests[number].task.cancel()
        await asyncio.wait([request.task for request in crowd.requests])

    run(scenario())

    assert outcomes(crowd)[ClientConnectionError] == len(waiting) - len(waiting[::3])
    check_empty(crowd)
