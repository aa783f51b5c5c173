"""What a session uses when it is given nothing: the one module that knows the pool and the jar."""

from typing import TYPE_CHECKING

from martlet_interfaces import Connector, CookieStore

if TYPE_CHECKING:
    from collections.abc import Iterable
    from http.cookies import SimpleCookie

    from martlet_connector_pool import ProxyBypass
    from martlet_cookiejar import AbstractCookieJar, LooseCookies

__all__ = [
    "AbstractCookieJar",
    "LooseCookies",
    "ProxyBypass",
    "default_connector",
    "default_cookie_jar",
    "proxy_bypass",
    "received_cookies",
    "request_cookies",
    "single_use_connector",
]


def default_connector() -> Connector:
    """Make the connector of a session that was given none."""
    from martlet_connector_pool import TCPConnector

    return TCPConnector()


def single_use_connector() -> Connector:
    """Make the connector of a request without a session: it keeps no connection."""
    from martlet_connector_pool import TCPConnector

    return TCPConnector(force_close=True)


def received_cookies(fields: "Iterable[str]") -> "SimpleCookie":
    """Read the Set-Cookie fields of a response."""
    from martlet_cookiejar import received_cookies

    return received_cookies(fields)


def default_cookie_jar() -> "AbstractCookieJar":
    """Make the jar of a session that was given none, when it has its first cookie."""
    from martlet_cookiejar import CookieJar

    return CookieJar()


def request_cookies(cookies: "LooseCookies", *, quote: bool = True) -> CookieStore:
    """Keep the cookies of one request, which go wherever it goes; *quote* as `CookieJar` has it."""
    from martlet_cookiejar import CookieJar

    jar = CookieJar(unsafe=True, quote_cookie=quote)
    jar.update_cookies(cookies)
    return jar


def proxy_bypass(rules: str) -> "ProxyBypass":
    """Read the rules of a ``no_proxy``; `TypeError` for what is no string."""
    from martlet_connector_pool import ProxyBypass

    return ProxyBypass(rules)
