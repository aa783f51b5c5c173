"""A response over http cannot overlay a Secure cookie (RFC 6265bis section 5.7, step 16)."""

import pytest

from martlet_cookiejar._acceptance import accept
from martlet_cookiejar._cookie import Cookie
from martlet_cookiejar._limits import DEFAULT_LIMITS
from martlet_cookiejar._set_cookie import parse_set_cookie
from martlet_cookiejar._storage import CookieStorage

NOW = 1_700_000_000.0


def is_accepted(
    line: str, stored: Cookie, host: str = "www.example.com", *, secure: bool = False
) -> bool:
    storage = CookieStorage(DEFAULT_LIMITS)
    storage.put(stored, NOW)
    given = parse_set_cookie(line)
    assert given is not None
    cookie = accept(storage, given, host, "/", secure, NOW, DEFAULT_LIMITS, {"com"}.__contains__)
    return cookie is not None


def secure(
    name: str = "a", domain: str = "www.example.com", path: str = "/", *, host_only: bool = True
) -> Cookie:
    return Cookie(name, "secret", domain, path, host_only, secure=True)


@pytest.mark.parametrize(
    ("domain", "host_only"),
    [
        ("www.example.com", True),
        ("www.example.com", False),
        ("example.com", True),
        ("example.com", False),
        ("login.www.example.com", True),
        ("login.www.example.com", False),
    ],
)
def test_whether_its_domain_is_above_or_below(domain: str, host_only: bool) -> None:
    assert not is_accepted("a=b", secure(domain=domain, host_only=host_only))


@pytest.mark.parametrize("domain", ["ftp.example.com", "example.org", "w.example.com", ""])
def test_a_secure_cookie_of_a_domain_beside_is_not_in_the_way(domain: str) -> None:
    assert is_accepted("a=b", secure(domain=domain, host_only=False))


def test_a_cookie_of_the_domain_above_all_is_looked_at_too() -> None:
    assert not is_accepted("a=b; Domain=example.com", secure(domain="ftp.example.com"))


@pytest.mark.parametrize(
    ("path", "secure_path", "expected"),
    [
        ("/", "/", False),
        ("/login", "/login", False),
        ("/login/en", "/login", False),
        ("/login/", "/login", False),
        ("/login", "/", False),
        ("/", "/login", True),
        ("/login", "/login/", True),
        ("/login", "/login/en", True),
        ("/loginx", "/login", True),
    ],
)
def test_its_path_may_be_above(path: str, secure_path: str, expected: bool) -> None:
    assert is_accepted(f"a=b; Path={path}", secure(path=secure_path)) is expected


@pytest.mark.parametrize("name", ["A", "b", ""])
def test_another_name_is_another_cookie(name: str) -> None:
    assert is_accepted("a=b", secure(name))


def test_cookies_without_a_name_have_the_same() -> None:
    assert not is_accepted("=b", secure(""))
    assert is_accepted("=b", secure("a"))


def test_it_cannot_be_deleted_either() -> None:
    assert not is_accepted("a=b; Max-Age=0", secure())
    assert not is_accepted("a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", secure())


def test_over_https_it_can_be_replaced() -> None:
    assert is_accepted("a=b", secure(), secure=True)
    assert is_accepted("a=b; Secure", secure(), secure=True)


def test_one_that_is_not_secure_can_be_replaced() -> None:
    assert is_accepted("a=b; Path=/", Cookie("a", "old", "www.example.com", "/", host_only=True))
