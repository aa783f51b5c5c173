"""How a request is to reach its server, from what the caller gives."""

from typing import TYPE_CHECKING

from martlet_interfaces import DIRECT, TransportOptions, merged_ssl

if TYPE_CHECKING:
    from ssl import SSLContext

    from martlet_interfaces import Fingerprint

    from ._proxy_route import ProxyRoute

__all__ = ["routed", "transport_options"]


def transport_options(
    ssl: "SSLContext | bool | Fingerprint | None",
    server_hostname: str | None,
    verify_ssl: bool | None = None,
    fingerprint: bytes | None = None,
    ssl_context: "SSLContext | None" = None,
) -> TransportOptions:
    """Give the options of a request.

    Raises `TypeError` for what is of another type, `ValueError` for what contradicts itself.
    """
    how = merged_ssl(ssl, verify_ssl=verify_ssl, fingerprint=fingerprint, ssl_context=ssl_context)
    if how is True and server_hostname is None:
        return DIRECT
    return TransportOptions(ssl=how, server_hostname=server_hostname)


def routed(options: TransportOptions, route: "ProxyRoute | None") -> TransportOptions:
    """Give *options* with the way by a proxy, or the direct one, in place of theirs."""
    if route is not None:
        return TransportOptions(options.ssl, options.server_hostname, *route)
    if options.proxy is None:
        return options
    direct = TransportOptions(options.ssl, options.server_hostname)
    return DIRECT if direct == DIRECT else direct
