"""What decides whether two requests may share a connection."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ssl import SSLContext

    from yarl import URL

    from ._fingerprint import Fingerprint

__all__ = ["ConnectionKey"]


class ConnectionKey(NamedTuple):
    """The pool's key: every input that shapes a connection, by value.

    Two requests with equal keys may use one connection, one after the other. Errors
    that a connector raises carry it, for their `host`, `port` and `ssl`.
    """

    host: str
    port: int | None
    is_ssl: bool
    ssl: "SSLContext | bool | Fingerprint" = True
    server_hostname: str | None = None
    proxy: "URL | None" = None
    proxy_headers: tuple[tuple[str, str], ...] = ()
    """Fields for the proxy, its credentials included."""
    tunnel: bool = False
    """Whether the proxy is asked to open a tunnel (CONNECT)."""

    def __repr__(self) -> str:
        # Without the proxy's credentials: keys get into logs.
        return f"<ConnectionKey {self}>"

    def __str__(self) -> str:
        scheme = "https" if self.is_ssl else "http"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}" if self.port is None else f"{scheme}://{host}:{self.port}"
