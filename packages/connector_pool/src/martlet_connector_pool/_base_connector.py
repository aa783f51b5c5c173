"""The connector that stands on the pool: everything but how to dial.

`send` is the life of a request here: encode it, lease a connection, write, wait for
the head. It says what happens; the policies are the pool's, the bytes are `_http1`'s.
"""

import asyncio
import os
import warnings
from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from time import perf_counter
from typing import TYPE_CHECKING, Final, Self

from multidict import CIMultiDict, CIMultiDictProxy

from martlet_exceptions import ClientConnectionError, ClientOSError, ServerDisconnectedError
from martlet_http_parser import DEFAULT_LIMITS, Limits
from martlet_interfaces import (
    DIRECT,
    UNSET,
    ConnectionKey,
    Deadlines,
    Exchange,
    Receiver,
    RequestBody,
    RequestHead,
    Timeouts,
    Unset,
)

from ._closing import Closing, call_in_its_thread
from ._connection import Connection, ConnectRequest
from ._dialer import Dialer
from ._exchange import IDEMPOTENT, Http1Exchange
from ._forks import tell_in_child
from ._head_limits import limits_for
from ._http1 import Http1Connection
from ._key import connection_key
from ._leases import Leases
from ._pool import CLOSED
from ._request_encoder import RequestEncoder, Section
from ._upload import BytesBody

if TYPE_CHECKING:
    from martlet_interfaces import Observer

    from ._queued_request import Answered, QueuedRequest
    from ._telling import Told

__all__ = ["BaseConnector"]

_MAX_KEYS: Final = 1000
_NOBODY: Final = (None, None, None, None)
_NO_FIELDS: Final = CIMultiDictProxy(CIMultiDict[str]())


