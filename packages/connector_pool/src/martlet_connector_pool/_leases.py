"""The pool in an event loop: dialling, time, and closing.

The policies are `_pool`'s; here are the tasks, timers and sockets that they speak of.
"""

import asyncio
from typing import Final

from martlet_exceptions import ClientConnectionError, ConnectionTimeoutError
from martlet_http_parser import DEFAULT_LIMITS
from martlet_interfaces import ConnectionKey, Event, Observer, RequestHead, Timeouts

from ._dialer import Dialer
from ._http1 import Http1Connection
from ._pool import Pool

__all__ = ["CLOSED", "Leases"]

CLOSED: Final = "Connector is closed"


class Leases:
    """Gives out connections of one event loop, and takes them back."""

    __slots__ = ("_connections", "_dialer", "_dials", "_drained", "_loop", "_prune_timer", "pool")

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        dialer: Dialer,
        *,
        limit: int,
        limit_per_host: int,
        keepalive: float | None,
    ) -> None:
        self._loop = loop
        self._dialer = dialer
        self.pool: Pool[Http1Connection] = Pool(
            limit=limit, limit_per_host=limit_per_host, keepalive=keepalive, time=loop.time
        )
        self._connections: set[Http1Connection] = set()
        self._dials: set[asyncio.Timeout] = set()
        self._drained: asyncio.Future[None] | None = None
        self._prune_timer: asyncio.TimerHandle | None = None

    @property
    def connections(self) -> frozenset[Http1Connection]:
        """Every connection that has a socket."""
        return frozenset(self._connections)

    async def open(
        self,
        key: ConnectionKey,
        request: RequestHead,
        timeouts: Timeouts,
        observer: Observer | None,
    ) -> Http1Connection:
        """Lease a connection that has to be waited for, or dialled."""
        if timeouts.connect is None:
            return await self._open(key, request, timeouts, observer)
        began = self._loop.time()
        timeout = asyncio.timeout(timeouts.connect)
        try:
            async with timeout:
                return await self._open(key, request, timeouts, observer)
        except TimeoutError as exc:
            if not timeout.expired():
                raise
            elapsed = self._loop.time() - began
            raise _too_late("connect", timeouts.connect, elapsed, request) from exc

    def close(self) -> None:
        """Fail and close everything that is under way or idle, at once."""
        for timeout in self._dials:
            timeout.reschedule(self._loop.time())
        for connection in self.pool.close():
            connection.fail(ClientConnectionError(CLOSED))
        if self._prune_timer is not None:
            self._prune_timer.cancel()
            self._prune_timer = None
        self._dialer.close()

    async def drained(self) -> None:
        """Wait until, after `close`, every socket is closed."""
        while self._connections or self._dials:
            if self._drained is None:
                self._drained = self._loop.create_future()
            await asyncio.shield(self._drained)

    async def _open(
        self,
        key: ConnectionKey,
        request: RequestHead,
        timeouts: Timeouts,
        observer: Observer | None,
    ) -> Http1Connection:
        if not self.pool.try_slot(key):
            connection = await self._wait(key, observer)
            if connection is not None:
                return connection
        try:
            connection = await self._dial(key, request, timeouts, observer)
        except BaseException:
            self.pool.give_back(key)
            raise
        self.pool.adopt(connection)
        return connection

    async def _wait(self, key: ConnectionKey, observer: Observer | None) -> Http1Connection | None:
        if observer is None:
            return await self.pool.wait(key, self._loop)
        from martlet_interfaces import ConnectionQueuedEnd, ConnectionQueuedStart

        await observer.observe(ConnectionQueuedStart())
        connection = await self.pool.wait(key, self._loop)
        try:
            await observer.observe(ConnectionQueuedEnd())
        except BaseException:
            if connection is None:
                self.pool.give_back(key)
            else:
                self.pool.release(connection)
            raise
        return connection

    async def _dial(
        self,
        key: ConnectionKey,
        request: RequestHead,
        timeouts: Timeouts,
        observer: Observer | None,
    ) -> Http1Connection:
        began = self._loop.time()
        timeout = asyncio.timeout(timeouts.sock_connect)
        self._dials.add(timeout)
        try:
            async with timeout:
                if observer is None:
                    return await self._dialer.dial(key, lambda: self._make(key), None)
                return await self._dial_observed(key, observer)
        except Exception as exc:
            if self.pool.closed:
                raise ClientConnectionError(CLOSED) from exc
            if timeout.expired() and isinstance(exc, TimeoutError):
                elapsed = self._loop.time() - began
                raise _too_late("sock_connect", timeouts.sock_connect, elapsed, request) from exc
            raise
        finally:
            self._dials.discard(timeout)
            self._check_drained()

    async def _dial_observed(self, key: ConnectionKey, observer: Observer) -> Http1Connection:
        from martlet_interfaces import ConnectionCreateEnd, ConnectionCreateStart

        await observer.observe(ConnectionCreateStart())
        connection = await self._dialer.dial(key, lambda: self._make(key), observer)
        await _tell(observer, ConnectionCreateEnd(), connection)
        return connection

    def _make(self, key: ConnectionKey) -> Http1Connection:
        connection = Http1Connection(
            key, DEFAULT_LIMITS, self._on_free, self.pool.discard, self._on_lost
        )
        self._connections.add(connection)
        return connection

    def _on_free(self, connection: Http1Connection) -> None:
        self.pool.release(connection)
        if self._prune_timer is None:
            self._set_prune_timer()

    def _on_lost(self, connection: Http1Connection) -> None:
        self._connections.discard(connection)
        self._check_drained()

    def _check_drained(self) -> None:
        if self._drained is not None and not self._connections and not self._dials:
            self._drained.set_result(None)
            self._drained = None

    def _set_prune_timer(self) -> None:
        when = self.pool.idle.next_expiry()
        if when is not None:
            self._prune_timer = self._loop.call_at(when, self._prune)

    def _prune(self) -> None:
        self._prune_timer = None
        self.pool.prune(self._loop.time())
        self._set_prune_timer()


async def _tell(observer: Observer, event: Event, connection: Http1Connection) -> None:
    try:
        await observer.observe(event)
    except BaseException:
        connection.close()
        raise


def _too_late(
    phase: str, limit: float | None, elapsed: float, request: RequestHead
) -> ConnectionTimeoutError:
    return ConnectionTimeoutError(phase=phase, limit=limit, elapsed=elapsed, url=request.url)
