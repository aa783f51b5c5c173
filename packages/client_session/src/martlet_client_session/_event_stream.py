"""Event streams (``text/event-stream``), taken apart as the HTML standard says.

Bytes go in and events come out; nothing here does I/O. What a line holds is decoded only
once the line is whole, so it does not matter where the bytes were divided.
"""

import json
from typing import Any, Final

import attrs

from martlet_exceptions import ClientPayloadError

from ._typedefs import JSONDecoder

__all__ = ["EventStreamParser", "ServerSentEvent"]

_BOM: Final = b"\xef\xbb\xbf"
# Of a `retry`: this many always fit where others keep them, and `int` takes them quickly.
_MOST_DIGITS: Final = 18


@attrs.frozen(slots=True)
class ServerSentEvent:
    """An event of an event stream (HTML standard, section "Server-sent events").

    Args:
        data: The values of its ``data`` fields, joined with line feeds.
        event: Its type.
        id: The last event id of the stream when the event was dispatched: its own, or that
            of an earlier one; ``""`` if there was none.
        retry: The ``retry`` field that came with this event, in milliseconds: how long to
            wait before connecting again. ``None`` if there was none.
    """

    data: str
    event: str = "message"
    id: str = ""
    retry: int | None = None

    def json(self, loads: JSONDecoder = json.loads) -> Any:
        """Read the data as JSON.

        What *loads* raises for a malformed document comes out as it is.
        """
        return loads(self.data)


class EventStreamParser:
    """Takes an event stream apart (HTML standard, "Parsing an event stream").

    A line may have *max_line* bytes, its end not counted, and the data of one event
    *max_event* bytes, as they came (by default 1 MiB and 16 MiB). A limit of less than 1
    is a `ValueError`.

    When the stream ends there is nothing to call: an event that is not finished by an
    empty line does not count.
    """

    __slots__ = (
        "_after_cr",
        "_data",
        "_event",
        "_failure",
        "_head",
        "_id",
        "_last_event_id",
        "_max_event",
        "_max_line",
        "_partial",
        "_retry",
        "_retry_of_event",
    )

    def __init__(self, max_line: int = 2**20, max_event: int = 2**24) -> None:
        for limit in (max_line, max_event):
            if limit < 1:
                raise ValueError(f"Limits are in bytes, at least 1, not {limit}")
        self._max_line = max_line
        self._max_event = max_event
        self._partial = bytearray()  # of the line whose end has not come
        self._after_cr = False  # a line feed that comes now belongs to the line before
        self._head: bytes | None = b""  # what may become a byte order mark
        self._failure: ClientPayloadError | None = None
        self._data = bytearray()
        self._event = b""
        self._id = ""
        self._last_event_id = ""
        self._retry: int | None = None
        self._retry_of_event: int | None = None

    def __repr__(self) -> str:
        state = "failed" if self._failure else "open"
        waiting = len(self._partial) + len(self._data)
        return f"<EventStreamParser {state}, {waiting} bytes waiting>"

    @property
    def last_event_id(self) -> str:
        """What to send as Last-Event-ID when connecting again; ``""`` if there is nothing.

        An event without data counts too, one that is not finished does not.
        """
        return self._last_event_id

    @property
    def retry(self) -> int | None:
        """The latest ``retry`` field of the stream, in milliseconds; ``None`` without any."""
        return self._retry

    @property
    def failure(self) -> ClientPayloadError | None:
        """What the next `feed` raises, because a limit has been passed."""
        return self._failure

    def feed(self, data: bytes) -> list[ServerSentEvent]:
        """Take the next bytes, and give the events that they complete.

        Raises `ClientPayloadError` for a line or an event over its limit, and again at
        each call after that. If the same bytes complete events before it, these are
        given first: it is raised by the next call then (see `failure`).
        """
        if self._failure is not None:
            raise self._failure
        events: list[ServerSentEvent] = []
        try:
            for line in self._whole_lines(data):
                self._check_line(len(line))
                if line:
                    self._take_field(line)
                else:
                    self._dispatch(events)
            self._check_line(len(self._partial))
        except ClientPayloadError as exc:
            self._failure = exc
            self._partial.clear()
            self._data.clear()
            if not events:
                raise
        return events

    def _check_line(self, size: int) -> None:
        if size > self._max_line:
            raise ClientPayloadError(
                f"A line of the event stream has more than {self._max_line} bytes"
            )

    def _whole_lines(self, data: bytes) -> list[bytes]:
        if self._head is not None:
            data = self._head + data
            if len(data) < len(_BOM) and _BOM.startswith(data):
                self._head = data
                return []
            self._head = None
            data = data.removeprefix(_BOM)
        if self._after_cr and data:
            self._after_cr = False
            data = data.removeprefix(b"\n")
        end = max(data.rfind(b"\n"), data.rfind(b"\r")) + 1
        if not end:
            self._partial += data
            return []
        block = data[:end]
        if self._partial:
            block = bytes(self._partial) + block
            self._partial.clear()
        self._partial += data[end:]
        self._after_cr = block.endswith(b"\r")
        # Unlike that of str it knows just the three line ends that the standard has.
        return block.splitlines()

    def _take_field(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._data += value
            self._data += b"\n"
            if len(self._data) - 1 > self._max_event:
                raise ClientPayloadError(
                    f"An event of the stream has more than {self._max_event} bytes of data"
                )
        elif name == b"event":
            self._event = value
        elif name == b"id":
            if b"\0" not in value:
                self._id = value.decode("utf-8", "replace")
        elif name == b"retry" and value.isdigit() and len(value) <= _MOST_DIGITS:
            self._retry = self._retry_of_event = int(value)

    def _dispatch(self, events: list[ServerSentEvent]) -> None:
        self._last_event_id = self._id
        if self._data:
            self._data.pop()  # the line feed of the last line
            event = ServerSentEvent(
                self._data.decode("utf-8", "replace"),
                self._event.decode("utf-8", "replace") or "message",
                self._id,
                self._retry_of_event,
            )
            events.append(event)
            self._data.clear()
        self._event = b""
        self._retry_of_event = None
