"""Whichever call of a transport, a dialer, an observer or a receiver fails: nothing is lost.

The same as `test_nth_failure`, without sockets: here calls fail that the system cannot be
made to fail, and what other programs give to a connector.
"""

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, NamedTuple

import pytest

from martlet_connector_pool._exchange import Http1Exchange
from martlet_connector_pool._http1 import Http1Connection
from martlet_exceptions import ClientError
from martlet_interfaces import (
    BodySink,
    ConnectionKey,
    Event,
    Flow,
    Observer,
    RequestBody,
    ResponseHead,
)

from .bodies import Pieces
from .fallible import ERRORS, Shim
from .net import Net
from .scripted import OK, Answer, Log, ScriptedConnector, ScriptedDialer, Wire
from .virtual_time import StuckError, VirtualLoop

CHUNKS: Final = [
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab",
    b"c\r\n3\r\ndef",
    b"\r\n0\r\n\r\n",
]


class FallibleDialer(ScriptedDialer):
    def __init__(self, shim: Shim) -> None:
        super().__init__()
        self._shim = shim

    async def dial(
        self,
        key: ConnectionKey,
        factory: Callable[[ConnectionKey], Http1Connection],
        observer: Observer | None,
    ) -> Http1Connection:
        self._shim.pass_by("dial")
        connection = await super().dial(key, factory, observer)
        wire = self.wires[-1]
        for name in ("write", "pause_reading", "resume_reading"):
            setattr(wire, name, self._in_front(f"transport.{name}", getattr(wire, name)))
        return connection

    def _in_front(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            self._shim.pass_by(name)
            return real(*args)

        return call


class FallibleLog(Log):
    def __init__(self, shim: Shim) -> None:
        super().__init__()
        self._shim = shim

    async def observe(self, event: Event, /) -> None:
        self._shim.pass_by("observe")
        await super().observe(event)


class FallibleAnswer(Answer):
    """Takes one piece at a time, as a slow reader does."""

    def __init__(self, shim: Shim) -> None:
        super().__init__()
        self._shim = shim

    def on_head(self, head: ResponseHead, flow: Flow, /) -> BodySink:
        self._shim.pass_by("on_head")
        assert isinstance(flow, Http1Exchange)
        self._exchange = flow
        return super().on_head(head, flow)

    def feed(self, data: bytes, /) -> None:
        self._shim.pass_by("feed")
        super().feed(data)
        self.flow.pause()
        asyncio.get_running_loop().call_soon(self._go_on)

    def _go_on(self) -> None:
        try:
            self.flow.resume()
        except MemoryError as exc:
            self._exchange.abort()
            self.fail(exc)


class World:
    """A `Net` whose parts may fail, and servers that answer by themselves."""

    def __init__(self, net: Net, shim: Shim, *, watched: bool) -> None:
        self.net = net
        self.shim = shim
        self.log = FallibleLog(shim) if watched else None
        net.dialer = FallibleDialer(shim)
        net.dialer.respond = lambda wire: wire.send(OK)
        net.connector = ScriptedConnector(net.dialer, limit=1)

    async def fetch(
        self,
        method: str = "GET",
        body: RequestBody | bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        call = self.net.send(
            method,
            body=body,
            headers=headers,
            timeouts=self.net.short,
            observer=self.log,
            answer=FallibleAnswer(self.shim),
        )
        assert await call.body() in (b"ok", b"abcdef")


class Scenario(NamedTuple):
    name: str
    act: Callable[[World], Awaitable[object]]
    """Its calls may fail."""
    prepare: Callable[[World], Awaitable[object]] | None = None
    watched: bool = False


async def get(world: World) -> None:
    await world.fetch()


async def get_chunked(world: World) -> None:
    def respond(wire: Wire) -> None:
        for chunk in CHUNKS:
            wire.send(chunk)

    world.net.dialer.respond = respond
    await world.fetch()


async def post(world: World) -> None:
    def respond(wire: Wire) -> None:
        if wire.received.endswith(b"0\r\n\r\n"):
            wire.send(OK)

    world.net.dialer.respond = respond
    await world.fetch("POST", Pieces([b"one", b"two"]))


async def put_much(world: World) -> None:
    size = 600_000

    def respond(wire: Wire) -> None:
        if len(wire.received.partition(b"\r\n\r\n")[2]) == size:
            wire.send(OK)

    world.net.dialer.respond = respond
    await world.fetch("PUT", bytes(size))


async def post_expecting(world: World) -> None:
    def respond(wire: Wire) -> None:
        asked = wire.received.endswith(b"\r\n\r\n")
        wire.send(b"HTTP/1.1 100 Continue\r\n\r\n" if asked else OK)

    world.net.dialer.respond = respond
    await world.fetch("POST", b"data", {"Expect": "100-continue"})


async def leave_stale(world: World) -> None:
    await world.fetch()
    (wire,) = world.net.wires
    wire.respond = lambda stale: stale.reset()


async def queue(world: World) -> Sequence[object]:
    return await asyncio.gather(*(world.fetch() for _ in range(3)), return_exceptions=True)


ACTIONS: Final[list[tuple[str, Any, Any]]] = [
    ("get", get, None),
    ("warm", get, get),
    ("chunked", get_chunked, None),
    ("post", post, None),
    ("large put", put_much, None),
    ("post on demand", post_expecting, None),
    ("retry", get, leave_stale),
    ("queue", queue, None),
]
SCENARIOS: Final = [
    Scenario(f"{name}, watched" if watched else name, act, prepare, watched)
    for name, act, prepare in ACTIONS
    for watched in (False, True)
]


def may_come_out(end: object, shim: Shim) -> bool:
    """Tell whether *end* is right: a result, a documented error, or what was raised itself."""
    if isinstance(end, ClientError):
        return shim.raised != []
    return not isinstance(end, BaseException) or end in shim.raised


async def live(scenario: Scenario, shim: Shim) -> list[str]:
    """Run *scenario* with *shim*; name all that is wrong after it."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    net = Net(loop)
    try:
        world = World(net, shim, watched=scenario.watched)
        if scenario.prepare is not None:
            await scenario.prepare(world)
        shim.on = True
        outcome: object
        try:
            outcome = await scenario.act(world)
        except Exception as exc:  # noqa: BLE001  # judged below
            outcome = exc
        await loop.quiet()
        shim.on = False
        ends = outcome if isinstance(outcome, list) else [outcome]
        faults = [f"{end!r} came out" for end in ends if not may_come_out(end, shim)]
        del outcome, ends
        for raised in shim.raised:  # it holds on to what it went through
            raised.__traceback__ = None
        # A callback of the loop that raises ends up there, as it would in any program.
        faults += [
            f"complaint: {complaint}"
            for complaint in loop.complaints
            if complaint.get("exception") not in shim.raised
        ]
        loop.complaints.clear()
        try:
            await net.check()
        except AssertionError as exc:
            faults.append(f"{traceback.extract_tb(exc.__traceback__)[-1].line}: {exc}")
    finally:
        net.connector.close()
        net.close()
    return faults


def run(scenario: Scenario, shim: Shim) -> list[str]:
    """Run *scenario* in a loop of its own; name all that is wrong after it."""
    try:
        with asyncio.Runner(loop_factory=VirtualLoop, debug=False) as runner:
            return runner.run(live(scenario, shim))
    except StuckError:
        return ["it hangs"]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_whichever_call_fails(scenario: Scenario) -> None:
    whole = Shim()
    assert run(scenario, whole) == []

    faults, count = [], 0
    for number, name in enumerate(whole.names, 1):
        for make in ERRORS[name]:
            for lasting in (False, True):
                shim = Shim(number, make, lasting=lasting)
                wrong = run(scenario, shim)
                assert shim.names[:number] == whole.names[:number]
                assert shim.raised
                count += 1
                what = f"{name} ({number}) {shim.raised[0]!r}{' and on' if lasting else ''}"
                faults += [f"{what}: {fault}" for fault in wrong]

    assert count >= 6
    assert faults == [], "\n".join(faults)
