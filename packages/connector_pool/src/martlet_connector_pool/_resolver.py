"""Name resolution: the interface for a resolver of one's own, and the system's."""

import asyncio
import socket
from abc import ABC, abstractmethod
from typing import TypedDict

__all__ = ["AbstractResolver", "ResolveResult", "ThreadedResolver"]


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


class ThreadedResolver(AbstractResolver):
    """The system's resolver (``getaddrinfo``), in the event loop's threads.

    *loop* is accepted for compatibility and not needed: the running loop serves.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        self._loop = loop

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Find the addresses of *host* in the order that the system prefers (RFC 6724)."""
        try:
            infos = await asyncio.get_running_loop().getaddrinfo(
                host, port, type=socket.SOCK_STREAM, family=family, flags=socket.AI_ADDRCONFIG
            )
        except UnicodeError as exc:  # an empty label, or one that is too long
            raise socket.gaierror(socket.EAI_NONAME, f"Not a name of a host: {exc}") from exc
        results: list[ResolveResult] = []
        for found_family, _, proto, _, address in infos:
            numeric, found_port = str(address[0]), int(address[1])
            if found_family == socket.AF_INET6 and len(address) == 4 and address[3]:
                numeric = f"{numeric.partition('%')[0]}%{address[3]}"  # link-local: keep the scope
            results.append(
                ResolveResult(
                    hostname=host,
                    host=numeric,
                    port=found_port,
                    family=found_family,
                    proto=proto,
                    flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
                )
            )
        return results

    async def close(self) -> None:
        """Do nothing: the threads are the loop's."""
