"""Policy: who is next when there are more requests than connections.

First come, first served among those who could use what has become free. Each host has
a line of its own; a heap holds the first in line of every host that is not at its own
limit, so that the next one is found without looking at all that wait.
"""

import heapq
from asyncio import Future
from collections import OrderedDict
from typing import Generic, TypeVar

from martlet_interfaces import ConnectionKey

from ._key import HostKey
from ._limits import Slots

__all__ = ["Waiter", "Waiters"]

T = TypeVar("T")


class Waiter(Generic[T]):
    """A request that waits for a connection with *key*, or for leave to dial one.

    *grant* resolves to the connection, or to ``None``: a slot, taken already.
    """

    __slots__ = ("grant", "host", "key", "number")

    number: int
    """Its place among all that have ever waited, once it stands in line."""

    def __init__(self, key: ConnectionKey, grant: "Future[T | None]") -> None:
        self.key: ConnectionKey = key
        self.host: HostKey = key[:3]  # as `host_key`
        self.grant: Future[T | None] = grant

    def give(self, lease: T | None) -> None:
        """Hand over what it has been waiting for."""
        self.grant.set_result(lease)


class Waiters(Generic[T]):
    """The lines of waiters."""

    __slots__ = ("_count", "_heads", "_lines", "size")

    size: int
    """How many stand in line."""

    def __init__(self) -> None:
        self._lines: dict[HostKey, OrderedDict[int, Waiter[T]]] = {}
        # (number, host); an entry that no longer tells the truth is skipped when met.
        self._heads: list[tuple[int, HostKey]] = []
        self._count = 0
        self.size = 0

    def __len__(self) -> int:
        return self.size

    def add(self, waiter: Waiter[T]) -> None:
        """Put *waiter* at the end of its line."""
        self._count = number = self._count + 1
        waiter.number = number
        self.size += 1
        host = waiter.host
        line = self._lines.get(host)
        if line is not None:
            line[number] = waiter
            return
        self._lines[host] = OrderedDict({number: waiter})
        self._push(number, host)

    def discard(self, waiter: Waiter[T]) -> None:
        """Take *waiter* out, if it still stands in line."""
        line = self._lines.get(waiter.host)
        if line is None or line.pop(waiter.number, None) is None:
            return
        self.size -= 1
        if line:
            self._push(next(iter(line)), waiter.host)
        else:
            del self._lines[waiter.host]

    def host_freed(self, host: HostKey) -> None:
        """Learn that *host* has a connection less, so that its line may move again."""
        line = self._lines.get(host)
        if line:
            self._push(next(iter(line)), host)

    def next(self, slots: Slots) -> Waiter[T] | None:
        """Take out the first waiter whose host is not at its limit.

        The caller gives it a slot before it asks again.
        """
        heads = self._heads
        while heads:
            number, host = heads[0]
            line = self._lines.get(host)
            if (
                line is None
                or next(iter(line)) != number
                or (slots.limit_per_host and slots.host_full(host))
            ):
                heapq.heappop(heads)
                continue
            waiter = line.pop(number)
            self.size -= 1
            if line:
                heapq.heapreplace(heads, (next(iter(line)), host))
            else:
                del self._lines[host]
                heapq.heappop(heads)
            if not waiter.grant.done():  # done: cancelled, but not yet woken to say so
                return waiter
        return None

    def drain(self) -> list[Waiter[T]]:
        """Take everybody out."""
        waiters = [waiter for line in self._lines.values() for waiter in line.values()]
        self._lines.clear()
        self._heads.clear()
        self.size = 0
        return waiters

    def _push(self, number: int, host: HostKey) -> None:
        if len(self._heads) > 2 * len(self._lines) + 64:
            self._heads = [(next(iter(line)), name) for name, line in self._lines.items() if line]
            heapq.heapify(self._heads)
        heapq.heappush(self._heads, (number, host))
