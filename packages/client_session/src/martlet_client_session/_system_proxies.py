"""Proxies that the settings of the operating system name: on macOS and Windows."""

import urllib.request
from typing import Final

from yarl import URL

from ._scheme_proxies import FALLBACKS

__all__ = ["SystemProxies"]

_MAX_HOSTS: Final = 1000


class SystemProxies:
    """The settings, as urllib reads them, once."""

    __slots__ = ("_bypassed", "_proxies")

    def __init__(self) -> None:
        self._proxies = urllib.request.getproxies()
        self._bypassed: dict[str, bool] = {}

    def find(self, url: URL) -> str | None:
        """Give the proxy for *url*, as it stands in the settings; ``None``: directly."""
        for name in FALLBACKS[url.scheme]:
            proxy = self._proxies.get(name)
            if proxy:
                return None if self._bypasses(url.raw_host or "") else proxy
        return None

    def _bypasses(self, host: str) -> bool:
        bypassed = self._bypassed.get(host)
        if bypassed is None:
            if len(self._bypassed) >= _MAX_HOSTS:
                self._bypassed.clear()
            # It may ask the system for the host's address.
            bypassed = self._bypassed[host] = bool(urllib.request.proxy_bypass(host))
        return bypassed
