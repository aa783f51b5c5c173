"""Where cookies are: found by domain and path, dropped by age and use (RFC 6265bis 5.7)."""

from bisect import bisect_left, insort
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from heapq import heapify, heappop, heappush
from math import inf, nextafter
from operator import attrgetter
from typing import TypeAlias

import attrs

from ._cookie import Cookie
from ._cookie_date import END_OF_TIME
from ._domains import domains_of
from ._host import is_ip_address
from ._limits import CookieLimits
from ._path import path_match

Key: TypeAlias = tuple[str, str, str, bool]
"""Domain, path, name, host_only: a cookie takes the place of another that has the same."""


class Entry:
    """A cookie in its place; what is asked of it at each request is computed once."""

    __slots__ = ("alarm", "cookie", "key", "order", "pair", "peers")

    def __init__(self, key: Key, cookie: Cookie, peers: "_Recency") -> None:
        self.key = key
        # Those of its domain that are Secure, or those that are not.
        self.peers = peers
        # When the heap will have it looked at: at its end or before.
        self.alarm = inf
        self.cookie = cookie
        self.pair = cookie.pair
        self.order = (-len(cookie.path), cookie.created)

    def hold(self, cookie: Cookie) -> None:
        """Take another cookie with the same key."""
        self.cookie = cookie
        self.pair = cookie.pair
        self.order = (-len(cookie.path), cookie.created)


_by_order = attrgetter("order")

# Least recently used first.
_Recency: TypeAlias = "OrderedDict[Key, Entry]"
_Names: TypeAlias = dict[Key, Entry]


class _Domain:
    """The cookies of one domain, by path and by use."""

    __slots__ = ("not_secure", "paths", "secure")

    def __init__(self) -> None:
        self.paths: dict[str, _Names] = {}
        # Apart, because the others go first: over http nobody can drive these out.
        self.secure: _Recency = OrderedDict()
        self.not_secure: _Recency = OrderedDict()


