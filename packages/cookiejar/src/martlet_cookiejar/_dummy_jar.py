"""The jar that has no cookies."""

from collections.abc import Callable, Iterator, Sequence
from http.cookies import BaseCookie, Morsel, SimpleCookie

from yarl import URL

from ._abstract_jar import NO_URL, AbstractCookieJar, LooseCookies


class DummyCookieJar(AbstractCookieJar):
    """A jar that stores nothing and sends nothing, for crawlers and proxies."""

    def __iter__(self) -> Iterator[Morsel[str]]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def clear(self, predicate: Callable[[Morsel[str]], bool] | None = None) -> None:
        """Do nothing."""

    def clear_domain(self, domain: str) -> None:
        """Do nothing."""

    def update_cookies(self, cookies: LooseCookies, response_url: URL = NO_URL) -> None:
        """Do nothing."""

    def update_cookies_from_headers(self, headers: Sequence[str], response_url: URL) -> None:
        """Do nothing."""

    def filter_cookies(self, request_url: URL = NO_URL) -> BaseCookie[str]:
        """Give no cookies."""
        return SimpleCookie()

    def cookie_header(self, request_url: URL) -> str:
        """Give no Cookie field."""
        return ""
