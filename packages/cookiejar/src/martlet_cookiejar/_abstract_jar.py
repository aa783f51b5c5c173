"""What a session needs of a jar, in aiohttp's shape, for who writes one."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from http.cookies import BaseCookie, Morsel, SimpleCookie
from types import MappingProxyType
from typing import TypeAlias

from yarl import URL

from ._host import domain_match
from ._morsel import received_morsel
from ._set_cookie import parse_set_cookie

CookieValue: TypeAlias = "str | BaseCookie[str] | Morsel[str]"
LooseCookies: TypeAlias = (
    "Mapping[str, CookieValue] | Iterable[tuple[str, CookieValue]] | BaseCookie[str]"
)
"""Cookies as users give them: names with values, or with Morsels that have attributes too."""

NO_URL = URL()


class AbstractCookieJar(Sized, Iterable[Morsel[str]], ABC):
    """The base of jars: five methods to write, the rest follows from them.

    `martlet` sessions use only `update_cookies_from_headers` and `cookie_header`, which here are
    made of `update_cookies` and `filter_cookies`.

    Args:
        loop: Not used; aiohttp's jars had it.
    """

    def __init__(self, *, loop: object = None) -> None:
        self._loop = loop

    @abstractmethod
    def __iter__(self) -> Iterator[Morsel[str]]: ...

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def clear(self, predicate: Callable[[Morsel[str]], bool] | None = None) -> None:
        """Remove all cookies, or those for which `predicate` is true."""

    @abstractmethod
    def update_cookies(self, cookies: LooseCookies, response_url: URL = NO_URL) -> None:
        """Store cookies that came from a URL, or that belong to no URL and go everywhere."""

    @abstractmethod
    def filter_cookies(self, request_url: URL = NO_URL) -> BaseCookie[str]:
        """Give the cookies that are to be sent to a URL."""

    def clear_domain(self, domain: str) -> None:
        """Remove the cookies of a domain and of all below it."""
        domain = domain.lower().removeprefix(".")
        self.clear(lambda morsel: domain_match(morsel["domain"], domain))

    def update_cookies_from_headers(self, headers: Sequence[str], response_url: URL) -> None:
        """Store what a response's Set-Cookie fields say; those that say nothing are ignored."""
        received = [given for given in map(parse_set_cookie, headers) if given is not None]
        if received:
            self.update_cookies(
                [(given.name, received_morsel(given)) for given in received], response_url
            )

    def cookie_header(self, request_url: URL) -> str:
        """Give the value of the Cookie field for a request; the empty string if there is none."""
        return "; ".join(
            f"{name}={morsel.coded_value}" if name else morsel.coded_value
            for name, morsel in self.filter_cookies(request_url).items()
        )

    @property
    def cookies(self) -> Mapping[tuple[str, str], SimpleCookie]:
        """The cookies by domain and path."""
        grouped: dict[tuple[str, str], SimpleCookie] = {}
        for morsel in self:
            place = morsel["domain"], morsel["path"]
            dict.__setitem__(grouped.setdefault(place, SimpleCookie()), morsel.key, morsel)
        return MappingProxyType(grouped)

    @property
    def host_only_cookies(self) -> frozenset[tuple[str, str, str]]:
        """Domain, path and name of the cookies that are sent to the host itself only."""
        return frozenset()

    @property
    def unsafe(self) -> bool:
        """Whether hosts that are IP addresses may have cookies."""
        return False

    @property
    def quote_cookie(self) -> bool:
        """Whether values that the user gives are quoted where they have to be."""
        return True

    @property
    def treat_as_secure_origin(self) -> frozenset[URL]:
        """The origins that may have Secure cookies though their scheme is http."""
        return frozenset()
