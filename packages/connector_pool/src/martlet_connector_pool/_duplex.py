"""A connection that has left HTTP (101, CONNECT)."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from martlet_exceptions import ClientConnectionError, ClientError
from martlet_interfaces import BodySink

if TYPE_CHECKING:
    from ._http1 import Http1Connection

__all__ = ["Http1Duplex"]


class Http1Duplex:
    """The `Duplex` of an upgraded HTTP/1 connection."""

    write: Callable[[bytes], None]
    """Queues bytes; on a connection that has ended they are lost, as `drain` tells.

    It is the transport's own method as long as there is one, because every message passes here."""

    def __init__(self, connection: "Http1Connection") -> None:
        self._connection = connection
        transport = connection.transport
        self.write = _lose if transport.is_closing() else transport.write
        self._early = connection.parser.tail
        self._reader: BodySink | None = None
        self._ended = False
        self._failure: ClientError | None = None
        connection.hand_over_to(self)

    async def drain(self) -> None:
        """Wait until there is room."""
        await self._connection.drain()

    def set_reader(self, reader: BodySink, /) -> None:
        """Push what came so far, and all that comes, to *reader*."""
        self._reader = reader
        early, self._early = self._early, b""
        if early:
            reader.feed(early)
        # From here on without a detour.
        self._connection.take = reader.feed
        self._connection.resume_reading()
        if self._ended:
            self._tell_end(reader)

    def pause(self) -> None:
        """Let the peer wait."""
        self._connection.pause_reading()

    def resume(self) -> None:
        """Read on."""
        self._connection.resume_reading()

    def close(self) -> None:
        """Close the connection; what was written is still sent."""
        self.write = _lose
        self._connection.close_gracefully()

    # The connection's side

    def data_received(self, data: bytes) -> None:
        """Keep what comes before there is a reader."""
        self._early += data

    def peer_gone(self, exc: BaseException | None) -> None:
        """Learn that no more will come."""
        if self._ended:
            return
        self._ended = True
        self.write = _lose
        if isinstance(exc, ClientError):
            self._failure = exc
        elif exc is not None:
            self._failure = ClientConnectionError(f"The connection broke: {exc}")
            self._failure.__cause__ = exc
        if self._reader is not None:
            self._tell_end(self._reader)

    def _tell_end(self, reader: BodySink) -> None:
        if self._failure is None:
            reader.eof()
        else:
            reader.fail(self._failure)


def _lose(_data: bytes) -> None:
    """Take what nobody will get."""
