import ipaddress
import os
import string
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from martlet_connector_pool._proxy_bypass import ProxyBypass

EURO = "bücher.example"
LABEL_63 = "l" * 63
IDN_301 = ".".join(["ü" * 20] * 11) + ".test"  # encoded; 235 characters otherwise
NAME_253 = ".".join([LABEL_63, LABEL_63, LABEL_63, "l" * 61])


class Row(NamedTuple):
    rules: str
    url: str
    expected: bool


# After each group: who behaves like that. "curl" is 7.88, "urllib" is Python 3.11's.
TABLE = [
    # A name is the host and all below it, but nothing that merely ends alike: curl, urllib, Go.
    Row("example.com", "http://example.com/", True),
    Row("example.com", "https://a.example.com/", True),
    Row("example.com", "http://a.b.example.com/", True),
    Row("example.com", "http://notexample.com/", False),
    Row("example.com", "http://example.com.test/", False),
    Row("example.com", "http://com/", False),
    Row("com", "http://example.com/", True),
    # A dot in front changes nothing: curl, urllib. (For Go it means only what is below.)
    Row(".example.com", "http://example.com/", True),
    Row(".example.com", "http://a.example.com/", True),
    Row(".example.com", "http://notexample.com/", False),
    # An asterisk in front means only what is below: Go. (For curl and urllib it means nothing.)
    Row("*.example.com", "http://a.example.com/", True),
    Row("*.example.com", "http://a.b.example.com/", True),
    Row("*.example.com", "http://example.com/", False),
    Row("*.example.com", "http://notexample.com/", False),
    # Everything: curl, urllib, Go; among other entries: Go.
    Row("*", "http://a.test/", True),
    Row("*", "http://[::1]:8080/", True),
    Row("*", "/relative", True),
    Row("a.test,*", "http://b.test/", True),
    Row(" * ", "http://b.test/", True),
    # Commas: all; blanks too: curl. Empty entries are nothing: curl, urllib, Go.
    Row("a.test,b.test", "http://b.test/", True),
    Row("a.test b.test", "http://b.test/", True),
    Row("a.test\tb.test", "http://b.test/", True),
    Row(" a.test , b.test ", "http://b.test/", True),
    Row(",,a.test,,b.test,,", "http://b.test/", True),
    Row("a.test;b.test", "http://b.test/", False),
    Row("", "http://a.test/", False),
    Row(" , ", "http://a.test/", False),
    # A port: urllib, Go; without one in the URL it is that of the scheme: Go.
    Row("a.test:8080", "http://a.test:8080/", True),
    Row("a.test:8080", "http://a.test/", False),
    Row("a.test:8080", "http://x.a.test:8080/", True),
    Row("a.test:80", "http://a.test/", True),
    Row("a.test:80", "ws://a.test/", True),
    Row("a.test:80", "https://a.test/", False),
    Row("a.test:443", "https://a.test/", True),
    Row("a.test:443", "wss://a.test/", True),
    Row("a.test:443", "http://a.test:443/", True),
    Row("a.test:00080", "http://a.test/", True),
    Row(".a.test:80", "http://a.test/", True),
    Row("*.a.test:80", "http://x.a.test/", True),
    Row("*.a.test:80", "http://a.test/", False),
    Row("*.a.test:80", "http://x.a.test:81/", False),
    Row("a.test:81,a.test:82", "http://a.test:81/", True),
    Row("a.test:81,a.test:82", "http://a.test:82/", True),
    Row("a.test:81,a.test", "http://a.test/", True),
    Row("a.test:80", "foo://a.test/", False),
    Row("a.test", "foo://a.test/", True),
    # Case: curl, urllib, Go.
    Row("A.TEST", "http://a.test/", True),
    Row("a.test", "http://A.Test/", True),
    # A dot at the end: curl.
    Row("a.test.", "http://a.test/", True),
    Row("a.test", "http://a.test./", True),
    Row("a.test.:80", "http://x.a.test./", True),
    Row("127.0.0.1", "http://127.0.0.1./", True),
    Row("a.test..", "http://a.test/", False),
    # IDNA, encoded or not: nobody does all of it, but all mean the same host (RFC 5890 2.3.2.4).
    Row(EURO, f"http://{EURO}/", True),
    Row(EURO, "http://xn--bcher-kva.example/", True),
    Row("xn--bcher-kva.example", f"http://{EURO}/", True),
    Row("XN--BCHER-KVA.example", f"http://{EURO}/", True),
    Row("BÜCHER.example", f"http://a.{EURO}/", True),
    Row(f"*.{EURO}:443", f"https://a.{EURO}/", True),
    Row(f".{EURO}.", f"http://{EURO}/", True),
    Row("бук。рф。", "http://бук.рф/", True),  # ideographic full stops
    Row("bucher.example", f"http://{EURO}/", False),
    # An address: curl, urllib, Go. It has no domain: curl, Go.
    Row("127.0.0.1", "http://127.0.0.1/", True),
    Row("127.0.0.1", "http://127.0.0.11/", False),
    Row("0.0.1", "http://127.0.0.1/", False),
    Row(".0.0.1", "http://127.0.0.1/", False),
    Row("*.0.0.1", "http://127.0.0.1/", False),
    Row("127.0.0.1", "http://a.127.0.0.1/", False),
    Row("127.0.0.1:80", "http://127.0.0.1/", True),
    Row("127.0.0.1:80", "http://127.0.0.1:81/", False),
    # IPv6 with brackets: urllib, Go; without: curl, Go. All its forms are one: Go.
    Row("::1", "http://[::1]/", True),
    Row("[::1]", "http://[::1]/", True),
    Row("[::1]:80", "http://[::1]/", True),
    Row("[::1]:80", "https://[::1]/", False),
    Row("0:0:0:0:0:0:0:1", "http://[::1]/", True),
    Row("2001:DB8::A", "http://[2001:db8::a]/", True),
    Row("::1:80", "http://[::1]:80/", False),
    Row("::1:80", "http://[::1:80]/", True),
    # IPv4-mapped: the IPv4 address (RFC 4291 2.5.5.2), as the socket makes of it: Go.
    Row("::ffff:10.0.0.1", "http://10.0.0.1/", True),
    Row("10.0.0.1", "http://[::ffff:10.0.0.1]/", True),
    Row("10.0.0.0/8", "http://[::ffff:10.2.3.4]/", True),
    Row("::ffff:10.0.0.0/104", "http://10.2.3.4/", True),
    Row("::ffff:10.0.0.0/104", "http://11.2.3.4/", False),
    Row("::ffff:0:0/96", "http://10.2.3.4/", True),
    Row("::/0", "http://[::ffff:10.2.3.4]/", True),
    Row("::/0", "http://10.2.3.4/", False),
    # A scope names an interface, not a host: the same address without it.
    Row("fe80::1", "http://[fe80::1%25eth0]/", True),
    Row("fe80::1%eth1", "http://[fe80::1%25eth0]/", True),
    Row("fe80::/10", "http://[fe80::1%25eth0]/", True),
    # CIDR, whatever stands behind the prefix: curl, Go.
    Row("10.0.0.0/8", "http://10.255.0.1/", True),
    Row("10.0.0.0/8", "http://11.0.0.1/", False),
    Row("10.1.2.3/8", "http://10.255.0.1/", True),
    Row("0.0.0.0/0", "http://11.0.0.1/", True),
    Row("0.0.0.0/0", "http://a.test/", False),
    Row("10.0.0.1/32", "http://10.0.0.1/", True),
    Row("10.0.0.1/32", "http://10.0.0.2/", False),
    Row("fe80::/10", "http://[febf::1]/", True),
    Row("fe80::/10", "http://[fec0::1]/", False),
    Row("[fe80::]/10", "http://[febf::1]/", True),
    Row("::/0", "http://[2001:db8::1]/", True),
    Row("10.0.0.0/8:81", "http://10.0.0.1:81/", True),
    Row("10.0.0.0/8:81", "http://10.0.0.1/", False),
    # localhost is a name like others: curl, urllib. (Go never uses a proxy for it.)
    Row("localhost", "http://localhost:3000/", True),
    Row("localhost", "http://a.localhost/", True),
    Row("localhost", "http://127.0.0.1/", False),
    Row("127.0.0.1", "http://localhost/", False),
    Row("a.test", "http://localhost/", False),
    Row("a.test", "http://127.0.0.1/", False),
    # Garbage means nothing, to nobody.
    Row("..example.com", "http://example.com/", False),
    Row("*..example.com", "http://a.example.com/", False),
    Row("*.", "http://a.test/", False),
    Row("*.*", "http://a.test/", False),
    Row("*:80", "http://a.test/", False),
    Row("a.*", "http://a.test/", False),
    Row("a.*", "http://a.*/", False),
    Row("ex*.com", "http://example.com/", False),
    Row(".", "http://a.test/", False),
    Row("a..test", "http://a..test/", False),
    Row("a.test:", "http://a.test/", False),
    Row("a.test:http", "http://a.test/", False),
    Row("a.test:-80", "http://a.test/", False),
    Row("a.test:65616", "http://a.test/", False),  # 80 + 2**16
    Row("a.test:999999", "http://a.test/", False),
    Row("a.test:٨٠", "http://a.test/", False),  # digits, but not ASCII
    Row("a.test/8", "http://a.test/", False),
    Row("http://a.test", "http://a.test/", False),
    Row("u@a.test", "http://u@a.test/", False),
    Row("10.0.0.0/", "http://10.0.0.0/", False),
    Row("10.0.0.0/33", "http://10.0.0.0/", False),
    Row("10.0.0.0/255.0.0.0", "http://10.0.0.0/", False),
    Row("10.0.0.0/-1", "http://10.0.0.0/", False),
    Row("10/8", "http://10.0.0.0/", False),
    Row("010.0.0.1", "http://10.0.0.1/", False),
    Row("::1/129", "http://[::1]/", False),
    Row("[::1", "http://[::1]/", False),
    Row("[::1]80", "http://[::1]/", False),
    Row("[a.test]", "http://a.test/", False),
    Row("[]", "http://a.test/", False),
    Row(":80", "http://a.test/", False),
    Row("a\\b.test", "http://b.test/", False),
    Row("ü" * 64 + ".test", "http://a.test/", False),
    Row("\udcff.test", "http://a.test/", False),
    Row("ü@a.test", "http://a.test/", False),
    Row(LABEL_63, "/relative", False),
    # The longest name there is (RFC 1035), and one that is too long to be one.
    Row(NAME_253, f"http://{NAME_253}/", True),
    Row(NAME_253 + ".", f"http://{NAME_253}./", True),
    Row("l." + NAME_253, f"http://l.{NAME_253}/", False),
    Row(NAME_253, f"http://l.{NAME_253}/", True),
    Row("l" * 600, f"http://{'l' * 600}/", False),
    Row(IDN_301, f"http://{IDN_301}/", False),
    Row(NAME_253[-3:], f"http://{NAME_253}/", False),
    Row("example.com", f"http://{'a.' * 1000}example.com/", True),
    Row("example.com", f"http://{'a' * 1000}.example.com/", True),
]


