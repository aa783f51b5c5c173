"""Which hosts are reached without the proxy: what the variable ``no_proxy`` says.

No standard says what may stand there, so programs differ. Where they do, an entry means
what it means to those to whom it means anything, and if that is still two things, what it
means to most. curl 7.88 and urllib of Python 3.11, as tried, and Go's httpproxy, as it is
described:

    entry              host                curl  urllib  Go   here
    example.com        example.com         yes   yes     yes  yes
    example.com        a.example.com       yes   yes     yes  yes
    .example.com       example.com         yes   yes     -    yes
    .example.com       a.example.com       yes   yes     yes  yes
    *.example.com      example.com         -     -       -    -
    *.example.com      a.example.com       -     -       yes  yes
    *                  all                 yes   yes     yes  yes
    * among others     all                 -     -       yes  yes
    blanks between     .                   yes   -       -    yes
    example.com:8080   example.com:8080    -     yes     yes  yes
    example.com:80     http://example.com  -     -       yes  yes
    example.com.       example.com         yes   -       -    yes
    127.0.0.0/8        127.0.0.1           yes   -       yes  yes
    ::1                [::1]               yes   -       yes  yes
    [::1]              [::1]               -     yes     yes  yes
    0.0.1              127.0.0.1           -     yes     -    -
    (nothing)          localhost           -     -       yes  -
"""

import os
import re
from collections.abc import Mapping
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Final, NamedTuple

from yarl import URL

__all__ = ["ProxyBypass"]

# No name is longer (RFC 1035 section 2.3.4). So a long host, which has many domains, does not
# take long, nor does a long entry, whatever the IDNA library at hand does with it.
_MAX_NAME: Final = 253

_ENTRY: Final = re.compile(
    r"""(?: \[ ([^\[\]]++) \] | ([^:/\[\]]++) ) (?: / ([0-9]{1,3}) )?+ (?: : ([0-9]{1,5}) )?+
    | ([^/\[\]]++) (?: / ([0-9]{1,3}) )?+  # an address of IPv6 without brackets""",
    re.VERBOSE,
)
_NAME: Final = re.compile(r"(?:[^\s.,:*/@%\[\]\\]++\.)*+[^\s.,:*/@%\[\]\\]++")

_Address = IPv4Address | IPv6Address
_Port = int | None  # None: all of them


class _Network(NamedTuple):
    """Addresses that begin alike."""

    width: int
    prefix: int
    bits: int
    """The first *prefix* bits of *width*, as a number."""

    @classmethod
    def of(cls, address: _Address, prefix: int) -> "_Network":
        width = address.max_prefixlen
        return cls(width, prefix, int(address) >> (width - prefix))


