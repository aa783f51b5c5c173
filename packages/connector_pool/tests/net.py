"""One test's world: a virtual loop, a scripted network, a connector, and the invariants."""

import asyncio
import functools
import gc
import inspect
import socket
from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, cast

import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_connector_pool._exchange import Http1Exchange
from martlet_connector_pool._http1 import Http1Connection
from martlet_connector_pool._observed_body import ObservedBody
from martlet_connector_pool._pool import Pool
from martlet_exceptions import ClientConnectionError
from martlet_interfaces import (
    DIRECT,
    NO_TIMEOUTS,
    HeadLimits,
    Observer,
    RequestBody,
    RequestHead,
    Timeouts,
    TransportOptions,
)

from .scripted import OK, Answer, ScriptedConnector, ScriptedDialer, Wire
from .virtual_time import VirtualLoop

__all__ = ["Call", "Net", "head", "on_net", "run"]

P = ParamSpec("P")


def head(
    method: str = "GET",
    url: str = "http://a.test/",
    headers: dict[str, str] | None = None,
    **options: Any,
) -> RequestHead:
    """Make a request's head."""
    target = URL(url)
    fields = CIMultiDict({"Host": target.host_port_subcomponent or "", **(headers or {})})
    how = TransportOptions(**options) if options else DIRECT
    return RequestHead(method, target, CIMultiDictProxy(fields), options=how)


class Call:
    """A request under way: the task that sends it and the receiver of its response."""

    def __init__(self, task: "asyncio.Task[Http1Exchange]", answer: Answer) -> None:
        self.task = task
        self.answer = answer

    async def exchange(self) -> Http1Exchange:
        """Wait until `send` returns."""
        return await self.task

    async def body(self) -> bytes:
        """Wait for the whole response."""
        await self.task
        return await self.answer.read()


class Net:
    """What a test gets. `check`, which runs after each, holds the invariants."""

    def __init__(self, loop: VirtualLoop) -> None:
        self.loop = loop
        self._sockets = socket.socketpair()
        self.far_socket = self._sockets[1]
        self.dialer = ScriptedDialer(self._sockets[0])
        self.calls: list[Call] = []
        self.connector = ScriptedConnector(self.dialer)
        self.short = Timeouts(connect=5, sock_connect=3, sock_read=2, head=7)

    def configure(self, **options: Any) -> None:
        """Take another connector instead of the default one."""
        self.connector = ScriptedConnector(self.dialer, **options)

    def give_no_sockets(self) -> None:
        """Let new connections have no socket: all have the same one otherwise."""
        self.dialer._socket = None

    @property
    def wires(self) -> list[Wire]:
        return self.dialer.wires

    @property
    def pool(self) -> Pool[Http1Connection]:
        leases = self.connector._leases
        assert leases is not None
        return leases.pool

    def armed(self) -> bool:
        """Tell whether a deadline is set."""
        return not self.connector._deadlines.idle

    async def until_sent(self, wire: int, writes: int) -> None:
        """Return in the tick in which so much has been written."""
        while len(self.wires) <= wire or len(self.wires[wire].writes) < writes:  # noqa: ASYNC110  # an event comes later
            await asyncio.sleep(0)

    def send(
        self,
        method: str = "GET",
        url: str = "http://a.test/",
        body: bytes | RequestBody | None = None,
        *,
        headers: dict[str, str] | None = None,
        timeouts: Timeouts = NO_TIMEOUTS,
        observer: Observer | None = None,
        answer: Answer | None = None,
        limits: HeadLimits | None = None,
        **options: Any,
    ) -> Call:
        """Begin a request."""
        answer = answer or Answer()
        request = head(method, url, headers, **options)
        request.limits = limits
        sending = cast(
            "Coroutine[object, object, Http1Exchange]",
            self.connector.send(request, body, answer, timeouts=timeouts, observer=observer),
        )
        call = Call(self.loop.create_task(sending), answer)
        self.calls.append(call)
        return call

    async def send_here(self, timeouts: Timeouts) -> None:
        """Send from the task that calls."""
        await self.connector.send(head(), None, Answer(), timeouts=timeouts)

    async def sent(self, *args: Any, **options: Any) -> tuple[Call, Wire]:
        """Begin a request, and wait until it is on its way; give its wire too."""
        call = self.send(*args, **options)
        await self.loop.quiet()
        for wire in self.wires:
            exchange = wire.protocol.exchange
            if exchange is None:
                continue
            receiver = exchange._receiver
            if isinstance(receiver, ObservedBody):
                receiver = receiver._receiver
            if receiver is call.answer:
                return call, wire
        raise AssertionError("it is not on its way")

    async def warm(self, count: int = 1, url: str = "http://a.test/") -> list[Wire]:
        """Leave *count* idle connections behind."""
        begun = [await self.sent("GET", url) for _ in range(count)]
        for call, wire in begun:
            wire.send(OK)
            assert await call.body() == b"ok"
            wire.writes.clear()
        return [wire for _, wire in begun]

    async def check(self) -> None:
        """Hold the invariants: nothing stays behind, and the next request works."""
        await self.loop.quiet()
        for call in self.calls:
            assert call.task.done(), "a request is still under way"
        if self.connector._leases is not None:
            # I2, I3: what is not idle has given its slot back, and no timer is armed.
            assert self.pool.slots.used == len(self.pool.idle) == len(self.pool._members)
            assert len(self.pool.waiters) == 0
            assert not self.armed()
            for connection in self.pool.idle.all():
                assert connection.exchange is None
                assert connection.parser.reusable
                assert not connection.reading_paused
        await self._check_next()
        await self.connector.close()
        await self._check_gone()

    async def _check_next(self) -> None:
        # I7
        self.dialer.gate = self.dialer.on_made = None
        self.dialer.errors.clear()
        if self.connector.closed:
            with pytest.raises(ClientConnectionError, match=r"^Connector is closed$"):
                await self.send().task
            return
        self.dialer.respond = lambda wire: wire.send(OK)
        assert await self.send("GET", "http://next.test/").body() == b"ok"

    async def _check_gone(self) -> None:
        # I4, I5
        if self.connector._leases is not None:
            assert self.pool.slots.used == 0
            assert self.pool.slots.used_by_host == {}
            assert not self.pool._members
            assert not self.connector._leases.connections
            assert not self.connector._leases._dials
        assert [wire for wire in self.wires if not wire.lost] == []
        # What only a test still holds must not hide a failure that nobody has looked at.
        self.calls.clear()
        self.wires.clear()
        self.dialer.on_made = self.dialer.respond = None
        await self.loop.quiet()
        gc.collect()
        await self.loop.quiet()
        assert asyncio.all_tasks() == {asyncio.current_task()}
        assert self.loop.complaints == []

    def close(self) -> None:
        for sock in self._sockets:
            sock.close()


def run(scenario: Callable[[Net], Coroutine[Any, Any, None]]) -> None:
    """Run *scenario* in a world of its own, and hold the invariants after it."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        net = Net(loop)
        try:
            await scenario(net)
            await net.check()
        finally:
            net.close()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(main())


def on_net(
    test: Callable[Concatenate[Net, P], Coroutine[Any, Any, None]],
) -> Callable[P, None]:
    """Make a test of a coroutine that wants a `Net` as its first argument."""

    @functools.wraps(test)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> None:
        run(lambda net: test(net, *args, **kwargs))

    parameters = list(inspect.signature(test).parameters.values())[1:]
    wrapper.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # for pytest
    return wrapper
