"""Dialling: from a connection key to a transport.

The pool's second seam: whatever can make an asyncio transport (a Unix socket, a proxy, a
SOCKS server) is another `Dialer` under the same pool and the same HTTP/1.
"""

import asyncio
import socket
import ssl
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from aiohappyeyeballs import AddrInfoType, start_connection

from martlet_exceptions import ClientConnectorDNSError, ClientConnectorError
from martlet_interfaces import ConnectionKey

from ._dns_cache import CachingResolver, is_ip_address
from ._http1 import Http1Connection
from ._resolver import ResolveResult
from ._tls import check_fingerprint, context_for, server_name, tls_error

if TYPE_CHECKING:
    from martlet_interfaces import Observer

__all__ = ["Dialer", "TCPDialer"]

ConnectionFactory = Callable[[ConnectionKey], Http1Connection]


class Dialer(Protocol):
    """Makes connections."""

    async def dial(
        self, key: ConnectionKey, factory: ConnectionFactory, observer: "Observer | None"
    ) -> Http1Connection:
        """Connect to what *key* names, TLS included, with a protocol from *factory*.

        Raises `ClientConnectionError` subclasses. Keeps no time: the caller cancels it.
        """

    def close(self) -> None:
        """Stop what is under way in the background."""


def _discard(connection: Http1Connection, sock: socket.socket) -> None:
    """End a connection that was not finished.

    Loops do not tell a protocol that it is lost before TLS is there, and uvloop not even
    without TLS, if that is cancelled in the tick in which it is connected.
    """
    if connection.connected:
        connection.close()
        connection.connection_lost(None)
    else:
        sock.close()


class TCPDialer:
    """Dials TCP: resolution, then all addresses in a race (RFC 8305), then TLS."""

    def __init__(
        self,
        resolver: CachingResolver,
        *,
        local_addr: tuple[str, int] | None = None,
        happy_eyeballs_delay: float | None = 0.25,
        interleave: int | None = None,
    ) -> None:
        self.resolver = resolver
        self.local_addr = local_addr
        self.happy_eyeballs_delay = happy_eyeballs_delay
        self.interleave = interleave

    async def dial(
        self, key: ConnectionKey, factory: ConnectionFactory, observer: "Observer | None"
    ) -> Http1Connection:
        """Connect to *key*'s host and port.

        Raises `ValueError`, before any I/O, for a proxy (there is no way through one yet)
        and for a name that TLS cannot ask for.
        """
        if key.proxy is not None:
            raise ValueError("This connector cannot go through a proxy")
        name = server_name(key) if key.is_ssl else None
        addresses = await self._resolve(key, observer)
        context = await context_for(key) if key.is_ssl else None
        sock = await self._connect(key, addresses)
        connection = factory(key)
        try:
            if context is None:
                await asyncio.get_running_loop().create_connection(connection.itself, sock=sock)
            else:
                await self._start_tls(connection, sock, context, name)
        except BaseException as exc:
            _discard(connection, sock)
            if isinstance(exc, ssl.SSLError):
                raise tls_error(key, exc) from exc
            if isinstance(exc, OSError):
                raise ClientConnectorError(key, exc) from exc
            raise
        return connection

    def close(self) -> None:
        """Stop lookups that are under way."""
        self.resolver.close()

    async def _resolve(self, key: ConnectionKey, observer: "Observer | None") -> list[AddrInfoType]:
        host = key.host.removesuffix(".") if not key.host.endswith("..") else key.host
        port = key.port if key.port is not None else 443 if key.is_ssl else 80
        try:
            if is_ip_address(host):
                family = socket.AF_INET6 if ":" in host else socket.AF_INET
                return [_address_info(family, socket.IPPROTO_TCP, host, port)]
            found = await self.resolver.resolve(host, port, observer)
            return [_resolved_info(result) for result in found]
        except OSError as exc:
            raise ClientConnectorDNSError(key, exc) from exc

    async def _connect(self, key: ConnectionKey, addresses: list[AddrInfoType]) -> socket.socket:
        try:
            return await start_connection(
                addresses,
                local_addr_infos=self._local_addresses(),
                happy_eyeballs_delay=self.happy_eyeballs_delay,
                interleave=self.interleave,
            )
        except OSError as exc:
            raise ClientConnectorError(key, exc) from exc

    def _local_addresses(self) -> list[AddrInfoType] | None:
        if self.local_addr is None:
            return None
        host, port = self.local_addr
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return [_address_info(family, socket.IPPROTO_TCP, host, port)]

    async def _start_tls(
        self,
        connection: Http1Connection,
        sock: socket.socket,
        context: ssl.SSLContext,
        name: str | None,
    ) -> None:
        # In two steps: what `create_connection` starts with TLS and cannot finish, because
        # it is cancelled in its first tick, asyncio leaves to itself.
        loop = asyncio.get_running_loop()
        raw, _ = await loop.create_connection(connection.itself, sock=sock)
        transport = await loop.start_tls(raw, connection, context, server_hostname=name)
        if transport is None or connection.closed:
            raise ConnectionAbortedError("The peer spoke before the handshake was over")
        connection.connection_made(transport)
        check_fingerprint(connection.key, transport)


def _address_info(family: int, proto: int, host: str, port: int) -> AddrInfoType:
    numeric, _, scope = host.partition("%")
    address: tuple[str, int] | tuple[str, int, int, int] = (numeric, port)
    if family == socket.AF_INET6:
        index = 0
        if scope:
            index = int(scope) if scope.isdecimal() else socket.if_nametoindex(scope)
        address = (numeric, port, 0, index)
    return family, socket.SOCK_STREAM, proto, "", address


def _resolved_info(result: ResolveResult) -> AddrInfoType:
    return _address_info(result["family"], result["proto"], result["host"], result["port"])
