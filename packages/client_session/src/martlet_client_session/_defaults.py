"""What a session uses when it is given nothing: the one module that knows the pool and the jar."""

from typing import TYPE_CHECKING

from martlet_interfaces import Connector

if TYPE_CHECKING:
    from collections.abc import Iterable
    from http.cookies import SimpleCookie

    from martlet_cookiejar import AbstractCookieJar, LooseCookies

__all__ = [
    "AbstractCookieJar",
    "LooseCookies",
    "default_connector",
    "default_cookie_jar",
    "received_cookies",
]


def default_connector() -> Connector:
    """Make the connector of a session that was given none."""
    from martlet_connector_pool import TCPConnector

    return TCPConnector()


def received_cookies(fields: "Iterable[str]") -> "SimpleCookie":
    """Read the Set-Cookie fields of a response."""
    from martlet_cookiejar import received_cookies

    return received_cookies(fields)


def default_cookie_jar() -> "AbstractCookieJar":
    """Make the jar of a session that was given none, when it has its first cookie."""
    from martlet_cookiejar import CookieJar

    return CookieJar()
