"""Name resolution: the interface for a resolver of one's own."""

import socket
from abc import ABC, abstractmethod
from typing import TypedDict

__all__ = ["AbstractResolver", "ResolveResult"]


class ResolveResult(TypedDict):
    """One address of a host."""

    hostname: str
    """The name that was asked for."""
    host: str
    """The address, numeric."""
    port: int
    family: int
    """`socket.AF_INET` or `socket.AF_INET6`."""
    proto: int
    flags: int


class AbstractResolver(ABC):
    """Finds the addresses of hosts."""

    @abstractmethod
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Find the addresses of *host*, best first.

        *family* may be `socket.AF_UNSPEC`. Raises `OSError` when there are none.
        """

    @abstractmethod
    async def close(self) -> None:
        """Release what the resolver holds."""
