"""The pool: its four policies put together. It does no I/O and is told the time.

The lease is the slot: who gets a connection from here, or leave to dial one, holds a
slot until `release`, `discard` or `give_back`, and all of these take effect at the call.
A waiter is handed its connection directly; nobody can get in between.
"""

from asyncio import AbstractEventLoop, CancelledError, Future
from collections.abc import Callable
from typing import Final, Generic, Protocol, TypeVar

from martlet_exceptions import ClientConnectionError
from martlet_interfaces import ConnectionKey

from ._idle import IdleCache
from ._key import host_key
from ._limits import Slots
from ._waiters import Waiter, Waiters

__all__ = ["CLOSED", "Pool", "Pooled"]

CLOSED: Final = "Connector is closed"


class Pooled(Protocol):
    """What the pool has to know of a connection."""

    key: ConnectionKey

    def close(self) -> None:
        """Close, at once, and call nothing of the pool."""

    def is_ready(self, idle: float) -> bool:
        """Tell whether a connection that was idle for so many seconds is still good."""


C = TypeVar("C", bound=Pooled)


class Pool(Generic[C]):
    """Connections in use and idle, and the requests that wait for one."""

    __slots__ = ("_closed", "_members", "_time", "idle", "slots", "waiters")

    def __init__(
        self,
        *,
        limit: int,
        limit_per_host: int,
        keepalive: float | None,
        time: Callable[[], float],
    ) -> None:
        self._time = time
        self._closed = False
        self._members: set[C] = set()
        self.slots: Slots = Slots(limit, limit_per_host)
        self.waiters: Waiters[C] = Waiters()
        self.idle: IdleCache[C] = IdleCache(keepalive)

    def __repr__(self) -> str:
        active = len(self._members) - len(self.idle)
        dialling = self.slots.used - len(self._members)
        return (
            f"<Pool {active} active, {len(self.idle)} idle, {dialling} dialling,"
            f" {len(self.waiters)} waiting>"
        )

    @property
    def closed(self) -> bool:
        """Whether `close` has been called."""
        return self._closed

    def check_open(self) -> None:
        """Raise `ClientConnectionError` after `close`."""
        if self._closed:
            raise ClientConnectionError(CLOSED)

    def take(self, key: ConnectionKey) -> C | None:
        """Lease the newest idle connection with *key* that is still good."""
        while (entry := self.idle.take(key)) is not None:
            connection, since = entry
            if connection.is_ready(self._time() - since):
                return connection
            self._drop(connection)
        return None

    def try_slot(self, key: ConnectionKey) -> bool:
        """Take a slot to dial a connection with *key*, evicting an idle one if need be."""
        self.check_open()
        host = host_key(key)
        if self.slots.host_full(host):
            rival = self.idle.any_of_host(host)
            if rival is None:
                return False
            self._evict(rival)
        elif self.slots.full:
            rival = self.idle.oldest()
            if rival is None:
                return False
            self._evict(rival)
        self.slots.take(host)
        return True

    def must_wait(self, key: ConnectionKey) -> bool:
        """Tell whether there is neither a slot for *key* nor one that can be made."""
        slots = self.slots
        if slots.limit_per_host:
            host = host_key(key)
            if slots.host_full(host):
                return self.idle.any_of_host(host) is None
        return 0 < slots.limit <= slots.used and not self.idle.since

    async def wait(self, key: ConnectionKey, loop: AbstractEventLoop) -> C | None:
        """Wait for a connection with *key* (leased), or for a slot to dial one: ``None``."""
        self.check_open()
        grant: Future[C | None] = loop.create_future()
        waiter = Waiter(key, grant)
        self.waiters.add(waiter)
        try:
            return await grant
        except CancelledError:
            self.waiters.discard(waiter)
            if grant.done() and not grant.cancelled() and grant.exception() is None:
                self.pass_on(key, grant.result())
            raise

    def adopt(self, connection: C) -> None:
        """Take in a *connection* that was dialled under a slot, as in use."""
        self._members.add(connection)

    def release(self, connection: C) -> None:
        """End the lease of a *connection* that is fit for another request."""
        if self._closed or self.idle.keepalive == 0:
            self._drop(connection)
        elif self.waiters.size:
            self._hand_over(connection)
        else:
            self.idle.put(connection, self._time())

    def discard(self, connection: C) -> None:
        """End the lease, or the idle time, of a *connection* that must not be used again."""
        if connection in self._members:
            self.idle.discard(connection)
            self._drop(connection)

    def give_back(self, key: ConnectionKey) -> None:
        """Give back the slot of a connection that was not dialled in the end, or closed."""
        host = host_key(key)
        self.slots.give_back(host)
        self.waiters.host_freed(host)
        waiter = self.waiters.next(self.slots)
        if waiter is not None:
            self.slots.take(waiter.host)
            waiter.give(None)

    def trade(self, connection: C) -> None:
        """Close a leased *connection*, and keep its slot to dial another one."""
        self._members.discard(connection)
        connection.close()

    def pass_on(self, key: ConnectionKey, grant: C | None) -> None:
        """Give what a waiter was handed, and has no use for, to the next in line."""
        if grant is None:
            self.give_back(key)
        elif grant in self._members:  # or it has ended meanwhile, and its slot is free
            self.release(grant)

    def prune(self, now: float) -> None:
        """Close what has been idle for too long."""
        for connection in self.idle.expired(now):
            self.discard(connection)

    def close(self) -> list[C]:
        """Fail who waits, close what is idle; name the connections that carry a request."""
        self._closed = True
        for waiter in self.waiters.drain():
            if not waiter.grant.done():
                waiter.grant.set_exception(ClientConnectionError(CLOSED))
        for connection in self.idle.all():
            self.discard(connection)
        return list(self._members)

    def _hand_over(self, connection: C) -> None:
        key, slots = connection.key, self.slots
        limited = slots.limit_per_host > 0
        if limited:
            # Its own line has been standing still, and may move now.
            slots.give_back(host_key(key))
            self.waiters.host_freed(host_key(key))
        waiter = self.waiters.next(slots)
        if limited:
            slots.take(host_key(key) if waiter is None else waiter.host)
        if waiter is None:
            self.idle.put(connection, self._time())
        elif waiter.key is key or waiter.key == key:
            waiter.give(connection)
        else:
            if not limited:
                slots.give_back(host_key(key))
                slots.take(waiter.host)
            self._members.discard(connection)
            connection.close()
            waiter.give(None)

    def _drop(self, connection: C) -> None:
        self._members.discard(connection)
        connection.close()
        self.give_back(connection.key)

    def _evict(self, connection: C) -> None:
        # Not `_drop`: the slot is for who asked, and nobody who waits could use it.
        self.idle.discard(connection)
        self._members.discard(connection)
        connection.close()
        self.slots.give_back(host_key(connection.key))
