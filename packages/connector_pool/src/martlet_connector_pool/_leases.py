"""The pool in an event loop: dialling, time, and closing.

The policies are `_pool`'s; here are the tasks, timers and sockets that they speak of.
"""

import asyncio
import errno
from collections.abc import Callable, Coroutine, Mapping
from functools import cache
from time import perf_counter
from typing import TYPE_CHECKING, Final

from martlet_exceptions import (
    ClientConnectionError,
    ClientConnectorError,
    ConnectionTimeoutError,
    ServerDisconnectedError,
)
from martlet_http_parser import DEFAULT_LIMITS
from martlet_interfaces import ConnectionKey, Deadlines, RequestHead, Timeouts

from ._buffered_http1 import connection_class
from ._dial import Dial
from ._dial_clock import NO_PHASES
from ._dialer import Dialer
from ._http1 import Http1Connection
from ._pool import CLOSED, Pool
from ._queued_request import QueuedRequest, Ts

if TYPE_CHECKING:
    from martlet_interfaces import Event, Observer

    from ._exchange import Http1Exchange
    from ._queued_request import Answered

__all__ = ["Leases"]

_TOO_MANY_FILES: Final = frozenset({errno.EMFILE, errno.ENFILE})


class Leases:
    """Gives out connections of one event loop, and takes them back."""

    __slots__ = (
        "_connection_class",
        "_connections",
        "_deadlines",
        "_dial_limit",
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
        dial_limit: float | None = None,
    ) -> None:
        self._loop = loop
        self._dial_limit = dial_limit
        self._dialer = dialer
        self._deadlines = deadlines
        self._connection_class = connection_class(loop)
        self.pool: Pool[Http1Connection] = Pool(
            limit=limit, limit_per_host=limit_per_host, keepalive=keepalive, time=loop.time
        )
        self._connections: set[Http1Connection] = set()
        self._dials: set[Dial] = set()
        self._drained: asyncio.Future[None] | None = None
        self._prune_timer: asyncio.TimerHandle | None = None

    @property
    def connections(self) -> frozenset[Http1Connection]:
        """Every connection that has a socket."""
        return frozenset(self._connections)

    def line_up(
        self,
        key: ConnectionKey,
        begin: "Callable[[Answered, Http1Connection, *Ts], Http1Exchange]",
        *args: *Ts,
    ) -> QueuedRequest | None:
        """Have a request stand in line that *begin* begins; ``None`` where it need not wait."""
        if not self.pool.must_wait(key):
            return None
        request = QueuedRequest(self, key, self._loop.create_future(), begin, args)
        self.pool.waiters.add(request)
        return request

    async def redeem(
        self, queued: QueuedRequest, request: RequestHead, timeouts: Timeouts
    ) -> Http1Connection:
        """Lease a connection for what *queued* was handed and could not begin on."""
        found = queued.answered.result()
        if found is None:
            limit = timeouts.sock_connect
            found = await self._dial(queued.key, request, limit, None, queued.phases())
        return await self.ready(found, queued.key, request, timeouts, None, None)

    async def ready(
        self,
        connection: Http1Connection | None,
        key: ConnectionKey,
        request: RequestHead,
        timeouts: Timeouts,
        observer: "Observer | None",
        reused: "Observer | None",
        *,
        fresh: bool = False,
    ) -> Http1Connection:
        """Lease a connection that works, beginning with *connection*, if there is one.

        *fresh*: one that nobody has used yet. *reused* hears of one that somebody has.

        Between the lease and its use others run, so it may break or be closed there.
        """
        while True:
            if connection is None:
                connection = await self.open(key, request, timeouts, observer, fresh=fresh)
            if reused is not None and connection.reused:
                try:
                    await reused.observe(_reused())
                except BaseException:
                    connection.abort()
                    raise
            if connection.is_ready(0):
                return connection
            connection.abort()
            self.pool.check_open()
            if not connection.reused:
                raise ServerDisconnectedError("Server disconnected before the request was sent")
            connection = None

    def open(
        self,
        key: ConnectionKey,
        request: RequestHead,
        timeouts: Timeouts,
        observer: "Observer | None",
        *,
        fresh: bool = False,
    ) -> Coroutine[object, object, Http1Connection]:
        """Lease a connection that has to be waited for, or dialled; *fresh*: dialled."""
        # Many may be waiting here, so no coroutine stands between that has nothing to do.
        if timeouts.connect is not None:
            return self._open_within(timeouts.connect, key, request, timeouts, observer, fresh)
        return self._open(key, request, timeouts, observer, fresh)

    async def _open_within(
        self,
        limit: float,
        key: ConnectionKey,
        request: RequestHead,
        timeouts: Timeouts,
        observer: "Observer | None",
        fresh: bool,
    ) -> Http1Connection:
        began = self._loop.time()
        timeout = asyncio.timeout(limit)
        try:
            async with timeout:
                return await self._open(key, request, timeouts, observer, fresh)
        except TimeoutError as exc:
            if not timeout.expired():
                raise
            elapsed = self._loop.time() - began
            raise _too_late("connect", limit, elapsed, request) from exc

    def close(self) -> None:
        """Fail and close everything that is under way or idle, at once."""
        for dial in self._dials:
            dial.on_deadline()
        ending_well = set(self.pool.idle.all())
        for connection in self.pool.close():
            connection.fail(ClientConnectionError(CLOSED))
        for connection in self.connections - ending_well:
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

    def _open(
        self,
        key: ConnectionKey,
        request: RequestHead,
        timeouts: Timeouts,
        observer: "Observer | None",
        fresh: bool,
    ) -> Coroutine[object, object, Http1Connection]:
        if self.pool.try_slot(key):
            return self._dial(key, request, timeouts.sock_connect, observer, NO_PHASES)
        return self._wait(key, request, timeouts.sock_connect, observer, fresh)

    async def _wait(
        self,
        key: ConnectionKey,
        request: RequestHead,
        limit: float | None,
        observer: "Observer | None",
        fresh: bool,
    ) -> Http1Connection:
        since = perf_counter()
        try:
            connection = await (
                self.pool.wait(key, self._loop)
                if observer is None
                else self._wait_observed(key, observer)
            )
        except BaseException:
            self.watch_idle()  # what was handed over may have become idle
            raise
        queued = {"queued": perf_counter() - since}
        if connection is not None:
            if not fresh:
                connection.phases = queued
                return connection
            self.pool.trade(connection)
        return await self._dial(key, request, limit, observer, queued)

    async def _dial(
        self,
        key: ConnectionKey,
        request: RequestHead,
        limit: float | None,
        observer: "Observer | None",
        queued: Mapping[str, float],
    ) -> Http1Connection:
        """Dial under a slot that has been taken, after a wait of *queued*."""
        if self._dial_limit is not None:
            limit = self._dial_limit if limit is None else min(limit, self._dial_limit)
        dial = self._begin_dial(limit)
        try:
            self.pool.check_open()
            try:
                connection = await self._begin(key, observer)
            except ClientConnectorError as exc:
                if exc.errno not in _TOO_MANY_FILES or not self._make_room():
                    raise
                # What was evicted is closed in the next iteration of the loop.
                await asyncio.sleep(0)
                self.pool.check_open()
                connection = await self._begin(key, observer)
        except BaseException as exc:
            self.pool.give_back(key)
            reason = self._why_given_up(dial, exc, limit, request)
            if reason is None:
                raise
            raise reason from exc
        finally:
            self._end_dial(dial, limit)
        self.pool.adopt(connection)
        if queued:
            connection.phases = {**queued, **connection.phases}
        return connection

    def _make_room(self) -> bool:
        """Close what is idle, because no more files can be opened; tell if there was any."""
        idle = self.pool.idle.all()
        for connection in idle:
            self.pool.discard(connection)
        return bool(idle)

    async def _wait_observed(
        self, key: ConnectionKey, observer: "Observer"
    ) -> Http1Connection | None:
        from martlet_interfaces import ConnectionQueuedEnd, ConnectionQueuedStart

        await observer.observe(ConnectionQueuedStart())
        # What has become free meanwhile has met nobody who waits.
        connection = self.pool.take(key)
        if connection is None and not self.pool.try_slot(key):
            connection = await self.pool.wait(key, self._loop)
        try:
            await observer.observe(ConnectionQueuedEnd())
        except BaseException:
            self.pool.pass_on(key, connection)
            raise
        return connection

    def _begin_dial(self, limit: float | None) -> Dial:
        dial = Dial(self._loop)
        self._dials.add(dial)
        if limit is not None:
            self._deadlines.set(dial, limit)
        return dial

    def _end_dial(self, dial: Dial, limit: float | None) -> None:
        dial.end()
        if limit is not None:
            self._deadlines.cancel(dial, limit)
        self._dials.discard(dial)
        self._check_drained()

    def _why_given_up(
        self, dial: Dial, exc: BaseException, limit: float | None, request: RequestHead
    ) -> ClientConnectionError | None:
        brought = dial.brought(exc)
        if self.pool.closed and (brought or isinstance(exc, Exception)):
            return ClientConnectionError(CLOSED)
        if not brought:
            return None
        return _too_late("sock_connect", limit, self._loop.time() - dial.began, request)

    def _begin(
        self, key: ConnectionKey, observer: "Observer | None"
    ) -> Coroutine[object, object, Http1Connection]:
        if observer is None:
            return self._dialer.dial(key, self._make, None)
        return self._dial_observed(key, observer)

    async def _dial_observed(self, key: ConnectionKey, observer: "Observer") -> Http1Connection:
        from martlet_interfaces import ConnectionCreateEnd, ConnectionCreateStart

        await observer.observe(ConnectionCreateStart())
        connection = await self._dialer.dial(key, self._make, observer)
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

    def watch_idle(self) -> None:
        """See to it that idle connections are closed in time."""
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
        connection.abort()
        raise


@cache
def _reused() -> "Event":
    from martlet_interfaces import ConnectionReused

    return ConnectionReused()


def _too_late(
    phase: str, limit: float | None, elapsed: float, request: RequestHead
) -> ConnectionTimeoutError:
    return ConnectionTimeoutError(phase=phase, limit=limit, elapsed=elapsed, url=request.url)