@pytest.mark.parametrize(("rules", "url", "expected"), TABLE)
def test_the_table(rules: str, url: str, expected: bool) -> None:
    assert ProxyBypass(rules).matches(URL(url)) is expected


def test_a_host_that_nobody_has_normalised() -> None:
    bypass = ProxyBypass("bücher.example, a.test")

    assert bypass.matches(URL("http://BÜCHER.example/", encoded=True))
    assert bypass.matches(URL("http://X.A.Test/", encoded=True))
    assert bypass.matches(URL("http://ü.a.test./", encoded=True))
    assert not bypass.matches(URL(f"http://{'ü' * 64}.a.test/", encoded=True))


@pytest.mark.parametrize(
    ("environ", "rules"),
    [
        ({}, ""),
        ({"NO_PROXY": "a"}, "a"),
        ({"no_proxy": "b"}, "b"),
        ({"NO_PROXY": "a", "no_proxy": "b"}, "b"),  # curl, urllib
        ({"NO_PROXY": "a", "no_proxy": ""}, ""),  # urllib; curl takes the other one
        ({"No_Proxy": "a", "HTTP_PROXY": "b"}, ""),
    ],
)
def test_the_environment(
    environ: dict[str, str], rules: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ProxyBypass.from_environment(environ).rules == rules
    monkeypatch.setattr(os, "environ", environ)
    assert ProxyBypass.from_environment().rules == rules


def test_it_is_a_value() -> None:
    bypass = ProxyBypass("a.test")

    assert bypass == ProxyBypass("a.test")
    assert hash(bypass) == hash(ProxyBypass("a.test"))
    assert bypass != ProxyBypass("b.test")
    assert bypass != "a.test"
    assert repr(bypass) == "ProxyBypass('a.test')"
    assert repr(ProxyBypass("\n" + "ü" * 200)) == "ProxyBypass('\\n" + "\\xfc" * 99 + "'...)"
    with pytest.raises(AttributeError):
        bypass.rules = "b"  # type: ignore[misc]  # that is the point
    with pytest.raises(AttributeError):
        bypass.other = "b"  # type: ignore[attr-defined]  # that is the point


@pytest.mark.parametrize("rules", [None, b"a.test", ["a.test"]])
def test_rules_are_a_str(rules: Any) -> None:
    with pytest.raises(TypeError, match=f"rules must be a str, not {type(rules).__name__}"):
        ProxyBypass(rules)


# An oracle that knows what the rules mean before they are written down.

LABELS = st.sampled_from(["a", "b", "ab", "c1", "test", "xn--bcher-kva", "7"])
NAMES = st.lists(LABELS, min_size=1, max_size=4).map(".".join).filter(lambda n: n[-1] != "7")
V4 = st.sampled_from(["10.0.0.1", "10.0.0.2", "10.128.0.1", "192.0.2.1", "0.0.0.0"])
V6 = st.sampled_from(["::1", "fe80::1", "febf::1", "2001:db8::1", "2001:db8:0:1::1"])
ADDRESSES = st.one_of(V4, V6)
PORTS = st.sampled_from([None, 80, 443, 8080])


class Rule(NamedTuple):
    kind: str  # "all", "name", "below", "network"
    value: str
    prefix: int | None
    port: int | None

    def written(self, upper: bool, dot: bool, bare: bool) -> str:
        if self.kind == "all":
            return "*"
        port = "" if self.port is None else f":{self.port}"
        if self.kind == "network":
            prefix = "" if self.prefix is None else f"/{self.prefix}"
            if ":" in self.value and (port or not bare):
                return f"[{self.value}]{prefix}{port}"
            return f"{self.value}{prefix}{port}"
        name = self.value.upper() if upper else self.value
        if self.kind == "name" and not bare:
            name = "." + name
        if self.kind == "below":
            name = "*." + name
        return name + ("." if dot else "") + port

    def means(self, host: str, port: int) -> bool:
        if self.kind == "all":
            return True
        if self.port not in (None, port):
            return False
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            labels, wanted = host.split("."), self.value.split(".")
            if self.kind == "network" or labels[-len(wanted) :] != wanted:
                return False
            return self.kind == "name" or len(labels) > len(wanted)
        if self.kind != "network":
            return False
        whole = self.value if self.prefix is None else f"{self.value}/{self.prefix}"
        return address in ipaddress.ip_network(whole, strict=False)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    kind = draw(st.sampled_from(["name", "name", "below", "network", "network", "all"]))
    port = draw(PORTS)
    if kind != "network":
        return Rule(kind, draw(NAMES), None, port)
    address = draw(ADDRESSES)
    width = ipaddress.ip_address(address).max_prefixlen
    prefix = draw(st.one_of(st.none(), st.integers(0, width)))
    return Rule(kind, address, prefix, port)


@given(
    st.lists(rules(), max_size=6),
    st.one_of(NAMES, ADDRESSES),
    st.sampled_from([80, 443, 8080]),
    st.sampled_from([",", " ", ", ", " ,\t"]),
    st.tuples(st.booleans(), st.booleans(), st.booleans()),
)
def test_the_rules_mean_what_was_meant(
    meant: list[Rule], host: str, port: int, between: str, style: tuple[bool, bool, bool]
) -> None:
    written = between.join(rule.written(*style) for rule in meant)
    url = URL.build(scheme="http", host=host, port=port)

    assert ProxyBypass(written).matches(url) == any(rule.means(host, port) for rule in meant)


@given(
    st.one_of(
        st.text(max_size=80),
        st.text(alphabet="a1.:*/[]%,@ü٨\udc80", max_size=30),
        st.lists(st.text(alphabet=string.printable, max_size=20)).map(",".join),
    ),
    st.one_of(NAMES, ADDRESSES),
)
def test_anything_can_be_read_as_rules(text: str, host: str) -> None:
    url = URL.build(scheme="http", host=host)
    bypass = ProxyBypass(text)

    assert bypass.matches(url) in (True, False)
    assert bypass.matches(URL("/relative")) == ("*" in text.replace(",", " ").split())
