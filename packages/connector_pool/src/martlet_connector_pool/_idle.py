"""Policy: which idle connections are kept, for how long, and which is taken first."""

from typing import Generic, Protocol, TypeVar

from martlet_interfaces import ConnectionKey

from ._key import HostKey, host_key

__all__ = ["IdleCache"]


class Keyed(Protocol):
    """Something that has the key of a connection."""

    key: ConnectionKey


T = TypeVar("T", bound=Keyed)


class IdleCache(Generic[T]):
    """The connections that wait for work: newest taken first, oldest dropped first.

    *keepalive* is how many seconds one may be idle; ``None``: for ever.
    """

    __slots__ = ("_by_key", "keepalive", "since")

    since: dict[T, float]
    """Since when each has been idle, in the order in which they have become so."""

    def __init__(self, keepalive: float | None) -> None:
        self.keepalive: float | None = keepalive
        self._by_key: dict[ConnectionKey, list[T]] = {}
        self.since = {}

    def __len__(self) -> int:
        return len(self.since)

    def __contains__(self, connection: T) -> bool:
        return connection in self.since

    def put(self, connection: T, now: float) -> None:
        """Keep *connection*, idle since *now*."""
        key = connection.key
        stack = self._by_key.get(key)
        if stack is None:
            self._by_key[key] = [connection]
        else:
            stack.append(connection)
        self.since[connection] = now

    def take(self, key: ConnectionKey) -> tuple[T, float] | None:
        """Take out the newest connection with *key*, and since when it was idle."""
        stack = self._by_key.get(key)
        if stack is None:
            return None
        connection = stack.pop()
        if not stack:
            del self._by_key[key]
        return connection, self.since.pop(connection)

    def discard(self, connection: T) -> None:
        """Take *connection* out, if it is in."""
        if self.since.pop(connection, None) is not None:
            stack = self._by_key[connection.key]
            stack.remove(connection)
            if not stack:
                del self._by_key[connection.key]

    def oldest(self) -> T | None:
        """Name the connection that has been idle longest."""
        return next(iter(self.since), None)

    def any_of_host(self, host: HostKey) -> T | None:
        """Name a connection to *host*, whatever else its key says."""
        for key, stack in self._by_key.items():
            if host_key(key) == host:
                return stack[0]
        return None

    def expired(self, now: float) -> list[T]:
        """Name those that have been idle for too long."""
        if self.keepalive is None:
            return []
        names = []
        for connection, since in self.since.items():
            if since + self.keepalive > now:  # the sum, as `next_expiry` reckons
                break
            names.append(connection)
        return names

    def next_expiry(self) -> float | None:
        """Tell when the next one will have been idle for too long."""
        if self.keepalive is None or not self.since:
            return None
        return next(iter(self.since.values())) + self.keepalive

    def all(self) -> list[T]:
        """Name every connection, oldest first."""
        return list(self.since)