class CookieStorage:
    """Cookies, at most so many of a domain and in all, none of which has expired.

    Looking up takes time in proportion to the labels of the host, the segments of the path and
    what matches, whatever else is stored. Putting takes time that hardly depends on it either.
    """

    __slots__ = (
        "_backwards",
        "_domains",
        "_entries",
        "_expiring",
        "_last_created",
        "_limits",
        "_serial",
    )

    def __init__(self, limits: CookieLimits) -> None:
        self._limits = limits
        self._last_created = 0.0
        self._entries: _Recency = OrderedDict()
        self._domains: dict[str, _Domain] = {}
        # The domains spelt backwards, in order: those below another stand together.
        self._backwards: list[str] = []
        # A heap of (alarm, serial, entry). An entry whose cookie's end has moved to a later time
        # stays where it is until its alarm. What has another alarm now, or has been removed, is
        # still in it, and is passed over.
        self._expiring: list[tuple[float, int, Entry]] = []
        self._serial = 0

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Cookie]:
        """All cookies, the least recently used first; the storage may change meanwhile."""
        return iter([entry.cookie for entry in self._entries.values()])

    def expire(self, now: float) -> None:
        """Drop what has expired."""
        expiring = self._expiring
        while expiring and expiring[0][0] <= now:
            alarm, _, entry = heappop(expiring)
            if entry.alarm != alarm:
                continue
            entry.alarm = inf
            expires = entry.cookie.expires
            if expires is None:
                continue
            if expires <= now:
                self._remove(entry)
            else:
                self._set_alarm(entry, expires)

    def find(self, key: Key) -> Entry | None:
        """Give the place of the cookie with this domain, path, name and host_only, if it exists."""
        return self._entries.get(key)

    def creation(self, place: Entry | None, now: float) -> float:
        """The creation time of a cookie that is about to be put.

        That of its like if there is one. Otherwise `now`, or a little later: cookies of the same
        path length are sent in the order of their creation, which a clock that stands still or goes
        back would not tell.

        Args:
            place: What `find` gave.
            now: Seconds since 1970 UTC.
        """
        if place is not None:
            return place.cookie.created
        return now if now > self._last_created else nextafter(self._last_created, inf)

    def put(self, cookie: Cookie, now: float) -> None:
        """Store a cookie in the place of its like.

        One that has expired only removes its like. What is then too much is dropped, first in the
        cookie's domain, then in all.
        """
        self.expire(now)
        key = _key_of(cookie)
        self.put_at(key, self._entries.get(key), cookie, now)

    def put_at(self, key: Key, entry: Entry | None, cookie: Cookie, now: float) -> None:
        """Store a cookie as `put` does, after `expire`, where `find` said that it belongs."""
        expires = cookie.expires
        if expires is not None and expires <= now:
            if entry is not None:
                self._remove(entry)
            return
        if cookie.created > self._last_created:
            self._last_created = cookie.created
        if entry is not None:
            self._replace(entry, cookie)
            if expires is not None and expires < entry.alarm:
                self._set_alarm(entry, expires)
            return
        domain = self._domains.get(cookie.domain)
        if domain is None:
            domain = self._new_domain(cookie.domain)
        entry = self._insert(domain, key, cookie)
        if expires is not None:
            self._set_alarm(entry, expires)
        # The shared cookies are the user's own, and no server can make one.
        held = len(domain.secure) + len(domain.not_secure)
        if held > self._limits.per_domain and cookie.domain:
            self._remove(next(iter((domain.not_secure or domain.secure).values())))
        if len(self._entries) > self._limits.total:
            self._remove(next(iter(self._entries.values())))

    def put_all(self, cookies: Iterable[Cookie], now: float) -> None:
        """Store cookies, the least recently used first; those without a creation time get one.

        An end after the year 9999 becomes that year's.
        """
        self.expire(now)
        for cookie in cookies:
            created = cookie.created or self.creation(self.find(_key_of(cookie)), now)
            expires = None if cookie.expires is None else min(cookie.expires, END_OF_TIME)
            self.put(attrs.evolve(cookie, created=created, expires=expires), now)

    def remove(self, cookie: Cookie) -> None:
        """Remove the cookie with this one's domain, path, name and host_only, if there is one."""
        entry = self._entries.get(_key_of(cookie))
        if entry is not None:
            self._remove(entry)

    def clear(self) -> None:
        """Remove all."""
        self._domains.clear()
        self._entries.clear()
        self._expiring.clear()
        self._backwards.clear()

    def hides_secure(self, cookie: Cookie) -> bool:
        """Whether a server's cookie would stand in for a Secure one, or before it (5.7.16)."""
        above = domains_of(cookie.domain)[:-1]
        for domain in (*above, *self._below(cookie.domain)):
            of_domain = self._domains.get(domain)
            if of_domain is None or not of_domain.secure:
                continue
            for names in _at_path(of_domain.paths, cookie.path):
                for entry in names.values():
                    if entry.cookie.secure and entry.cookie.name == cookie.name:
                        return True
        return False

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
            of_domain = self._domains.get(domain)
            if of_domain is None:
                continue
            own = domain == domains[0]
            for names in _at_path(of_domain.paths, path):
                for entry in names.values():
                    cookie = entry.cookie
                    if (own or not cookie.host_only) and (secure or not cookie.secure):
                        found.append(entry)
        found.sort(key=_by_order)
        to_end = self._entries.move_to_end
        for entry in found:
            to_end(entry.key)
            entry.peers.move_to_end(entry.key)
        return found

    def _new_domain(self, name: str) -> _Domain:
        domain = self._domains[name] = _Domain()
        insort(self._backwards, name[::-1])
        return domain

    def _insert(self, domain: _Domain, key: Key, cookie: Cookie) -> Entry:
        entry = Entry(key, cookie, domain.secure if cookie.secure else domain.not_secure)
        self._entries[key] = entry.peers[key] = entry
        names = domain.paths.get(cookie.path)
        if names is None:
            names = domain.paths[cookie.path] = {}
        names[key] = entry
        return entry

    def _replace(self, entry: Entry, cookie: Cookie) -> None:
        key = entry.key
        if cookie.secure != entry.cookie.secure:
            del entry.peers[key]
            domain = self._domains[cookie.domain]
            entry.peers = domain.secure if cookie.secure else domain.not_secure
            entry.peers[key] = entry
        else:
            entry.peers.move_to_end(key)
        self._entries.move_to_end(key)
        entry.hold(cookie)

    def _set_alarm(self, entry: Entry, alarm: float) -> None:
        entry.alarm = alarm
        self._serial += 1
        heappush(self._expiring, (alarm, self._serial, entry))
        if len(self._expiring) > 2 * len(self._entries) + 64:
            alive = [entry for entry in self._entries.values() if entry.alarm < inf]
            self._expiring[:] = [(entry.alarm, serial, entry) for serial, entry in enumerate(alive)]
            heapify(self._expiring)

    def _remove(self, entry: Entry) -> None:
        key, cookie = entry.key, entry.cookie
        entry.alarm = inf
        del self._entries[key], entry.peers[key]
        paths = self._domains[cookie.domain].paths
        names = paths[cookie.path]
        del names[key]
        if not names:
            del paths[cookie.path]
            if not paths:
                del self._domains[cookie.domain]
                del self._backwards[bisect_left(self._backwards, cookie.domain[::-1])]

    def _below(self, domain: str) -> Iterator[str]:
        if is_ip_address(domain):
            return
        start = f"{domain[::-1]}."
        for at in range(bisect_left(self._backwards, start), len(self._backwards)):
            if not self._backwards[at].startswith(start):
                return
            yield self._backwards[at][::-1]


def _key_of(cookie: Cookie) -> Key:
    return cookie.domain, cookie.path, cookie.name, cookie.host_only


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
