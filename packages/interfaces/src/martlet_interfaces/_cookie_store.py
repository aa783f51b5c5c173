"""What a session needs of a jar of cookies."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from yarl import URL

__all__ = ["CookieStore"]


class CookieStore(Protocol):
    """Keeps what servers set, and says what goes back (RFC 6265bis section 5).

    Both methods are called by a session for each request or response that they concern, and have to
    be quick. They do no I/O, and what a server sends makes them raise nothing. A jar of
    `martlet-cookiejar` is one; so is whatever has them.
    """

    def update_cookies_from_headers(self, headers: Sequence[str], response_url: "URL") -> None:
        """Store what a response says.

        Args:
            headers: The values of its Set-Cookie fields, in their order; octets that are not UTF-8
                are surrogates (``surrogateescape``).
            response_url: The URL that it is the response of.
        """
        ...

    def cookie_header(self, request_url: "URL") -> str:
        """Give the value of the Cookie field for a request; the empty string if there is none."""
        ...
