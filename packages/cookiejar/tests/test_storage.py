"""What goes with a request, and in which order (RFC 6265bis section 5.8.3)."""

import random
from itertools import product

import pytest

from martlet_cookiejar._cookie import Cookie
from martlet_cookiejar._domains import domains_of
from martlet_cookiejar._host import domain_match
from martlet_cookiejar._limits import DEFAULT_LIMITS, CookieLimits
from martlet_cookiejar._path import path_match
from martlet_cookiejar._storage import CookieStorage

NOW = 1_700_000_000.0


@pytest.fixture
def storage() -> CookieStorage:
    return CookieStorage(DEFAULT_LIMITS)


def put(storage: CookieStorage, *cookies: Cookie, now: float = NOW) -> None:
    storage.put_all(cookies, now)


def sent(
    storage: CookieStorage,
    host: str = "example.com",
    path: str = "/",
    *,
    secure: bool = True,
    now: float = NOW,
) -> list[str]:
    found = storage.matching(domains_of(host), path, secure=secure, now=now)
    return [entry.pair for entry in found]


def test_an_empty_storage(storage: CookieStorage) -> None:
    assert len(storage) == 0
    assert list(storage) == []
    assert sent(storage) == []


def test_a_pair_is_name_and_value_or_the_value_alone(storage: CookieStorage) -> None:
    put(storage, Cookie("a", "b", "example.com"), Cookie("", "c", "example.com"))
    put(storage, Cookie("d", "", "example.com"))
    assert sent(storage) == ["a=b", "c", "d="]


@pytest.mark.parametrize(
    ("domain", "host_only", "host", "expected"),
    [
        ("example.com", True, "example.com", True),
        ("example.com", True, "EXAMPLE.com.", True),
        ("example.com", True, "www.example.com", False),
        ("example.com", True, "com", False),
        ("example.com", False, "example.com", True),
        ("example.com", False, "www.example.com", True),
        ("example.com", False, "a.b.c.example.com", True),
        ("example.com", False, "com", False),
        ("example.com", False, "badexample.com", False),
        ("example.com", False, "example.com.org", False),
        ("127.0.0.1", False, "127.0.0.1", True),
        ("0.0.1", False, "127.0.0.1", False),
        ("::1", True, "[::1]", True),
        ("", False, "example.com", True),
        ("", False, "127.0.0.1", True),
    ],
)
def test_1_the_host_is_the_domain_or_below_it(
    storage: CookieStorage, domain: str, host_only: bool, host: str, expected: bool
) -> None:
    put(storage, Cookie("a", "b", domain, host_only=host_only))
    assert sent(storage, host) == (["a=b"] if expected else [])


@pytest.mark.parametrize(
    ("cookie_path", "path", "expected"),
    [
        ("/", "/", True),
        ("/", "/a/b", True),
        ("/a", "/a", True),
        ("/a", "/a/", True),
        ("/a", "/a/b", True),
        ("/a", "/ab", False),
        ("/a", "/A", False),
        ("/a", "/", False),
        ("/a/", "/a", False),
        ("/a/", "/a/", True),
        ("/a/", "/a/b", True),
        ("/a/", "/a//b", True),
        ("//", "//", True),
        ("//", "//a", True),
        ("//", "/", False),
        ("/a/b", "/a//b", False),
    ],
)
@pytest.mark.parametrize("others", [0, 30])
def test_1_the_path_is_the_cookies_or_below_it(
    storage: CookieStorage, cookie_path: str, path: str, expected: bool, others: int
) -> None:
    put(storage, *(Cookie("a", "b", "example.com", f"/other{n}") for n in range(others)))
    put(storage, Cookie("a", "b", "example.com", cookie_path))
    assert sent(storage, path=path) == (["a=b"] if expected else [])


def test_1_secure_cookies_are_not_for_all(storage: CookieStorage) -> None:
    put(storage, Cookie("a", "b", "example.com", secure=True), Cookie("c", "d", "example.com"))
    assert sent(storage, secure=False) == ["c=d"]
    assert sent(storage, secure=True) == ["a=b", "c=d"]


@pytest.mark.parametrize(("seconds", "expected"), [(9.999, ["a=b"]), (10.0, []), (11.0, [])])
def test_1_a_cookie_ends_at_exactly_its_time(
    storage: CookieStorage, seconds: float, expected: list[str]
) -> None:
    put(storage, Cookie("a", "b", "example.com", expires=NOW + 10))
    assert sent(storage, now=NOW + seconds) == expected
    assert len(storage) == len(expected)


