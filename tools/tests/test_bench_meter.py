"""What of a round of the benchmark is on the clock."""

import asyncio
import itertools
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from bench._child import _run
from bench._meter import Meter, metered
from bench._scenarios import Scenario
from bench.clients.shape import BadAnswerError, Plan


class Usage(NamedTuple):
    """What the system says of a process."""

    ru_utime: float
    ru_stime: float


class Clock:
    """Stands for the system: each request costs 3 s, 2 of them in the kernel, and takes 10 s."""

    RUSAGE_SELF = 0

    def __init__(self) -> None:
        self.done = 0

    def getrusage(self, who: int) -> Usage:
        assert who == self.RUSAGE_SELF
        return Usage(1.0 * self.done, 2.0 * self.done)

    def perf_counter(self) -> float:
        return 10.0 * self.done


class Limited:
    """A client that does at most *limit* requests at once, first come first served."""

    def __init__(self, clock: Clock, limit: int, missing: int = 0) -> None:
        self._clock = clock
        self._turn = asyncio.Semaphore(limit)
        self._missing = missing
        self.under_way = 0
        self.seen: list[int] = []

    async def open(self, plan: Plan) -> None:
        raise AssertionError("only GET is asked for")

    async def close(self) -> None:
        raise AssertionError("only GET is asked for")

    async def get(self, urls: Iterator[str]) -> int:
        size = 0
        for _ in urls:
            self.under_way += 1
            async with self._turn:
                await asyncio.sleep(0)
            self.seen.append(self.under_way)
            self.under_way -= 1
            self._clock.done += 1
            size += 13
        size -= self._missing
        return size

    async def post(self, urls: Iterator[str], payload: dict[str, Any]) -> int:
        raise AssertionError("only GET is asked for")

    async def stream(self, urls: Iterator[str], chunk: int) -> int:
        raise AssertionError("only GET is asked for")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("bench._meter.resource", clock)
    monkeypatch.setattr("bench._meter.time", clock)
    return clock


def test_meter(clock: Clock) -> None:
    clock.done = 5
    meter = Meter()
    with meter:
        clock.done += 4
    clock.done += 100
    sample = meter.sample(2)
    assert (sample.operations, sample.cpu, sample.wall) == (2, 12.0, 40.0)


def test_metered_gives_the_same_urls(clock: Clock) -> None:
    urls = metered(iter("abcdef"), 2, meter := Meter())
    given = []
    for url in urls:
        given.append(url)
        clock.done += 1
    assert given == list("abcdef")
    # One worker that is alone: its first two requests are before the clock.
    assert meter.sample(4).wall == 40.0


@pytest.mark.parametrize("workers", [4, 100])
async def test_steady(clock: Clock, workers: int) -> None:
    scenario = Scenario("waiting", "", "get", concurrency=workers, limit=3, steady=True)
    client = Limited(clock, limit=3)
    sample = await _run(scenario, client, "http://test", 500)
    assert clock.done == workers + 500
    # Exactly the operations it is divided by, and nobody had come to the end.
    assert (sample.operations, sample.cpu, sample.wall) == (500, 1_500.0, 5_000.0)
    assert set(client.seen[:501]) == {workers}


async def test_not_steady(clock: Clock) -> None:
    scenario = Scenario("all", "", "get", concurrency=4)
    sample = await _run(scenario, Limited(clock, limit=3), "http://test", 500)
    assert clock.done == 500
    assert (sample.operations, sample.cpu, sample.wall) == (500, 1_500.0, 5_000.0)


@pytest.mark.parametrize("steady", [False, True])
async def test_missing_byte(clock: Clock, steady: bool) -> None:
    scenario = Scenario("short", "", "get", concurrency=2, steady=steady)
    with pytest.raises(BadAnswerError, match="bytes of bodies in place of"):
        await _run(scenario, Limited(clock, limit=2, missing=1), "http://test", 10)


def test_metered_leaves_the_rest(clock: Clock) -> None:
    source = iter("abcdef")
    assert list(itertools.islice(metered(source, 2, Meter()), 3)) == list("abc")
    assert list(source) == list("def")
