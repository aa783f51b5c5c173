"""The connector that stands on the pool: everything but how to dial.

`send` is the life of a request here: encode it, lease a connection, write, wait for
the head. It says what happens; the policies are the pool's, the bytes are `_http1`'s.
"""

import asyncio
import warnings
from collections.abc import Callable, Generator
from typing import Final, Self

from martlet_exceptions import ClientConnectionError, ClientOSError, ServerDisconnectedError
from martlet_interfaces import (
    DIRECT,
    UNSET,
    ConnectionKey,
    Deadlines,
    Event,
    Observer,
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
from ._leases import CLOSED, Leases
from ._request_encoder import RequestEncoder
from ._upload import BytesBody

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
        observer: Observer | None = None,
    ) -> Http1Exchange:
        """Send *request* and return when the head of its response has come.

        See `martlet_interfaces.Connector`.
        """
        if self._closed:
            raise ClientConnectionError(CLOSED)
        data, stream = self._encoder.encode(request, body)
        loop = asyncio.get_running_loop()
        leases = self._leases
        if leases is None or loop is not self._loop:
            leases = self._bind(loop)
        key = self._key(request)
        connection = leases.pool.take(key)
        fresh = connection is None
        if connection is None:
            connection = await leases.open(key, request, timeouts, observer)
        if observer is not None:
            await self._tell_begin(observer, connection, fresh=fresh)
        exchange = self._begin(connection, request, data, stream, receiver, timeouts)
        try:
            await exchange.answered
            return exchange
        except (ServerDisconnectedError, ClientOSError):
            if not exchange.may_retry(body):
                raise
        except BaseException:
            exchange.abort()
            raise
        connection = await leases.open(key, request, timeouts, observer)
        exchange = self._begin(connection, request, data, stream, receiver, timeouts)
        try:
            await exchange.answered
        except BaseException:
            exchange.abort()
            raise
        return exchange

    def close(self) -> Closing:
        """Close all connections, at once; requests that wait or are under way fail.

        What is returned may be awaited until all sockets are closed.
        """
        if not self._closed:
            self._closed = True
            if self._leases is not None and self._loop is not None and not self._loop.is_closed():
                self._deadlines.close()
                self._leases.close()
        return Closing(self._leases)

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
            limit=self._limit,
            limit_per_host=self._limit_per_host,
            keepalive=self._keepalive,
        )
        return self._leases

    def _begin(
        self,
        connection: Http1Connection,
        request: RequestHead,
        data: bytes,
        stream: RequestBody | BytesBody | None,
        receiver: Receiver,
        timeouts: Timeouts,
    ) -> Http1Exchange:
        assert self._loop is not None
        exchange = Http1Exchange(
            connection, request, receiver, timeouts, self._deadlines, self._loop.create_future()
        )
        connection.begin(exchange, request.method, upgrade="Upgrade" in request.headers)
        connection.transport.write(data)
        if stream is not None:
            exchange.start_upload(stream, self._loop)
        elif exchange.watched:
            exchange.watch()
        return exchange

    async def _tell_begin(
        self, observer: Observer, connection: Http1Connection, *, fresh: bool
    ) -> None:
        from martlet_interfaces import ConnectionReused, HeadSent

        events: list[Event] = [HeadSent()] if fresh else [ConnectionReused(), HeadSent()]
        try:
            for event in events:
                await observer.observe(event)
        except BaseException:
            connection.abort()
            raise
