"""The protocol that connectors and mocks written for aiohttp put on a stream of their own."""

import asyncio
from typing import cast

__all__ = ["BaseProtocol", "ResponseHandler"]


class BaseProtocol(asyncio.Protocol):
    """A protocol that knows its transport, and whether it may write.

    *loop* is only kept: mocks give what they have.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._writing_paused = False
        self._reading_paused = False
        self._waiters: list[asyncio.Future[None]] = []
        self.transport: asyncio.Transport | None = None

    @property
    def connected(self) -> bool:
        """Whether it has a transport that is not closing."""
        return self.transport is not None and not self.transport.is_closing()

    def pause_reading(self) -> None:
        """Let the peer wait, if there is one."""
        if self.transport is not None and not self._reading_paused:
            self._reading_paused = True
            self.transport.pause_reading()

    def resume_reading(self) -> None:
        """Read on."""
        if self.transport is not None and self._reading_paused:
            self._reading_paused = False
            self.transport.resume_reading()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport."""
        self.transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let the transport go; who waits to write is told of *exc*."""
        self.transport = None
        self._wake(exc or ConnectionResetError("Connection lost"))

    def pause_writing(self) -> None:
        """Learn that the transport's buffer is full."""
        self._writing_paused = True

    def resume_writing(self) -> None:
        """Learn that it has room again."""
        self._writing_paused = False
        self._wake(None)

    async def _drain_helper(self) -> None:
        """Wait until there is room to write; raises `ConnectionResetError` if that is over."""
        if self.transport is None:
            raise ConnectionResetError("Connection lost")
        if self._writing_paused:
            waiter = asyncio.get_running_loop().create_future()
            self._waiters.append(waiter)
            await waiter

    def _wake(self, exc: Exception | None) -> None:
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if waiter.done():
                continue
            if exc is None:
                waiter.set_result(None)
            else:
                waiter.set_exception(exc)


class ResponseHandler(BaseProtocol):
    """Stands on a stream until a connector takes the stream over.

    Nobody has asked the server for anything by then: if it speaks, the stream is closed.
    """

    def data_received(self, data: bytes) -> None:
        """Close the stream."""
        self.close()

    def close(self) -> None:
        """Close the stream, if there is one."""
        transport = self.transport
        self.transport: asyncio.Transport | None = None
        if transport is not None:
            transport.close()
