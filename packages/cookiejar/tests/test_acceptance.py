"""Whether a cookie is stored, step by step (RFC 6265bis section 5.7)."""

import pytest

from martlet_cookiejar._acceptance import accept as stored
from martlet_cookiejar._cookie import Cookie
from martlet_cookiejar._limits import DEFAULT_LIMITS
from martlet_cookiejar._set_cookie import parse_set_cookie
from martlet_cookiejar._storage import CookieStorage

NOW = 1_700_000_000.0
SUFFIXES = {"com", "co.uk", "github.io", "shop"}


def accept(
    line: str,
    host: str = "www.example.com",
    path: str = "/dir/page",
    *,
    secure: bool = True,
    storage: CookieStorage | None = None,
) -> Cookie | None:
    given = parse_set_cookie(line)
    assert given is not None
    return stored(
        CookieStorage(DEFAULT_LIMITS) if storage is None else storage,
        given,
        host,
        path,
        secure,
        NOW,
        DEFAULT_LIMITS,
        SUFFIXES.__contains__,
    )


def test_05_it_is_made_of_name_and_value_now() -> None:
    expected = Cookie("a", "b", "www.example.com", "/dir", host_only=True, created=NOW)
    assert accept("a=b") == expected


@pytest.mark.parametrize(
    ("line", "name", "value"), [("=b", "", "b"), ("b", "", "b"), ("a=", "a", "")]
)
def test_02_a_name_or_a_value_may_be_missing(line: str, name: str, value: str) -> None:
    cookie = accept(line)
    assert cookie is not None
    assert (cookie.name, cookie.value) == (name, value)


@pytest.mark.parametrize(
    ("domain", "host"),
    [
        ("ex\xe4mple.com", "www.xn--exmple-cua.com"),
        ("www.ex\xe4mple.com", "www.xn--exmple-cua.com"),
        ("\u212aexample.com", "kexample.com"),
        ("\udcff.example.com", "www.example.com"),
    ],
)
def test_08_a_domain_that_is_not_ascii_is_no_hosts(domain: str, host: str) -> None:
    assert accept(f"a=b; Domain={domain}", host) is None


@pytest.mark.parametrize(
    ("host", "domain"),
    [("com", "com"), ("co.uk", "CO.UK"), ("github.io", ".github.io"), ("shop", "shop")],
)
def test_09_a_public_suffix_that_is_the_host_gets_a_host_only_cookie(
    host: str, domain: str
) -> None:
    cookie = accept(f"a=b; Domain={domain}", host)
    assert cookie is not None
    assert (cookie.domain, cookie.host_only) == (host, True)


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("example.com", "com"),
        ("a.b.example.co.uk", "co.uk"),
        ("me.github.io", ".github.io"),
        ("example.org", "com"),
    ],
)
def test_09_for_another_public_suffix_nobody_can_set_cookies(host: str, domain: str) -> None:
    assert accept(f"a=b; Domain={domain}", host) is None


@pytest.mark.parametrize(
    ("host", "domain", "kept"),
    [
        ("www.example.com", "www.example.com", "www.example.com"),
        ("www.example.com", "example.com", "example.com"),
        ("www.example.com", ".example.com", "example.com"),
        ("www.example.com", "EXAMPLE.com", "example.com"),
        ("a.b.c.example.com", "b.c.example.com", "b.c.example.com"),
        ("example.co.uk", "example.co.uk", "example.co.uk"),
        ("127.0.0.1", "127.0.0.1", "127.0.0.1"),
        ("::1", "::1", "::1"),
    ],
)
def test_10_a_domain_that_the_host_matches_is_the_cookies(
    host: str, domain: str, kept: str
) -> None:
    cookie = accept(f"a=b; Domain={domain}", host)
    assert cookie is not None
    assert (cookie.domain, cookie.host_only) == (kept, False)


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("example.com", "www.example.com"),
        ("www.example.com", "ftp.example.com"),
        ("www.example.com", "ample.com"),
        ("www.example.com", "..example.com"),
        ("www.example.com", "example.com."),
        ("www.example.com", "example.org"),
        ("www.example.com", "www.example.com:80"),
        ("www.example.com", "com.example"),
        ("1.127.0.0.1", "127.0.0.1"),
        ("127.0.0.1", "0.0.1"),
        ("a::1", "::1"),
    ],
)
def test_10_a_domain_that_the_host_does_not_match_is_refused(host: str, domain: str) -> None:
    assert accept(f"a=b; Domain={domain}", host) is None


@pytest.mark.parametrize("attribute", ["", "; Domain", "; Domain=", "; Domain=.", "; Domain=  "])
def test_10_without_a_domain_it_is_the_hosts_only(attribute: str) -> None:
    cookie = accept(f"a=b{attribute}")
    assert cookie is not None
    assert (cookie.domain, cookie.host_only) == ("www.example.com", True)


@pytest.mark.parametrize(
    ("attribute", "path", "kept"),
    [
        ("", "/dir/page", "/dir"),
        ("", "/dir/", "/dir"),
        ("", "/page", "/"),
        ("", "/", "/"),
        ("", "", "/"),
        ("", "page", "/"),
        ("; Path", "/dir/page", "/dir"),
        ("; Path=", "/dir/page", "/dir"),
        ("; Path=other", "/dir/page", "/dir"),
        ("; Path=/", "/dir/page", "/"),
        ("; Path=/other", "/dir/page", "/other"),
        ("; Path=/dir/", "/dir/page", "/dir/"),
        ("; Path=//", "/", "//"),
        ("; Path=/a; Path=/b", "/", "/b"),
        ("; Path=/a; Path=b", "/dir/page", "/dir"),
    ],
)
def test_11_the_path_is_the_attribute_or_the_folder_of_the_url(
    attribute: str, path: str, kept: str
) -> None:
    cookie = accept(f"a=b{attribute}", path=path)
    assert cookie is not None
    assert cookie.path == kept


