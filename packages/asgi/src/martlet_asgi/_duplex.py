"""A stream of bytes in memory: the client's end of it."""

import asyncio
from collections import deque
from typing import Protocol

from martlet_exceptions import ClientConnectionError
from martlet_interfaces import BodySink

__all__ = ["MemoryDuplex", "Peer"]


class Peer(Protocol):
    """The server's end."""

    def data_received(self, data: bytes, /) -> None:
        """Take what the client has written."""

    def client_closed(self) -> None:
        """Learn that the client has closed the stream."""

    async def room(self) -> None:
        """Return when more may be written."""


class MemoryDuplex:
    """The `Duplex` that a client gets; the server uses `push`, `finish` and `flushed`.

    What is pushed reaches the reader a turn of the event loop later: nobody who writes is fed
    before his call has returned.
    """

    __slots__ = (
        "_closed",
        "_end",
        "_flushed",
        "_loop",
        "_paused",
        "_peer",
        "_pending",
        "_reader",
        "_scheduled",
    )

    def __init__(self, loop: asyncio.AbstractEventLoop, peer: Peer) -> None:
        self._loop = loop
        self._peer = peer
        self._pending: deque[bytes] = deque()
        self._reader: BodySink | None = None
        self._paused = self._closed = self._scheduled = False
        self._end: tuple[BaseException | None] | None = None
        self._flushed = asyncio.Event()
        self._flushed.set()

    def write(self, data: bytes, /) -> None:
        """Give *data* to the server; on a stream that has ended it is lost, as `drain` tells."""
        if not self._closed and self._end is None:
            self._peer.data_received(data)

    async def drain(self) -> None:
        """Wait until the server has taken most of it."""
        if not self._closed and self._end is None:
            await self._peer.room()
        if self._closed or self._end is not None:
            raise ClientConnectionError("The stream is closed")

    def set_reader(self, reader: BodySink, /) -> None:
        """Push what came so far, and all that comes, to *reader*."""
        self._reader = reader
        self._schedule()

    def pause(self) -> None:
        """Let the server wait."""
        self._paused = True

    def resume(self) -> None:
        """Read on."""
        self._paused = False
        self._schedule()

    def close(self) -> None:
        """Close the stream: the reader hears of its end, and of nothing else."""
        if self._closed:
            return
        self._closed = True
        self._pending.clear()
        self._flushed.set()
        self._end = self._end or (None,)
        self._schedule()
        self._peer.client_closed()

    # The server's side

    def push(self, data: bytes) -> None:
        """Send *data* to the client."""
        if not self._closed and self._end is None:
            self._pending.append(data)
            self._flushed.clear()
            self._schedule()

    def finish(self, exc: BaseException | None = None) -> None:
        """End the stream after what was pushed; with *exc*, at once."""
        if self._end is None:
            self._end = (exc,)
            if exc is not None:
                self._pending.clear()
                self._flushed.set()
            self._schedule()

    async def flushed(self) -> None:
        """Return when the client has got all that was pushed, or has gone."""
        await self._flushed.wait()

    def _schedule(self) -> None:
        if not self._scheduled and self._reader is not None:
            self._scheduled = True
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._scheduled = False
        reader = self._reader
        if reader is None:
            return
        while self._pending and not self._paused:
            reader.feed(self._pending.popleft())
        if self._pending:
            return
        self._flushed.set()
        if self._end is not None:
            self._reader = None
            if self._end[0] is None:
                reader.eof()
            else:
                reader.fail(self._end[0])
