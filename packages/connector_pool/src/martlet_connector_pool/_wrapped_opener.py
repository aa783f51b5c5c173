"""Streams by a subclass's `_wrap_create_connection`, which SOCKS connectors for aiohttp replace."""

import asyncio
import errno
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

from yarl import URL

from martlet_exceptions import ClientConnectorError
from martlet_interfaces import ConnectionKey

from ._dial_clock import DialClock
from ._route import port_of
from ._tcp_opener import AddrInfoType, TCPOpener, address_infos, destination

if TYPE_CHECKING:
    from ssl import SSLContext

    from martlet_interfaces import Fingerprint, Observer

__all__ = ["DialLimits", "DialRequest", "Placeholder", "WrapCreateConnection", "WrappedOpener"]


class WrapCreateConnection(Protocol):
    """`TCPConnector._wrap_create_connection`, with what the pool gives it."""

    def __call__(
        self,
        *args: Any,
        addr_infos: list[AddrInfoType],
        req: "DialRequest",
        timeout: "DialLimits",
        client_error: type[ClientConnectorError],
        **kwargs: Any,
    ) -> Awaitable[tuple[asyncio.BaseTransport, asyncio.BaseProtocol]]: ...


class DialRequest:
    """What is known of the request for which a stream is opened: where it leads."""

    def __init__(self, key: ConnectionKey) -> None:
        self.connection_key = key
        self.host = key.host
        self.port = port_of(key)
        self.ssl: SSLContext | bool | Fingerprint = key.ssl
        scheme = "https" if key.is_ssl else "http"
        self.url = URL.build(scheme=scheme, host=key.host, port=key.port)

    def is_ssl(self) -> bool:
        """Tell whether TLS will be put on the stream."""
        return self.connection_key.is_ssl


class DialLimits(NamedTuple):
    """No limits: the pool keeps the time, and cancels what takes too long."""

    total: float | None = None
    connect: float | None = None
    sock_read: float | None = None
    sock_connect: float | None = None
    ceil_threshold: float = 5


class Placeholder(asyncio.Protocol):
    """Stands on a stream until the pool's own protocol does."""

    transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport."""
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Give the stream up: neither HTTP nor TLS has servers that speak first."""
        self.transport.abort()


class _KeptTransport:
    """A transport that keeps alive what came with it.

    Some connectors have a `asyncio.StreamWriter` there, and those close the transport when
    they are forgotten.
    """

    __slots__ = ("_companion", "_transport")

    def __init__(self, transport: asyncio.BaseTransport, companion: object) -> None:
        self._transport = transport
        self._companion = companion

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class WrappedOpener:
    """Opens streams by *wrap*, to addresses that *tcp* finds."""

    __slots__ = ("_tcp", "_wrap")

    def __init__(self, tcp: TCPOpener, wrap: WrapCreateConnection) -> None:
        self._tcp = tcp
        self._wrap = wrap

    async def open(
        self,
        key: ConnectionKey,
        protocol: asyncio.Protocol,
        clock: DialClock,
        observer: "Observer | None",
    ) -> asyncio.Transport:
        """Connect to *key*'s host and port (`Opener.open`).

        What *wrap* raises comes out as it is, unless it is an `OSError`.
        """
        host, port = destination(key)
        found = await self._tcp.addresses(key, host, port, observer)
        clock.lap("dns")
        try:
            # TLS is put on top of it, as on every other stream.
            transport, lower = await self._wrap(
                Placeholder,
                addr_infos=address_infos(found),
                req=DialRequest(key),
                timeout=DialLimits(),
                client_error=ClientConnectorError,
                ssl=None,
                server_hostname=None,
            )
            if transport.is_closing():
                raise ConnectionResetError(
                    errno.ECONNRESET, "The connection was closed before it was used"
                )
        except ClientConnectorError:
            raise
        except OSError as exc:
            raise ClientConnectorError(key, exc) from exc
        clock.lap("connect")
        kept = cast("asyncio.Transport", _KeptTransport(transport, lower))
        kept.set_protocol(protocol)
        protocol.connection_made(kept)
        return kept

    def close(self) -> None:
        """Stop lookups that are under way."""
        self._tcp.close()
