"""Name resolution without threads, by the optional library aiodns, and which is the default.

`ThreadedResolver` is right everywhere. c-ares, which is below aiodns, asks DNS servers and
reads the hosts file, but nothing else that nsswitch.conf may name: no mDNS, no LDAP, no
systemd-resolved. So a connector uses `ThreadedResolver` unless it is given another one.
`DefaultResolver` is but a name, for programs that were written for aiohttp's rule.
"""

import asyncio
import os
import re
import socket
from typing import TYPE_CHECKING, Any, Final

from ._dns_cache import is_ip_address
from ._resolver import AbstractResolver, ResolveResult
from ._threaded_resolver import ThreadedResolver, check_host, resolve_result

if TYPE_CHECKING:
    from collections.abc import Callable

    import aiodns

__all__ = ["AsyncResolver", "DefaultResolver"]

# The first that goes with the pycares that it allows, and can be closed.
_LOWEST_VERSION: Final = (3, 6, 1)

# c-ares' errors by name, and the system's for the same; whatever else is EAI_FAIL.
_ERRORS: Final = {
    "ARES_ENOTFOUND": "EAI_NONAME",
    "ARES_ENODATA": "EAI_NODATA",
    "ARES_EBADNAME": "EAI_NONAME",
    "ARES_EBADFAMILY": "EAI_FAMILY",
    "ARES_ENOMEM": "EAI_MEMORY",
    "ARES_ESERVFAIL": "EAI_AGAIN",
    "ARES_ETIMEOUT": "EAI_AGAIN",
    "ARES_ECONNREFUSED": "EAI_AGAIN",
    "ARES_ECANCELLED": "EAI_AGAIN",
    "ARES_EDESTRUCTION": "EAI_AGAIN",
}

# What an inherited channel holds is shared with the parent process; to let it go would be
# to take it from the parent.
_INHERITED: Final[list["aiodns.DNSResolver"]] = []


class AsyncResolver(AbstractResolver):
    """Asks DNS servers, without threads for it, by aiodns.

    Needs the extra ``aiodns``; raises `RuntimeError` without it. *args* and *kwargs* go to
    `aiodns.DNSResolver`: *nameservers* (default: the system's), *timeout* in seconds,
    *tries*, *udp_port* and the like. It belongs to the event loop of its first lookup until
    it, or that loop, is closed; on Windows that has to be a selector loop. *loop* is
    accepted for compatibility and not needed.

    Besides DNS it knows addresses, ``localhost`` and the hosts file, and no more.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop | None = None, *args: Any, **kwargs: Any
    ) -> None:
        try:
            import aiodns

            self._make: Callable[..., aiodns.DNSResolver] = aiodns.DNSResolver
            # aiodns lets it through, but does not export it.
            self._ares_error: type[Exception] = aiodns.pycares.AresError  # type: ignore[attr-defined]
        # An aiodns that is older than the pycares beside it misses something of that.
        except (ImportError, AttributeError) as exc:
            raise RuntimeError(
                "AsyncResolver needs aiodns: pip install martlet-connector-pool[aiodns]"
            ) from exc
        self._loop = loop
        self._args = args
        self._kwargs = kwargs
        self._channel: aiodns.DNSResolver | None = None
        self._pid = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Find the addresses of *host*, in the order of RFC 6724.

        Raises `OSError` (`socket.gaierror`, whose ``__cause__`` is the error of aiodns) when
        there are none, or when the resolver is closed meanwhile; `TypeError` or `ValueError`
        if the options for aiodns are none; `RuntimeError` in a second loop while the first
        is open.
        """
        check_host(host)
        if is_ip_address(host):
            return _numeric(host, port, family)
        found = await self._look_up(_ascii_name(host), port, family)
        return [
            resolve_result(
                host, node.family, socket.IPPROTO_TCP, (node.addr[0].decode(), *node.addr[1:])
            )
            for node in found.nodes
        ]

    async def close(self) -> None:
        """Stop the lookups that are under way: they fail with `OSError`.

        Another lookup starts anew.
        """
        channel = self._take_channel()
        if channel is not None and not channel.loop.is_closed():
            channel.cancel()
            await channel.close()

    async def _look_up(self, name: str, port: int, family: socket.AddressFamily) -> Any:
        from aiodns.error import DNSError

        channel = self._open()
        try:
            return await channel.getaddrinfo(
                name, family=family, port=port, type=socket.SOCK_STREAM
            )
        except DNSError as exc:
            raise _system_error(exc) from exc

    def _open(self) -> "aiodns.DNSResolver":
        loop = asyncio.get_running_loop()
        channel = self._channel
        if channel is None or self._pid != os.getpid() or channel.loop.is_closed():
            self._take_channel()
            channel = self._channel = self._make_channel(loop)
            self._pid = os.getpid()
        elif channel.loop is not loop:
            raise RuntimeError("This resolver belongs to another event loop")
        return channel

    def _make_channel(self, loop: asyncio.AbstractEventLoop) -> "aiodns.DNSResolver":
        try:
            return self._make(*self._args, loop=loop, **self._kwargs)
        except OverflowError as exc:
            raise ValueError(f"An option for aiodns is out of range: {exc}") from exc
        except self._ares_error as exc:
            from aiodns.error import ARES_EBADSTR

            if exc.args[0] == ARES_EBADSTR:
                raise ValueError("An option for aiodns, perhaps nameservers, is malformed") from exc
            raise _system_error(exc) from exc

    def _take_channel(self) -> "aiodns.DNSResolver | None":
        """Give the channel up, and hand it out if it is this process's."""
        channel, self._channel = self._channel, None
        if channel is not None and self._pid != os.getpid():
            _INHERITED.append(channel)
            return None
        return channel


