"""Runs scenarios once for each point at which they may be cancelled, and cancels there.

Each await counts twice: while the request still waits, and in the very tick in which
what it waits for has come true; and so does each iteration of the event loop. The
invariants of `net` are held after every run.
"""

import asyncio
import functools
from collections.abc import Callable, Coroutine, Generator
from dataclasses import dataclass
from typing import Any

import pytest

from martlet_exceptions import ClientConnectionError
from martlet_interfaces import Timeouts

from .bodies import Pieces
from .net import Net, head, run
from .scripted import OK, Answer, Log, Wire

SWITCHING = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"
CHUNKED = [
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"2\r\nok\r\n",
    b"0\r\n\r\n",
]
MOST = 30
LIMITED = Timeouts(connect=5, sock_connect=3, sock_read=2, head=7)


class Stepped(Coroutine[Any, Any, None]):
    """A coroutine that cancels its task at its *target*-th suspension."""

    def __init__(self, inner: Coroutine[Any, Any, None], target: int, *, completing: bool) -> None:
        self._inner = inner
        self._target = target
        self._completing = completing
        self.steps = 0

    def send(self, value: Any) -> Any:
        waits_for = self._inner.send(value)
        if self.steps == self._target:
            task = asyncio.current_task()
            assert task is not None
            if self._completing and isinstance(waits_for, asyncio.Future):
                waits_for.add_done_callback(lambda _: task.cancel())
            else:
                asyncio.get_running_loop().call_soon(task.cancel)
        self.steps += 1
        return waits_for

    def throw(self, *exc: Any) -> Any:
        return self._inner.throw(*exc)

    def close(self) -> None:
        self._inner.close()

    def __await__(self) -> Generator[Any, Any, None]:
        return self._inner.__await__()


@dataclass
class Scenario:
    """What the client does, after *prepare*, while the network does what it was told."""

    client: Callable[[Net], Coroutine[Any, Any, None]]
    prepare: Callable[[Net], Coroutine[Any, Any, None]] | None = None


def replies(*pieces: bytes, end: str | None = None) -> Callable[[Wire], None]:
    """Make a server that answers the first write, a piece in each tick."""

    def respond(wire: Wire) -> None:
        wire.respond = None
        loop = asyncio.get_running_loop()
        steps: list[Callable[[], None]] = [functools.partial(wire.send, p) for p in pieces]
        if end is not None:
            steps.append(getattr(wire, end))

        def step() -> None:
            if steps:
                steps.pop(0)()
                loop.call_soon(step)

        step()

    return respond


async def fetch(net: Net, method: str = "GET", body: Any = None, **options: Any) -> None:
    """Do what a session does: send, read, and let go whatever happens."""
    answer = Answer()
    url = options.pop("url", "http://a.test/")
    headers = options.pop("headers", None)
    exchange = await net.connector.send(
        head(method, url, headers), body, answer, **{"timeouts": LIMITED, **options}
    )
    try:
        await answer.read()
    finally:
        exchange.release()


def getting(*pieces: bytes, end: str | None = None, **options: Any) -> Scenario:
    async def client(net: Net) -> None:
        net.dialer.respond = replies(*pieces, end=end)
        for wire in net.wires:
            wire.respond = net.dialer.respond
        await fetch(net, **options)

    return Scenario(client)


async def warm(net: Net) -> None:
    await net.warm()


def on_warm(scenario: Scenario) -> Scenario:
    return Scenario(scenario.client, warm)


def behind_another(url: str) -> Scenario:
    """Queue up behind a request that ends a few ticks later."""

    async def prepare(net: Net) -> None:
        net.configure(limit=1)
        _, wire = await net.sent()
        loop = asyncio.get_running_loop()
        ticks = iter(range(8))

        def tick() -> None:
            if next(ticks, None) is None:
                wire.send(OK)
                wire.respond = replies(OK)
            else:
                loop.call_soon(tick)

        loop.call_soon(tick)
        net.dialer.respond = replies(OK)

    return Scenario(functools.partial(fetch, url=url, observer=None), prepare)


async def retried(net: Net) -> None:
    for wire in net.wires:
        wire.respond = replies(end="fin")
    net.dialer.respond = replies(OK)
    await fetch(net, "PUT", Pieces([b"ab", b"cd"], 4, replayable=True))


async def congested(net: Net) -> None:
    def hold(wire: Wire) -> None:
        wire.stop_taking()
        asyncio.get_running_loop().call_soon(wire.take)

    net.dialer.on_made = hold
    net.dialer.respond = replies(*CHUNKED)
    await fetch(net, "POST", Pieces([b"ab"] * 3))


async def refused_upload(net: Net) -> None:
    net.dialer.respond = replies(b"HTTP/1.1 413 No\r\nContent-Length: 2\r\n\r\n", b"no")
    await fetch(net, "POST", Pieces([b"ab", b"cd"], gate=asyncio.Event()))


async def expecting(net: Net) -> None:
    def respond(wire: Wire) -> None:
        answer = OK if wire.received.endswith(b"data") else b"HTTP/1.1 100 Continue\r\n\r\n"
        asyncio.get_running_loop().call_soon(wire.send, answer)

    net.dialer.respond = respond
    await fetch(net, "POST", b"data", headers={"Expect": "100-continue"})


