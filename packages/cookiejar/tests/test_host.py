"""Canonical hosts (RFC 6265bis section 5.1.2) and how domains match them (5.1.3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from martlet_cookiejar._host import (
    canonical_host,
    domain_match,
    in_hexadecimal,
    is_canonical,
    is_ip_address,
)

LABELS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_", min_size=1, max_size=8)
NAMES = st.lists(LABELS, min_size=1, max_size=5).map(".".join)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("example.com", "example.com"),
        ("localhost", "localhost"),
        ("EXAMPLE.Com", "example.com"),
        ("a_b.example.com", "a_b.example.com"),
        ("-a-.example.com", "-a-.example.com"),
        ("%C3%BC.example", "%c3%bc.example"),
        # The root that may be written at the end of a name does not make another host of it.
        ("example.com.", "example.com"),
        ("localhost.", "localhost"),
        ("127.0.0.1.", "127.0.0.1"),
    ],
)
def test_ascii_hosts(host: str, expected: str) -> None:
    assert canonical_host(host) == expected


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("b\xfccher.example", "xn--bcher-kva.example"),
        ("B\xdcCHER.Example", "xn--bcher-kva.example"),
        ("bu\u0308cher.example", "xn--bcher-kva.example"),
        ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
        ("stra\xdfe.de", "xn--strae-oqa.de"),
        ("\u4f8b\u3048.\u30c6\u30b9\u30c8", "xn--r8jz45g.xn--zckzah"),
        ("\u2603.net", "xn--n3h.net"),
        # Compatible forms of ASCII letters, digits and dots.
        ("\uff45xample\u3002com", "example.com"),
        ("\u212aelvin.example", "kelvin.example"),
        ("\uff11\uff12\uff17.0.0.1", "127.0.0.1"),
        # The last of these dots becomes ASCII before it is taken off.
        ("b\xfccher.example.", "xn--bcher-kva.example"),
        ("\u4f8b\u3048\u3002\u30c6\u30b9\u30c8\u3002", "xn--r8jz45g.xn--zckzah"),
        ("b\xfccher\uff0e", "xn--bcher-kva"),
    ],
)
def test_hosts_that_are_not_ascii_are_written_in_a_labels(host: str, expected: str) -> None:
    assert canonical_host(host) == expected


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("::1", "::1"),
        ("[::1]", "::1"),
        ("[2001:DB8::A]", "2001:db8::a"),
        # However it is written, it is one address.
        ("2001:0db8:0:0:0:0:0:000A", "2001:db8::a"),
        ("[::ffff:1.2.3.4]", "::ffff:102:304"),
        ("::ffff:102:304", "::ffff:102:304"),
        ("::ffff:0.0.0.0", "::ffff:0:0"),
        ("::ffff:255.255.0.1", "::ffff:ffff:1"),
        ("::FFFF:1.2.3.4%5.6.7.8", "::ffff:102:304%5.6.7.8"),
        ("fe80::1%1.2.3.4", "fe80::1%1.2.3.4"),
        ("64:ff9b::1.2.3.4", "64:ff9b::102:304"),
        ("[FE80::1%ETH0]", "fe80::1%eth0"),
    ],
)
def test_ipv6_addresses(host: str, expected: str) -> None:
    assert canonical_host(host) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("::ffff:1.2.3.4", "::ffff:102:304"),
        ("::ffff:0.0.0.0", "::ffff:0:0"),
        ("::ffff:1.2.3.4%eth0", "::ffff:102:304%eth0"),
        ("::ffff:102:304", "::ffff:102:304"),
        ("::1", "::1"),
        ("fe80::1%::ffff:1.2.3.4", "fe80::1%::ffff:1.2.3.4"),
        ("", ""),
    ],
)
def test_ipv4_in_ipv6_is_the_same_whatever_python_makes_of_it(address: str, expected: str) -> None:
    assert in_hexadecimal(address) == expected


@pytest.mark.parametrize(
    "host",
    [
        # Empty labels.
        "",
        ".",
        "..",
        ".example.com",
        "example..com",
        "example.com..",
        "\u3002",
        ".\xfc",
        "a..\xfc",
        "\xfc..",
        # Not what stands for a host in a URL.
        *(f"a{character}b" for character in "/?#@\\<>^|[]: \t\r\n\0\x7f"),
        *(f"\xfc{character}b" for character in "/?#@:[] \n"),
        "example.com:80",
        "user@example.com",
        # Brackets have an IPv6 address between them.
        "[",
        "]",
        "[]",
        "[::1",
        "::1]",
        "[[::1]]",
        "[::1].",
        "[\xfc]",
        "[example.com]",
        "[127.0.0.1]",
        # Not addresses.
        ":",
        ":::",
        "1::2::3",
        "12345::",
        "1.2.3.4:5",
        "::1.",
        # Nothing that IDNA writes.
        *(f"{chr(surrogate)}.example" for surrogate in (0xD800, 0xDCFF)),
        "a\xadb.example",
        "a\u200db.example",
        "\u2100.example",
        "xn--\xfc.example",
        "\xfc" * 70,
        "::1%\xfc",
    ],
)
def test_what_has_no_canonical_form(host: str) -> None:
    assert canonical_host(host) == ""
    assert not is_canonical(host)


@pytest.mark.parametrize(
    "host",
    [
        "example.com",
        "localhost",
        "a_b",
        "xn--bcher-kva.example",
        "127.0.0.1",
        "::1",
        "fe80::1%1",
        "2001:db8::a",
        "::ffff:102:304",
        "1",
        "a" * 300,
    ],
)
def test_canonical_hosts(host: str) -> None:
    assert is_canonical(host)


@pytest.mark.parametrize(
    "host",
    [
        "Example.com",
        "example.com.",
        ".example.com",
        "b\xfccher.example",
        "[::1]",
        "::0001",
        "::ffff:1.2.3.4",
        "2001:DB8::a",
        "\u212a.example",
        "a b",
        "a\n",
        "example.com\n",
    ],
)
def test_hosts_that_are_not_canonical(host: str) -> None:
    assert not is_canonical(host)


@given(st.text(st.characters()) | st.text("aA.:[]%-0f/\xfc\xdf\u3002", max_size=12))
def test_what_is_made_of_arbitrary_text_is_canonical_or_nothing(host: str) -> None:
    canonical = canonical_host(host)
    assert canonical == "" or is_canonical(canonical)


@given(NAMES)
def test_the_host_of_a_url_is_the_canonical_one(name: str) -> None:
    url = URL(f"http://{name.upper()}./")
    assert canonical_host(url.raw_host or "") == name == canonical_host(name)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "0.0.0.0",
        "1.2.3.4.",
        # What URLs take for IPv4: the last label is a number.
        "1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x",
        "0x7f.0.0.0x1",
        "256.256.256.256",
        "1.2.3.4.5",
        "example.1",
        "example.0xff",
        # IPv6.
        "::",
        "::1",
        "2001:db8::1",
        "::ffff:102:304",
        "fe80::1%eth0",
        "fe80::1%a.b",
    ],
)
def test_ip_addresses(host: str) -> None:
    assert is_ip_address(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "localhost",
        "example.com",
        "1.example.com",
        "127.0.0.1.example.com",
        "1a",
        "0xg",
        "x0",
        "1.2.3.a",
        "0.0x.a",
        "a1",
        "example.1a",
        "xn--1",
        "0xffg",
        "abc.def",
        "example.\u0661",
    ],
)
def test_names_are_no_ip_addresses(host: str) -> None:
    assert not is_ip_address(host)


@pytest.mark.parametrize("host", ["example.com", "localhost", "127.0.0.1", "::1", "xn--1"])
def test_a_host_matches_itself(host: str) -> None:
    assert domain_match(host, host)


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.example.com", "example.com"),
        ("a.b.example.com", "example.com"),
        ("a.b.example.com", "b.example.com"),
        ("example.com", "com"),
        ("www.localhost", "localhost"),
        ("127.0.0.1.example.com", "example.com"),
        ("1.2.example", "2.example"),
    ],
)
def test_a_host_matches_the_domains_above_it(host: str, domain: str) -> None:
    assert domain_match(host, domain)


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("example.com", "www.example.com"),
        ("notexample.com", "example.com"),
        ("example.com", "ample.com"),
        ("example.com", "example"),
        ("example.com.example.org", "example.com"),
        ("example.org", "example.com"),
        # No host is below the root, or written with it.
        ("example.com", ""),
        ("example.com", "."),
        ("example.com", "com."),
        ("www.example.com", ".example.com"),
        # Callers have made them canonical.
        ("www.example.com", "Example.com"),
    ],
)
def test_a_host_matches_no_other_domain(host: str, domain: str) -> None:
    assert not domain_match(host, domain)


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("127.0.0.1", "0.0.1"),
        ("127.0.0.1", "1"),
        ("127.0.0.1", "127.0.0"),
        ("1.127.0.0.1", "127.0.0.1"),
        ("www.0x7f", "0x7f"),
        ("2001:db8::1", "db8::1"),
        ("2001:db8::1", ":1"),
        ("fe80::1%a.b", "b"),
    ],
)
def test_nothing_is_below_an_ip_address(host: str, domain: str) -> None:
    assert not domain_match(host, domain)


@given(NAMES, NAMES)
def test_domains_match_by_whole_labels(host: str, domain: str) -> None:
    labels, wanted = host.split("."), domain.split(".")
    expected = labels == wanted or (labels[-len(wanted) :] == wanted and not is_ip_address(host))
    assert domain_match(host, domain) is expected
    assert domain_match(f"{host}.{domain}", domain) is not is_ip_address(domain)
