"""Errors of URLs, given by the caller or by a server's redirect."""

from yarl import URL

from ._client_error import ClientError
from ._safe_text import clipped, printable, public_url

__all__ = [
    "InvalidURL",
    "InvalidUrlClientError",
    "InvalidUrlRedirectClientError",
    "NonHttpUrlClientError",
    "NonHttpUrlRedirectClientError",
    "RedirectClientError",
]


class InvalidURL(ClientError, ValueError):  # noqa: N818 - aiohttp's name
    """A URL cannot be used: it has no host, or is malformed (RFC 3986, RFC 9110 section 4.2).

    Raised before anything is sent. The text shows the URL without its userinfo, followed
    by the description if there is one. `url` and `description` are as they were given.
    """

    def __init__(self, url: URL | str, description: str | None = None) -> None:
        super().__init__(*((url,) if description is None else (url, description)))
        self._url = url
        self._description = description

    @property
    def url(self) -> URL | str:
        """The URL, credentials included."""
        return self._url

    @property
    def description(self) -> str | None:
        """What is wrong with it."""
        return self._description

    def __str__(self) -> str:
        shown = public_url(self._url)
        if self._description is None:
            return shown
        return f"{shown} - {clipped(printable(self._description))}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


class InvalidUrlClientError(InvalidURL):
    """The URL that the caller gave, for a request or a proxy, cannot be used.

    Attributes as in `InvalidURL`.
    """


class NonHttpUrlClientError(InvalidURL):
    """The scheme of a URL is none that the connector serves, such as ``ftp``.

    Attributes as in `InvalidURL`.
    """


class RedirectClientError(ClientError):
    """A redirect cannot be followed (RFC 9110, section 15.4): the base of the finer errors."""


class InvalidUrlRedirectClientError(InvalidUrlClientError, RedirectClientError):
    """The ``Location`` of a redirect is no usable URL (RFC 9110, section 10.2.2).

    Attributes as in `InvalidURL`.
    """


class NonHttpUrlRedirectClientError(NonHttpUrlClientError, RedirectClientError):
    """A redirect leads to a scheme that is not ``http`` or ``https``.

    Also an `InvalidURL`, and so a `ValueError`. Attributes as in `InvalidURL`.
    """
