"""The system's resolver, in threads of its own.

Not in those of the loop: there, slow lookups and whatever else the program gives to threads
would keep each other waiting, and `asyncio.run` would not end before they do.
"""

import asyncio
import os
import socket
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from ._resolver import AbstractResolver, ResolveResult

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

__all__ = ["ThreadedResolver", "check_host", "resolve_result"]

_MAX_THREADS: Final = 8

# What getaddrinfo gives: family, kind, protocol, canonical name, address.
_Infos = list[tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[Any, ...]]]


class ThreadedResolver(AbstractResolver):
    """The system's resolver (``getaddrinfo``), in at most 8 threads of its own.

    It knows what the system knows: hosts files, mDNS, whatever nsswitch.conf names. The
    threads are started when lookups need them; further lookups wait in line. A forked
    child starts threads of its own. *loop* is accepted for compatibility and not needed:
    the running loop serves.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        self._loop = loop
        self._executor: ThreadPoolExecutor | None = None
        self._pid = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Find the addresses of *host* in the order that the system prefers (RFC 6724).

        With `socket.AF_UNSPEC`, of the kinds that this machine has addresses of itself;
        ``localhost`` has all of its own. Raises `OSError` when there are none, or when the
        resolver is closed before a thread was free. Who is cancelled disturbs no other
        lookup; one that is already in a thread goes on there, for nobody.
        """
        check_host(host)
        try:
            infos = await self._in_thread(host, port, family)
        except UnicodeError as exc:  # an empty label, or one that is too long
            raise socket.gaierror(socket.EAI_NONAME, f"Not a name of a host: {exc}") from exc
        return [
            resolve_result(host, found_family, proto, address)
            for found_family, _, proto, _, address in infos
        ]

    async def close(self) -> None:
        """Let the threads end, without waiting for lookups that are in them.

        Those are finished; lookups in line fail with `OSError`. Another lookup starts
        threads anew.
        """
        self.shut_down()

    def shut_down(self) -> None:
        """Do what `close` does, at the call."""
        executor, self._executor = self._executor, None
        if executor is not None and self._pid == os.getpid():
            executor.shutdown(wait=False, cancel_futures=True)

    async def _in_thread(self, host: str, port: int, family: socket.AddressFamily) -> _Infos:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[_Infos] = loop.create_future()
        lookup = self._threads().submit(
            socket.getaddrinfo,
            host,
            port,
            family=family,
            type=socket.SOCK_STREAM,
            flags=_flags(host, family),
        )
        lookup.add_done_callback(partial(_deliver, loop, answer))
        try:
            return await answer
        finally:
            lookup.cancel()  # gives up its place in line, if it has none in a thread
            del answer, lookup  # they hold the exception, whose traceback holds this frame

    def _threads(self) -> "ThreadPoolExecutor":
        # A forked child has the executor of its parent, but not its threads. What it would
        # take to shut that down may be locked for ever, so it is just left.
        if self._executor is None or self._pid != os.getpid():
            from concurrent.futures import ThreadPoolExecutor

            self._executor = ThreadPoolExecutor(_MAX_THREADS, thread_name_prefix="martlet-dns")
            self._pid = os.getpid()
        return self._executor


def check_host(host: str) -> None:
    """Raise `socket.gaierror` for a name with a NUL, which C would take for its end."""
    if "\0" in host:
        raise socket.gaierror(socket.EAI_NONAME, "Not a name of a host: it contains NUL")


def resolve_result(host: str, family: int, proto: int, address: tuple[Any, ...]) -> ResolveResult:
    """Make of *address*, as sockets have it, what was found for *host*."""
    numeric = str(address[0])
    if family == socket.AF_INET6 and len(address) == 4 and address[3]:
        numeric = f"{numeric.partition('%')[0]}%{address[3]}"  # link-local: keep the scope
    return ResolveResult(
        hostname=host,
        host=numeric,
        port=int(address[1]),
        family=family,
        proto=proto,
        flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
    )


def _flags(host: str, family: socket.AddressFamily) -> int:
    """Leave out the kinds of addresses that this machine has none of, where that helps.

    Its loopback addresses do not count. So where there are no others, the C library would
    find nothing of a kind that is asked for, and on a network of one kind only one of the
    two addresses of ``localhost`` (RFC 6761 section 6.3).
    """
    if family != socket.AF_UNSPEC:
        return 0
    name = host.rstrip(".").lower()
    return 0 if name == "localhost" or name.endswith(".localhost") else socket.AI_ADDRCONFIG


def _deliver(
    loop: asyncio.AbstractEventLoop, answer: "asyncio.Future[_Infos]", lookup: "Future[_Infos]"
) -> None:
    """Give the result of *lookup* to its loop; called in a thread, or by who cancels it."""
    try:
        loop.call_soon_threadsafe(_settle, answer, lookup)
    except RuntimeError:
        pass  # the loop has been closed: nobody waits any more


def _settle(answer: "asyncio.Future[_Infos]", lookup: "Future[_Infos]") -> None:
    if answer.done():
        return  # who waited was cancelled
    if lookup.cancelled():
        answer.set_exception(socket.gaierror(socket.EAI_AGAIN, "The resolver has been closed"))
    elif (exc := lookup.exception()) is not None:
        answer.set_exception(exc)
    else:
        answer.set_result(lookup.result())
