"""The connector that stands on the pool: everything but how to dial.

`send` is the life of a request here: encode it, lease a connection, write, wait for
the head. It says what happens; the policies are the pool's, the bytes are `_http1`'s.
"""

import asyncio
import warnings
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Final, Self

from martlet_exceptions import ClientConnectionError, ClientOSError, ServerDisconnectedError
from martlet_interfaces import (
    DIRECT,
    UNSET,
    ConnectionKey,
    Deadlines,
    Receiver,
    RequestBody,
    RequestHead,
    Timeouts,
    Unset,
)

from ._dialer import Dialer
from ._exchange import Http1Exchange
from ._http1 import Http1Connection
from ._key import connection_key
from ._leases import Leases
from ._pool import CLOSED
from ._request_encoder import RequestEncoder, Section
from ._upload import BytesBody

if TYPE_CHECKING:
    from martlet_interfaces import Observer

__all__ = ["BaseConnector", "Closing"]

_MAX_KEYS: Final = 1000


class Closing:
    """What `BaseConnector.close` returns: may be awaited, or ignored."""

    __slots__ = ("_leases",)

    def __init__(self, leases: Leases | None) -> None:
        self._leases = leases

    def __await__(self) -> Generator[object, None, None]:
        if self._leases is not None:
            yield from self._leases.drained().__await__()


