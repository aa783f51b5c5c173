"""The pool in an event loop: dialling, time, and closing.

The policies are `_pool`'s; here are the tasks, timers and sockets that they speak of.
"""

import asyncio
from collections.abc import Coroutine
from functools import partial
from typing import TYPE_CHECKING

from martlet_exceptions import ClientConnectionError, ConnectionTimeoutError
from martlet_http_parser import DEFAULT_LIMITS
from martlet_interfaces import ConnectionKey, Deadlines, RequestHead, Timeouts

from ._buffered_http1 import connection_class
from ._dialer import Dialer
from ._http1 import Http1Connection
from ._pool import CLOSED, Pool

if TYPE_CHECKING:
    from martlet_interfaces import Event, Observer

__all__ = ["Leases"]


class _Dial:
    """A connection being made, which can be given up from outside."""

    __slots__ = ("began", "timeout")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.began = loop.time()
        self.timeout = asyncio.timeout(None)

    def on_deadline(self) -> None:
        """Give it up."""
        if not self.timeout.expired():  # it may be on its way out already
            self.timeout.reschedule(self.began)


class Leases:
    """Gives out connections of one event loop, and takes them back."""

    __slots__ = (
        "_connection_class",
        "_connections",
        "_deadlines",
        "_dialer",
        "_dials",
        "_drained",
        "_loop",
        "_prune_timer",
        "pool",
    )

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        dialer: Dialer,
        deadlines: Deadlines,
        *,
        limit: int,
        limit_per_host: int,
        keepalive: float | None,
    ) -> None:
        self._loop = loop
        self._dialer = dialer
        self._deadlines = deadlines
        self._connection_class = connection_class(loop)
        self.pool: Pool[Http1Connection] = Pool(
            limit=limit, limit_per_host=limit_per_host, keepalive=keepalive, time=loop.time
        )
        self._connections: set[Http1Connection] = set()
        self._dials: set[_Dial] = set()
        self._drained: asyncio.Future[None] | None = None
        self._prune_timer: asyncio.TimerHandle | None = None

    @property
    def connections(self) -> frozenset[Http1Connection]:
        """Every connection that has a socket."""
        return frozenset(self._connections)

    def open(
        self,
        key: ConnectionKey,
        request: RequestHead,
        timeouts: Timeouts,
        observer: "Observer | None",
    ) -> Coroutine[object, object, Http1Connection]:
        """Lease a connection that has to be waited for, or dialled."""
        # Many may be waiting here, so no coroutine stands between that has nothing to do.
        if timeouts.connect is None:
            return self._open(key, request, timeouts, observer)
        return self._open_within(timeouts.connect, key, request, timeouts, observer)

    async def _open_within(
        self,
        limit: float,
        key: ConnectionKey,
        request: RequestHead,
        timeouts: Timeouts,
        observer: "Observer | None",
    ) -> Http1Connection:
        began = self._loop.time()
        timeout = asyncio.timeout(limit)
        try:
            async with timeout:
                return await self._open(key, request, timeouts, observer)
        except TimeoutError as exc:
            if not timeout.expired():
                raise
            elapsed = self._loop.time() - began
            raise _too_late("connect", limit, elapsed, request) from exc

    def close(self) -> None:
        """Fail and close everything that is under way or idle, at once."""
        for dial in self._dials:
            dial.on_deadline()
        for connection in self.pool.close():
            connection.fail(ClientConnectionError(CLOSED))
        for connection in self.connections:
            # Some have left the pool but not the network: they are still sending.
            connection.transport.abort()
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
        observer: "Observer | None",
    ) -> Http1Connection:
        while not self.pool.try_slot(key):
            connection = await self._wait(key, observer)
            if connection is None:
                break
            if connection.is_ready(0):
                return connection
            self.pool.discard(connection)  # it broke after the hand-over
        try:
            connection = await self._dial(key, request, timeouts, observer)
        except BaseException:
            self.pool.give_back(key)
            raise
        self.pool.adopt(connection)
        return connection

    async def _wait(
        self, key: ConnectionKey, observer: "Observer | None"
    ) -> Http1Connection | None:
        try:
            if observer is None:
                return await self.pool.wait(key, self._loop)
            return await self._wait_observed(key, observer)
        except BaseException:
            self._watch_idle()  # what was handed over may have become idle
            raise

    async def _wait_observed(
        self, key: ConnectionKey, observer: "Observer"
    ) -> Http1Connection | None:
        from martlet_interfaces import ConnectionQueuedEnd, ConnectionQueuedStart

        await observer.observe(ConnectionQueuedStart())
        connection = await self.pool.wait(key, self._loop)
        try:
            await observer.observe(ConnectionQueuedEnd())
        except BaseException:
            self.pool.pass_on(key, connection)
            raise
        return connection

    async def _dial(
        self,
        key: ConnectionKey,
        request: RequestHead,
        timeouts: Timeouts,
        observer: "Observer | None",
    ) -> Http1Connection:
        self.pool.check_open()
        limit = timeouts.sock_connect
        dial = _Dial(self._loop)
        self._dials.add(dial)
        if limit is not None:
            self._deadlines.set(dial, limit)
        try:
            async with dial.timeout:
                if observer is None:
                    connection = await self._dialer.dial(key, partial(self._make, key), None)
                else:
                    connection = await self._dial_observed(key, observer)
        except Exception as exc:
            if self.pool.closed:
                raise ClientConnectionError(CLOSED) from exc
            if dial.timeout.expired() and isinstance(exc, TimeoutError):
                elapsed = self._loop.time() - dial.began
                raise _too_late("sock_connect", limit, elapsed, request) from exc
            raise
        finally:
            if limit is not None:
                self._deadlines.cancel(dial, limit)
            self._dials.discard(dial)
            self._check_drained()
        try:
            self.pool.check_open()
        except ClientConnectionError:  # it was closed in the tick in which the dial ended
            connection.close()
            raise
        return connection

    async def _dial_observed(self, key: ConnectionKey, observer: "Observer") -> Http1Connection:
        from martlet_interfaces import ConnectionCreateEnd, ConnectionCreateStart

        await observer.observe(ConnectionCreateStart())
        connection = await self._dialer.dial(key, partial(self._make, key), observer)
        await _tell(observer, ConnectionCreateEnd(), connection)
        return connection

    def _make(self, key: ConnectionKey) -> Http1Connection:
        return self._connection_class(key, DEFAULT_LIMITS, self)

    def on_made(self, connection: Http1Connection) -> None:
        """Note that a connection has its socket."""
        self._connections.add(connection)

    def on_free(self, connection: Http1Connection) -> None:
        """Take back a connection that can carry another request."""
        self.pool.release(connection)
        if self._prune_timer is None:
            self._set_prune_timer()

    def on_end(self, connection: Http1Connection) -> None:
        """Take back a connection that is finished."""
        self.pool.discard(connection)

    def on_lost(self, connection: Http1Connection) -> None:
        """Forget a connection whose socket is closed."""
        self._connections.discard(connection)
        self._check_drained()

    def _check_drained(self) -> None:
        if self._drained is not None and not self._connections and not self._dials:
            self._drained.set_result(None)
            self._drained = None

    def _watch_idle(self) -> None:
        if self._prune_timer is None:
            self._set_prune_timer()

    def _set_prune_timer(self) -> None:
        when = self.pool.idle.next_expiry()
        if when is not None:
            self._prune_timer = self._loop.call_at(when, self._prune)

    def _prune(self) -> None:
        self._prune_timer = None
        self.pool.prune(self._loop.time())
        self._set_prune_timer()


async def _tell(observer: "Observer", event: "Event", connection: Http1Connection) -> None:
    try:
        await observer.observe(event)
    except BaseException:
        connection.close()
        raise


def _too_late(
    phase: str, limit: float | None, elapsed: float, request: RequestHead
) -> ConnectionTimeoutError:
    return ConnectionTimeoutError(phase=phase, limit=limit, elapsed=elapsed, url=request.url)
