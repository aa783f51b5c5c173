"""The version of HTTP that a message speaks (RFC 9112 section 2.3)."""

from typing import Final, NamedTuple

__all__ = ["HttpVersion", "HttpVersion10", "HttpVersion11"]


class HttpVersion(NamedTuple):
    """A version of HTTP; compares and unpacks as a pair of integers."""

    major: int
    minor: int


HttpVersion10: Final = HttpVersion(1, 0)
HttpVersion11: Final = HttpVersion(1, 1)