class BaseConnector:
    """Sends requests over pooled HTTP/1 connections; subclasses say how to dial.

    *limit* is how many connections there may be at once, in use or idle (default 100),
    *limit_per_host* how many of them to one host, port and scheme (default: no limit of
    its own); 0 or ``None`` mean no limit. An idle connection is kept for
    *keepalive_timeout* seconds (default 15; ``None``: for ever; 0: not at all).
    *force_close* keeps none, and tells the servers so. *loop* may be given, and is
    checked then: a connector belongs to the event loop that first sends with it.
    *enable_cleanup_closed* is accepted for compatibility and has no effect.

    Raises `ValueError` for negative numbers, and for *force_close* together with a
    *keepalive_timeout*.
    """

    schemes: frozenset[str] = frozenset({"http", "https", "ws", "wss"})

    def __init__(
        self,
        *,
        keepalive_timeout: float | Unset | None = UNSET,
        force_close: bool = False,
        limit: int | None = 100,
        limit_per_host: int | None = 0,
        enable_cleanup_closed: bool = False,
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        if force_close and keepalive_timeout not in (UNSET, None, 0):
            raise ValueError("keepalive_timeout cannot be set together with force_close")
        keepalive = 15.0 if isinstance(keepalive_timeout, Unset) else keepalive_timeout
        numbers = {"limit": limit, "limit_per_host": limit_per_host, "keepalive_timeout": keepalive}
        for name, number in numbers.items():
            if number is not None and number < 0:
                raise ValueError(f"{name} must not be negative: {number}")
        self._closed = False
        self._force_close = force_close
        self._limit = limit or 0
        self._limit_per_host = limit_per_host or 0
        self._keepalive = 0 if force_close else keepalive
        self._given_loop = loop
        self._loop: asyncio.AbstractEventLoop | None = None
        self._encoder = RequestEncoder(force_close=force_close)
        self._keys: dict[tuple[str, str | None, int | None], ConnectionKey] = {}
        self._leases: Leases | None = None

    _deadlines: Deadlines

    def __repr__(self) -> str:
        if self._closed:
            return f"<{type(self).__name__} closed>"
        state = "unused" if self._leases is None else repr(self._leases.pool)[1:-1]
        return f"<{type(self).__name__} {state}>"

    async def send(
        self,
        request: RequestHead,
        body: bytes | RequestBody | None,
        receiver: Receiver,
        *,
        timeouts: Timeouts,
        observer: "Observer | None" = None,
    ) -> Http1Exchange:
        """Send *request* and return when the head of its response has come.

        See `martlet_interfaces.Connector`.
        """
        if self._closed:
            raise ClientConnectionError(CLOSED)
        data, stream, section = self._encoder.encode(request, body)
        loop = asyncio.get_running_loop()
        leases = self._leases
        if leases is None or loop is not self._loop:
            leases = self._bind(loop)
        key = self._key(request)
        connection = leases.pool.take(key)
        retried = False
        while True:
            if connection is None or observer is not None:
                connection = await self._lease(connection, key, request, timeouts, observer)
            exchange = self._begin(connection, request, section, data, stream, receiver, timeouts)
            if observer is not None:
                await _tell_sent(observer, exchange)
            try:
                await exchange.answered
                return exchange
            except (ServerDisconnectedError, ClientOSError):
                if retried or not exchange.may_retry(body):
                    raise
            except BaseException:
                exchange.abort()
                raise
            retried = True
            connection = None
            await exchange.upload_over()

    def close(self) -> Closing:
        """Close all connections, at once; requests that wait or are under way fail.

        What is returned may be awaited until all sockets are closed.
        """
        if not self._closed:
            self._closed = True
            if self._leases is not None and self._loop is not None and not self._loop.is_closed():
                self._deadlines.close()
                self._leases.close()
        # What belongs to another loop, or to none any more, cannot be waited for here.
        here = self._loop is not None and self._loop is _running_loop()
        return Closing(self._leases if here else None)

    @property
    def closed(self) -> bool:
        """Whether `close` has been called."""
        return self._closed

    @property
    def force_close(self) -> bool:
        """Whether connections are closed after each response."""
        return self._force_close

    @property
    def limit(self) -> int:
        """How many connections there may be in all; 0: no limit."""
        return self._limit

    @property
    def limit_per_host(self) -> int:
        """How many connections there may be to one host, port and scheme; 0: no limit."""
        return self._limit_per_host

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.close()

    def __del__(self, _warn: Callable[..., None] = warnings.warn) -> None:
        leases = getattr(self, "_leases", None)
        if leases is not None and not self._closed and leases.connections:
            _warn(f"Unclosed connector {self!r}", ResourceWarning, source=self, stacklevel=1)
            self.close()

    def _dialer(self, loop: asyncio.AbstractEventLoop) -> Dialer:
        """Make the dialer: what a subclass has to say."""
        raise TypeError(f"{type(self).__name__} does not say how to dial")

    def _default_key(self, key: ConnectionKey) -> ConnectionKey:
        """Put the connector's own defaults in the place of what a request left open."""
        return key

    def _key(self, request: RequestHead) -> ConnectionKey:
        if request.options is not DIRECT:
            return self._default_key(connection_key(request))
        url = request.url
        short = url.scheme, url.raw_host, url.port
        key = self._keys.get(short)
        if key is None:
            if len(self._keys) >= _MAX_KEYS:
                self._keys.clear()
            key = self._keys[short] = self._default_key(connection_key(request))
        return key

    def _bind(self, loop: asyncio.AbstractEventLoop) -> Leases:
        expected = self._loop or self._given_loop
        if expected is not None and expected is not loop:
            raise RuntimeError(
                f"{type(self).__name__} belongs to {expected!r}, and cannot be used from {loop!r}"
            )
        self._loop = loop
        self._deadlines = Deadlines(loop)
        self._leases = Leases(
            loop,
            self._dialer(loop),
            self._deadlines,
            limit=self._limit,
            limit_per_host=self._limit_per_host,
            keepalive=self._keepalive,
        )
        return self._leases

    async def _lease(
        self,
        connection: Http1Connection | None,
        key: ConnectionKey,
        request: RequestHead,
        timeouts: Timeouts,
        observer: "Observer | None",
    ) -> Http1Connection:
        """Lease a connection that works, beginning with *connection*, if there is one.

        Between the lease and its use others run, so it may break or be closed there.
        """
        assert self._leases is not None
        while True:
            if connection is None:
                connection = await self._leases.open(key, request, timeouts, observer)
            if observer is not None and connection.reused:
                await _tell_reused(observer, connection)
            if connection.is_ready(0):
                return connection
            connection.abort()
            if self._closed:
                raise ClientConnectionError(CLOSED)
            if not connection.reused:
                raise ServerDisconnectedError("Server disconnected before the request was sent")
            connection = None

    def _begin(
        self,
        connection: Http1Connection,
        request: RequestHead,
        section: Section,
        data: bytes,
        stream: RequestBody | BytesBody | None,
        receiver: Receiver,
        timeouts: Timeouts,
    ) -> Http1Exchange:
        assert self._loop is not None
        exchange = Http1Exchange(
            connection, request, receiver, timeouts, self._deadlines, self._loop.create_future()
        )
        connection.begin(exchange, request.method, upgrade=section.upgrade, last=section.last)
        connection.transport.write(data)
        if stream is not None:
            exchange.start_upload(stream, self._loop)
        elif exchange.watched:
            exchange.watch()
        return exchange


async def _tell_reused(observer: "Observer", connection: Http1Connection) -> None:
    from martlet_interfaces import ConnectionReused

    try:
        await observer.observe(ConnectionReused())
    except BaseException:
        connection.abort()
        raise


async def _tell_sent(observer: "Observer", exchange: Http1Exchange) -> None:
    from martlet_interfaces import HeadSent

    try:
        await observer.observe(HeadSent())
    except BaseException:
        exchange.abort()
        # Nobody is going to look at it; if it has failed already, this says so too.
        exchange.answered.cancel()
        raise


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
