"""One request and what comes of it, without a network.

A task reads the request's body, asks for an answer and pushes that; all waiting is in there, by
timers of the event loop. `abort`, and `close` of the connector, cancel it.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING, Final

from multidict import CIMultiDict

from martlet_exceptions import ClientConnectionError, SocketTimeoutError
from martlet_interfaces import ChunkReceived, ChunkSent, HeadSent, HttpVersion11, ResponseHead

from ._answer import Answer, Piece, octets_of
from ._fault import Fault, failure_before_head
from ._memory_duplex import MemoryDuplex
from ._reply import Outcome
from ._seen_request import SeenRequest
from ._switching import SwitchingAnswer

if TYPE_CHECKING:
    from martlet_interfaces import (
        BodySink,
        Duplex,
        Event,
        Observer,
        Receiver,
        RequestBody,
        RequestHead,
        Timeouts,
    )

__all__ = ["Answering", "MemoryExchange", "is_bodiless"]

Answering = Callable[[SeenRequest], Awaitable[Outcome]]
"""Says what comes of a request."""

_BODILESS: Final = frozenset({204, 304})


def is_bodiless(method: str, status: int) -> bool:
    """Tell whether a response never has a body (RFC 9112 section 6.3)."""
    return method == "HEAD" or status in _BODILESS


class MemoryExchange:
    """The `Exchange` and `Flow` of one answer, and the `BodyWriter` of its request."""

    def __init__(
        self,
        head: "RequestHead",
        body: "bytes | RequestBody | None",
        receiver: "Receiver",
        timeouts: "Timeouts",
        observer: "Observer | None",
        answering: Answering,
    ) -> None:
        self._head = head
        self._body = body
        self._receiver = receiver
        self._limit = timeouts.sock_read
        self._observer = observer
        self._answering = answering
        self._written = bytearray()
        self._sink: BodySink | None = None
        self._trailers: tuple[tuple[str, str], ...] = ()
        self._flowing = asyncio.Event()
        self._flowing.set()
        loop = asyncio.get_running_loop()
        self._answered: asyncio.Future[None] = loop.create_future()
        self._upgrade: asyncio.Future[MemoryDuplex] | None = None
        self._duplex: MemoryDuplex | None = None
        self.task = loop.create_task(self._run())
        """Done when nothing more will happen."""

    async def answered(self) -> None:
        """Wait for the head; raises what comes in its place."""
        try:
            await self._answered
        except asyncio.CancelledError:
            self.task.cancel()
            raise

    def fail(self, exc: ClientConnectionError) -> None:
        """End it with *exc*, wherever it is."""
        self.task.cancel()
        if self._duplex is not None:
            self._duplex.hang_up(exc)
        self._tell_failure(exc)

    # The session's side: Exchange and Flow

    def release(self) -> None:
        """Push nothing more."""
        self.abort()

    def abort(self) -> None:
        """Push nothing more."""
        if self._duplex is None:
            self._sink = None
            self.task.cancel()

    def upgrade(self) -> "Duplex":
        """Go on with a WebSocket, after 101."""
        if self._upgrade is None or self._upgrade.done():
            raise RuntimeError("The response did not switch protocols, or was upgraded before")
        self._duplex = MemoryDuplex()
        self._upgrade.set_result(self._duplex)
        return self._duplex

    def info(self, name: str, /) -> object | None:
        """Tell the version and the trailers; there is no connection of which to tell."""
        if name == "http_version":
            return "1.1"
        return self._trailers if name == "trailers" else None

    def pause(self) -> None:
        """Push no more."""
        self._flowing.clear()

    def resume(self) -> None:
        """Push on."""
        self._flowing.set()

    async def write(self, data: bytes | bytearray | memoryview, /) -> None:
        """Take a piece of the request's body."""
        piece = bytes(data)
        self._written += piece
        await self._observe(ChunkSent(piece))
        # As with a network one can be cancelled here.
        await asyncio.sleep(0)

    # The other side

    async def _run(self) -> None:
        try:
            answer = await self._exchange()
            if not self._answered.done():
                await self._give(answer)
        except Exception as exc:  # noqa: BLE001  # whatever it is, it is the caller's
            self._tell_failure(exc)

    async def _exchange(self) -> Answer:
        head, body = self._head, self._body
        await self._observe(HeadSent())
        if body is not None:
            await (self.write(body) if isinstance(body, bytes) else body.write_to(self))
        url = head.url.with_fragment(None)
        request = SeenRequest(head.method, url, head.headers, bytes(self._written))
        async with _within(self._limit):
            outcome = await self._answering(request)
            if outcome is Fault.HANG:
                await asyncio.Event().wait()
            if isinstance(outcome, Fault):
                raise failure_before_head(outcome, url)
            await _pass(outcome.latency)
        return outcome

    async def _give(self, answer: Answer) -> None:
        switching = answer if isinstance(answer, SwitchingAnswer) else None
        if switching is not None:
            self._upgrade = asyncio.get_running_loop().create_future()
        head = ResponseHead(
            HttpVersion11, answer.status, answer.reason, CIMultiDict(answer.headers)
        )
        sink = self._sink = self._receiver.on_head(head, self)
        self._answered.set_result(None)
        if switching is not None and self._upgrade is not None:
            self._end(sink)
            await _converse(switching, await self._upgrade)
            return
        if not is_bodiless(self._head.method, answer.status):
            await self._push(answer, sink)
        await self._flowing.wait()
        self._trailers = answer.trailers
        self._end(sink)

    async def _push(self, answer: Answer, sink: "BodySink") -> None:
        # Whoever wants no more of it cancels the task, which takes effect at the next await.
        async with aclosing(answer.pieces()) as pieces:
            while True:
                async with _within(self._limit):
                    piece = await _next(pieces, answer.pace)
                await self._flowing.wait()
                if piece is None:
                    return
                data = octets_of(piece)
                sink.feed(data)
                await self._observe(ChunkReceived(data))
                await asyncio.sleep(0)

    async def _observe(self, event: "Event") -> None:
        if self._observer is not None:
            await self._observer.observe(event)

    def _end(self, sink: "BodySink") -> None:
        self._sink = None
        sink.eof()

    def _tell_failure(self, exc: Exception) -> None:
        if not self._answered.done():
            self._answered.set_exception(exc)
        sink, self._sink = self._sink, None
        if sink is not None:
            sink.fail(exc)


async def _converse(answer: SwitchingAnswer, duplex: MemoryDuplex) -> None:
    ws = answer.open(duplex.send, duplex.hang_up)
    duplex.serve(ws)
    await answer.converse(ws)


async def _next(pieces: AsyncGenerator[Piece, None], pace: float) -> Piece | None:
    """Give the next piece of a body, or None at its end; wait for ever where nothing comes."""
    piece = await anext(pieces, None)
    if piece is not None:
        await _pass(pace)
    if piece is Fault.HANG:
        await asyncio.Event().wait()
    return piece


async def _pass(seconds: float) -> None:
    if seconds:
        await asyncio.sleep(seconds)


@asynccontextmanager
async def _within(limit: float | None) -> AsyncIterator[None]:
    """Raise `SocketTimeoutError` if what is inside takes longer than *limit* seconds."""
    scope = asyncio.timeout(limit)
    try:
        async with scope:
            yield
    except TimeoutError:
        if scope.expired():
            raise SocketTimeoutError(phase="sock_read", limit=limit) from None
        raise