def test_2_longer_paths_come_first_then_earlier_creation(storage: CookieStorage) -> None:
    put(
        storage,
        Cookie("d", "", "example.com", "/", created=3.0),
        Cookie("a", "", "example.com", "/a/b", created=9.0),
        Cookie("c", "", "", "/", created=2.0),
        Cookie("b", "", "www.example.com", "/a", created=8.0),
        Cookie("e", "", "www.example.com", "/", created=4.0, host_only=True),
    )
    assert sent(storage, "www.example.com", "/a/b") == ["a=", "b=", "c=", "d=", "e="]


@pytest.mark.parametrize("step", [0.0, -1.0, -1e9, 1e-9, 1.0])
def test_2_creation_is_ordered_whatever_the_clock_does(storage: CookieStorage, step: float) -> None:
    names = [f"c{number}" for number in range(50)]
    random.Random(5).shuffle(names)
    now = NOW
    for name in names:
        put(storage, Cookie(name, "", f"{'w.' * (len(name) % 3)}example.com"), now=now)
        now += step
    assert sent(storage, "w.w.example.com", now=now) == [f"{name}=" for name in names]
    times = [cookie.created for cookie in storage]
    assert len(set(times)) == len(times)


def test_2_creation_is_ordered_after_the_last_is_gone(storage: CookieStorage) -> None:
    put(storage, Cookie("a", "", "example.com"))
    put(storage, Cookie("b", "", "example.com"))
    storage.remove(Cookie("b", "", "example.com"))
    put(storage, Cookie("c", "", "example.com"))
    assert sent(storage) == ["a=", "c="]
    assert next(iter(storage)).created == NOW


def test_2_an_update_keeps_the_place(storage: CookieStorage) -> None:
    put(storage, Cookie("a", "1", "example.com"), Cookie("b", "1", "example.com"))
    put(storage, Cookie("a", "2", "example.com"), now=NOW + 5)
    assert sent(storage) == ["a=2", "b=1"]


def test_2_a_given_creation_time_stands(storage: CookieStorage) -> None:
    put(storage, Cookie("a", "1", "example.com", created=NOW))
    put(storage, Cookie("b", "1", "example.com", created=NOW - 1))
    assert sent(storage) == ["b=1", "a=1"]
    put(storage, Cookie("b", "2", "example.com", created=NOW + 1))
    assert sent(storage) == ["a=1", "b=2"]


def test_2_no_two_have_the_same_time_of_creation(storage: CookieStorage) -> None:
    put(storage, Cookie("a", "1", "example.com"))
    put(storage, Cookie("a", "2", "example.com", created=NOW + 10))
    put(storage, Cookie("b", "1", "example.com"), now=NOW + 10)
    first, second = storage
    assert first.created < second.created
    assert sent(storage) == ["a=2", "b=1"]


def test_3_what_is_sent_has_been_used(storage: CookieStorage) -> None:
    put(storage, *(Cookie(name, "", "example.com", f"/{name}") for name in "abc"))
    assert sent(storage, path="/a") == ["a="]
    assert [cookie.name for cookie in storage] == ["b", "c", "a"]
    put(storage, Cookie("b", "", "example.com", "/b"))
    assert [cookie.name for cookie in storage] == ["c", "a", "b"]


@pytest.mark.parametrize(
    "other",
    [
        Cookie("A", "2", "example.com", "/"),
        Cookie("", "2", "example.com", "/"),
        Cookie("a", "2", "www.example.com", "/"),
        Cookie("a", "2", "", "/"),
        Cookie("a", "2", "example.com", "//"),
        Cookie("a", "2", "example.com", "/", host_only=True),
    ],
)
def test_name_domain_path_and_host_only_make_another_cookie(
    storage: CookieStorage, other: Cookie
) -> None:
    put(storage, Cookie("a", "1", "example.com", "/"), other)
    assert [cookie.value for cookie in storage] == ["1", "2"]
    storage.remove(other)
    assert [cookie.value for cookie in storage] == ["1"]


@pytest.mark.parametrize(
    "other",
    [
        Cookie("a", "2", "example.com", "/", secure=True),
        Cookie("a", "2", "example.com", "/", http_only=True),
        Cookie("a", "2", "example.com", "/", expires=NOW + 9),
        Cookie("a", "2", "example.com", "/", same_site="Lax"),
        Cookie("a", "2", "example.com", "/", partitioned=True),
    ],
)
def test_anything_else_does_not(storage: CookieStorage, other: Cookie) -> None:
    put(storage, Cookie("a", "1", "example.com", "/"), other)
    assert [cookie.value for cookie in storage] == ["2"]


