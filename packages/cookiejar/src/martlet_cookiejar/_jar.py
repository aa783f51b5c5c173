"""The jar."""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from http.cookies import Morsel, SimpleCookie

from yarl import URL

from ._absolute_url import absolute
from ._abstract_jar import NO_URL, AbstractCookieJar, LooseCookies
from ._acceptance import accept, expiry
from ._check_cookie import check_cookie
from ._cookie import Cookie
from ._domains import domains_of
from ._given_cookies import given_cookies
from ._host import canonical_host, domain_match, is_ip_address
from ._limits import DEFAULT_LIMITS, CookieLimits
from ._morsel import make_morsel, to_morsel
from ._public_suffixes import PublicSuffixes, default_public_suffixes
from ._set_cookie import SetCookie, parse_set_cookie
from ._storage import CookieStorage, Entry


class CookieJar(AbstractCookieJar):
    """Cookies by RFC 6265bis, with the methods of aiohttp's jar.

    It needs no event loop, starts no timer and does no I/O but in `save` and `load`. It is not
    safe to use from several threads at once. It belongs to what it was given to: a child process
    made by a fork has a copy.

    Iteration gives a `http.cookies.Morsel` for each cookie; `list_cookies` gives them as `Cookie`.
    URLs may be `yarl.URL` or `str`.

    Args:
        unsafe: Whether hosts that are IP addresses may have cookies. Off by default, as in aiohttp.
        quote_cookie: Whether a value that the user gives is quoted if RFC 6265 does not allow it as
            it is. A value that a server gave goes back as it came, always.
        treat_as_secure_origin: URLs whose origins may have Secure cookies though they are http.
        loop: Not used; aiohttp's jar had it.
        limits: How much is kept and sent.
        public_suffixes: Tells whether a domain is a public suffix, such as "com" or "co.uk", for
            which nobody may set cookies. By default the list of the package `publicsuffixlist` if
            that is installed (extra ``publicsuffix``); without it, a domain of one label.
        now: Gives the time, in seconds since 1970 UTC.

    Raises:
        TypeError, ValueError: `treat_as_secure_origin` holds what is no absolute URL.
    """

    def __init__(
        self,
        *,
        unsafe: bool = False,
        quote_cookie: bool = True,
        treat_as_secure_origin: str | URL | Iterable[str | URL] | None = None,
        loop: object = None,
        limits: CookieLimits = DEFAULT_LIMITS,
        public_suffixes: PublicSuffixes | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(loop=loop)
        self._unsafe = unsafe
        self._quote_cookie = quote_cookie
        self._secure_origins = _origins(treat_as_secure_origin)
        self._trusted = {(url.scheme, url.raw_host, url.port) for url in self._secure_origins}
        self._limits = limits
        self._public_suffixes = public_suffixes or default_public_suffixes()
        self._now = now
        self._storage = CookieStorage(limits)

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        # aiohttp's sessions call these; who overrides one of them expects to be asked.
        if _is_nearer(cls, "filter_cookies", "cookie_header"):
            cls.cookie_header = AbstractCookieJar.cookie_header  # type: ignore[method-assign, assignment]  # see above
        if _is_nearer(cls, "update_cookies", "update_cookies_from_headers"):
            base = AbstractCookieJar.update_cookies_from_headers
            cls.update_cookies_from_headers = base  # type: ignore[method-assign, assignment]  # as above

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self._storage)} cookies>"

    def __len__(self) -> int:
        self._storage.expire(self._now())
        return len(self._storage)

    def __iter__(self) -> Iterator[Morsel[str]]:
        return map(to_morsel, self.list_cookies())

    def list_cookies(self) -> list[Cookie]:
        """Give all cookies, the least recently used first."""
        self._storage.expire(self._now())
        return list(self._storage)

    def cookie_header(self, request_url: URL | str) -> str:
        """Give the value of the Cookie field for a request; the empty string if there is none.

        Cookies with longer paths come first, among them those that were made earlier (RFC 6265bis
        section 5.8.3). Those that do not fit in the limit are left out.

        Raises:
            ValueError: The URL is a `str` that is not absolute; so in the other methods.
        """
        if not self._storage and isinstance(request_url, URL):
            return ""
        header = "; ".join([entry.pair for entry in self._matching(request_url)])
        # A character has four octets at most.
        most = self._limits.header
        return header if len(header) * 4 <= most else _shortened(header, most)

    def filter_cookies(self, request_url: URL | str = NO_URL) -> SimpleCookie:
        """Give the cookies that are to be sent to a URL, without attributes.

        Of cookies with the same name it holds the one that `cookie_header` has first.
        """
        found = SimpleCookie()
        for entry in self._matching(request_url):
            name = entry.cookie.name
            if name not in found:
                dict.__setitem__(found, name, make_morsel(name, entry.cookie.value))
        return found

    def update_cookies_from_headers(self, headers: Sequence[str], response_url: URL | str) -> None:
        """Store what the Set-Cookie fields of a response say (RFC 6265bis sections 5.6 and 5.7).

        Args:
            headers: The values of the fields. One that is no cookie, or that the URL may not set,
                is ignored; so are those of an IP address, if the jar is not `unsafe`.
            response_url: Where the response came from.
        """
        url = response_url if isinstance(response_url, URL) else absolute(response_url)
        host, *above = domains_of(url.raw_host or "")
        # Only an address or a single label has nothing above it but the shared cookies.
        if not host or (not self._unsafe and len(above) == 1 and is_ip_address(host)):
            return
        path, secure, now = url.raw_path, self._is_secure(url), self._now()
        storage, limits, public_suffixes = self._storage, self._limits, self._public_suffixes
        for header in headers:
            given = parse_set_cookie(header, limits)
            if given is not None:
                accept(storage, given, host, path, secure, now, limits, public_suffixes)

    def update_cookies(self, cookies: LooseCookies, response_url: URL | str = NO_URL) -> None:
        """Store cookies that the user gives.

        Args:
            cookies: A mapping or pairs of names and values, or a `SimpleCookie`. A value may be a
                `Morsel`, whose attributes then count as if a server had sent them.
            response_url: Whom they belong to. Without it, a cookie goes to the domain that its
                Morsel names, and to all hosts if that names none.

        Raises:
            TypeError: `cookies` or something in it is of another type.
            ValueError: A name or a value that cannot be sent, or is too long; a URL that is not
                absolute.
        """
        url = response_url if isinstance(response_url, URL) else absolute(response_url)
        host = domains_of(url.raw_host or "")[0]
        now, secure = self._now(), self._is_secure(url)
        all_given = list(given_cookies(cookies, quote=self._quote_cookie, limits=self._limits))
        if host and not self._unsafe and is_ip_address(host):
            return
        if not host:
            self._storage.put_all([self._shared(given, now) for given in all_given], now)
            return
        storage, limits, public_suffixes = self._storage, self._limits, self._public_suffixes
        for given in all_given:
            accept(storage, given, host, url.raw_path, secure, now, limits, public_suffixes)

    def add(self, cookie: Cookie) -> None:
        """Store a cookie as it is, in the place of its like (by name, domain, path, host_only).

        One that has expired only removes its like. A `created` of 0 becomes now.

        Raises:
            TypeError: It is no `Cookie`, or a field of it is of another type.
            ValueError: It could not be sent, or it is in no form that a jar has.
        """
        if not isinstance(cookie, Cookie):
            raise TypeError(f"add() takes a Cookie, not {type(cookie).__name__}")
        check_cookie(cookie)
        self._storage.put_all([cookie], self._now())

    def clear(self, predicate: Callable[[Morsel[str]], bool] | None = None) -> None:
        """Remove all cookies, or those for which `predicate` is true."""
        if predicate is None:
            self._storage.clear()
            return
        for cookie in self.list_cookies():
            if predicate(to_morsel(cookie)):
                self._storage.remove(cookie)

    def clear_domain(self, domain: str) -> None:
        """Remove the cookies of a domain and of all below it."""
        host = canonical_host(domain.removeprefix("."))
        if domain and not host:
            return
        for cookie in self.list_cookies():
            if domain_match(cookie.domain, host):
                self._storage.remove(cookie)

    @property
    def host_only_cookies(self) -> frozenset[tuple[str, str, str]]:
        """Domain, path and name of the cookies that are sent to the host itself only."""
        return frozenset(
            (cookie.domain, cookie.path, cookie.name)
            for cookie in self.list_cookies()
            if cookie.host_only
        )

    @property
    def unsafe(self) -> bool:
        """Whether hosts that are IP addresses may have cookies."""
        return self._unsafe

    @property
    def quote_cookie(self) -> bool:
        """Whether values that the user gives are quoted where they have to be."""
        return self._quote_cookie

    @property
    def treat_as_secure_origin(self) -> frozenset[URL]:
        """The origins that may have Secure cookies though their scheme is http."""
        return self._secure_origins

    def save(self, file_path: str | os.PathLike[str]) -> None:
        """Write all cookies to a file that only its owner can read (mode 0600).

        The file is JSON with a checksum. It is written beside the old one and then takes its place:
        whatever happens, there is the old file or the new one. Of what would take more than 16 MiB,
        the least recently used cookies are left out.

        Raises:
            OSError: It could not be written; the old file is as it was.
        """
        from ._atomic_file import write_private
        from ._json_file import dump_json

        write_private(file_path, dump_json(self.list_cookies()))

    def load(self, file_path: str | os.PathLike[str]) -> None:
        """Take the cookies of a file in place of all there are.

        It may be what `save` wrote, or what aiohttp's jar did: JSON, or a pickle of either of its
        old layouts, of which nothing but cookies is unpickled. Those do not tell which cookies were
        for their host only, so all are taken as such; cookies that no request could carry are left
        out.

        Raises:
            CookieLoadError: The file is damaged, larger than 16 MiB, of a newer version, or none of
                these, or it is aiohttp's and has more than 100,000 cookies; the jar is as it was.
            OSError: It could not be read; the jar is as it was.
        """
        from ._cookie_file import read_cookies

        self._replace(read_cookies(file_path, self._now()))

    def save_netscape(self, file_path: str | os.PathLike[str]) -> None:
        """Write a cookies.txt for curl, wget, yt-dlp and others, as `save` does (mode 0600).

        SameSite, Partitioned and the time of creation do not go into it, nor do cookies for all
        hosts and those with a tab in the value or the path; of what would take more than 16 MiB,
        the least recently used are left out.

        Raises:
            OSError: It could not be written; the old file is as it was.
        """
        from ._atomic_file import write_private
        from ._netscape import dump_netscape

        write_private(
            file_path, dump_netscape(self.list_cookies()).encode("utf-8", "surrogateescape")
        )

    def load_netscape(self, file_path: str | os.PathLike[str]) -> None:
        """Take the cookies of a cookies.txt in place of all there are.

        That is the file that curl, wget and browsers' extensions write.

        Raises:
            CookieLoadError: The file is none, or larger than 16 MiB; the jar is as it was.
            OSError: It could not be read; the jar is as it was.
        """
        from ._cookie_file import read_bounded
        from ._netscape import load_netscape

        self._replace(load_netscape(read_bounded(file_path).decode("utf-8", "surrogateescape")))

    def _replace(self, cookies: list[Cookie]) -> None:
        storage, now = CookieStorage(self._limits), self._now()
        storage.put_all(cookies, now)
        self._storage = storage

    def _matching(self, request_url: URL | str) -> list[Entry]:
        url = request_url if isinstance(request_url, URL) else absolute(request_url)
        domains = domains_of(url.raw_host or "")
        if not self._unsafe and len(domains) == 2 and is_ip_address(domains[0]):
            domains = ("",)
        path, secure = url.raw_path, self._is_secure(url)
        if not path.startswith("/"):
            path = "/"
        return self._storage.matching(domains, path, secure=secure, now=self._now())

    def _is_secure(self, url: URL) -> bool:
        if url.scheme in {"https", "wss"}:
            return True
        return bool(self._trusted) and (url.scheme, url.raw_host, url.port) in self._trusted

    def _shared(self, given: SetCookie, now: float) -> Cookie:
        domain, path = canonical_host(given.domain or ""), given.path or "/"
        if given.domain and not domain:
            raise ValueError(f"not a domain that a cookie can have: {given.domain!r}")
        return Cookie(
            given.name,
            given.value,
            domain,
            path,
            secure=given.secure,
            http_only=given.http_only,
            same_site=given.same_site,
            partitioned=given.partitioned,
            expires=expiry(given, now, self._limits),
            max_age=given.max_age_text,
        )


def _origins(urls: str | URL | Iterable[str | URL] | None) -> frozenset[URL]:
    if urls is None:
        return frozenset()
    origins = [URL(url).origin() for url in ([urls] if isinstance(urls, str | URL) else urls)]
    return frozenset(url.with_port(None) if url.is_default_port() else url for url in origins)


def _is_nearer(cls: type, name: str, other: str) -> bool:
    homes = [home for home in cls.__mro__ if name in vars(home) or other in vars(home)]
    return other not in vars(homes[0])


def _shortened(header: str, most: int) -> str:
    octets = header.encode("utf-8", "surrogateescape")
    if len(octets) <= most:
        return header
    end = octets.rfind(b"; ", 0, most + 2)
    return octets[: max(end, 0)].decode("utf-8", "surrogateescape")
