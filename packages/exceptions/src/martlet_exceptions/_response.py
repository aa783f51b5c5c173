"""Errors that happen after a response has come."""

from typing import Any

from multidict import MultiMapping

from martlet_interfaces import RequestInfo

from ._client_error import ClientError
from ._history import HistoryEntry
from ._safe_text import clipped, public_url

__all__ = [
    "ClientHttpProxyError",
    "ClientResponseError",
    "ContentTypeError",
    "TooManyRedirects",
    "WSServerHandshakeError",
]


class ClientResponseError(ClientError):
    """A response has come and is not acceptable.

    Raised for the error statuses (4xx and 5xx: RFC 9110, sections 15.5 and 15.6) where
    that is asked for; its subclasses are raised for other faults of a response.

    Attributes: `request_info` is what was asked; `status` the status code, 0 if there is
    none (`code` is another name for it); `message` the reason phrase or what is wrong;
    `headers` the response's fields; `history` the responses that led here, oldest first;
    `body` up to 64 KiB of the response's body if it is known, else `None`.

    The text is ``404, message='Not Found', url='http://example.org/'``, without
    credentials. Giving both *status* and *code* is a `ValueError`.
    """

    def __init__(
        self,
        request_info: RequestInfo,
        history: tuple[HistoryEntry, ...],
        *,
        code: int | None = None,
        status: int | None = None,
        message: str = "",
        headers: MultiMapping[str] | None = None,
    ) -> None:
        if code is not None and status is not None:
            raise ValueError("give status or its alias code, not both")
        # Not super().__init__: with several bases the next one may want other arguments.
        self.args: tuple[Any, ...] = (request_info, history)
        self.request_info = request_info
        self.history = history
        self.status: int = status if status is not None else code or 0
        self.message = message
        self.headers = headers
        self.body: bytes | None = None

    @property
    def code(self) -> int:
        """The status, under its older name."""
        return self.status

    @code.setter
    def code(self, value: int) -> None:
        self.status = value

    def __str__(self) -> str:
        # Tests of other code put None or a mock in place of the request; text never fails.
        url = getattr(self.request_info, "real_url", "")
        return f"{self.status}, message={clipped(str(self.message))!r}, url='{public_url(url)}'"

    def __repr__(self) -> str:
        # The usual form would print the request's headers, Authorization included.
        return f"{type(self).__name__}({str(self)!r})"


class ClientHttpProxyError(ClientResponseError):
    """The proxy refused to open a tunnel: its answer to CONNECT is no 2xx.

    See RFC 9110, section 9.3.6. `status`, `message` and `headers` are the proxy's; other
    attributes as in `ClientResponseError`.
    """


class ContentTypeError(ClientResponseError):
    """The media type of a response is not the one that was asked for.

    Raised by ``json()`` (RFC 9110, section 8.3). Attributes as in `ClientResponseError`.
    """


class TooManyRedirects(ClientResponseError):  # noqa: N818 - aiohttp's name
    """A chain of redirects is longer than ``max_redirects``.

    See RFC 9110, section 15.4. `history` has the whole chain; other attributes as in
    `ClientResponseError`.
    """


class WSServerHandshakeError(ClientResponseError):
    """The server's answer to the opening handshake of a WebSocket is not valid.

    Raised for a status other than 101, a wrong or missing field, an extension or a
    subprotocol that was not offered (RFC 6455, section 4.1). Attributes as in
    `ClientResponseError`.
    """
