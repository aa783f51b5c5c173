"""Errors of bytes that are not HTTP: in the head of a message, or in the framing of a body.

A parser knows bytes and no request. It raises with the message, the place and a piece of
what it saw; who knows the request fills in `BadHttpMessage.request_info` afterwards.
"""

from typing import Any, Final

from multidict import MultiMapping

from ._client_error import ClientError
from ._history import NO_REQUEST
from ._payload import ClientPayloadError
from ._response import ClientResponseError
from ._safe_text import clipped, printable, public_url, shown_bytes

__all__ = [
    "BadHttpMessage",
    "BadStatusLine",
    "ContentEncodingError",
    "ContentLengthError",
    "HttpProcessingError",
    "InvalidHeader",
    "LineTooLong",
    "PayloadEncodingError",
    "TransferEncodingError",
]

_EXCERPT_LIMIT: Final = 100
_BAD_MESSAGE: Final = 400


def _described(message: str, offset: int | None, excerpt: bytes) -> str:
    where = "" if offset is None else f" at byte {offset}"
    what = f": {shown_bytes(excerpt)}" if excerpt else ""
    return clipped(printable(message) + where + what)


class HttpProcessingError(ClientError):
    """A message cannot be processed: the base of what parsers raise.

    Attributes: `code` is the status that stands for the fault, 0 if there is none;
    `message` what is wrong; `headers` the fields that belong to it, or `None`.
    """

    def __init__(
        self,
        *,
        code: int | None = None,
        message: str = "",
        headers: MultiMapping[str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code: int = code or 0
        self.message = message
        self.headers = headers

    def __str__(self) -> str:
        return f"{self.code}, message={clipped(self.message)!r}"


class BadHttpMessage(ClientResponseError, HttpProcessingError):  # noqa: N818 - aiohttp's name
    """The head of a message breaks the rules of RFC 9112; its connection is closed.

    Attributes: `message` says what is wrong, `offset` at which byte of the message (or
    `None`), `excerpt` holds up to 100 bytes from there. `status` is 400. `request_info` is
    `NO_REQUEST` until the request is known; other attributes as in `ClientResponseError`.
    The text escapes the excerpt and hides cookies and credentials in it.
    """

    def __init__(self, message: str, *, offset: int | None = None, excerpt: bytes = b"") -> None:
        super().__init__(NO_REQUEST, (), status=_BAD_MESSAGE, message=message)
        self.args: tuple[Any, ...] = (message,)
        self.offset = offset
        self.excerpt: bytes = bytes(excerpt[:_EXCERPT_LIMIT])

    def __str__(self) -> str:
        text = _described(self.message, self.offset, self.excerpt)
        url = public_url(self.request_info.real_url)
        return f"{text}, url='{url}'" if url else text


class BadStatusLine(BadHttpMessage):
    """The first line of a response is no status line (RFC 9112, section 4).

    Attributes as in `BadHttpMessage`.
    """


class InvalidHeader(BadHttpMessage):
    """A field's name or value is malformed, or contradicts another (RFC 9112, section 5).

    Attributes as in `BadHttpMessage`.
    """


class LineTooLong(BadHttpMessage):
    """A line, a field or the whole head is larger than the limit that is set for it.

    Attributes as in `BadHttpMessage`.
    """


class PayloadEncodingError(ClientPayloadError, HttpProcessingError):
    """A body breaks the rules of its framing or of its coding.

    Attributes: `message` says what is wrong, `offset` at which byte (or `None`), `excerpt`
    holds up to 100 bytes from there; `code` is 400 and `headers` is `None`.
    """

    def __init__(self, message: str, *, offset: int | None = None, excerpt: bytes = b"") -> None:
        super().__init__(code=_BAD_MESSAGE, message=message)
        self.offset = offset
        self.excerpt: bytes = bytes(excerpt[:_EXCERPT_LIMIT])

    def __str__(self) -> str:
        return _described(self.message, self.offset, self.excerpt)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


class TransferEncodingError(PayloadEncodingError):
    """A chunked body is malformed or ends early (RFC 9112, section 7.1).

    Attributes as in `PayloadEncodingError`.
    """


class ContentEncodingError(PayloadEncodingError):
    """A compressed body cannot be decompressed (RFC 9110, section 8.4).

    Attributes as in `PayloadEncodingError`.
    """


class ContentLengthError(PayloadEncodingError):
    """A body is shorter than its ``Content-Length`` (RFC 9112, sections 6.2 and 8).

    Attributes as in `PayloadEncodingError`.
    """
