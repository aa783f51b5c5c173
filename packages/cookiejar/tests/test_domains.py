import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_cookiejar._domains import domains_of
from martlet_cookiejar._host import domain_match

LABELS = st.text("abcdefghijklmnopqrstuvwxyz-_", min_size=1, max_size=8)
NAMES = st.lists(LABELS, min_size=1, max_size=6).map(".".join)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("example", ("example",)),
        ("a.example.com", ("a.example.com", "example.com", "com")),
        ("A.Example.COM.", ("a.example.com", "example.com", "com")),
        ("1.2.example", ("1.2.example", "2.example", "example")),
        (
            "www.b\xfccher.example",
            ("www.xn--bcher-kva.example", "xn--bcher-kva.example", "example"),
        ),
    ],
)
def test_the_host_comes_first_then_what_is_above_it(host: str, expected: tuple[str, ...]) -> None:
    assert domains_of(host) == (*expected, "")


@pytest.mark.parametrize(
    ("host", "canonical"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1.", "127.0.0.1"),
        ("[::1]", "::1"),
        ("2001:DB8::A", "2001:db8::a"),
        ("fe80::1%a.b", "fe80::1%a.b"),
        ("example.1", "example.1"),
    ],
)
def test_nothing_is_above_an_ip_address(host: str, canonical: str) -> None:
    assert domains_of(host) == (canonical, "")


@pytest.mark.parametrize("host", ["", ".", "..", "a..b", "[", "a b", "\ud800", "\xfc" * 70])
def test_what_is_no_host_gets_shared_cookies_only_and_once(host: str) -> None:
    assert domains_of(host) == ("",)


def test_a_name_of_253_octets_has_parents() -> None:
    host = "a." * 126 + "b"
    assert len(host) == 253
    domains = domains_of(host)
    assert len(domains) == 127 + 1
    assert domains[-2:] == ("b", "")


@pytest.mark.parametrize("host", ["a." * 126 + "bc", "a." * 50_000 + "b"])
def test_what_is_too_long_for_a_name_has_no_parents(host: str) -> None:
    assert domains_of(host) == (host, "")


@given(NAMES)
def test_they_are_the_domains_that_the_host_matches(host: str) -> None:
    *domains, shared = domains_of(host)
    assert shared == ""
    assert domains[0] == host
    assert all(domain_match(host, domain) for domain in domains)
    assert len(set(domains)) == len(domains) == host.count(".") + 1


@given(st.text(st.characters()))
def test_arbitrary_text_has_domains(host: str) -> None:
    domains = domains_of(host)
    assert domains[-1] == ""
    assert all(domains[:-1])
