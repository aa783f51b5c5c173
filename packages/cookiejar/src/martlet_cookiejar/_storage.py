"""Where cookies are: found by domain and path, dropped by age and use (RFC 6265bis 5.7)."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from heapq import heapify, heappop, heappush
from itertools import count
from math import inf, nextafter
from operator import attrgetter

import attrs

from ._cookie import Cookie
from ._cookie_date import END_OF_TIME
from ._host import domain_match
from ._limits import CookieLimits
from ._path import path_match


class Entry:
    """A cookie in its place; what is asked of it at each request is computed once."""

    __slots__ = ("alarm", "cookie", "order", "pair", "used")

    def __init__(self, cookie: Cookie) -> None:
        self.hold(cookie)
        self.used = 0
        # When the heap will have it looked at: at its end or before.
        self.alarm = inf

    def hold(self, cookie: Cookie) -> None:
        """Take a cookie, or another one with the same identity."""
        self.cookie = cookie
        self.pair = f"{cookie.name}={cookie.value}" if cookie.name else cookie.value
        self.order = (-len(cookie.path), cookie.created)


_by_order = attrgetter("order")
_by_use = attrgetter("used")

# Of one domain and one path: by name and host_only, which with these two are a cookie's identity.
_Names = dict[tuple[str, bool], Entry]


class CookieStorage:
    """Cookies, at most so many of a domain and in all, none of which has expired.

    Looking up takes time in proportion to the labels of the host, the segments of the path and
    what matches, whatever else is stored.
    """

    __slots__ = (
        "_domains",
        "_entries",
        "_expiring",
        "_last_created",
        "_limits",
        "_secure",
        "_serial",
        "_tick",
    )

    def __init__(self, limits: CookieLimits) -> None:
        self._limits = limits
        self._tick = 0
        self._last_created = 0.0
        self._serial = count()
        self._domains: dict[str, dict[str, _Names]] = {}
        # Least recently used first.
        self._entries: OrderedDict[Entry, None] = OrderedDict()
        # A heap of (alarm, serial, entry). An entry whose cookie's end has moved to a later time
        # stays where it is until its alarm; what has been removed meanwhile is still in it.
        self._expiring: list[tuple[float, int, Entry]] = []
        # Secure cookies by name: one that came over http must not take the place of any of them.
        self._secure: dict[str, dict[Entry, None]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Cookie]:
        """All cookies, the least recently used first; the storage may change meanwhile."""
        return iter([entry.cookie for entry in self._entries])

    def expire(self, now: float) -> None:
        """Drop what has expired."""
        expiring = self._expiring
        while expiring and expiring[0][0] <= now:
            alarm, _, entry = heappop(expiring)
            if entry.alarm != alarm or entry not in self._entries:
                continue
            entry.alarm = inf
            expires = entry.cookie.expires
            if expires is None:
                continue
            if expires <= now:
                self._remove(entry)
            else:
                self._set_alarm(entry, expires)

    def creation(self, cookie_key: tuple[str, str, str, bool], now: float) -> float:
        """The creation time of a cookie that is about to be put.

        That of its like if there is one. Otherwise `now`, or a little later: cookies of the same
        path length are sent in the order of their creation, which a clock that stands still or goes
        back would not tell.

        Args:
            cookie_key: Domain, path, name, host_only.
            now: Seconds since 1970 UTC.
        """
        old = self._find(*cookie_key)
        if old is not None:
            return old.cookie.created
        return now if now > self._last_created else nextafter(self._last_created, inf)

    def put(self, cookie: Cookie, now: float) -> None:
        """Store a cookie in the place of its like.

        One that has expired only removes its like. What is then too much is dropped, first in the
        cookie's domain, then in all.
        """
        self.expire(now)
        entry = self._find(cookie.domain, cookie.path, cookie.name, cookie.host_only)
        expires = cookie.expires
        if expires is not None and expires <= now:
            if entry is not None:
                self._remove(entry)
            return
        self._tick += 1
        if entry is None:
            self._insert(entry := Entry(cookie))
            entry.used = self._tick
            if cookie.created > self._last_created:
                self._last_created = cookie.created
            self._drop_excess(cookie.domain)
        else:
            self._replace(entry, cookie)
            entry.used = self._tick
        if expires is not None and expires < entry.alarm:
            self._set_alarm(entry, expires)

    def put_all(self, cookies: Iterable[Cookie], now: float) -> None:
        """Store cookies, the least recently used first; those without a creation time get one.

        An end after the year 9999 becomes that year's.
        """
        for cookie in cookies:
            key = cookie.domain, cookie.path, cookie.name, cookie.host_only
            created = cookie.created or self.creation(key, now)
            expires = None if cookie.expires is None else min(cookie.expires, END_OF_TIME)
            self.put(attrs.evolve(cookie, created=created, expires=expires), now)

    def remove(self, cookie: Cookie) -> None:
        """Remove the cookie with this one's domain, path, name and host_only, if there is one."""
        entry = self._find(cookie.domain, cookie.path, cookie.name, cookie.host_only)
        if entry is not None:
            self._remove(entry)

    def clear(self) -> None:
        """Remove all."""
        self._domains.clear()
        self._entries.clear()
        self._expiring.clear()
        self._secure.clear()

    def hides_secure(self, cookie: Cookie) -> bool:
        """Whether a cookie would stand in for a Secure one, or before it (5.7, step 16)."""
        return any(
            (
                domain_match(secure.domain, cookie.domain)
                or domain_match(cookie.domain, secure.domain)
            )
            and path_match(cookie.path, secure.path)
            for secure in (entry.cookie for entry in self._secure.get(cookie.name, ()))
        )

    def matching(
        self, domains: tuple[str, ...], path: str, *, secure: bool, now: float
    ) -> list[Entry]:
        """What goes with a request, in the order of the Cookie field; it counts as used.

        Args:
            domains: The host itself, then those above it that a cookie may be of.
            path: The path of the URL.
            secure: Whether Secure cookies may be sent.
            now: Seconds since 1970 UTC.
        """
        self.expire(now)
        found: list[Entry] = []
        for domain in domains:
            paths = self._domains.get(domain)
            if paths is None:
                continue
            own = domain == domains[0]
            for names in _at_path(paths, path):
                for (_, host_only), entry in names.items():
                    if (own or not host_only) and (secure or not entry.cookie.secure):
                        found.append(entry)
        if found:
            found.sort(key=_by_order)
            self._tick += 1
            tick, to_end = self._tick, self._entries.move_to_end
            for entry in found:
                entry.used = tick
                to_end(entry)
        return found

    def _find(self, domain: str, path: str, name: str, host_only: bool) -> Entry | None:
        paths = self._domains.get(domain)
        names = paths.get(path) if paths is not None else None
        return names.get((name, host_only)) if names is not None else None

    def _insert(self, entry: Entry) -> None:
        cookie = entry.cookie
        paths = self._domains.setdefault(cookie.domain, {})
        paths.setdefault(cookie.path, {})[cookie.name, cookie.host_only] = entry
        self._entries[entry] = None
        if cookie.secure:
            self._secure.setdefault(cookie.name, {})[entry] = None

    def _replace(self, entry: Entry, cookie: Cookie) -> None:
        if cookie.secure != entry.cookie.secure:
            if cookie.secure:
                self._secure.setdefault(cookie.name, {})[entry] = None
            else:
                self._forget_secure(entry)
        entry.hold(cookie)
        self._entries.move_to_end(entry)

    def _set_alarm(self, entry: Entry, alarm: float) -> None:
        entry.alarm = alarm
        heappush(self._expiring, (alarm, next(self._serial), entry))
        if len(self._expiring) > 2 * len(self._entries) + 64:
            self._expiring = [
                item
                for item in self._expiring
                if item[0] == item[2].alarm and item[2] in self._entries
            ]
            heapify(self._expiring)

    def _remove(self, entry: Entry) -> None:
        cookie = entry.cookie
        del self._entries[entry]
        paths = self._domains[cookie.domain]
        names = paths[cookie.path]
        del names[cookie.name, cookie.host_only]
        if not names:
            del paths[cookie.path]
            if not paths:
                del self._domains[cookie.domain]
        if cookie.secure:
            self._forget_secure(entry)

    def _forget_secure(self, entry: Entry) -> None:
        secure = self._secure[entry.cookie.name]
        del secure[entry]
        if not secure:
            del self._secure[entry.cookie.name]

    def _drop_excess(self, domain: str) -> None:
        paths = self._domains[domain]
        if sum(map(len, paths.values())) > self._limits.per_domain:
            entries = [entry for names in paths.values() for entry in names.values()]
            # Those that are not Secure go first: over http nobody can drive out the others.
            open_ones = [entry for entry in entries if not entry.cookie.secure]
            self._remove(min(open_ones or entries, key=_by_use))
        while len(self._entries) > self._limits.total:
            self._remove(next(iter(self._entries)))


def _at_path(paths: dict[str, _Names], path: str) -> list[_Names]:
    # Either all paths of the cookies are looked at, or all that the URL's path is below.
    if len(paths) <= 2 * path.count("/") + 2:
        return [names for of_path, names in paths.items() if path_match(path, of_path)]
    prefixes = []
    end = path.find("/")
    while end >= 0:
        if end and path[end - 1] != "/":
            prefixes.append(path[:end])
        prefixes.append(path[: end + 1])
        end = path.find("/", end + 1)
    if not path.endswith("/"):
        prefixes.append(path)
    return [paths[prefix] for prefix in prefixes if prefix in paths]
