"""Proxies by the scheme of what is asked for: the mapping ``proxies``."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from yarl import URL

from ._proxy_route import ProxyRoute, given_proxy, made_route
from ._url import check_host

if TYPE_CHECKING:
    from ._basic_auth import BasicAuth
    from ._defaults import ProxyBypass
    from ._typedefs import StrOrURL

__all__ = ["FALLBACKS", "SchemeProxies"]

FALLBACKS: Final[Mapping[str, tuple[str, ...]]] = {
    "http": ("http", "all"),
    "https": ("https", "all"),
    "ws": ("ws", "http", "all"),
    "wss": ("wss", "https", "all"),
}
"""Whose proxy a URL goes by: its own scheme's, or the first of the others that has one."""

_KEYS: Final = frozenset(name for names in FALLBACKS.values() for name in names)


class SchemeProxies:
    """A mapping of schemes to proxies, copied and checked.

    * A key is ``"http"``, ``"https"``, ``"ws"``, ``"wss"`` or ``"all"``, in any case, or, as
      requests has it, one of these with ``://`` or ``://host`` after it; the host's is the
      better one. Without one for ``ws`` that of ``http`` counts, for ``wss`` that of ``https``.
    * A value is a proxy's URL, without a scheme if that is http, or ``None``, or empty: directly.
    * Other schemes are not looked at, so `urllib.request.getproxies` may have made the mapping.
      What that calls ``"no"`` are the rules for what is reached without a proxy.

    *auth* is for the proxies that have no userinfo. Raises `TypeError` and `ValueError` for what
    cannot be used.
    """

    __slots__ = ("_bypass", "_has_hosts", "_routes")

    def __init__(
        self, proxies: "Mapping[str, StrOrURL | None]", auth: "BasicAuth | None" = None
    ) -> None:
        if not isinstance(proxies, Mapping):
            raise TypeError(
                "proxies has to be a mapping of schemes to URLs, such as"
                f' {{"https": "http://host:port"}}, not {type(proxies).__name__}'
            )
        self._bypass: ProxyBypass | None = None
        self._has_hosts = False
        self._routes: dict[tuple[str, str], ProxyRoute | None] = {}
        for given, value in proxies.items():
            if not isinstance(given, str):
                raise TypeError(f"A key of proxies has to be a str, not {type(given).__name__}")
            scheme, separator, rest = given.lower().partition("://")
            if scheme == "no" and not separator:
                self._take_rules(value)
            elif scheme in _KEYS:
                host = _host(rest)
                self._has_hosts = self._has_hosts or bool(host)
                name = f"proxies[{scheme + separator + host!r}]"
                self._routes[scheme, host] = _route(value, name, auth)

    def _take_rules(self, rules: "StrOrURL | None") -> None:
        if rules:
            from ._defaults import proxy_bypass

            self._bypass = proxy_bypass(rules)  # type: ignore[arg-type]  # it checks

    def find(self, url: URL) -> tuple[ProxyRoute | None] | None:
        """Look *url* up: in a tuple, its route or ``None`` for directly; else it is not named."""
        names = FALLBACKS.get(url.scheme)
        if names is None:
            return None
        routes = self._routes
        host = (url.raw_host or "").removesuffix(".") if self._has_hosts else ""
        for name in names:
            for key in ((name, host), (name, "")) if host else ((name, ""),):
                if key in routes:
                    if self._bypass is not None and self._bypass.matches(url):
                        return (None,)
                    return (routes[key],)
        return None

    def __repr__(self) -> str:
        shown = {
            f"{scheme}://{host}" if host else scheme: route and str(route[0])
            for (scheme, host), route in self._routes.items()
        }
        return f"SchemeProxies({shown!r})"


def _route(value: "StrOrURL | None", name: str, auth: "BasicAuth | None") -> ProxyRoute | None:
    if value is None:
        return None
    proxy = given_proxy(value, name, bare=True)
    if proxy is None:
        return None
    url, own = proxy
    return made_route(url, auth if own is None else own)


def _host(text: str) -> str:
    """Read what a key has after ``://``."""
    if not text:
        return ""
    try:
        url = URL(f"http://{text}")
        check_host(url)
        if "*" not in text and url == URL.build(scheme="http", host=url.host or ""):
            return (url.raw_host or "").removesuffix(".")
    except ValueError:
        pass
    # What it is may have been meant as a proxy, with its password.
    raise ValueError(
        'A key of proxies is a scheme, or "all", with "://" or "://host" after it or nothing; no'
        " port, no path, no asterisk"
    )
