"""What may be asked of a request that has not been sent."""

from typing import TYPE_CHECKING, Final

from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_interfaces import ConnectionKey, RequestInfo, TransportOptions

if TYPE_CHECKING:
    from ssl import SSLContext

    from martlet_interfaces import Fingerprint

__all__ = ["RequestFacts"]

_SECURE: Final = frozenset({"https", "wss"})


class RequestFacts:
    """The part of `ClientRequest` that tells where it goes, and how."""

    method: str
    """The method, in upper case."""
    headers: "CIMultiDict[str]"
    """The whole header section."""
    _url: URL
    _options: TransportOptions

    @property
    def host(self) -> str:
        """The host that is asked."""
        return self._url.host or ""

    @property
    def port(self) -> int | None:
        """The port of it."""
        return self._url.port

    def is_ssl(self) -> bool:
        """Tell whether it goes over TLS."""
        return self._url.scheme in _SECURE

    @property
    def options(self) -> TransportOptions:
        """How the server is to be reached."""
        return self._options

    @property
    def ssl(self) -> "SSLContext | bool | Fingerprint":
        """How the server is verified."""
        return self._options.ssl

    @property
    def server_hostname(self) -> str | None:
        """The name to verify, if it is not the URL's host."""
        return self._options.server_hostname

    @property
    def proxy(self) -> URL | None:
        """The proxy that it goes by, without credentials."""
        return self._options.proxy

    @property
    def proxy_headers(self) -> CIMultiDictProxy[str]:
        """The fields for the proxy alone."""
        return CIMultiDictProxy(CIMultiDict(self._options.proxy_headers))

    @property
    def connection_key(self) -> ConnectionKey:
        """What decides which connections may serve it."""
        options = self._options
        return ConnectionKey(
            self._url.raw_host or "", self._url.port, self.is_ssl(), options.ssl,
            options.server_hostname, options.proxy, options.proxy_headers,
            options.proxy is not None and self._url.scheme != "http",
        )  # fmt: skip

    @property
    def request_info(self) -> RequestInfo:
        """What is asked, as responses and errors carry it."""
        headers = CIMultiDictProxy(self.headers)
        return RequestInfo(self._url.with_fragment(None), self.method, headers, self._url)
