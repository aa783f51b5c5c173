"""The connector for everyday use: TCP, with or without TLS."""

import asyncio
import ssl as ssl_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from martlet_exceptions import ClientConnectorError
from martlet_interfaces import UNSET, ConnectionKey, Fingerprint, Unset, merged_ssl

from ._base_connector import BaseConnector
from ._dialer import Dialer, StreamDialer
from ._dns_cache import CachingResolver
from ._opener import Opener, attach
from ._resolver import AbstractResolver, ResolveResult
from ._tcp_opener import AddrInfoType, Racer, SocketFactoryType, TCPOpener, find
from ._threaded_resolver import ThreadedResolver

if TYPE_CHECKING:
    import socket

    from martlet_interfaces import Observer

    from ._wrapped_opener import DialLimits, DialRequest

__all__ = ["TCPConnector"]

_MAX_HOSTS: Final = 1000


class TCPConnector(BaseConnector):
    """Connects by TCP, trying IPv6 and IPv4 in turn (RFC 8305), with TLS for https.

    Takes the parameters of `BaseConnector`, and:

    * *ssl*: the default for requests that do not say. ``True`` (or ``None``): verify by
      the system's trust. ``False``: do not verify. An `ssl.SSLContext`, or a
      `Fingerprint`, to verify by. *verify_ssl*, *fingerprint* (the digest) and *ssl_context*
      are older spellings; more than one that says something is a `ValueError`.
    * *use_dns_cache*, *ttl_dns_cache*, *dns_cache_max_size*: remember addresses (default:
      yes), for how many seconds (default 10; ``None``: for ever), of how many hosts
      (default 1000).
    * *family*: `socket.AF_INET` or `socket.AF_INET6` for only one kind of address.
    * *resolver*: an `AbstractResolver` (default: a `ThreadedResolver`, closed with the
      connector; one that is given is its maker's to close).
    * *local_addr*: the (address, port) to connect from. *socket_factory*: makes each socket,
      from what `socket.getaddrinfo` gives for an address.
    * *happy_eyeballs_delay*: seconds before the next address is tried beside one that
      has not answered (default 0.25; ``None``: one after the other); *interleave*: how
      many addresses of the first family to try before the other.
    * *ssl_shutdown_timeout* is accepted for compatibility: closing waits for nobody.

    **To subclass**: `_resolve_host` decides where names lead, `_open_socket` how to get
    there: a SOCKS connector replaces that alone, and TLS, HTTP proxies and the pool work on
    top of it. Those that were written for aiohttp replace `_wrap_create_connection`.
    """

    allowed_protocol_schema_set: frozenset[str] = BaseConnector.schemes | {"", "tcp"}

    def __init__(
        self,
        *,
        verify_ssl: bool = True,
        fingerprint: bytes | None = None,
        use_dns_cache: bool = True,
        ttl_dns_cache: float | None = 10,
        dns_cache_max_size: int = _MAX_HOSTS,
        family: int = 0,
        ssl_context: "ssl_module.SSLContext | None" = None,
        ssl: "ssl_module.SSLContext | bool | Fingerprint | None" = True,
        local_addr: tuple[str, int] | None = None,
        resolver: AbstractResolver | None = None,
        keepalive_timeout: float | Unset | None = UNSET,
        force_close: bool = False,
        limit: int | None = 100,
        limit_per_host: int | None = 0,
        enable_cleanup_closed: bool = False,
        loop: asyncio.AbstractEventLoop | None = None,
        timeout_ceil_threshold: float = 5,
        happy_eyeballs_delay: float | None = 0.25,
        interleave: int | None = None,
        socket_factory: SocketFactoryType | None = None,
        ssl_shutdown_timeout: float | Unset | None = UNSET,
    ) -> None:
        super().__init__(
            keepalive_timeout=keepalive_timeout,
            force_close=force_close,
            limit=limit,
            limit_per_host=limit_per_host,
            enable_cleanup_closed=enable_cleanup_closed,
            loop=loop,
            timeout_ceil_threshold=timeout_ceil_threshold,
        )
        if dns_cache_max_size < 1:
            raise ValueError(f"dns_cache_max_size must be at least 1: {dns_cache_max_size}")
        self._ssl = merged_ssl(
            ssl, verify_ssl=verify_ssl, fingerprint=fingerprint, ssl_context=ssl_context
        )
        self._use_dns_cache = use_dns_cache
        self._ttl_dns_cache = ttl_dns_cache if use_dns_cache else 0
        self._dns_cache_max_size = dns_cache_max_size
        self._family = family
        self._resolver = resolver
        self._racer = Racer(
            local_addr=local_addr,
            happy_eyeballs_delay=happy_eyeballs_delay,
            interleave=interleave,
            socket_factory=socket_factory,
        )
        self._names: CachingResolver | None = None

    @property
    def family(self) -> int:
        """The one family of addresses that is used, or 0."""
        return self._family

    @property
    def use_dns_cache(self) -> bool:
        """Whether addresses are remembered."""
        return self._use_dns_cache

    @property
    def cached_hosts(self) -> MappingProxyType[tuple[str, int], list[ResolveResult]]:
        """The addresses that are remembered now."""
        table = {} if self._names is None else self._names.table
        return MappingProxyType({name: found for name, (found, _) in table.items()})

    def clear_dns_cache(self, host: str | None = None, port: int | None = None) -> None:
        """Forget the addresses of *host* and *port*, or all if neither is given.

        Raises `ValueError` if only one is.
        """
        if (host is None) != (port is None):
            raise ValueError("Give both host and port, or neither")
        if self._names is not None:
            self._names.clear(host, port)

    async def _resolve_host(
        self, host: str, port: int, traces: "Observer | None" = None
    ) -> list[ResolveResult]:
        """Find the addresses of *host*, which is a name; subclasses may replace it.

        *traces* is to be handed on to the original. Raises `OSError` if there are none; what
        a replacement finds is not remembered.
        """
        assert self._names is not None
        return await self._names.resolve(host, port, traces)

    async def _open_socket(
        self, host: str, port: int, traces: "Observer | None" = None
    ) -> "socket.socket":
        """Connect to *host*, an address or a name; subclasses may replace it.

        A replacement gives a connected, non-blocking stream socket whose other end is, as far
        as it can know, *host*. It raises `OSError` if there is none, and closes what it has
        opened if it is cancelled. The deadlines, TLS and HTTP proxies (*host* may be one)
        are the caller's.
        """
        return await self._racer.connect(await find(self._resolve_host, host, port, traces))

    async def _wrap_create_connection(
        self,
        *args: Any,
        addr_infos: list[AddrInfoType],
        req: "DialRequest",
        timeout: "DialLimits",
        client_error: type[ClientConnectorError] = ClientConnectorError,
        **kwargs: Any,
    ) -> tuple[asyncio.BaseTransport, asyncio.BaseProtocol]:
        """Connect to one of *addr_infos*, with a protocol that the first of *args* makes.

        What subclasses written for aiohttp replace; it is asked only if one has. *timeout* has no
        limits: the deadlines are the caller's, and so are TLS (*kwargs* have ``ssl=None``) and HTTP
        proxies. The protocol is kept, but the pool's own takes its place on the transport.
        Raises *client_error*.
        """
        loop = asyncio.get_running_loop()
        protocol = args[0]()
        try:
            sock = await self._racer.race(addr_infos)
            transport = await attach(
                protocol,
                lambda: loop.create_connection(lambda: protocol, sock=sock, **kwargs),
                sock.close,
            )
        except OSError as exc:
            raise client_error(req.connection_key, exc) from exc
        return transport, protocol

    def _default_key(self, key: ConnectionKey) -> ConnectionKey:
        return key._replace(ssl=self._ssl) if key.ssl is True and self._ssl is not True else key

    def _dialer(self, loop: asyncio.AbstractEventLoop) -> Dialer:
        import socket

        own = None if self._resolver is not None else ThreadedResolver()
        self._names = names = CachingResolver(
            own or self._resolver,  # type: ignore[arg-type]  # one of them is there
            ttl=self._ttl_dns_cache,
            time=loop.time,
            family=socket.AddressFamily(self._family),
            max_hosts=self._dns_cache_max_size,
        )

        def close() -> None:
            names.close()
            if own is not None:
                own.shut_down()

        replaced = type(self)._open_socket is not TCPConnector._open_socket  # noqa: SLF001  # its own
        opener: Opener
        opener = tcp = TCPOpener(
            self._resolve_host,
            self._racer,
            open_socket=self._open_socket if replaced else None,
            close=close,
        )
        wrap = self._wrap_create_connection
        if getattr(wrap, "__func__", wrap) is not TCPConnector._wrap_create_connection:
            from ._wrapped_opener import WrappedOpener

            opener = WrappedOpener(tcp, wrap)
        return StreamDialer(opener, loop, ssl=self._ssl)
