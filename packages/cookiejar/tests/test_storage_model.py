"""The storage against a list of cookies, through any sequence of calls."""

from collections.abc import Iterable
from math import inf, nextafter

import attrs
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from martlet_cookiejar._cookie import Cookie
from martlet_cookiejar._domains import domains_of
from martlet_cookiejar._limits import CookieLimits
from martlet_cookiejar._storage import CookieStorage

COOKIES = st.builds(
    Cookie,
    name=st.sampled_from(["a", "b", "c", ""]),
    value=st.sampled_from("xyz"),
    domain=st.sampled_from(["", "example.com", "www.example.com", "example.org"]),
    path=st.sampled_from(["/", "/a", "/a/", "/a/b", "//"]),
    host_only=st.booleans(),
    secure=st.booleans(),
)
HOSTS = st.sampled_from(["example.com", "www.example.com", "example.org", "a.example.org", ""])
PATHS = st.sampled_from(["/", "/a", "/a/", "/a/b/c", "//x", "/ab"])
# Whole numbers, so that ends meet each other and the clock.
SECONDS = st.integers(-3, 12)


class Model:
    """Cookies in a list, the least recently used first."""

    def __init__(self, per_domain: int, total: int) -> None:
        self.per_domain = per_domain
        self.total = total
        self.cookies: list[Cookie] = []
        self.last = 0.0

    def expire(self, now: float) -> None:
        self.cookies = [c for c in self.cookies if c.expires is None or c.expires > now]

    def put(self, cookie: Cookie, now: float) -> None:
        self.expire(now)
        created = now if now > self.last else nextafter(self.last, inf)
        for old in self.cookies:
            if is_like(old, cookie):
                created = old.created
        self.cookies = [old for old in self.cookies if not is_like(old, cookie)]
        if cookie.expires is not None and cookie.expires <= now:
            return
        self.last = max(self.last, created)
        self.cookies.append(attrs.evolve(cookie, created=created))
        siblings = [c for c in self.cookies if c.domain == cookie.domain]
        if cookie.domain and len(siblings) > self.per_domain:
            self.cookies.remove(([c for c in siblings if not c.secure] or siblings)[0])
        del self.cookies[: max(0, len(self.cookies) - self.total)]

    def matching(self, host: str, path: str, secure: bool, now: float) -> list[Cookie]:
        self.expire(now)
        found = [c for c in self.cookies if is_for(c, host, path) and (secure or not c.secure)]
        found.sort(key=lambda c: (-len(c.path), c.created))
        self.cookies = [c for c in self.cookies if c not in found] + found
        return found


def is_like(one: Cookie, other: Cookie) -> bool:
    return (one.name, one.domain, one.path, one.host_only) == (
        other.name,
        other.domain,
        other.path,
        other.host_only,
    )


def is_for(cookie: Cookie, host: str, path: str) -> bool:
    below = path + "/"
    if cookie.path != path and not below.startswith(cookie.path.removesuffix("/") + "/"):
        return False
    if cookie.path.endswith("/") and not path.startswith(cookie.path):
        return False
    if cookie.domain == host:
        return True
    return not cookie.host_only and ("." + host).endswith(
        "." + cookie.domain if cookie.domain else ""
    )


def below(name: str, domain: str) -> bool:
    return name == domain or name.endswith("." + domain)


class StorageAgainstModel(RuleBasedStateMachine):
    @initialize(per_domain=st.integers(1, 5), total=st.integers(1, 9))
    def begin(self, per_domain: int, total: int) -> None:
        self.now = 1000.0
        self.model = Model(per_domain, total)
        self.storage = CookieStorage(CookieLimits(per_domain=per_domain, total=total))

    @rule(cookie=COOKIES, seconds=st.none() | SECONDS)
    def put(self, cookie: Cookie, seconds: int | None) -> None:
        if seconds is not None:
            cookie = attrs.evolve(cookie, expires=self.now + seconds)
        self.storage.put_all([cookie], self.now)
        self.model.put(cookie, self.now)

    @rule(cookies=st.lists(COOKIES, min_size=6, max_size=12))
    def put_many(self, cookies: Iterable[Cookie]) -> None:
        for cookie in cookies:
            self.put(cookie, 5)

    @rule(host=HOSTS, path=PATHS, secure=st.booleans())
    def ask(self, host: str, path: str, secure: bool) -> None:
        found = self.storage.matching(domains_of(host), path, secure=secure, now=self.now)
        expected = self.model.matching(host, path, secure, self.now)
        assert [entry.cookie for entry in found] == expected

    @rule(cookie=COOKIES)
    def remove(self, cookie: Cookie) -> None:
        self.storage.remove(cookie)
        self.model.cookies = [c for c in self.model.cookies if not is_like(c, cookie)]

    @rule(cookie=COOKIES)
    def protect(self, cookie: Cookie) -> None:
        # As those of servers do, it has a domain.
        cookie = attrs.evolve(cookie, domain=cookie.domain or "com")
        expected = any(
            c.secure
            and c.name == cookie.name
            and (below(c.domain, cookie.domain) or below(cookie.domain, c.domain))
            and is_for(attrs.evolve(c, domain=""), "", cookie.path)
            for c in self.model.cookies
        )
        assert self.storage.hides_secure(cookie) is expected

    @rule(seconds=st.integers(-2, 4))
    def wait(self, seconds: int) -> None:
        self.now += seconds
        self.storage.expire(self.now)
        self.model.expire(self.now)

    @rule()
    def clear(self) -> None:
        self.storage.clear()
        self.model.cookies = []

    @invariant()
    def holds_the_same_in_the_same_order(self) -> None:
        assert list(self.storage) == self.model.cookies
        assert len(self.storage) == len(self.model.cookies)


TestStorageAgainstModel = StorageAgainstModel.TestCase
TestStorageAgainstModel.settings = settings(
    max_examples=100, stateful_step_count=40, deadline=None, derandomize=True
)
