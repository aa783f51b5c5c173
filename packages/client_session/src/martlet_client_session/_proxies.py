"""Which proxy a request goes by, and with which credentials."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ._basic_auth import AuthLike, given_auth
from ._environment_proxies import EnvironmentProxies
from ._proxy_route import (
    ProxyRoute,
    given_proxy,
    made_route,
    names_auth,
    proxy_fields,
)
from ._scheme_proxies import SchemeProxies

if TYPE_CHECKING:
    from yarl import URL

    from ._basic_auth import BasicAuth
    from ._typedefs import LooseHeaders, StrOrURL

__all__ = ["NO_PROXIES", "Proxies", "ProxyRoute"]


class Proxies:
    """Chooses the proxy of each request of one session.

    The first of these that says something decides: the request's own *proxy*, the session's
    *proxy*, its *proxies* (see `SchemeProxies`), and with *trust_env* the environment (see
    `EnvironmentProxies`). An empty *proxy* says: directly.

    Credentials for the proxy are a Proxy-Authorization among the request's *proxy_headers*, else
    its *proxy_auth*, wherever the proxy comes from; else those that belong to the proxy. Those of
    the session's *proxy* are *proxy_auth*, or its userinfo; those of one of *proxies* are its
    userinfo, or *proxy_auth*; those of the environment are its own. Of a request's *proxy* they
    are its userinfo, or the session's *proxy_auth*; but if the session has a *proxy*, that is for
    none but this one. Without a proxy there are none, and no *proxy_headers*.

    Raises:
        TypeError: Something is of a type that it cannot be.
        ValueError: A proxy (`InvalidUrlClientError` then) or credentials cannot be used.
    """

    __slots__ = ("_auth", "_environment", "_fixed", "_is_fixed", "_schemes")

    def __init__(
        self,
        *,
        proxy: "StrOrURL | None",
        proxy_auth: AuthLike | None,
        proxies: "Mapping[str, StrOrURL | None] | None",
        trust_env: bool,
    ) -> None:
        self._auth = given_auth(proxy_auth)
        if self._auth is not None:
            self._auth.encode()  # it is not to fail later
        self._is_fixed = proxy is not None
        self._fixed: ProxyRoute | None = None
        given = None if proxy is None else given_proxy(proxy, "proxy")
        if given is not None:
            url, own = given
            self._fixed = made_route(url, own if self._auth is None else self._auth)
        self._schemes = None if proxies is None else SchemeProxies(proxies, self._auth)
        self._environment = EnvironmentProxies() if trust_env else None

    def route(
        self,
        url: "URL",
        proxy: "StrOrURL | None",
        proxy_auth: AuthLike | None,
        proxy_headers: "LooseHeaders | None",
    ) -> ProxyRoute | None:
        """Give the route of a request to *url*; ``None``: directly.

        What a request does not say is ``None``. A request that says nothing gets the same object
        each time, as long as nothing changes.

        Raises `TypeError` and `ValueError` as the class does, also for fields that cannot be sent,
        and for *proxy_auth* together with a Proxy-Authorization.
        """
        if proxy is None and proxy_auth is None and not proxy_headers:
            return self._fixed if self._is_fixed else self._default(url)
        auth, fields = given_auth(proxy_auth), proxy_fields(proxy_headers)
        if auth is not None and names_auth(fields):
            raise ValueError("proxy_auth and a Proxy-Authorization cannot both be given")
        if proxy is not None:
            given = given_proxy(proxy, "proxy")
            if given is None:
                return None
            target, own = given
            return made_route(target, auth or own or self._auth_for(target), fields)
        default = self._fixed if self._is_fixed else self._default(url)
        if default is None:
            return None
        target, defaults = default
        if auth is None and not names_auth(fields):
            return target, (*fields, *defaults)
        return made_route(target, auth, fields)

    def _default(self, url: "URL") -> ProxyRoute | None:
        if self._schemes is not None:
            found = self._schemes.find(url)
            if found is not None:
                return found[0]
        return None if self._environment is None else self._environment.route(url)

    def _auth_for(self, target: "URL") -> "BasicAuth | None":
        if self._is_fixed and (self._fixed is None or self._fixed[0] != target):
            return None
        return self._auth

    def __repr__(self) -> str:
        parts = []
        if self._is_fixed:
            parts.append("directly" if self._fixed is None else f"by {self._fixed[0]}")
        if self._schemes is not None:
            parts.append(repr(self._schemes))
        if self._environment is not None:
            parts.append("environment")
        return f"<Proxies {', '.join(parts) or 'none'}>"


NO_PROXIES = Proxies(proxy=None, proxy_auth=None, proxies=None, trust_env=False)
"""Those of a session that has none: only what a request itself says counts."""
