"""The pool in an event loop: dialling, time, and closing.

The policies are `_pool`'s; here are the tasks, timers and sockets that they speak of.
"""

import asyncio
import errno
from collections.abc import Coroutine, Mapping
from time import perf_counter
from typing import TYPE_CHECKING, Final

from martlet_exceptions import (
    ClientConnectionError,
    ClientConnectorError,
    ConnectionTimeoutError,
)
from martlet_http_parser import DEFAULT_LIMITS
from martlet_interfaces import ConnectionKey, Deadlines, RequestHead, Timeouts

from ._buffered_http1 import connection_class
from ._dial_clock import NO_PHASES
from ._dialer import Dialer
from ._http1 import Http1Connection
from ._pool import CLOSED, Pool

if TYPE_CHECKING:
    from martlet_interfaces import Event, Observer

__all__ = ["Leases"]

_TOO_MANY_FILES: Final = frozenset({errno.EMFILE, errno.ENFILE})


class _Dial:
    """A connection being made, which can be given up from outside.

    It cancels the task and owns up to that, as `asyncio.timeout` does, but takes less
    memory: thousands may be under way at once.
    """

    __slots__ = ("_cancelling", "_giving_up", "_loop", "_task", "began", "given_up")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        task = asyncio.current_task(loop)
        assert task is not None
        self._task = task
        self._loop = loop
        self._cancelling = task.cancelling()
        self._giving_up: asyncio.Handle | None = None
        self.began = loop.time()
        self.given_up = False

    def on_deadline(self) -> None:
        """Give it up."""
        # Not here: in the task's own step the cancellation would wait for the next await,
        # and that may be somebody else's.
        if self._giving_up is None:
            self._giving_up = self._loop.call_soon(self._give_up)

    def _give_up(self) -> None:
        self.given_up = True
        self._task.cancel()

    def end(self) -> None:
        """Be too late to be given up."""
        if self._giving_up is not None:
            self._giving_up.cancel()
        if self.given_up:  # and yet there is a connection
            self._task.uncancel()

    def brought(self, exc: BaseException) -> bool:
        """Tell whether *exc*, which ended the dial, is the cancellation made here."""
        if not self.given_up:
            return False
        self.given_up = False
        others = self._task.uncancel() > self._cancelling
        return isinstance(exc, asyncio.CancelledError) and not others


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
        *,
        fresh: bool = False,
    ) -> Coroutine[object, object, Http1Connection]:
        """Lease a connection that has to be waited for, or dialled; *fresh*: dialled."""
        # Many may be waiting here, so no coroutine stands between that has nothing to do.
        if timeouts.connect is None:
            return self._open(key, request, timeouts, observer, fresh)
        return self._open_within(timeouts.connect, key, request, timeouts, observer, fresh)

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

    async def _open(
        self,
        key: ConnectionKey,
        request: RequestHead,
        timeouts: Timeouts,
        observer: "Observer | None",
        fresh: bool,
    ) -> Http1Connection:
        queued: Mapping[str, float] = NO_PHASES
        if not self.pool.try_slot(key):
            since = perf_counter()
            try:
                connection = await (
                    self.pool.wait(key, self._loop)
                    if observer is None
                    else self._wait_observed(key, observer)
                )
            except BaseException:
                self._watch_idle()  # what was handed over may have become idle
                raise
            queued = {"queued": perf_counter() - since}
            if connection is not None:
                if not fresh:
                    connection.phases = queued
                    return connection
                self.pool.trade(connection)
        # No coroutine of its own for this, either: see `open`.
        limit = timeouts.sock_connect
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

    def _begin_dial(self, limit: float | None) -> _Dial:
        dial = _Dial(self._loop)
        self._dials.add(dial)
        if limit is not None:
            self._deadlines.set(dial, limit)
        return dial

    def _end_dial(self, dial: _Dial, limit: float | None) -> None:
        dial.end()
        if limit is not None:
            self._deadlines.cancel(dial, limit)
        self._dials.discard(dial)
        self._check_drained()

    def _why_given_up(
        self, dial: _Dial, exc: BaseException, limit: float | None, request: RequestHead
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
