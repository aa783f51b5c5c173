"""Policy: which requests may share a connection."""

from martlet_interfaces import DIRECT, ConnectionKey, RequestHead

__all__ = ["SECURE_SCHEMES", "HostKey", "connection_key", "host_key"]

SECURE_SCHEMES = frozenset({"https", "wss"})

HostKey = tuple[str, int | None, bool]
"""What the limit per host counts by: host, port, whether TLS is spoken."""


def connection_key(request: RequestHead) -> ConnectionKey:
    """Gather everything in *request* that shapes its connection."""
    url = request.url
    options = request.options
    host = url.raw_host or ""
    is_ssl = url.scheme in SECURE_SCHEMES
    if options is DIRECT:
        return ConnectionKey(host, url.port, is_ssl)
    return ConnectionKey(
        host,
        url.port,
        is_ssl,
        options.ssl,
        options.server_hostname,
        options.proxy,
        options.proxy_headers,
    )


def host_key(key: ConnectionKey) -> HostKey:
    """Reduce *key* to what the limit per host counts by."""
    return key.host, key.port, key.is_ssl
