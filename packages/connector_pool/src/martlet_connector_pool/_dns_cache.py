"""Remembering addresses for a while, and looking each name up only once at a time."""

import asyncio
import copy
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

from ._resolver import AbstractResolver, ResolveResult

if TYPE_CHECKING:
    from martlet_interfaces import Observer

__all__ = ["CachingResolver", "is_ip_address"]

_Name = tuple[str, int]


def is_ip_address(host: str) -> bool:
    """Tell whether *host* is an address already (without brackets, scope allowed)."""
    try:
        if ":" in host:
            socket.inet_pton(socket.AF_INET6, host.partition("%")[0])
        else:
            socket.inet_pton(socket.AF_INET, host)
    except (OSError, ValueError):
        return False
    return True


class CachingResolver:
    """A resolver with a memory of *ttl* seconds (``None``: for ever; 0: none).

    One lookup serves all who wait for a name. It belongs to the resolver, not to any of
    them: who is cancelled leaves the others undisturbed, and each gets an exception
    object of its own. At most *max_hosts* names are remembered, oldest dropped first.
    """

    __slots__ = ("_lookups", "_time", "family", "max_hosts", "resolver", "table", "ttl")

    def __init__(
        self,
        resolver: AbstractResolver,
        *,
        ttl: float | None,
        time: Callable[[], float],
        family: socket.AddressFamily = socket.AF_UNSPEC,
        max_hosts: int = 1000,
    ) -> None:
        self.resolver = resolver
        self.ttl = ttl
        self.family = family
        self.max_hosts = max_hosts
        self.table: dict[_Name, tuple[list[ResolveResult], float | None]] = {}
        self._time = time
        self._lookups: dict[_Name, asyncio.Task[list[ResolveResult]]] = {}

    async def resolve(
        self, host: str, port: int, observer: "Observer | None" = None
    ) -> list[ResolveResult]:
        """Find the addresses of *host*; raises `OSError` when there are none."""
        known = self._known((host, port))
        if observer is not None:
            await self._tell_hit_or_miss(observer, host, known is not None)
        if known is not None:
            return known
        if observer is None:
            return await self._share((host, port))
        from martlet_interfaces import DnsResolveEnd, DnsResolveStart

        await observer.observe(DnsResolveStart(host))
        found = await self._share((host, port))
        await observer.observe(DnsResolveEnd(host))
        return found

    def clear(self, host: str | None = None, port: int | None = None) -> None:
        """Forget one host and port, or all of them."""
        if host is None or port is None:
            self.table.clear()
        else:
            self.table.pop((host, port), None)

    def close(self) -> None:
        """Stop the lookups that are under way."""
        for task in self._lookups.values():
            task.cancel()

    def _known(self, name: _Name) -> list[ResolveResult] | None:
        entry = self.table.get(name)
        if entry is None:
            return None
        found, expiry = entry
        if expiry is not None and expiry <= self._time():
            del self.table[name]
            return None
        return found

    async def _tell_hit_or_miss(self, observer: "Observer", host: str, hit: bool) -> None:
        from martlet_interfaces import DnsCacheHit, DnsCacheMiss

        await observer.observe(DnsCacheHit(host) if hit else DnsCacheMiss(host))

    async def _share(self, name: _Name) -> list[ResolveResult]:
        task = self._lookups.get(name)
        if task is None:
            task = self._lookups[name] = asyncio.ensure_future(self._look_up(name))
            task.add_done_callback(lambda done: self._forget_lookup(name, done))
        try:
            return await asyncio.shield(task)
        except OSError as exc:
            # One traceback must not grow with every waiter, so each raises a copy.
            raise copy.copy(exc) from exc

    def _forget_lookup(self, name: _Name, task: "asyncio.Task[list[ResolveResult]]") -> None:
        del self._lookups[name]
        if not task.cancelled():
            task.exception()  # it may be that nobody waits any more

    async def _look_up(self, name: _Name) -> list[ResolveResult]:
        host, port = name
        found = await self.resolver.resolve(host, port, family=self.family)
        if not found:
            raise OSError(None, f"No addresses for {host}")
        if self.ttl != 0:
            if len(self.table) >= self.max_hosts:
                del self.table[next(iter(self.table))]
            expiry = None if self.ttl is None else self._time() + self.ttl
            self.table[name] = found, expiry
        return found
