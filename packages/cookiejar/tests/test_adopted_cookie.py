import attrs
import pytest

from martlet_cookiejar._adopted_cookie import adopted_cookie
from martlet_cookiejar._cookie import Cookie

PLAIN = Cookie("sid", "1", "example.org", "/docs", host_only=True, secure=True, expires=9.5)


def test_cookie_in_the_form_of_this_jar_is_taken_as_it_is() -> None:
    assert adopted_cookie(PLAIN) == PLAIN


@pytest.mark.parametrize(
    ("domain", "adopted"),
    [
        ("EXAMPLE.org", "example.org"),
        (".example.org", "example.org"),
        ("example.org.", "example.org"),
        ("b\u00fccher.example", "xn--bcher-kva.example"),
        ("[::1]", "::1"),
        ("127.0.0.1", "127.0.0.1"),
        ("", ""),
    ],
)
def test_domain_gets_its_canonical_form(domain: str, adopted: str) -> None:
    cookie = adopted_cookie(attrs.evolve(PLAIN, domain=domain))
    assert cookie == attrs.evolve(PLAIN, domain=adopted)


@pytest.mark.parametrize(
    "domain", [".", "..", "a b", "a..b", "a/b", "a\r\nb", "\ud800", "b\u00fc" * 99]
)
def test_domain_that_cannot_be_does_not_become_that_of_all_hosts(domain: str) -> None:
    assert adopted_cookie(attrs.evolve(PLAIN, domain=domain)) is None


def test_domain_and_path_have_the_lengths_that_they_can_have() -> None:
    # A file may hold each of them once for very many cookies.
    domain = ".".join([*["a" * 50] * 4, "a" * 51])
    path = "/" + "a" * 1023
    longest = attrs.evolve(PLAIN, domain=domain, path=path)
    assert (len(longest.domain), len(longest.path)) == (255, 1024)
    assert adopted_cookie(longest) == longest
    assert adopted_cookie(attrs.evolve(longest, domain=f"a{longest.domain}")) is None
    assert adopted_cookie(attrs.evolve(longest, path=f"{path}a")) is None


@pytest.mark.parametrize("path", ["", "docs", "\\docs", "http://example.org/docs"])
def test_path_that_does_not_begin_with_a_slash_becomes_one(path: str) -> None:
    assert adopted_cookie(attrs.evolve(PLAIN, path=path)) == attrs.evolve(PLAIN, path="/")


@pytest.mark.parametrize(
    "cookie",
    [
        Cookie("a=b", "1"),
        Cookie("a\r\nb", "1"),
        Cookie("", ""),
        Cookie("a", "b;c"),
        Cookie("a", "\x00"),
        Cookie("a", "1", path="/a;b"),
        Cookie("a", "1", path="/\r\n"),
    ],
)
def test_cookie_that_no_request_could_carry_is_none(cookie: Cookie) -> None:
    assert adopted_cookie(cookie) is None
