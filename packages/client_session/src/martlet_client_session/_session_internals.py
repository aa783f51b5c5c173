"""What is not public of a session, and yet read and set by libraries written for aiohttp."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from multidict import CIMultiDict

from ._typedefs import LooseHeaders, StrOrURL

if TYPE_CHECKING:
    from yarl import URL

    from martlet_interfaces import CookieStore

    from ._composer import RequestComposer
    from ._defaults import AbstractCookieJar
    from ._exchanges import Exchanges
    from ._policies import Policies
    from ._trace_config import TraceConfig
    from ._url import KnownURLs

__all__ = ["SessionInternals"]


class SessionInternals:
    """The part of `ClientSession` that answers by aiohttp's private names.

    What is set holds for all requests that begin after that.
    """

    _composer: "RequestComposer"
    _exchanges: "Exchanges"
    _policies: "Policies"
    _urls: "KnownURLs"

    def _build_url(self, str_or_url: StrOrURL) -> "URL":
        """Give the URL that a request to *str_or_url* goes to; raises `InvalidURL`."""
        return self._urls.get(str_or_url)

    def _prepare_headers(self, headers: LooseHeaders | None) -> CIMultiDict[str]:
        """Give the session's fields and those of a request, in a new mapping.

        A field of the request replaces the session's, all lines of it.
        """
        fields = CIMultiDict(self._composer.sections.own)
        if headers is not None:
            fields.update(headers)
        return fields

    @property
    def _base_url(self) -> "URL | None":
        """What URLs are relative to; to set it raises `InvalidURL` as the constructor does."""
        return self._policies.base_url

    @_base_url.setter
    def _base_url(self, base_url: StrOrURL | None) -> None:
        from ._policies import given_base_url

        base = None if base_url is None else given_base_url(base_url)
        self._policies.base_url = base
        self._urls = self._urls.relative_to(base)

    @property
    def _cookie_jar(self) -> "AbstractCookieJar":
        """What keeps the session's cookies; to set it raises `TypeError` for what cannot."""
        return self._exchanges.jar

    @_cookie_jar.setter
    def _cookie_jar(self, jar: "CookieStore") -> None:
        from ._cookies import check_store

        check_store(jar)
        self._exchanges.store = jar

    @property
    def _trace_configs(self) -> "list[TraceConfig]":
        """What is told of each request; the list may be changed, or another one set."""
        return self._policies.trace_configs

    @_trace_configs.setter
    def _trace_configs(self, configs: "Sequence[TraceConfig]") -> None:
        from ._trace_config import given_trace_configs

        self._policies.trace_configs = given_trace_configs(configs)
