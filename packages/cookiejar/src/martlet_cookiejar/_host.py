"""Hosts and domains (RFC 6265bis sections 5.1.2 and 5.1.3)."""

import re
from typing import Final

# The last label of a name is never a number (WHATWG URL), so what ends in one is IPv4.
# A colon means IPv6.
_IP_ADDRESS: Final = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)\.?\Z|.*:", re.ASCII)
# What is in a label is DNS's affair, but for what cannot stand in the host of a URL.
_LABEL: Final = r"""[!"$-\-0-;=A-Z_-{}~]+"""
_NOT_BESIDE_U_LABELS: Final = re.compile(r"[ #/:<>?@\[\\\]^|]")
_MAPPED: Final = re.compile(r"::ffff:(\d+)\.(\d+)\.(\d+)\.(\d+)", re.ASCII)
_CANONICAL: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")


def is_ip_address(host: str, /) -> bool:
    """Whether a canonical host is an IP address, of either version."""
    return _IP_ADDRESS.match(host) is not None


def canonical_host(host: str, /) -> str:
    """The host of a URL as cookies know it: lower case, no trailing dot, no brackets, A-labels.

    What no host of a URL can be, such as a text that cannot be written in A-labels or that has an
    empty label, has no canonical form: the empty string.
    """
    host = host.lower()
    if not host.isascii():
        # yarl before 1.25.1 lets all these pass, or drops them.
        if not host.isprintable() or _NOT_BESIDE_U_LABELS.search(host) is not None:
            return ""
        host = _as_in_url(host)
    elif ":" in host:
        bracketed = host.startswith("[") and host.endswith("]")
        host = in_hexadecimal(_as_in_url(host[1:-1] if bracketed else host))
    host = host.removesuffix(".")
    return host if _CANONICAL.fullmatch(host) is not None else ""


def is_canonical(host: str, /) -> bool:
    """Whether a text is a host in canonical form."""
    return host != "" and canonical_host(host) == host


def in_hexadecimal(address: str, /) -> str:
    """Write an IPv4 address in IPv6 without dots, as URLs have it (WHATWG URL).

    Python writes it so up to 3.12, and with dots from 3.13 on: what one has saved, the other has to
    find.
    """
    mapped = _MAPPED.match(address)
    if mapped is None:
        return address
    a, b, c, d = map(int, mapped.groups())
    return f"::ffff:{a << 8 | b:x}:{c << 8 | d:x}{address[mapped.end() :]}"


def _as_in_url(host: str) -> str:
    from yarl import URL

    try:
        return URL.build(scheme="http", host=host).raw_host or ""
    except ValueError:
        return ""


def domain_match(host: str, domain: str, /) -> bool:
    """Whether a canonical host is a domain or below it (RFC 6265bis section 5.1.3)."""
    return host == domain or (host.endswith(f".{domain}") and not is_ip_address(host))
