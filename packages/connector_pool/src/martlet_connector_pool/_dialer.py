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


class _Maker:
    """Makes the protocol of one connection, and remembers it."""

    # Not a closure, which takes five times the memory: thousands may be under way at once.
    __slots__ = ("_connection", "_factory", "_key")

    def __init__(self, factory: ConnectionFactory, key: ConnectionKey) -> None:
        self._factory = factory
        self._key = key
        self._connection: Http1Connection | None = None

    def __call__(self) -> Http1Connection:
        self._connection = connection = self._factory(self._key)
        return connection

    def discard(self) -> None:
        """Tell the protocol that it is over.

        Cancelled in the tick in which the connection is made, uvloop closes the transport
        but never says so; who waits for the end of the connection would wait for ever.
        """
        connection = self._connection
        if connection is None or not hasattr(connection, "transport"):
            return
        if not connection.transport.is_closing():
            connection.connection_lost(None)


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
        maker = _Maker(factory, key)
        try:
            transport, connection = await asyncio.get_running_loop().create_connection(
                maker, sock=sock, ssl=context, server_hostname=name
            )
        except ssl.SSLError as exc:
            sock.close()
            raise tls_error(key, exc) from exc
        except OSError as exc:
            sock.close()
            raise ClientConnectorError(key, exc) from exc
        except BaseException:
            sock.close()
            maker.discard()
            raise
        try:
            check_fingerprint(key, transport)
        except BaseException:
            transport.abort()
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
