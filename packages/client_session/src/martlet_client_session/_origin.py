"""Whose a secret is."""

from typing import TypeAlias

from yarl import URL

__all__ = ["Origin", "origin", "same_origin"]

Origin: TypeAlias = tuple[str, str | None, int | None]


def origin(url: URL) -> Origin:
    """Give the scheme, the host and the port of *url* (RFC 6454 section 4)."""
    host = url.raw_host
    # yarl leaves upper case in hosts that IDNA 2008 has no form for.
    return url.scheme, host and host.lower(), url.port


def same_origin(one: URL, other: URL) -> bool:
    """Tell whether two URLs have the same origin."""
    if one.raw_authority == other.raw_authority and one.scheme == other.scheme:
        return True  # as most have, and it takes less to see
    return origin(one) == origin(other)