async def failing_dial(net: Net) -> None:
    net.dialer.errors.append(ClientConnectionError("refused"))
    with pytest.raises(ClientConnectionError):
        await fetch(net)


async def timed_out(net: Net) -> None:
    with pytest.raises(TimeoutError):
        await fetch(net)


async def closed_meanwhile(net: Net) -> None:
    net.dialer.on_made = lambda _: asyncio.get_running_loop().call_soon(net.connector.close)
    with pytest.raises(ClientConnectionError):
        await fetch(net)


async def evicting(net: Net) -> None:
    net.dialer.respond = replies(OK)
    await fetch(net, url="http://b.test/")


async def full_of_idle(net: Net) -> None:
    net.configure(limit=1)
    await net.warm()


async def upgraded(net: Net) -> None:
    net.dialer.respond = replies(SWITCHING, b"early")
    answer = Answer()
    exchange = await net.connector.send(
        head(headers={"Upgrade": "x"}), None, answer, timeouts=LIMITED
    )
    reader = Answer()
    try:
        duplex = exchange.upgrade()
    except BaseException:
        exchange.abort()
        raise
    try:
        duplex.set_reader(reader)
        wire = net.wires[-1]
        wire.stop_taking()
        asyncio.get_running_loop().call_soon(wire.take)
        await duplex.drain()
        wire.fin()
        assert await reader.read() == b"early"
    finally:
        duplex.close()


async def observed(net: Net) -> None:
    net.dialer.respond = replies(*CHUNKED)
    for wire in net.wires:
        wire.respond = net.dialer.respond
    await fetch(net, observer=Log())


async def observed_and_queued(net: Net) -> None:
    await fetch(net, observer=Log())


QUEUED_FOR_SLOT = behind_another("http://b.test/")
QUEUED_FOR_CONNECTION = behind_another("http://a.test/")

SCENARIOS = {
    "a new connection": getting(OK),
    "an idle connection": on_warm(getting(OK)),
    "a head in two pieces": getting(OK[:9], OK[9:]),
    "a chunked body": getting(*CHUNKED),
    "a body until the end": getting(b"HTTP/1.1 200 OK\r\n\r\n", b"ok", end="fin"),
    "interim responses": getting(b"HTTP/1.1 102 P\r\n\r\n", OK),
    "a small body": getting(OK, method="POST", body=b"data"),
    "a large body": getting(OK, method="POST", body=bytes(1_000_000)),
    "a second attempt": Scenario(retried, warm),
    "the queue, for a connection": QUEUED_FOR_CONNECTION,
    "the queue, for a slot": QUEUED_FOR_SLOT,
    "the queue, observed": Scenario(observed_and_queued, QUEUED_FOR_CONNECTION.prepare),
    "the eviction of an idle connection": Scenario(evicting, full_of_idle),
    "an upload against the pressure": Scenario(congested),
    "an upload that is refused": Scenario(refused_upload),
    "a body that is asked for": Scenario(expecting),
    "a body that is not asked for": getting(
        b"HTTP/1.1 417 No\r\nContent-Length: 2\r\n\r\n",
        b"no",
        method="POST",
        body=Pieces([b"data"], 4),
        headers={"Expect": "100-continue"},
    ),
    "a dial that fails": Scenario(failing_dial),
    "a server that says nothing": Scenario(timed_out),
    "a connector that is closed": Scenario(closed_meanwhile),
    "an upgrade": Scenario(upgraded),
    "an observer": Scenario(observed),
    "an observer of an idle connection": Scenario(observed, warm),
}


def cancelled_at(scenario: Scenario, target: int, mode: str) -> bool:
    """Run *scenario*, cancel it at a point, and tell whether there was such a point."""
    reached: list[bool] = []

    async def main(net: Net) -> None:
        if scenario.prepare is not None:
            await scenario.prepare(net)
        suspension = target if mode != "ticking" else -1
        stepped = Stepped(scenario.client(net), suspension, completing=mode == "completing")
        task = net.loop.create_task(stepped)

        def tick(left: int) -> None:
            if left:
                net.loop.call_soon(tick, left - 1)
            else:
                reached.append(task.cancel())

        if mode == "ticking":
            tick(target)
        await asyncio.wait([task])
        if mode != "ticking":
            reached.append(stepped.steps > target)
        await net.loop.quiet()
        # A cancellation is never lost, and never turned into something else.
        assert [task.cancelled()] == reached
        if not task.cancelled():
            task.result()
        for call in net.calls:
            await asyncio.wait([call.task])

    run(main)
    return reached[0]


@pytest.mark.parametrize("mode", ["waiting", "completing", "ticking"])
@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_cancelled_anywhere_nothing_stays_behind(scenario: Scenario, mode: str) -> None:
    # What waits for time to pass waits as long as anything else goes on.
    points = next(n for n in range(MOST) if n == MOST - 1 or not cancelled_at(scenario, n, mode))

    assert points >= 1
