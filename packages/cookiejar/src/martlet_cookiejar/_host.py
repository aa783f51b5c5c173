"""Hosts and domains (RFC 6265bis sections 5.1.2 and 5.1.3)."""

import re
from typing import Final

# The last label of a name is never a number (WHATWG URL), so what ends in one is IPv4.
# A colon means IPv6.
_IP_ADDRESS: Final = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)\.?\Z|.*:", re.ASCII)
_CANONICAL: Final = re.compile(r"[!-~](?<![./#?@])[!-.0-~]*\Z")


def is_ip_address(host: str, /) -> bool:
    """Whether a canonical host is an IP address, of either version."""
    return _IP_ADDRESS.match(host) is not None


def canonical_host(host: str, /) -> str:
    """The host of a URL as cookies know it: lower case, no trailing dot, no brackets, A-labels.

    What cannot be written in A-labels has no canonical form: the empty string.
    """
    host = host.lower().removeprefix("[").removesuffix("]").removesuffix(".")
    if host.isascii():
        return host
    from yarl import URL

    try:
        return URL.build(scheme="http", host=host).raw_host or ""
    except ValueError:
        return ""


def is_canonical(host: str, /) -> bool:
    """Whether a text is a host in canonical form."""
    return _CANONICAL.match(host) is not None and canonical_host(host) == host


def domain_match(host: str, domain: str, /) -> bool:
    """Whether a canonical host is a domain or below it (RFC 6265bis section 5.1.3)."""
    return host == domain or (host.endswith(f".{domain}") and not is_ip_address(host))
