"""The events of one response, checked: their form, their order, and the length they promise.

There is no I/O here. The events of HTTP and of a WebSocket's denial differ in their names only.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from multidict import CIMultiDict

from martlet_exceptions import ContentLengthError
from martlet_interfaces import HttpVersion, ResponseHead

from ._errors import ApplicationError
from ._header_fields import Field, response_fields

if TYPE_CHECKING:
    from ._application import Message

__all__ = ["ResponseEvents", "event_type"]

_BODILESS: Final = frozenset({204, 304})
_REASONS: Final = {status.value: status.phrase for status in HTTPStatus}


class ResponseEvents:
    """Takes the events of a response to *method*, each named *prefix* and a word."""

    __slots__ = (
        "_bodiless",
        "_due",
        "_left",
        "_prefix",
        "_trailing",
        "_version",
        "head",
        "trailers",
    )

    head: ResponseHead | None
    """What the first event said."""
    trailers: list[Field]
    """The fields after the body."""

    def __init__(self, method: str, version: HttpVersion, prefix: str = "http.response") -> None:
        self._bodiless = method == "HEAD"
        self._version = version
        self._prefix = prefix
        self._due: str | None = f"{prefix}.start"
        self._trailing = False
        self._left: int | None = None
        self.head = None
        self.trailers = []

    @property
    def complete(self) -> bool:
        """Whether no other event is due."""
        return self._due is None

    @property
    def chunked(self) -> bool:
        """Whether nothing but its end tells how long the body is."""
        return self._left is None

    def take(self, event: "Message") -> bytes | None:
        """Take the next event; give its piece of the body, ``None`` if the head is not due yet.

        A server waits with the head until it has the first event of the body. Raises
        `ApplicationError` for what is malformed or not due, `ContentLengthError` for a body that
        is not as long as the head says.
        """
        kind = event_type(event)
        due = self._due
        if kind != due:
            when = "after its response was complete" if due is None else f"where {due!r} was due"
            raise ApplicationError(f"The application sent {kind!r} {when}")
        if self.head is None:
            self._start(kind, event)
            return None
        if kind.endswith(".body"):
            return self._body(kind, event)
        self.trailers += response_fields(kind, event.get("headers", ()))
        if not event.get("more_trailers", False):
            self._due = None
        return b""

    def _start(self, kind: str, event: "Message") -> None:
        status = event.get("status")
        if not isinstance(status, int) or not 200 <= status <= 999:
            raise ApplicationError(
                f"The status of {kind!r} has to be an int from 200 to 999, not {status!r:.100}"
            )
        fields = response_fields(kind, event.get("headers", ()))
        # How a body is framed is the server's business.
        fields = [field for field in fields if field[0].lower() != "transfer-encoding"]
        headers = CIMultiDict(fields)
        self._bodiless = self._bodiless or status in _BODILESS
        lengths = set(headers.getall("Content-Length", ()))
        if lengths:
            length = lengths.pop()
            if lengths or not (length.isascii() and length.isdecimal()):
                raise ApplicationError(f"The Content-Length of {kind!r} is no number")
            self._left = 0 if self._bodiless else int(length)
        self._trailing = bool(event.get("trailers", False)) and self._prefix == "http.response"
        self._due = f"{self._prefix}.body"
        self.head = ResponseHead(self._version, int(status), _REASONS.get(status, ""), headers)

    def _body(self, kind: str, event: "Message") -> bytes:
        body = event.get("body", b"")
        if not isinstance(body, bytes | bytearray | memoryview):
            raise ApplicationError(
                f"The body of {kind!r} has to be bytes, not {type(body).__name__}"
            )
        data = b"" if self._bodiless else bytes(body)
        if self._left is not None:
            self._left -= len(data)
            if self._left < 0:
                text = f"The application sent {-self._left} bytes more than its Content-Length"
                raise ContentLengthError(text)
        if not event.get("more_body", False):
            if self._left:
                text = f"The application sent {self._left} bytes less than its Content-Length"
                raise ContentLengthError(text)
            self._due = f"{self._prefix}.trailers" if self._trailing else None
        return data


def event_type(event: object) -> str:
    """Give the type of *event*; `ApplicationError` if it has none."""
    kind = event.get("type") if isinstance(event, Mapping) else None
    if not isinstance(kind, str):
        raise ApplicationError(f"The application sent an event without a type: {event!r:.100}")
    return kind[:100]
