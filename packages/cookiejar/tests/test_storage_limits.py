"""How much is kept, and what goes first (RFC 6265bis section 5.7)."""

from math import inf

import pytest

from martlet_cookiejar._cookie import Cookie
from martlet_cookiejar._domains import domains_of
from martlet_cookiejar._limits import DEFAULT_LIMITS, CookieLimits
from martlet_cookiejar._storage import CookieStorage

NOW = 1_700_000_000.0


def cookie(
    name: str, domain: str = "example.com", path: str = "/", *, secure: bool = False
) -> Cookie:
    return Cookie(name, "", domain, path, secure=secure)


def use(storage: CookieStorage, path: str, host: str = "example.com") -> None:
    assert storage.matching(domains_of(host), path, secure=True, now=NOW)


def names(storage: CookieStorage) -> str:
    return " ".join(cookie.name for cookie in storage)


def small(per_domain: int = 3, total: int = 1000) -> CookieStorage:
    return CookieStorage(CookieLimits(per_domain=per_domain, total=total))


def test_fifty_of_a_domain_and_three_thousand_in_all() -> None:
    storage = CookieStorage(DEFAULT_LIMITS)
    for number in range(51):
        storage.put(cookie(f"c{number}"), NOW)
    assert len(storage) == 50
    for number in range(59):
        for letter in range(50):
            storage.put(cookie(f"c{letter}", f"host{number}.example"), NOW)
    assert len(storage) == 3000
    assert [kept.name for kept in storage][:2] == ["c1", "c2"]
    storage.put(cookie("more", "another.example"), NOW)
    assert len(storage) == 3000
    assert next(iter(storage)).name == "c2"


def test_the_least_recently_used_of_the_domain_goes_first() -> None:
    storage = small()
    for name in "abc":
        storage.put(cookie(name, path=f"/{name}"), NOW)
    use(storage, "/a")
    storage.put(cookie("b", path="/b"), NOW)
    storage.put(cookie("d"), NOW)
    assert names(storage) == "a b d"


def test_paths_and_host_only_do_not_make_another_domain() -> None:
    storage = small()
    storage.put(Cookie("a", "", "example.com", "/", host_only=True), NOW)
    for name in "bcd":
        storage.put(cookie(name, path=f"/{name}"), NOW)
    assert names(storage) == "b c d"


@pytest.mark.parametrize("other", ["www.example.com", "com", "example.org", ""])
def test_other_domains_are_left_alone(other: str) -> None:
    storage = small()
    storage.put(cookie("other", other), NOW)
    for name in "abcd":
        storage.put(cookie(name), NOW)
    assert names(storage) == "other b c d"


def test_what_is_not_secure_goes_first() -> None:
    storage = small()
    storage.put(cookie("a", secure=True), NOW)
    for name in "bcde":
        storage.put(cookie(name), NOW)
    assert names(storage) == "a d e"
    storage.put(cookie("f", secure=True), NOW)
    assert names(storage) == "a e f"


def test_among_secure_ones_nothing_else_can_stay() -> None:
    storage = small()
    for name in "abc":
        storage.put(cookie(name, secure=True), NOW)
    storage.put(cookie("d"), NOW)
    assert names(storage) == "a b c"
    storage.put(cookie("e", secure=True), NOW)
    assert names(storage) == "b c e"


def test_one_that_did_not_stay_expires_without_harm() -> None:
    storage = small()
    for name in "abc":
        storage.put(cookie(name, secure=True), NOW)
    storage.put(Cookie("d", "", "example.com", expires=NOW + 10), NOW)
    storage.expire(NOW + 20)
    assert names(storage) == "a b c"


def test_a_cookie_that_becomes_secure_stays_longer() -> None:
    storage = small()
    for name in "abc":
        storage.put(cookie(name), NOW)
    storage.put(cookie("a", secure=True), NOW)
    storage.put(cookie("d"), NOW)
    storage.put(cookie("e"), NOW)
    assert names(storage) == "a d e"
    storage.put(cookie("a"), NOW)
    storage.put(cookie("f", secure=True), NOW)
    storage.put(cookie("g", secure=True), NOW)
    assert names(storage) == "a f g"


def test_in_all_secure_or_not_makes_no_difference() -> None:
    storage = small(total=3)
    storage.put(cookie("a", "a.example", secure=True), NOW)
    for name in "bcd":
        storage.put(cookie(name, f"{name}.example"), NOW)
    assert names(storage) == "b c d"
    use(storage, "/", "b.example")
    storage.put(cookie("e", "e.example"), NOW)
    assert names(storage) == "d b e"


def test_the_domain_is_looked_at_before_all() -> None:
    storage = small(per_domain=2, total=3)
    storage.put(cookie("x", "x.example"), NOW)
    for name in "abcd":
        storage.put(cookie(name), NOW)
    assert names(storage) == "x c d"


def test_an_update_drops_nothing() -> None:
    storage = small(per_domain=2, total=2)
    for name in "abab":
        storage.put(cookie(name), NOW)
    assert names(storage) == "a b"


@pytest.mark.parametrize("expires", [NOW, NOW - 1, 0.0, -inf])
def test_one_that_has_expired_only_removes_its_like(expires: float) -> None:
    storage = small(per_domain=2)
    for name in "ab":
        storage.put(cookie(name), NOW)
    storage.put(Cookie("c", "", "example.com", expires=expires), NOW)
    assert names(storage) == "a b"
    storage.put(Cookie("a", "", "example.com", expires=expires), NOW)
    assert names(storage) == "b"


def test_what_has_expired_makes_room() -> None:
    storage = small(per_domain=2)
    storage.put(cookie("a"), NOW)
    storage.put(Cookie("b", "", "example.com", expires=NOW + 10), NOW)
    storage.put(cookie("c"), NOW + 10)
    assert names(storage) == "a c"


def test_one_alone_may_stay() -> None:
    storage = small(per_domain=1, total=1)
    for name in "abc":
        storage.put(cookie(name), NOW)
        assert names(storage) == name
    storage.put(cookie("d", "example.org", secure=True), NOW)
    assert names(storage) == "d"
