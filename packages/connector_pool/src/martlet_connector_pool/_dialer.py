"""Dialling: from a connection key to a connection that can carry requests.

An `Opener` gives the bare stream; here it becomes what the key asks for: TLS to a proxy, a
tunnel through it, TLS to the origin, each a layer on the one before.
"""

import asyncio
import ssl
from collections.abc import Callable, Coroutine
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Protocol

from yarl import URL

from martlet_exceptions import ClientConnectorError, ClientProxyConnectionError
from martlet_interfaces import ConnectionKey, Fingerprint

from ._dial_clock import DialClock
from ._http1 import Http1Connection
from ._opener import Opener
from ._route import connect_request, proxy_key
from ._tls import check_fingerprint, context_for, server_name, tls_error
from ._tls_layer import TLSLayer, tls_layer_class
from ._tunnel import Tunnel

if TYPE_CHECKING:
    from martlet_interfaces import Observer

__all__ = ["Dialer", "StreamDialer"]

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


class StreamDialer:
    """Dials by an *opener*; *ssl* is how proxies are verified where a request has a pin."""

    __slots__ = ("_layer_class", "_loop", "_ssl", "opener")

    def __init__(
        self,
        opener: Opener,
        loop: asyncio.AbstractEventLoop,
        *,
        ssl: "ssl.SSLContext | bool | Fingerprint" = True,
    ) -> None:
        self.opener = opener
        self._loop = loop
        self._ssl = ssl
        self._layer_class = tls_layer_class(loop)

    async def dial(
        self, key: ConnectionKey, factory: ConnectionFactory, observer: "Observer | None"
    ) -> Http1Connection:
        """Connect to *key* (`Dialer.dial`).

        Raises `ValueError`, before any I/O, for a name that TLS cannot ask for and for
        fields that cannot be sent to a proxy.
        """
        clock = DialClock(perf_counter)
        connection = factory(key)
        layer = await self._tls(key, connection) if key.is_ssl else None
        upper: Http1Connection | TLSLayer = layer or connection
        proxy = proxy_key(key, self._ssl)
        try:
            if proxy is None:
                await self._open(key, upper, clock, observer)
            else:
                await self._by_proxy(key, proxy, upper, clock, observer)
            if layer is not None:
                await self._shake(key, layer, observer)
                clock.lap("tls")
        except BaseException:
            _discard(connection, layer)
            raise
        connection.phases = clock.phases
        return connection

    def close(self) -> None:
        """Stop what the opener does in the background."""
        self.opener.close()

    def _open(
        self,
        key: ConnectionKey,
        protocol: asyncio.Protocol,
        clock: DialClock,
        observer: "Observer | None",
    ) -> Coroutine[object, object, object]:
        if observer is None:
            return self.opener.open(key, protocol, clock, None)
        return self._open_observed(key, protocol, clock, observer)

    async def _open_observed(
        self,
        key: ConnectionKey,
        protocol: asyncio.Protocol,
        clock: DialClock,
        observer: "Observer",
    ) -> None:
        from martlet_interfaces import StreamOpened

        await self.opener.open(key, protocol, clock, observer)
        await observer.observe(StreamOpened())

    async def _tls(self, key: ConnectionKey, upper: asyncio.Protocol) -> TLSLayer:
        name = server_name(key)
        context = await context_for(key.ssl)
        check = partial(check_fingerprint, key)
        try:
            return self._layer_class(context, name, upper, check, self._loop.create_future())
        except ssl.SSLError as exc:
            raise tls_error(key, exc) from exc

    async def _shake(
        self, key: ConnectionKey, layer: TLSLayer, observer: "Observer | None"
    ) -> None:
        try:
            await layer.handshake()
        except ssl.SSLError as exc:
            raise tls_error(key, exc) from exc
        except OSError as exc:
            raise ClientConnectorError(key, exc) from exc
        if observer is not None:
            from martlet_interfaces import TlsHandshakeEnd

            await observer.observe(TlsHandshakeEnd(key.host))

    async def _by_proxy(
        self,
        key: ConnectionKey,
        proxy: ConnectionKey,
        upper: asyncio.Protocol,
        clock: DialClock,
        observer: "Observer | None",
    ) -> None:
        """Put *upper* on a stream to *proxy*, or on a tunnel to *key* through it."""
        tunnel: Tunnel | None = None
        lowest = upper
        if key.tunnel:
            target = URL.build(
                scheme="https" if key.is_ssl else "http", host=key.host, port=key.port
            )
            tunnel = Tunnel(connect_request(key), target, self._loop.create_future())
            lowest = tunnel
        layer = await self._tls(proxy, lowest) if proxy.is_ssl else None
        try:
            await self._open(proxy, layer or lowest, clock, observer)
            if layer is not None:
                await self._shake(proxy, layer, observer)
                clock.lap("proxy_tls")
            if tunnel is not None:
                await tunnel.opened()
                clock.lap("proxy")
                _hand_over(tunnel.transport, upper)
        except BaseException as exc:
            for lower in (tunnel, layer):
                if lower is not None:
                    lower.give_up()
            if isinstance(exc, ClientConnectorError):
                if isinstance(exc, ssl.SSLError):  # TLS says more of itself
                    raise
                raise ClientProxyConnectionError(proxy, exc.os_error) from exc.os_error
            if isinstance(exc, OSError):
                raise ClientProxyConnectionError(proxy, exc) from exc
            raise


def _hand_over(transport: asyncio.Transport, upper: asyncio.Protocol) -> None:
    if transport.is_closing():
        raise ConnectionResetError("The proxy closed the tunnel before it was used")
    transport.set_protocol(upper)
    upper.connection_made(transport)


def _discard(connection: Http1Connection, layer: TLSLayer | None) -> None:
    """End a connection that was not finished."""
    if layer is not None:
        layer.give_up()
    if connection.connected:
        connection.close()
        connection.connection_lost(None)
