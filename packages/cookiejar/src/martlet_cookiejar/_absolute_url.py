"""URLs that are given as text."""

from yarl import URL


def absolute(url: str, /) -> URL:
    """Read a URL, or none: the empty string.

    Raises:
        ValueError: It names no host, such as "example.org", which is a path. All cookies for it
            would be those that go everywhere.
    """
    result = URL(url)
    if url and not result.raw_host:
        raise ValueError(f"not an absolute URL, such as https://example.org/: {url[:300]!r}")
    return result
