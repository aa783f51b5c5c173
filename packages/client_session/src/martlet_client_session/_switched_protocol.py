"""A connection that has left HTTP for a protocol of the user's own (RFC 9110 section 7.8)."""

import asyncio
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from martlet_interfaces import Duplex

__all__ = ["PayloadParser", "PayloadQueue", "SwitchedProtocol"]


class PayloadParser(Protocol):
    """What makes something of the bytes that come."""

    def feed_data(self, data: bytes, /) -> tuple[bool, bytes]:
        """Take bytes; tell whether that was the end, and what came behind it."""

    def feed_eof(self) -> None:
        """Learn that the peer sends no more."""


class PayloadQueue(Protocol):
    """Where a parser puts what it makes; `DataQueue` is one."""

    def set_exception(self, exc: BaseException, /) -> object:
        """Learn that the connection broke."""


class SwitchedProtocol:
    """What `ClientResponse.connection` has as its `protocol` after a 101.

    Bytes go out by its `transport`; what comes goes to the parser that `set_parser` was given, and
    waits in the socket until there is one. The response's ``close()`` ends it.
    """

    def __init__(self, duplex: "Duplex", transport: asyncio.Transport | None) -> None:
        self._duplex = duplex
        self._parser: PayloadParser | None = None
        self._payload: PayloadQueue | None = None
        self._tail = b""
        self._ended = False
        self._reading_paused = False
        self.transport: asyncio.Transport | None = transport
        """The transport; ``None`` when it is over, and where the connector has none."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {'connected' if self.connected else 'closed'}>"

    @property
    def connected(self) -> bool:
        """Whether bytes can be sent."""
        return self.transport is not None and not self.transport.is_closing()

    @property
    def should_close(self) -> bool:
        """That it speaks HTTP no more, and is of no use to another request."""
        return True

    def set_parser(self, parser: PayloadParser, payload: PayloadQueue) -> None:
        """Give all that comes, and what came behind the last parser's end, to *parser*.

        *payload* learns with ``set_exception`` that the connection broke.
        """
        first = self._parser is None and not self._tail and self._payload is None
        self._parser, self._payload = parser, payload
        tail, self._tail = self._tail, b""
        if tail:
            self.feed(tail)
        if first:
            self._duplex.set_reader(self)
        elif self._ended:
            self._end_parser()

    def force_close(self) -> None:
        """Do nothing: it is never used again in any case."""

    def close(self) -> None:
        """Close the connection; what was written is still sent."""
        self.transport = None
        self._parser = self._payload = None
        self._duplex.close()

    def pause_reading(self) -> None:
        """Let the peer wait."""
        if not self._reading_paused:
            self._reading_paused = True
            self._duplex.pause()

    def resume_reading(self) -> None:
        """Read on."""
        if self._reading_paused:
            self._reading_paused = False
            self._duplex.resume()

    async def drain(self) -> None:
        """Wait until there is room to write; raises `ClientConnectionError` if it is over."""
        await self._duplex.drain()

    _drain_helper = drain  # as code for aiohttp has it

    # What comes: BodySink

    def feed(self, data: bytes) -> None:
        """Give what has come to the parser."""
        if self._parser is None:
            self._tail += data
            return
        try:
            ended, tail = self._parser.feed_data(data)
        except Exception as exc:  # noqa: BLE001  # it is the user's, who waits for what it makes
            self._break(exc)
            return
        if ended:
            self._parser = None
            self._tail = bytes(tail)

    def eof(self) -> None:
        """Tell the parser that nothing more will come."""
        self._ended = True
        self.transport = None
        self._end_parser()

    def fail(self, exc: BaseException) -> None:
        """Tell that the connection broke."""
        self.transport = None
        self._break(exc)

    def _break(self, exc: BaseException) -> None:
        self._ended = True
        payload, self._parser, self._payload = self._payload, None, None
        if payload is not None:
            payload.set_exception(exc)

    def _end_parser(self) -> None:
        parser, self._parser = self._parser, None
        if parser is not None:
            parser.feed_eof()
