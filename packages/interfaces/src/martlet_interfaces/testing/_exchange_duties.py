"""Duties about exchanges beside one another, their facts, and who watches them."""

import asyncio
from collections.abc import Mapping
from typing import Final

from martlet_interfaces import ChunkReceived, Event, Exchange

from ._conformance_error import ViolationError, demand
from ._probe import Duty, Probe, told
from ._recording import Recording

__all__ = ["EXCHANGE_DUTIES"]

_AT_ONCE: Final = 20
_MOMENTS: Final = ("sent", "first_byte", "done")
_FACTS: Final = ("http_version", "peername", "reused", "sockname", "ssl_object")


async def _apart(probe: Probe) -> None:
    wanted = [f"/echo?number={number}" for number in range(_AT_ONCE)]
    sendings = [probe.start(path, method="POST", body=path.encode()) for path in wanted]
    for path, sending in zip(wanted, sendings, strict=True):
        body = (await probe.finish(sending)).body.decode()
        demand(body.count(path) == 2, f"the answer to {path} was {body}")


async def _no_upgrade(probe: Probe) -> None:
    for path, method in (("/echo", "GET"), ("/hang-in-body", "GET")):
        sending = probe.start(path, method=method)
        exchange = await probe.exchange(sending)
        try:
            exchange.upgrade()
        except RuntimeError:
            exchange.abort()
            continue
        raise ViolationError(f"upgrade() after a 200 to {method} raised no RuntimeError")


async def _unknown_fact(probe: Probe) -> None:
    exchange = await probe.exchange(probe.start("/echo"))
    fact = exchange.info("no-such-fact")
    demand(fact is None, f"info('no-such-fact') gave {fact!r}")
    exchange.abort()


def _facts(exchange: Exchange) -> dict[str, object]:
    return {name: exchange.info(name) for name in _FACTS}


async def _facts_stay(probe: Probe) -> None:
    recording = Recording(pause_at_head=True)
    sending = probe.start("/large", recording=recording)
    exchange = await probe.exchange(sending)
    before = _facts(exchange)
    recording.flow.resume()
    await probe.finish(sending)
    await probe.settle()
    after = _facts(exchange)
    demand(after == before, f"they were {before}, and are {after}")


async def _timings(probe: Probe) -> None:
    sending = probe.start("/large")
    exchange = await probe.exchange(sending)
    await probe.finish(sending)
    timings = exchange.info("timings")
    if timings is None:
        return
    if not isinstance(timings, Mapping):
        raise ViolationError(f"they are a {type(timings).__name__}, no mapping")
    for name, seconds in timings.items():
        demand(isinstance(seconds, int | float) and seconds >= 0, f"{name} is {seconds!r}")
    moments = [timings[name] for name in _MOMENTS if name in timings]
    demand(moments == sorted(moments), f"they are {timings}, which is not in order")


async def _schemes(probe: Probe) -> None:
    schemes = probe.connector.schemes
    demand(isinstance(schemes, frozenset), f"it is a {type(schemes).__name__}")
    demand(all(one == one.lower() for one in schemes), f"it has {', '.join(sorted(schemes))}")
    scheme = probe.base_url.scheme
    demand(scheme in schemes, f"it lacks {scheme}, which the connector was given for")


class _Watcher:
    """An observer that takes its time."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.notes: list[str] = []

    async def observe(self, event: Event, /) -> None:
        if isinstance(event, ChunkReceived):
            return  # bytes are pushed: the connector does not wait before it goes on
        self.events.append(event)
        self.notes.append("begin")
        for _ in range(5):
            await asyncio.sleep(0)
        self.notes.append("end")


async def _observer(probe: Probe) -> None:
    for _ in range(2):
        watcher = _Watcher()
        sending = probe.start("/echo", observer=watcher)
        await probe.exchange(sending)
        expected = ["begin", "end"] * len(watcher.events)
        demand(watcher.notes == expected, "it was not awaited before send went on")
        for event in watcher.events:
            demand(isinstance(event, Event), f"it got {event!r}, which is no Event")
        await probe.finish(sending)


class _Objector:
    """An observer that raises."""

    def __init__(self) -> None:
        self.error = LookupError("the observer's own error")
        self.called = False

    async def observe(self, _event: Event, /) -> None:
        self.called = True
        raise self.error


async def _objector(probe: Probe) -> None:
    for _ in range(2):
        objector = _Objector()
        outcome = await probe.outcome(probe.start("/echo", observer=objector))
        if objector.called:
            demand(
                outcome is objector.error, f"{objector.error!r} was raised, send {told(outcome)}"
            )
        await probe.demand_usable()


EXCHANGE_DUTIES: Final = (
    Duty("sends at the same time do not mix", _apart),
    Duty("upgrade after an ordinary response raises RuntimeError", _no_upgrade),
    Duty("info of an unknown name is None", _unknown_fact),
    Duty("facts stay readable after the end", _facts_stay),
    Duty("timings, if it tells any, are seconds, and in order", _timings),
    Duty("schemes is a frozenset in lower case", _schemes),
    Duty("an observer is awaited, event by event", _observer),
    Duty("what an observer raises comes out of send", _objector),
)
