"""One HTTP/1 connection: an asyncio protocol around the parser.

It carries one exchange at a time. Whether it may carry another is computed, when a
response is complete, from the states of the parser and of the upload; nothing collects
flags on the way.
"""

import asyncio
import select
from collections.abc import Callable, Mapping
from functools import lru_cache
from time import perf_counter
from typing import TYPE_CHECKING, Protocol, cast

from martlet_exceptions import (
    ClientConnectionError,
    ClientError,
    ClientOSError,
    ClientPayloadError,
)
from martlet_http_parser import Limits, ResponseParser
from martlet_interfaces import ConnectionKey

from ._dial_clock import NO_PHASES
from ._expectation import Interims
from ._tls import ended_properly

if TYPE_CHECKING:
    from ._duplex import Http1Duplex
    from ._exchange import Http1Exchange

__all__ = ["ConnectionOwner", "Http1Connection"]

# Looked up once, because each request on a connection that was idle needs them. Windows has
# neither.
_poll = getattr(select, "poll", None)
_POLLIN = getattr(select, "POLLIN", 0)


class ConnectionOwner(Protocol):
    """Who leases the connection out."""

    def on_made(self, connection: "Http1Connection", /) -> None:
        """Learn that it has a socket."""

    def on_free(self, connection: "Http1Connection", /) -> None:
        """Learn that it can carry another request."""

    def on_end(self, connection: "Http1Connection", /) -> None:
        """Learn that it is finished; it may hear so more than once."""

    def on_lost(self, connection: "Http1Connection", /) -> None:
        """Learn that its socket is closed."""


