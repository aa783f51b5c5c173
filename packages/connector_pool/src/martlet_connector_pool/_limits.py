"""Policy: how many connections there may be."""

from ._key import HostKey

__all__ = ["Slots"]


class Slots:
    """Counts connections, in all and for each host, against their limits.

    A slot belongs to a connection from before it is dialled until it is closed, idle
    times included. A limit of 0 is none.
    """

    __slots__ = ("limit", "limit_per_host", "used", "used_by_host")

    def __init__(self, limit: int, limit_per_host: int) -> None:
        self.limit: int = limit
        self.limit_per_host: int = limit_per_host
        self.used: int = 0
        self.used_by_host: dict[HostKey, int] = {}

    @property
    def full(self) -> bool:
        """Whether the limit in all is reached."""
        return 0 < self.limit <= self.used

    def host_full(self, host: HostKey) -> bool:
        """Whether *host* has reached its own limit."""
        return 0 < self.limit_per_host <= self.used_by_host.get(host, 0)

    def take(self, host: HostKey) -> None:
        """Count one more connection to *host*."""
        self.used += 1
        self.used_by_host[host] = self.used_by_host.get(host, 0) + 1

    def give_back(self, host: HostKey) -> None:
        """Count one connection to *host* less."""
        self.used -= 1
        left = self.used_by_host[host] - 1
        if left:
            self.used_by_host[host] = left
        else:
            del self.used_by_host[host]