class BaseConnector:
    """Sends requests over pooled HTTP/1 connections; subclasses say how to dial.

    *limit* is how many connections there may be at once, in use or idle (default 100),
    *limit_per_host* how many of them to one host, port and scheme (default: no limit of
    its own); 0 or ``None`` mean no limit. An idle connection is kept for
    *keepalive_timeout* seconds (default 15; ``None``: for ever; 0: not at all).
    *force_close* keeps none, and tells the servers so. *loop* may be given, and is
    checked then: a connector belongs to the event loop that first sends with it.
    *enable_cleanup_closed* and *timeout_ceil_threshold* are accepted for compatibility and
    have no effect.

    Raises `ValueError` for negative numbers, and for *force_close* together with a
    *keepalive_timeout*.
    """

    schemes: frozenset[str] = frozenset({"http", "https", "ws", "wss"})
    allowed_protocol_schema_set: frozenset[str] = schemes | {""}
    uses_proxies: bool = True
    """Whether a session with *trust_env* looks for a proxy in the environment."""

    def __init__(
        self,
        *,
        keepalive_timeout: float | Unset | None = UNSET,
        force_close: bool = False,
        limit: int | None = 100,
        limit_per_host: int | None = 0,
        enable_cleanup_closed: bool = False,
        loop: asyncio.AbstractEventLoop | None = None,
        timeout_ceil_threshold: float = 5,
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
        self._process = 0
        self._dial_limit: float | None = None

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
    ) -> Exchange:
        """Send *request*, return when its response's head has come (`Connector.send`)."""
        since = perf_counter()
        if self._closed:
            raise ClientConnectionError(CLOSED)
        key = self._key(request)
        limits = None if request.limits is None else limits_for(DEFAULT_LIMITS, request.limits)
        fields = None if key.proxy is None or key.tunnel else key.proxy_headers
        data, stream, section = self._encoder.encode(request, body, fields)
        loop = asyncio.get_running_loop()
        leases = (self._leases if loop is self._loop else None) or self._bind(loop)
        connection, retried = leases.pool.take(key), False
        reused, sent, uploaded, received = _NOBODY if observer is None else _told()(observer)
        plain = observer is None and stream is None and timeouts.connect is None
        while True:
            exchange: Http1Exchange | QueuedRequest | None = None
            if connection is None and plain and not retried and request.method in IDEMPOTENT:
                exchange = leases.line_up(
                    key, self._begin, request, section, data, stream, receiver, timeouts,
                    None, None, since, limits)  # fmt: skip
            if exchange is None:
                dialled = connection is None
                if connection is None:
                    # Not within what comes next: thousands may wait here, and take less memory.
                    connection = await leases.open(key, request, timeouts, observer, fresh=retried)
                if reused is not None or (dialled and not connection.is_ready(0)):
                    connection = await leases.ready(
                        connection, key, request, timeouts, observer, reused,
                        fresh=retried)  # fmt: skip
                exchange = self._begin(
                    loop.create_future(), connection, request, section, data, stream, receiver,
                    timeouts, uploaded, received, since, limits)  # fmt: skip
                if sent is not None:
                    await _tell_sent()(sent, exchange, body if stream is None else None)
                elif received is not None:
                    exchange.told_sent()
            try:
                await exchange.answered
            except (ServerDisconnectedError, ClientOSError):
                if retried or not exchange.may_retry(body):
                    raise
                await exchange.upload_over()
                retried, connection = True, None
            except BaseException:
                exchange.abort()
                raise
            else:
                if isinstance(exchange, Http1Exchange):
                    return exchange
                if exchange.exchange is not None:
                    return exchange.exchange
                connection = await leases.redeem(exchange, request, timeouts)

    async def connect(
        self,
        req: ConnectRequest,
        traces: "Sequence[object]" = (),
        timeout: object = None,
    ) -> Connection:
        """Lease a connection to where *req*'s URL leads, to speak on it by oneself.

        *req* needs a `url`; its `options`, a `TransportOptions`, count if it has them. An idle
        connection serves, or a new one; while the limit is reached this waits. *timeout* may
        have `connect` and `sock_connect`, in seconds; *traces* are not looked at. Raises what
        `send` raises for connections.
        """
        if self._closed:
            raise ClientConnectionError(CLOSED)
        request = RequestHead("GET", req.url, _NO_FIELDS, options=getattr(req, "options", DIRECT))
        loop = asyncio.get_running_loop()
        leases = self._leases
        if leases is None or loop is not self._loop:
            leases = self._bind(loop)
        key = self._key(request)
        limits = Timeouts(
            connect=getattr(timeout, "connect", None),
            sock_connect=getattr(timeout, "sock_connect", None),
        )
        found = await leases.ready(leases.pool.take(key), key, request, limits, None, None)
        return Connection(found, loop, leases.on_free)

    def close(self, *, abort_ssl: bool = False) -> Closing:
        """Close all connections, at once; requests that wait or are under way fail.

        What is returned may be awaited until all sockets are closed, also as a task. TLS
        connections that are idle say close_notify, and wait for no answer; *abort_ssl* is
        accepted for compatibility. Called from another thread than that of its event loop, it
        closes them there, soon.
        """
        if not self._closed:
            self._closed = True
            if self._is_forked():
                # The sockets are the parent's too, and so is what the kernel knows of who
                # waits for them: it must not be touched.
                self._leases = None
            loop = self._loop
            if self._leases is not None and loop is not None and not loop.is_closed():
                call_in_its_thread(loop, self._end)
        return Closing(self._leases, self._loop)

    _close = close  # by which libraries written for aiohttp call it when there is no loop any more

    def _end(self) -> None:
        self._deadlines.close()
        if self._leases is not None:
            self._leases.close()

    @property
    def _conns(self) -> "dict[ConnectionKey, list[tuple[Http1Connection, float]]]":
        """The idle connections, each with the loop's time since when, as aiohttp's users know them.

        A copy: to change it changes nothing.
        """
        if self._leases is None:
            return {}
        idle: dict[ConnectionKey, list[tuple[Http1Connection, float]]] = {}
        for connection, since in self._leases.pool.idle.since.items():
            idle.setdefault(connection.key, []).append((connection, since))
        return idle

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
        if leases is None or self._closed or self._is_forked():
            return
        if leases.connections:
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

    def _is_forked(self) -> bool:
        return self._process not in (0, os.getpid())

    def _forked(self) -> RuntimeError:
        return RuntimeError(
            f"{type(self).__name__} belongs to process {self._process}, and cannot be used"
            f" from its fork {os.getpid()}: make another one there"
        )

    def _on_fork(self) -> None:
        # The child may go on with the very loop: without one here, each request is looked at.
        self._loop = None

    def _bind(self, loop: asyncio.AbstractEventLoop) -> Leases:
        if self._is_forked():
            raise self._forked()
        expected = self._loop or self._given_loop
        if expected is not None and expected is not loop:
            raise RuntimeError(
                f"{type(self).__name__} belongs to {expected!r}, and cannot be used from {loop!r}"
            )
        dialer = self._dialer(loop)
        self._loop = loop
        self._process = os.getpid()
        tell_in_child(self)
        self._deadlines = Deadlines(loop)
        self._leases = Leases(
            loop,
            dialer,
            self._deadlines,
            limit=self._limit,
            limit_per_host=self._limit_per_host,
            keepalive=self._keepalive,
            dial_limit=self._dial_limit,
        )
        return self._leases

    def _begin(
        self,
        answered: "Answered",
        connection: Http1Connection,
        request: RequestHead,
        section: Section,
        data: bytes,
        stream: RequestBody | BytesBody | None,
        receiver: Receiver,
        timeouts: Timeouts,
        uploaded: "Observer | None",
        received: "Observer | None",
        since: float,
        limits: Limits | None,
    ) -> Http1Exchange:
        loop = self._loop
        if loop is None:
            raise self._forked()
        exchange = Http1Exchange(
            connection, request, receiver, timeouts, self._deadlines, answered, since
        )
        if received is not None:
            exchange.observe(received, loop)
        connection.exchange = exchange
        connection.last = section.last
        connection.parser.expect(request.method, exchange.on_head, limits, upgrade=section.upgrade)
        try:
            connection.transport.write(data)
        except BaseException:
            connection.abort()
            raise
        if stream is not None:
            exchange.start_upload(stream, loop, uploaded, held=section.expects_continue)
            return exchange
        exchange.sent_at = perf_counter()
        if exchange.watched:
            exchange.watch()
        return exchange


@cache
def _told() -> "Callable[[Observer], Told]":
    from ._telling import told

    return told


@cache
def _tell_sent() -> (
    "Callable[[Observer, Http1Exchange, bytes | RequestBody | None], Awaitable[None]]"
):
    from ._telling import tell_sent

    return tell_sent
