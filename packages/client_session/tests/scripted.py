"""A connector that answers as a test says, and a clock that only moves when all wait."""

import asyncio
import selectors
from collections.abc import Awaitable, Callable, Generator, Iterable
from typing import Any, TypeAlias

from multidict import CIMultiDict, CIMultiDictProxy

from martlet_client_session import StreamReader
from martlet_exceptions import ClientConnectionError
from martlet_interfaces import (
    BodySink,
    Duplex,
    HttpVersion11,
    Observer,
    Receiver,
    RequestBody,
    RequestHead,
    ResponseHead,
    Timeouts,
)

Fields: TypeAlias = Iterable[tuple[str, str]]


class ScriptedExchange:
    """The connector's side of one exchange: its Exchange, and its Flow.

    As a real one, it tells the sink nothing any more once it has been ended.
    """

    def __init__(
        self,
        request: RequestHead,
        body: "bytes | RequestBody | None",
        receiver: Receiver,
        timeouts: Timeouts,
    ) -> None:
        self.request = request
        self.body = body
        self.timeouts = timeouts
        self.calls: list[str] = []
        self.facts: dict[str, object] = {}
        self.ended = False
        self._receiver: Receiver | None = receiver
        self._sink: BodySink | None = None

    def head(self, status: int = 200, fields: Fields = (), reason: str = "OK") -> None:
        receiver, self._receiver = self._receiver, None
        assert receiver is not None
        head = ResponseHead(HttpVersion11, status, reason, CIMultiDict(fields))
        self._sink = receiver.on_head(head, self)

    def feed(self, *pieces: bytes) -> None:
        for piece in pieces:
            if not self.ended:
                self.sink.feed(piece)

    def eof(self) -> None:
        if not self.ended:
            self.ended = True
            self.sink.eof()

    def fail(self, exc: BaseException) -> None:
        if not self.ended:
            self.ended = True
            self.sink.fail(exc)

    @property
    def sink(self) -> BodySink:
        assert self._sink is not None
        return self._sink

    def release(self) -> None:
        self.calls.append("release")
        self.ended = True

    def abort(self) -> None:
        self.calls.append("abort")
        self.ended = True

    def upgrade(self) -> Duplex:
        raise RuntimeError("The response did not switch protocols")

    def info(self, name: str, /) -> object | None:
        return self.facts.get(name)

    def pause(self) -> None:
        self.calls.append("pause")

    def resume(self) -> None:
        self.calls.append("resume")


Script: TypeAlias = Callable[[ScriptedExchange], Awaitable[None]]


def answer(
    body: bytes | None = b"",
    *,
    status: int = 200,
    fields: Fields = (),
    reason: str = "OK",
    complete: bool = True,
) -> Script:
    """Script an answer that comes at once; unless *complete*, the end of it is missing."""

    async def script(exchange: ScriptedExchange) -> None:
        exchange.head(status, fields, reason)
        if body:
            exchange.feed(body)
        if complete:
            exchange.eof()

    return script


class Closing:
    """What `ScriptedConnector.close` returns; knows whether it has been awaited."""

    def __init__(self) -> None:
        self.was_awaited = False

    def __await__(self) -> Generator[Any, None, None]:
        self.was_awaited = True
        yield from ()


class ScriptedConnector:
    """A `martlet_interfaces.Connector` that runs *script* for each request."""

    schemes = frozenset({"http", "https"})

    def __init__(self, script: Script | None = None) -> None:
        self.script = script or answer()
        self.exchanges: list[ScriptedExchange] = []
        self.closings: list[Closing] = []

    @property
    def exchange(self) -> ScriptedExchange:
        """The only exchange, or the last one."""
        return self.exchanges[-1]

    @property
    def request(self) -> RequestHead:
        return self.exchange.request

    @property
    def closed(self) -> bool:
        return bool(self.closings)

    async def send(
        self,
        request: RequestHead,
        body: "bytes | RequestBody | None",
        receiver: Receiver,
        *,
        timeouts: Timeouts,
        observer: Observer | None = None,
    ) -> ScriptedExchange:
        if self.closed:
            raise ClientConnectionError("Connector is closed")
        exchange = ScriptedExchange(request, body, receiver, timeouts)
        self.exchanges.append(exchange)
        await self.script(exchange)
        return exchange

    def close(self) -> Closing:
        for exchange in self.exchanges:
            exchange.ended = True
        self.closings.append(Closing())
        return self.closings[-1]


def no_fields() -> CIMultiDictProxy[str]:
    """Give an empty header section."""
    return CIMultiDictProxy(CIMultiDict())


class FlowRecorder:
    """A Flow that writes down what it is asked."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    @property
    def paused(self) -> bool:
        return self.calls[-1:] == ["pause"]

    def pause(self) -> None:
        self.calls.append("pause")

    def resume(self) -> None:
        self.calls.append("resume")


def reader_with(*pieces: bytes, limit: int = 1000) -> tuple[StreamReader, FlowRecorder]:
    """Make a reader in which *pieces* wait."""
    flow = FlowRecorder()
    reader = StreamReader(flow, limit)
    for piece in pieces:
        reader.feed(piece)
    return reader, flow


class _JumpingSelector(selectors.DefaultSelector):
    """Does not wait for time to pass: it puts the clock forward."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        events = super().select(0)
        if not events and timeout is None:
            raise RuntimeError("Nothing will ever happen")
        if not events and timeout:
            self.now += timeout
        return events


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time passes in no time, and only when nothing else is to do."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now


def run_virtual(main: Callable[[], "Any"]) -> float:
    """Run the coroutine function *main* on a virtual clock; return how long it took there."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(main())
        return runner.get_loop().time()


async def turn(times: int = 3) -> None:
    """Let everything that is ready run."""
    for _ in range(times):
        await asyncio.sleep(0)
