"""Proxies that the user of the machine has chosen: environment variables, system settings."""

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from yarl import URL

from ._netrc import netrc_auth
from ._proxy_route import GivenProxy, ProxyRoute, given_proxy, made_route
from ._scheme_proxies import FALLBACKS

if TYPE_CHECKING:
    from ._basic_auth import BasicAuth
    from ._defaults import ProxyBypass
    from ._system_proxies import SystemProxies

__all__ = ["EnvironmentProxies"]

_HAS_SETTINGS: Final = sys.platform in ("darwin", "win32")
# There, the name of a variable is the same in any case.
_IS_WINDOWS: Final = sys.platform == "win32"

_VARIABLES: Final = {
    scheme: tuple((f"{name}_proxy", f"{name.upper()}_PROXY") for name in names)
    for scheme, names in FALLBACKS.items()
}
_ALL_VARIABLES: Final = frozenset(pair for pairs in _VARIABLES.values() for pair in pairs)
_MAX_REMEMBERED: Final = 16


class EnvironmentProxies:
    """The proxies that *environ* (default: `os.environ`) names, as it is at each request.

    * For ``http``: ``http_proxy``; ``https``: ``https_proxy``; ``ws``: ``ws_proxy``, else
      ``http_proxy``; ``wss``: ``wss_proxy``, else ``https_proxy``; else ``all_proxy``. In lower
      case, or, where there is no such variable, in upper case; but ``HTTP_PROXY`` does not count
      in a CGI program (where there is ``REQUEST_METHOD``): it is what the client of that said in
      a field ``Proxy``. An empty one is none.
    * ``no_proxy``, or ``NO_PROXY``: what is reached directly; see `ProxyBypass`.
    * A proxy without a scheme is one of http. Its credentials are its userinfo, or stand in
      ``.netrc`` (`netrc_auth`).
    * On macOS and Windows, where the environment names none, the system's settings.

    What has not changed is not parsed again, and its route is the same object.
    """

    __slots__ = ("_bypass", "_environ", "_given", "_routes", "_rules", "_system")

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        self._environ: Mapping[str, str] = os.environ if environ is None else environ
        self._rules = ""
        self._bypass: ProxyBypass | None = None
        self._given: dict[str, GivenProxy] = {}
        self._routes: dict[tuple[URL, BasicAuth | None], ProxyRoute] = {}
        self._system: SystemProxies | None = None

    def route(self, url: URL) -> ProxyRoute | None:
        """Give the route to *url*; ``None``: directly.

        Raises `ValueError`, which names the variable, for a proxy that cannot be used.
        """
        variables = _VARIABLES.get(url.scheme)
        if variables is None:
            return None
        for lower, upper in variables:
            value = self._value(lower, upper)
            if value:
                break
        else:
            return self._system_route(url) if _HAS_SETTINGS else None
        if self._bypasses(url):
            return None
        given = self._given.get(value)
        if given is None:
            name = lower if lower in self._environ else upper
            given = self._parse(value, f"the proxy in the variable {name}")
        return self._authorized(*given)

    def _value(self, lower: str, upper: str) -> str:
        environ = self._environ
        is_suspect = lower == "http_proxy" and "REQUEST_METHOD" in environ
        value = None if is_suspect and _IS_WINDOWS else environ.get(lower)
        if value is None and not is_suspect:
            value = environ.get(upper)
        return value.strip() if value else ""

    def _bypasses(self, url: URL) -> bool:
        environ = self._environ
        rules = environ.get("no_proxy")
        if rules is None:
            rules = environ.get("NO_PROXY")
        if not rules:
            return False
        if self._bypass is None or rules != self._rules:
            from ._defaults import proxy_bypass

            self._bypass, self._rules = proxy_bypass(rules), rules
        return self._bypass.matches(url)

    def _parse(self, value: str, name: str) -> GivenProxy:
        given = given_proxy(value, name, bare=True)
        assert given is not None, "an empty one is none"
        if len(self._given) >= _MAX_REMEMBERED:
            self._given.clear()
        self._given[value] = given
        return given

    def _authorized(self, url: URL, auth: "BasicAuth | None") -> ProxyRoute:
        if auth is None:
            auth = netrc_auth(url.raw_host or "")
        route = self._routes.get((url, auth))
        if route is None:
            if len(self._routes) >= _MAX_REMEMBERED:
                self._routes.clear()
            route = self._routes[url, auth] = made_route(url, auth)
        return route

    def _system_route(self, url: URL) -> ProxyRoute | None:
        if any(self._value(*variable) for variable in _ALL_VARIABLES):
            # As with urllib: the environment says it all, or nothing.
            return None
        if self._system is None:
            from ._system_proxies import SystemProxies

            self._system = SystemProxies()
        value = self._system.find(url)
        if not value or self._bypasses(url):
            return None
        given = self._given.get(value) or self._parse(value, "the proxy in the system's settings")
        return self._authorized(*given)
