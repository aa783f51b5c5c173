"""Knows what a pool has to do, from what happens alone.

It is told who came, left and gave back, and reckons with plain lists, without anything of
the pool's, who must be next and what has to be closed.
"""

from typing import Final

from .fakes import Fake

__all__ = ["HOSTS", "LIMIT", "LIMIT_PER_HOST", "Oracle"]

LIMIT: Final = 5
LIMIT_PER_HOST: Final = 2
HOSTS: Final = [f"h{number}" for number in range(50)]


class Oracle:
    """Who waits, in the order of arrival; what is held, and what is idle, oldest first."""

    def __init__(self) -> None:
        self.line: dict[int, str] = {}
        self.held = dict.fromkeys(HOSTS, 0)
        self.held_in_all = 0
        self.idle: dict[Fake, float] = {}

    @property
    def full(self) -> bool:
        return self.held_in_all >= LIMIT

    def host_full(self, host: str) -> bool:
        return self.held[host] >= LIMIT_PER_HOST

    def count(self, host: str, change: int) -> None:
        self.held[host] += change
        self.held_in_all += change

    def freed(self, host: str) -> int | None:
        """Count one connection to *host* less; name the one who gets its place, if any."""
        self.count(host, -1)
        assert not self.full
        for number, wanted in self.line.items():
            if not self.host_full(wanted):
                del self.line[number]
                self.count(wanted, +1)
                return number
        return None

    def rivals(self, host: str) -> list[Fake] | None:
        """Name who may have to make room for *host*; ``None``: there is room."""
        if self.host_full(host):
            return [fake for fake in self.idle if fake.key.host == host]
        if self.full:
            return list(self.idle)[:1]
        return None