class Http1Connection(asyncio.Protocol):
    """A connection to one server.

    Its *owner* hears what becomes of it, in the tick in which it becomes true.
    """

    __slots__ = (
        "_drains",
        "_duplex",
        "_ended_early",
        "_file",
        "_owner",
        "_writing_paused",
        "addresses",
        "closed",
        "exchange",
        "interims",
        "key",
        "last",
        "idle_limit",
        "parser",
        "phases",
        "reading_paused",
        "reused",
        "take",
        "transport",
        "write_failure",
    )

    exchange: "Http1Exchange | None"
    """What it carries; the parser expects its response."""
    last: bool
    """Whether no other is to follow it."""
    take: Callable[[bytes], object] | None
    """Gets what comes when this is no HTTP any more."""
    transport: asyncio.Transport
    addresses: tuple[object, object]
    """The peer's, and its own."""
    phases: Mapping[str, float]
    """How many seconds each phase of getting it took, for the next exchange to tell."""
    idle_limit: float | None
    """For how many seconds the server has promised to keep it while it is idle."""
    interims: Interims
    """Hears of its interim responses."""
    write_failure: Exception | None
    """Why nothing can be sent any more, if only who has sent something was told."""

    def __init__(
        self,
        key: ConnectionKey,
        limits: Limits,
        owner: ConnectionOwner,
    ) -> None:
        self.key: ConnectionKey = key
        self.interims = Interims()
        self.parser: ResponseParser = ResponseParser(limits, on_interim=self.interims)
        self.exchange = None
        self.phases = NO_PHASES
        self.idle_limit: float | None = None
        self.reused: bool = False
        self.last = False
        self.closed: bool = False
        self.reading_paused: bool = False
        self.take = None
        self.write_failure = None
        self._owner = owner
        self._duplex: Http1Duplex | None = None
        self._ended_early: tuple[Exception | None] | None = None
        self._drains: list[asyncio.Future[None]] | None = None
        self._writing_paused = False

    def __repr__(self) -> str:
        state = "closed" if self.closed else "active" if self.exchange else "idle"
        return f"<Http1Connection {self.key} {state}>"

    # What the pool asks

    def itself(self) -> "Http1Connection":
        """Be the protocol, where a factory of protocols is asked for."""
        return self

    @property
    def connected(self) -> bool:
        """Whether it has, or has had, a transport."""
        return hasattr(self, "transport")

    def close(self) -> None:
        """Close the socket, without waiting for anything."""
        if not self.closed:
            self.closed = True
            transport = self.transport
            if self.parser.done and not transport.get_write_buffer_size():
                transport.close()  # at once too, but TLS says that this is the end
            else:
                transport.abort()

    def is_ready(self, idle: float) -> bool:
        """Tell whether nothing has come, not even the end, while it was idle.

        The event loop may not have looked since: what waits in the socket now was sent
        before the next request, and must not be taken for its answer.
        """
        if self.transport.is_closing():
            return False
        if self.idle_limit is not None and idle >= self.idle_limit:
            return False
        if not self.reused and self.key.is_ssl:
            return True  # servers send session tickets right after the handshake
        file = self._file
        if file is None:
            return True  # a pipe of Windows, which cannot be asked
        if _poll is None:
            return not select.select([file], [], [], 0)[0]
        # Cheap enough to make each time, and none is kept for each idle connection.
        poll = _poll()
        poll.register(file, _POLLIN)
        return not poll.poll(0)

    # What an exchange asks

    def pause_reading(self) -> None:
        """Let the peer wait."""
        if not self.reading_paused and not self.closed:
            self.reading_paused = True
            self.transport.pause_reading()

    def resume_reading(self) -> None:
        """Read on."""
        if self.reading_paused:
            self.reading_paused = False
            if not self.transport.is_closing():
                self.transport.resume_reading()

    async def drain(self) -> None:
        """Wait until what was written has mostly left."""
        if self.transport.is_closing():
            raise ClientConnectionError("Connection closed")
        if self._writing_paused:
            await self.until(asyncio.get_running_loop().create_future())

    async def until(self, event: "asyncio.Future[None]") -> None:
        """Wait for *event*; raises `ClientConnectionError` if the connection is lost before.

        It comes early if the transport has room again.
        """
        drains = self._drains = self._drains or []
        drains.append(event)
        try:
            await event
        finally:
            drains.remove(event)

    def hand_over_to(self, duplex: "Http1Duplex") -> None:
        """Give *duplex* all that comes from here on."""
        self.exchange = None
        self._duplex = duplex
        self.take = duplex.data_received
        if self._ended_early is not None:
            duplex.peer_gone(*self._ended_early)
            self._owner.on_end(self)

    def close_gracefully(self) -> None:
        """Close when what was written has left."""
        self.closed = True
        self.transport.close()
        self._owner.on_end(self)

    def finish(self) -> None:
        """End the exchange whose response is complete; keep the connection if it is clean."""
        exchange = self.exchange
        if exchange is None:
            return
        self.exchange = None
        exchange.done_at = perf_counter()
        written = exchange.end()
        exchange.sink = None
        if self.parser.trailers:
            exchange.trailers = tuple(self.parser.trailers)
        if self.reading_paused:
            try:
                self.resume_reading()
            except BaseException:
                self._end()
                raise
        if (
            written
            and not self.last
            and self.parser.reusable
            and not self.closed
            and not self.transport.is_closing()
        ):
            self.reused = True
            self._owner.on_free(self)
        else:
            self._end()

    def fail(self, exc: BaseException) -> None:
        """End the exchange with *exc*, and the connection with it."""
        exchange = self.exchange
        self.exchange = None
        if exchange is not None:
            exchange.end()
        # First the slot, so that nothing that is called now can keep it.
        self._end()
        if exchange is not None:
            exchange.deliver_failure(exc)
        elif self._duplex is not None:
            self._duplex.peer_gone(exc)

    def abort(self) -> None:
        """End the exchange, telling nobody, and the connection with it."""
        exchange = self.exchange
        self.exchange = None
        if exchange is not None:
            exchange.end()
            exchange.sink = None
        self._end()

    def _end(self) -> None:
        self._owner.on_end(self)
        self.close()

    # What asyncio tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport."""
        # uvloop's transports have the methods, but are no subclasses.
        self.transport = cast("asyncio.Transport", transport)
        # Asked for once, because it is needed before each request.
        sock = transport.get_extra_info("socket")
        self._file: int | None = None if sock is None else sock.fileno()
        # With TLS the transport forgets them when it is closed.
        self.addresses = (
            _one_of_equals(transport.get_extra_info("peername")),
            transport.get_extra_info("sockname"),
        )
        self._owner.on_made(self)

    def data_received(self, data: bytes) -> None:
        """Parse *data*; what comes while nothing was asked ends the connection."""
        exchange = self.exchange
        if exchange is None:
            take = self.take
            if take is None:
                self._end()
            else:
                take(data)
            return
        parser = self.parser
        try:
            done = parser.feed(data)
        except Exception as exc:  # noqa: BLE001  # whatever goes wrong ends this exchange alone
            self.fail(exc)
            return
        if done:
            if parser.upgraded:
                # What else comes waits in the socket until somebody takes it.
                exchange.rest()
                self.pause_reading()
                return
            self.finish()
        elif parser.reading_head:
            exchange.watch_head()
        elif exchange.watched and not self.reading_paused:
            exchange.watch()

    def eof_received(self) -> None:
        """Learn that the peer sends no more; the transport closes itself after this."""
        self._peer_gone(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """Learn that the socket is gone."""
        self._peer_gone(exc)
        self.closed = True
        for drain in self._drains or ():
            if not drain.done():
                drain.set_exception(ClientConnectionError("Connection closed"))
        self._owner.on_lost(self)

    def _peer_gone(self, exc: Exception | None) -> None:
        # What the system has told once it does not tell again: then this is a mere end.
        exc = exc or self.write_failure
        exchange = self.exchange
        if exchange is None:
            if self._duplex is not None:
                self._duplex.peer_gone(exc)
            self._end()
            return
        if self.parser.upgraded:
            # Whoever takes the connection over has to hear of it, after what came before.
            self._ended_early = self._ended_early or (exc,)
            return
        if exc is not None:
            self.fail(self.broken(exc))
            return
        if not self.parser.reading_head and not ended_properly(self.transport):
            self.fail(ClientPayloadError("The connection was cut off inside the body"))
            return
        try:
            self.parser.feed_eof()
        except Exception as error:  # noqa: BLE001  # as above
            self.fail(error)
        else:
            self.finish()

    def broken(self, exc: Exception) -> ClientError:
        """Say what *exc*, which broke the connection, means to the exchange."""
        error: ClientError
        if not self.parser.reading_head:
            error = ClientPayloadError(f"The connection broke inside the body: {exc}")
        elif isinstance(exc, OSError):
            error = ClientOSError(exc.errno, exc.strerror or str(exc))
        else:
            error = ClientConnectionError(f"The connection broke: {exc}")
        error.__cause__ = exc
        return error

    def pause_writing(self) -> None:
        """Learn that the transport's buffer is full."""
        self._writing_paused = True

    def resume_writing(self) -> None:
        """Learn that it has room again."""
        self._writing_paused = False
        for drain in self._drains or ():
            if not drain.done():
                drain.set_result(None)


@lru_cache(64)
def _one_of_equals(address: object) -> object:
    """Give the address that was met first: of thousands of connections many have the same."""
    return address