class ProxyBypass:
    """The rules of one ``no_proxy``: for which URLs a proxy is not used.

    *rules* are entries with commas or blanks between them, in any case:

    * ``example.com`` or ``.example.com``: the host and all below it, as curl and urllib
      have it; ``*.example.com``: only what is below it, as Go does. IDNA or not: the same.
      A dot at the end, here or of the host, says nothing.
    * ``10.0.0.1``, ``::1``, ``[::1]``: an address. Other forms of it are the same, an
      IPv4-mapped IPv6 address (RFC 4291) is the IPv4 address, the scope is not looked at.
    * ``10.0.0.0/8``, ``fe80::/10``: all addresses with this prefix (RFC 4632).
    * any of these with ``:port``, addresses of IPv6 in brackets then: only that port.
      A URL without one has that of its scheme.
    * ``*``: everything.

    Names are not looked up, so an entry with an address does not match a name that leads to
    it; ``localhost`` and the loopback addresses are as others. What is none of these matches
    nothing. Matching takes the same time however many rules there are.
    """

    __slots__ = ("_all", "_domains", "_hosts", "_networks", "_prefixes", "_rules")

    def __init__(self, rules: str) -> None:
        if not isinstance(rules, str):
            raise TypeError(f"rules must be a str, not {type(rules).__name__}")
        self._rules = rules
        entries = rules.replace(",", " ").split()
        self._all = "*" in entries
        hosts: set[tuple[str, _Port]] = set()
        domains: set[tuple[str, _Port]] = set()  # what is below them
        networks: set[tuple[_Network, _Port]] = set()
        for entry in entries:
            match = _ENTRY.fullmatch(entry)
            if match is None:
                continue
            literal, host, prefix, digits, bare, bare_prefix = match.groups()
            port = None if digits is None else int(digits)
            network = _network(literal or host or bare, prefix or bare_prefix)
            if network is not None:
                networks.add((network, port))
            elif host is not None and prefix is None:
                below = host.startswith("*.")
                name = _name(host[2:] if below else host.removeprefix("."))
                if name is not None:
                    domains.add((name, port))
                    if not below:
                        hosts.add((name, port))
        self._hosts = frozenset(hosts)
        self._domains = frozenset(domains)
        self._networks = frozenset(networks)
        self._prefixes = frozenset([(network.width, network.prefix) for network, _ in networks])

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "ProxyBypass":
        """Take the rules from *environ* (default: `os.environ`).

        They are in ``no_proxy``, or in ``NO_PROXY`` if there is no such variable, as curl and
        urllib look for them; an empty ``no_proxy`` stands, as with urllib, for no rules.
        """
        if environ is None:
            environ = os.environ
        rules = environ.get("no_proxy")
        return cls(environ.get("NO_PROXY", "") if rules is None else rules)

    @property
    def rules(self) -> str:
        """The rules, as they were given."""
        return self._rules

    def matches(self, url: URL) -> bool:
        """Tell whether *url* is reached without the proxy.

        If it has no host, only ``*`` matches.
        """
        if self._all:
            return True
        host = url.raw_host
        if not host or not (self._domains or self._networks):
            return False
        host = host.removesuffix(".")
        address = _address(host)
        if address is not None:
            return self._has_address(address, url.port)
        name = host.lower() if host.isascii() else _name(host)
        return name is not None and self._has_name(name, url.port)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ProxyBypass):
            return NotImplemented
        return self._rules == other._rules

    def __hash__(self) -> int:
        return hash(self._rules)

    def __repr__(self) -> str:
        return f"ProxyBypass({self._rules[:100]!a}{'...' * (len(self._rules) > 100)})"

    def _has_name(self, name: str, port: _Port) -> bool:
        hosts, domains = self._hosts, self._domains
        if (name, None) in hosts or (name, port) in hosts:
            return True
        start = name.find(".", max(0, len(name) - _MAX_NAME - 1)) + 1
        while start:
            domain = name[start:]
            if (domain, None) in domains or (domain, port) in domains:
                return True
            start = name.find(".", start) + 1
        return False

    def _has_address(self, address: _Address, port: _Port) -> bool:
        networks = self._networks
        for form in _forms(address):
            for width, prefix in self._prefixes:
                if width == form.max_prefixlen:
                    network = _Network.of(form, prefix)
                    if (network, None) in networks or (network, port) in networks:
                        return True
        return False


def _address(text: str) -> _Address | None:
    try:
        if ":" in text:
            return IPv6Address(text.partition("%")[0])
        # The others would be refused as well, but that takes as long as all the rest.
        return IPv4Address(text) if text[-1:].isdigit() else None
    except AddressValueError:
        return None


def _forms(address: _Address) -> tuple[_Address, ...]:
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped, address
    return (address,)


def _network(text: str, prefix: str | None) -> _Network | None:
    address = _address(text)
    if address is None:
        return None
    length = address.max_prefixlen if prefix is None else int(prefix)
    if length > address.max_prefixlen:
        return None
    short = _forms(address)[0]
    if short is not address and length >= 96:
        return _Network.of(short, length - 96)
    return _Network.of(address, length)


def _name(text: str) -> str | None:
    """Give *text* in the form of `URL.raw_host`, without a dot at its end, or say it is no name."""
    if len(text) > _MAX_NAME + 1:
        return None
    if not text.isascii():
        try:
            text = URL.build(scheme="http", host=text).raw_host or ""
        except ValueError:
            return None
    name = text.removesuffix(".").lower()
    return name if len(name) <= _MAX_NAME and _NAME.fullmatch(name) else None
