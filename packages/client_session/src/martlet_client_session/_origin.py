"""Whose a secret is."""

from typing import TypeAlias

from yarl import URL

__all__ = ["Origin", "origin"]

Origin: TypeAlias = tuple[str, str | None, int | None]


def origin(url: URL) -> Origin:
    """Give the scheme, the host and the port of *url* (RFC 6454 section 4)."""
    host = url.raw_host
    # yarl leaves upper case in hosts that IDNA 2008 has no form for.
    return url.scheme, host and host.lower(), url.port