def test_12_to_19_flags_are_kept() -> None:
    cookie = accept("a=b; Secure; HttpOnly; Partitioned; SameSite=Strict")
    assert cookie is not None
    assert cookie.secure
    assert cookie.http_only
    assert cookie.partitioned
    assert cookie.same_site == "Strict"
    cookie = accept("a=b")
    assert cookie is not None
    assert not any((cookie.secure, cookie.http_only, cookie.partitioned, cookie.same_site))


def test_13_what_is_secure_does_not_come_over_http() -> None:
    assert accept("a=b; Secure", secure=False) is None
    assert accept("a=b; Secure", secure=True) is not None


@pytest.mark.parametrize("same_site", ["Strict", "Lax", "None", "else"])
def test_17_to_19_same_site_is_not_enforced(same_site: str) -> None:
    # That is for browsers, which visit sites that embed others.
    assert accept(f"a=b; SameSite={same_site}", secure=False) is not None


@pytest.mark.parametrize("name", ["__Secure-a", "__secure-a", "__SECURE-", "__sEcUrE-a"])
def test_20_the_prefix_secure_in_any_case(name: str) -> None:
    assert accept(f"{name}=b") is None
    assert accept(f"{name}=b", secure=False) is None
    assert accept(f"{name}=b; Secure", secure=False) is None
    cookie = accept(f"{name}=b; Secure; Domain=example.com")
    assert cookie is not None
    assert cookie.name == name


@pytest.mark.parametrize("name", ["__Host-a", "__host-a", "__HOST-", "__hOsT-a"])
@pytest.mark.parametrize(
    ("attributes", "kept"),
    [
        ("; Secure; Path=/", True),
        ("; Secure; Path=/; Domain=", True),
        ("; Secure; Path=/; Domain=www.example.com", False),
        ("; Secure; Path=/; Domain=example.com", False),
        ("; Path=/", False),
        ("; Secure; Path=/dir", False),
        ("; Secure; Path=", False),
        ("; Secure", False),
        ("", False),
    ],
)
@pytest.mark.parametrize("path", ["/", "/dir/page"])
def test_21_the_prefix_host_in_any_case(name: str, attributes: str, path: str, kept: bool) -> None:
    assert (accept(f"{name}=b{attributes}", path=path) is not None) is kept
    assert accept(f"{name}=b{attributes}", path=path, secure=False) is None


def test_21_a_public_suffix_that_is_the_host_leaves_it_host_only() -> None:
    assert accept("__Host-a=b; Secure; Path=/; Domain=shop", "shop") is not None


@pytest.mark.parametrize("line", ["__Secure-a", "__HOST-", "=__SECURE-a", "=__host-a=b"])
def test_22_without_a_name_the_value_has_no_prefix(line: str) -> None:
    assert accept(f"{line}; Secure; Path=/") is None


def test_23_a_cookie_in_the_place_of_its_like_keeps_the_time_of_creation() -> None:
    storage = CookieStorage(DEFAULT_LIMITS)
    old = Cookie("a", "b", "www.example.com", "/dir", host_only=True, created=NOW - 5)
    storage.put(old, NOW - 5)
    cookie = accept("a=c; Secure; HttpOnly", storage=storage)
    assert cookie is not None
    assert (cookie.value, cookie.created) == ("c", NOW - 5)


@pytest.mark.parametrize(
    "line",
    [
        "A=c",
        "a=c; Path=/",
        "a=c; Path=/dir/",
        "a=c; Domain=www.example.com",
        "a=c; Domain=example.com",
        "=c",
    ],
)
def test_23_name_domain_host_only_and_path_make_its_like(line: str) -> None:
    storage = CookieStorage(DEFAULT_LIMITS)
    old = Cookie("a", "b", "www.example.com", "/dir", host_only=True, created=NOW - 5)
    storage.put(old, NOW - 5)
    cookie = accept(line, storage=storage)
    assert cookie is not None
    assert cookie.created == NOW


def test_24_it_is_stored_in_the_place_of_its_like() -> None:
    storage = CookieStorage(DEFAULT_LIMITS)
    accept("a=b", storage=storage)
    other = accept("a=b; Path=/", storage=storage)
    again = accept("a=c; Path=/dir", storage=storage)
    assert list(storage) == [other, again]


def test_24_one_that_has_expired_only_removes_its_like() -> None:
    storage = CookieStorage(DEFAULT_LIMITS)
    accept("a=b", storage=storage)
    other = accept("a=b; Path=/", storage=storage)
    assert accept("a=; Max-Age=0", storage=storage) is not None
    assert accept("c=; Max-Age=0", storage=storage) is not None
    assert list(storage) == [other]


def test_24_what_is_ignored_is_not_stored() -> None:
    storage = CookieStorage(DEFAULT_LIMITS)
    assert accept("a=b; Secure", storage=storage, secure=False) is None
    assert list(storage) == []