def test_a_cookie_may_become_secure_and_cease_to_be(storage: CookieStorage) -> None:
    plain, secure = Cookie("a", "1", "example.com"), Cookie("a", "1", "example.com", secure=True)
    for cookie in (plain, secure, secure, plain, secure):
        put(storage, cookie)
        assert storage.hides_secure(plain) is cookie.secure
        assert sent(storage, secure=False) == ([] if cookie.secure else ["a=1"])
    storage.remove(plain)
    assert not storage.hides_secure(plain)


def test_one_of_two_secure_cookies_of_a_name_remains_protected(storage: CookieStorage) -> None:
    first = Cookie("a", "1", "example.com", secure=True)
    second = Cookie("a", "1", "example.org", secure=True)
    put(storage, first, second)
    storage.remove(first)
    assert not storage.hides_secure(first)
    assert storage.hides_secure(second)


def test_only_a_secure_cookie_of_that_name_is_protected(storage: CookieStorage) -> None:
    put(storage, Cookie("a", "1", "example.com"), Cookie("b", "1", "example.com", secure=True))
    assert not storage.hides_secure(Cookie("a", "2", "example.com"))
    assert not storage.hides_secure(Cookie("c", "2", "example.com"))
    assert storage.hides_secure(Cookie("b", "2", "example.com"))


def test_nothing_remains_of_what_is_gone(storage: CookieStorage) -> None:
    for number in range(200):
        put(storage, Cookie("a", "", f"{number}.example", f"/{number}", expires=NOW + number % 9))
        put(storage, Cookie("a", "", f"{number}.example", "/", secure=True))
    assert len(storage._domains) == len(storage._backwards) == 200
    for cookie in storage:
        storage.remove(cookie)
    assert (storage._domains, storage._backwards, len(storage)) == ({}, [], 0)
    put(storage, Cookie("a", "", "example.com", "/a"), Cookie("a", "", "example.com", "/b"))
    storage.remove(Cookie("a", "", "example.com", "/a"))
    assert list(storage._domains["example.com"].paths) == ["/b"]
    storage.clear()
    assert (storage._domains, storage._backwards, storage._expiring) == ({}, [], [])


def test_secure_cookies_are_found_above_and_below_among_many_domains() -> None:
    labels = ("a", "b", "-", "a-b", "example", "xn--a", "0a")
    domains = [".".join(names) for size in (1, 2, 3) for names in product(labels, repeat=size)]
    domains += ["127.0.0.1", "0.0.1", "1", "::1"]
    rng = random.Random(16)
    for some in (rng.sample(domains, 5) for _ in range(40)):
        storage = CookieStorage(DEFAULT_LIMITS)
        put(storage, *(Cookie("a", "", domain, secure=domain in some) for domain in domains))
        for domain in rng.sample(domains, 40):
            expected = any(domain_match(domain, s) or domain_match(s, domain) for s in some)
            assert storage.hides_secure(Cookie("a", "", domain)) is expected
        for domain in domains:
            storage.remove(Cookie("a", "", domain))
        assert not storage.hides_secure(Cookie("a", "", "a"))


def test_what_is_not_there_can_be_removed(storage: CookieStorage) -> None:
    put(storage, Cookie("a", "1", "example.com", "/a"))
    for cookie in (Cookie("b", ""), Cookie("a", "", "example.com"), Cookie("a", "", "", "/a")):
        storage.remove(cookie)
    assert len(storage) == 1


def test_clear_removes_all(storage: CookieStorage) -> None:
    put(storage, Cookie("a", "1", "example.com", secure=True, expires=NOW + 1), Cookie("b", "2"))
    storage.clear()
    assert len(storage) == 0
    assert sent(storage) == []
    assert not storage.hides_secure(Cookie("a", "1", "example.com"))
    put(storage, Cookie("c", "3"), now=NOW + 5)
    assert sent(storage, now=NOW + 5) == ["c=3"]


def test_it_may_change_while_it_is_iterated_over(storage: CookieStorage) -> None:
    put(storage, *(Cookie(name, "") for name in "abc"))
    for cookie in storage:
        storage.remove(cookie)
        put(storage, Cookie(cookie.name * 2, ""))
    assert [cookie.name for cookie in storage] == ["aa", "bb", "cc"]


def test_paths_are_found_whichever_way_they_are_looked_for() -> None:
    rng = random.Random(3)
    storage = CookieStorage(CookieLimits(per_domain=10_000))
    paths = sorted({"/" + "".join(rng.choices("/ab", k=rng.randrange(7))) for _ in range(900)})
    put(storage, *(Cookie("a", path, "example.com", path) for path in paths))
    for _ in range(300):
        path = "/" + "".join(rng.choices("//ab", k=rng.randrange(12)))
        expected = sorted(f"a={of_path}" for of_path in paths if path_match(path, of_path))
        assert sorted(sent(storage, path=path)) == expected
    assert sent(storage, path="") == []
