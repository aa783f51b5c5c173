"""Streams over TCP: resolution, then all addresses in a race (RFC 8305)."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from types import MethodType
from typing import TYPE_CHECKING, Any, TypeAlias

from aiohappyeyeballs import start_connection

from martlet_exceptions import ClientConnectorDNSError, ClientConnectorError
from martlet_interfaces import ConnectionKey

from ._dial_clock import DialClock
from ._dns_cache import is_ip_address
from ._opener import abandon
from ._resolver import ResolveResult
from ._route import port_of
from ._threaded_resolver import resolve_result

if TYPE_CHECKING:
    from martlet_interfaces import Observer

__all__ = [
    "AddrInfoType",
    "Racer",
    "SocketFactoryType",
    "TCPOpener",
    "address_infos",
    "destination",
    "find",
]

AddrInfoType: TypeAlias = tuple[
    int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[Any, ...]
]
"""An address as `socket.getaddrinfo` gives it; what the last tuple holds depends on the family."""

SocketFactoryType: TypeAlias = Callable[[AddrInfoType], socket.socket]
"""Makes the socket, not yet connected, for an address as `socket.getaddrinfo` gives it."""

Resolve: TypeAlias = "Callable[[str, int, Observer | None], Awaitable[list[ResolveResult]]]"
OpenSocket: TypeAlias = "Callable[[str, int, Observer | None], Awaitable[socket.socket]]"


class Racer:
    """Connects a socket to the first of some addresses that answers."""

    __slots__ = ("happy_eyeballs_delay", "interleave", "local_addr", "socket_factory")

    def __init__(
        self,
        *,
        local_addr: tuple[str, int] | None = None,
        happy_eyeballs_delay: float | None = 0.25,
        interleave: int | None = None,
        socket_factory: SocketFactoryType | None = None,
    ) -> None:
        self.local_addr = local_addr
        self.happy_eyeballs_delay = happy_eyeballs_delay
        self.interleave = interleave
        self.socket_factory = socket_factory

    def connect(self, found: list[ResolveResult]) -> Awaitable[socket.socket]:
        """Give the socket; raises `OSError` that names every address that failed."""
        return self.race(address_infos(found))

    def race(self, addresses: list[AddrInfoType]) -> Awaitable[socket.socket]:
        """Do the same with addresses as `socket.getaddrinfo` gives them."""
        local = None
        if self.local_addr is not None:
            host, port = self.local_addr
            local = [_address_info(_family_of(host), socket.IPPROTO_TCP, host, port)]
        if len(addresses) == 1 and local is None and self.socket_factory is None:
            return _connect_alone(addresses[0])
        return start_connection(
            addresses,
            local_addr_infos=local,
            happy_eyeballs_delay=self.happy_eyeballs_delay,
            interleave=self.interleave,
            socket_factory=self.socket_factory,
        )


class TCPOpener:
    """Opens streams over TCP.

    *resolve* finds addresses; *open_socket*, if there is one, does without that and gives a
    socket that is connected, by whatever way.
    """

    __slots__ = ("_close", "_open_socket", "_racer", "_resolve")

    def __init__(
        self,
        resolve: Resolve,
        racer: Racer,
        *,
        open_socket: "OpenSocket | None" = None,
        close: Callable[[], None],
    ) -> None:
        self._resolve = resolve
        self._racer = racer
        self._open_socket = open_socket
        self._close = close

    async def open(
        self,
        key: ConnectionKey,
        protocol: asyncio.Protocol,
        clock: DialClock,
        observer: "Observer | None",
    ) -> asyncio.Transport:
        """Connect to *key*'s host and port (`Opener.open`)."""
        # No coroutine of its own for each step, and nothing kept that is not needed any more:
        # thousands may be under way at once.
        host, port = destination(key)
        loop = asyncio.get_running_loop()
        try:
            if self._open_socket is not None:
                sock = await self._open_socket(host, port, observer)
            else:
                found = await self.addresses(key, host, port, observer)
                clock.lap("dns")
                connecting = self._racer.connect(found)
                del found
                sock = await connecting
                del connecting
            clock.lap("connect")
            try:
                # (Half the size of a lambda.)
                factory = MethodType(_itself, protocol)
                transport, _ = await loop.create_connection(factory, sock=sock)
            except BaseException:
                abandon(protocol, sock.close)
                raise
            return transport
        except ClientConnectorError:
            raise
        except OSError as exc:
            raise ClientConnectorError(key, exc) from exc

    def close(self) -> None:
        """Stop lookups that are under way."""
        self._close()

    async def addresses(
        self, key: ConnectionKey, host: str, port: int, observer: "Observer | None"
    ) -> list[ResolveResult]:
        """Find the addresses of *host*; raises `ClientConnectorDNSError`."""
        try:
            return await find(self._resolve, host, port, observer)
        except OSError as exc:
            raise ClientConnectorDNSError(key, exc) from exc


def destination(key: ConnectionKey) -> tuple[str, int]:
    """Name the host, without the dot at its end, and the port to connect to."""
    host = key.host.removesuffix(".") if not key.host.endswith("..") else key.host
    return host, port_of(key)


def address_infos(found: list[ResolveResult]) -> list[AddrInfoType]:
    """Give addresses as `socket.getaddrinfo` does."""
    return [_address_info(r["family"], r["proto"], r["host"], r["port"]) for r in found]


async def find(
    resolve: Resolve, host: str, port: int, observer: "Observer | None"
) -> list[ResolveResult]:
    """Find the addresses of *host* by *resolve*, unless it is one already.

    Raises `OSError` if there are none, or for the scope of an interface that is not there.
    """
    if not is_ip_address(host):
        return await resolve(host, port, observer)
    numeric, _, scope = host.partition("%")
    if scope and not scope.isdecimal():
        host = f"{numeric}%{socket.if_nametoindex(scope)}"
    return [resolve_result(host, _family_of(host), socket.IPPROTO_TCP, (host, port))]


def _itself(protocol: asyncio.Protocol) -> asyncio.Protocol:
    return protocol


async def _connect_alone(info: AddrInfoType) -> socket.socket:
    family, kind, proto, _, address = info
    sock = socket.socket(family, kind, proto)
    try:
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, address)
    except BaseException:
        sock.close()
        raise
    return sock


def _family_of(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _address_info(family: int, proto: int, host: str, port: int) -> AddrInfoType:
    numeric, _, scope = host.partition("%")
    address: tuple[str, int] | tuple[str, int, int, int] = (numeric, port)
    if family == socket.AF_INET6:
        index = 0
        if scope:
            index = int(scope) if scope.isdecimal() else socket.if_nametoindex(scope)
        address = (numeric, port, 0, index)
    return family, socket.SOCK_STREAM, proto, "", address