def _numeric(host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
    # The system's, which does not wait for anything here: it knows scopes, and c-ares gives
    # an IPv4 address to who has asked for IPv6.
    infos = socket.getaddrinfo(
        host,
        port,
        family=family,
        type=socket.SOCK_STREAM,
        flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
    )
    return [
        resolve_result(host, found_family, proto, address)
        for found_family, _, proto, _, address in infos
    ]


def _ascii_name(host: str) -> str:
    """Encode *host* as the standard library does for ``getaddrinfo``."""
    if not host.rstrip("."):  # c-ares would ask for the root
        raise socket.gaierror(socket.EAI_NONAME, "Not a name of a host: it is empty")
    try:
        return host if host.isascii() else host.encode("idna").decode()
    except UnicodeError as exc:
        raise socket.gaierror(socket.EAI_NONAME, f"Not a name of a host: {exc}") from exc


def _system_error(exc: Exception) -> OSError:
    from aiodns import error

    code, text = exc.args
    for name, system_name in _ERRORS.items():
        if getattr(error, name) == code:
            # Not every system has every one.
            return socket.gaierror(getattr(socket, system_name, socket.EAI_NONAME), text)
    return socket.gaierror(socket.EAI_FAIL, text)


def _default_resolver() -> "type[AsyncResolver | ThreadedResolver]":
    """Choose as aiohttp does: `AsyncResolver` if there is an aiodns for it; do not import that."""
    from importlib.util import find_spec

    if find_spec("aiodns") is None:
        return ThreadedResolver
    from importlib.metadata import PackageNotFoundError, version

    try:
        numbers = re.findall(r"[0-9]++", version("aiodns"))[:3]
    except PackageNotFoundError:
        return ThreadedResolver
    suitable = tuple([int(number) for number in numbers]) >= _LOWEST_VERSION
    return AsyncResolver if suitable else ThreadedResolver


if TYPE_CHECKING:
    DefaultResolver: type[AsyncResolver | ThreadedResolver]


def __getattr__(name: str) -> Any:
    # To look for versions takes longer than to import this package, so it is done when
    # somebody wants to know.
    if name != "DefaultResolver":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    chosen = globals()[name] = _default_resolver()
    return chosen
