"""Policy: which requests may share a connection."""

from martlet_interfaces import DIRECT, ConnectionKey, RequestHead

from ._route import proxied

__all__ = ["SECURE_SCHEMES", "HostKey", "connection_key", "host_key"]

SECURE_SCHEMES = frozenset({"https", "wss"})

HostKey = tuple[str, int | None, bool]
"""What the limit per host counts by: host, port, whether TLS is spoken."""


def connection_key(request: RequestHead) -> ConnectionKey:
    """Gather everything in *request* that shapes its connection.

    Raises `ValueError` for a proxy that cannot be one.
    """
    url = request.url
    options = request.options
    host = url.raw_host or ""
    is_ssl = url.scheme in SECURE_SCHEMES
    if options is DIRECT:
        return ConnectionKey(host, url.port, is_ssl)
    proxy, fields, tunnel = None, options.proxy_headers, False
    if options.proxy is not None:
        proxy, fields = proxied(options)
        # RFC 6455 section 4.1 asks for one; a plain http request needs none.
        tunnel = url.scheme != "http"
    return ConnectionKey(
        host, url.port, is_ssl, options.ssl, options.server_hostname, proxy, fields, tunnel
    )


def host_key(key: ConnectionKey) -> HostKey:
    """Reduce *key* to what the limit per host counts by."""
    return key[:3]
