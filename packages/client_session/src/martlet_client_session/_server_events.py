"""The events of a response, as they come."""

from collections import deque
from typing import Protocol, Self

from multidict import MultiMapping

from martlet_exceptions import ClientPayloadError, ContentTypeError, HistoryEntry
from martlet_interfaces import RequestInfo

from ._event_stream import EventStreamParser, ServerSentEvent

__all__ = ["EventBody", "EventResponse", "ServerEvents"]


class EventBody(Protocol):
    """A body that is read as it comes."""

    async def readany(self) -> bytes:
        """Read at least one byte; ``b""`` at the end."""


class EventResponse(Protocol):
    """The response that events are read from: what is asked of a `ClientResponse`."""

    @property
    def content(self) -> EventBody:
        """The body."""

    @property
    def content_type(self) -> str:
        """The media type, lower-case, without parameters."""

    @property
    def request_info(self) -> RequestInfo:
        """What was asked."""

    @property
    def history(self) -> tuple[HistoryEntry, ...]:
        """The responses that led here."""

    @property
    def status(self) -> int:
        """The status code."""

    @property
    def headers(self) -> MultiMapping[str]:
        """The header fields."""

    def release(self) -> object:
        """Give up the response."""


class ServerEvents:
    """Iterates over the events of *response* (server-sent events, HTML standard).

    It ends when the response ends; connecting again is left to the caller, who finds what
    that needs in `last_event_id` and `retry`. As a context manager it releases the
    response at its end.

    Iterating raises `ContentTypeError`, before anything is read, unless the response's
    media type is *content_type* (``None`` does not look); `ClientPayloadError` for a line
    of more than *max_line_size* bytes, or 16 MiB of data in one event; and what reading
    the body raises. The events that came before an error are given out before it.
    A *max_line_size* below 1 is a `ValueError`.
    """

    __slots__ = (
        "_closed",
        "_content_type",
        "_events",
        "_parser",
        "last_event_id",
        "response",
        "retry",
    )

    response: EventResponse
    """Where the events come from."""
    last_event_id: str
    """What to send as Last-Event-ID when connecting again; ``""`` if there is nothing.

    It is the id that was last set when the event given out last was dispatched: events
    that have come and have not been given out do not count yet.
    """
    retry: int | None
    """How long to wait before connecting again, in milliseconds, if the server said so."""

    def __init__(
        self,
        response: EventResponse,
        *,
        max_line_size: int = 2**20,
        content_type: str | None = "text/event-stream",
    ) -> None:
        self.response = response
        self.last_event_id = ""
        self.retry = None
        self._content_type = content_type
        self._parser = EventStreamParser(max_line_size)
        self._events: deque[ServerSentEvent] = deque()
        self._closed = False

    def __repr__(self) -> str:
        return f"<ServerEvents of {self.response!r}>"

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> ServerSentEvent:
        if self._content_type is not None:
            self._check_type(self._content_type)
        while not self._events:
            await self._read_events()
        event = self._events.popleft()
        self.last_event_id = event.id
        if event.retry is not None:
            self.retry = event.retry
        return event

    async def aclose(self) -> None:
        """Release the response; iterating ends. It may be called more than once."""
        self._closed = True
        self._events.clear()
        self.response.release()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.aclose()

    async def _read_events(self) -> None:
        if self._closed:
            raise StopAsyncIteration
        self._catch_up()
        parser = self._parser
        data = b""
        if parser.failure is None:
            data = await self.response.content.readany()
            if not data:
                raise StopAsyncIteration
        try:
            self._events.extend(parser.feed(data))
        except ClientPayloadError:
            self._catch_up()
            # Nothing more can be had of the response, so it shall hold no connection.
            self.response.release()
            raise

    def _catch_up(self) -> None:
        # What came after the last event was no event, but may have set these.
        self.last_event_id, self.retry = self._parser.last_event_id, self._parser.retry

    def _check_type(self, expected: str) -> None:
        response = self.response
        if response.content_type != expected.lower():
            raise ContentTypeError(
                response.request_info,
                response.history,
                status=response.status,
                message=f"Attempt to read events with unexpected mimetype: {response.content_type}",
                headers=response.headers,
            )
        self._content_type = None
