"""The way to an origin by a proxy: what it is asked, and with which credentials."""

import base64
import ssl

from yarl import URL

from martlet_http_parser import serialize_fields, serialize_request_line
from martlet_interfaces import ConnectionKey, Fingerprint, HttpVersion11, TransportOptions

__all__ = ["absolute_target", "connect_request", "port_of", "proxied", "proxy_key"]

_DEFAULT_PORTS = {"http": 80, "https": 443}


def proxied(options: TransportOptions) -> tuple[URL, tuple[tuple[str, str], ...]]:
    """Take the proxy of *options* apart: its URL without userinfo, the fields for it.

    Userinfo becomes Proxy-Authorization (RFC 7617), unless that is given. Raises
    `ValueError` for what is no proxy's URL.
    """
    proxy = options.proxy
    assert proxy is not None
    if proxy.scheme not in _DEFAULT_PORTS or not proxy.raw_host:
        raise ValueError(f"A proxy needs a URL like http://host:port, not {_shown(proxy)!r:.100}")
    fields = options.proxy_headers
    if any(name.lower() == "host" for name, _ in fields):
        raise ValueError("Host is not a proxy's: it comes from the URL")
    if proxy.raw_user is None and proxy.raw_password is None:
        return proxy, fields
    if all(name.lower() != "proxy-authorization" for name, _ in fields):
        if ":" in (proxy.user or ""):
            raise ValueError("A user's name with a colon cannot be sent to a proxy (RFC 7617)")
        pair = f"{proxy.user or ''}:{proxy.password or ''}".encode()
        fields = (*fields, ("Proxy-Authorization", f"Basic {base64.b64encode(pair).decode()}"))
    return proxy.with_user(None), fields


def proxy_key(
    key: ConnectionKey, default: "ssl.SSLContext | bool | Fingerprint"
) -> ConnectionKey | None:
    """Describe the connection to *key*'s proxy, or say that there is none.

    The proxy is verified as the origin is; but a `Fingerprint` is the origin's alone, and
    the connector's *default* serves instead.
    """
    proxy = key.proxy
    if proxy is None:
        return None
    how = key.ssl if not isinstance(key.ssl, Fingerprint) else default
    if isinstance(how, Fingerprint):
        how = True
    return ConnectionKey(proxy.raw_host or "", proxy.port, proxy.scheme == "https", how)


def connect_request(key: ConnectionKey) -> bytes:
    """Write the request for a tunnel to *key*'s host (RFC 9110 section 9.3.6).

    Raises `ValueError` for fields that cannot be sent.
    """
    host = f"[{key.host}]" if ":" in key.host else key.host
    authority = f"{host}:{port_of(key)}"
    line = serialize_request_line("CONNECT", authority, HttpVersion11)
    return line + serialize_fields([("Host", authority), *key.proxy_headers]) + b"\r\n"


def port_of(key: ConnectionKey) -> int:
    """Name the port to connect to: that of the scheme, where none is given."""
    return key.port if key.port is not None else _DEFAULT_PORTS["https" if key.is_ssl else "http"]


def absolute_target(url: URL) -> str:
    """Write *url* as a proxy needs it (absolute-form, RFC 9112 section 3.2.2)."""
    scheme = {"ws": "http", "wss": "https"}.get(url.scheme, url.scheme)
    return f"{scheme}://{url.host_port_subcomponent}{url.raw_path_qs or '/'}"


def _shown(proxy: URL) -> str:
    # Where the scheme was forgotten, userinfo may stand anywhere.
    return str(proxy).rpartition("@")[2]
