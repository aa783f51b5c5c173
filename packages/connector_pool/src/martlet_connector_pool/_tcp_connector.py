"""The connector for everyday use: TCP, with or without TLS."""

import asyncio
import ssl as ssl_module
from types import MappingProxyType
from typing import Final

from martlet_interfaces import UNSET, ConnectionKey, Fingerprint, Unset

from ._base_connector import BaseConnector
from ._dialer import Dialer, TCPDialer
from ._dns_cache import CachingResolver
from ._resolver import AbstractResolver, ResolveResult, ThreadedResolver

__all__ = ["TCPConnector"]

_MAX_HOSTS: Final = 1000


class TCPConnector(BaseConnector):
    """Connects by TCP, trying IPv6 and IPv4 in turn (RFC 8305), with TLS for https.

    Takes the parameters of `BaseConnector`, and:

    * *ssl*: the default for requests that do not say. ``True`` (or ``None``): verify by
      the system's trust. ``False``: do not verify. An `ssl.SSLContext`, or a
      `Fingerprint`, to verify by.
    * *use_dns_cache*, *ttl_dns_cache*: remember addresses (default: yes), for how many
      seconds (default 10; ``None``: for ever).
    * *family*: `socket.AF_INET` or `socket.AF_INET6` for only one kind of address.
    * *resolver*: an `AbstractResolver` (default: `ThreadedResolver`).
    * *local_addr*: the (address, port) to connect from.
    * *happy_eyeballs_delay*: seconds before the next address is tried beside one that
      has not answered (default 0.25; ``None``: one after the other); *interleave*: how
      many addresses of the first family to try before the other.
    """

    def __init__(
        self,
        *,
        ssl: "ssl_module.SSLContext | bool | Fingerprint | None" = True,
        use_dns_cache: bool = True,
        ttl_dns_cache: float | None = 10,
        family: int = 0,
        resolver: AbstractResolver | None = None,
        local_addr: tuple[str, int] | None = None,
        happy_eyeballs_delay: float | None = 0.25,
        interleave: int | None = None,
        keepalive_timeout: float | Unset | None = UNSET,
        force_close: bool = False,
        limit: int | None = 100,
        limit_per_host: int | None = 0,
        enable_cleanup_closed: bool = False,
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(
            keepalive_timeout=keepalive_timeout,
            force_close=force_close,
            limit=limit,
            limit_per_host=limit_per_host,
            enable_cleanup_closed=enable_cleanup_closed,
            loop=loop,
        )
        self._ssl = check_ssl(ssl)
        self._use_dns_cache = use_dns_cache
        self._ttl_dns_cache = ttl_dns_cache if use_dns_cache else 0
        self._family = family
        self._resolver = resolver
        self._local_addr = local_addr
        self._happy_eyeballs_delay = happy_eyeballs_delay
        self._interleave = interleave
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

    def _default_key(self, key: ConnectionKey) -> ConnectionKey:
        return key._replace(ssl=self._ssl) if key.ssl is True and self._ssl is not True else key

    def _dialer(self, loop: asyncio.AbstractEventLoop) -> Dialer:
        import socket

        self._names = CachingResolver(
            self._resolver or ThreadedResolver(),
            ttl=self._ttl_dns_cache,
            time=loop.time,
            family=socket.AddressFamily(self._family),
            max_hosts=_MAX_HOSTS,
        )
        return TCPDialer(
            self._names,
            local_addr=self._local_addr,
            happy_eyeballs_delay=self._happy_eyeballs_delay,
            interleave=self._interleave,
        )


def check_ssl(
    value: "ssl_module.SSLContext | bool | Fingerprint | None",
) -> "ssl_module.SSLContext | bool | Fingerprint":
    """Give *value* in its modern form; raises `TypeError` if it is none of those."""
    if value is None:
        return True
    if isinstance(value, bool | Fingerprint | ssl_module.SSLContext):
        return value
    raise TypeError(
        f"ssl must be a bool, an SSLContext or a Fingerprint, not {type(value).__name__}"
    )
