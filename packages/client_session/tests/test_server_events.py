import asyncio
import inspect
from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict, CIMultiDictProxy

from martlet_client_session._event_stream import ServerSentEvent
from martlet_client_session._server_events import ServerEvents
from martlet_exceptions import (
    NO_REQUEST,
    ClientPayloadError,
    ContentTypeError,
    HistoryEntry,
)
from martlet_interfaces import RequestInfo

from .scripted import turn


class ScriptedBody:
    """Gives its pieces, one at a time; an exception is raised, ``None`` is waited for."""

    def __init__(self, *pieces: bytes | Exception | None) -> None:
        self.pieces = deque(pieces)

    async def readany(self) -> bytes:
        if not self.pieces:
            return b""
        if self.pieces[0] is None:
            await asyncio.Event().wait()
        piece = self.pieces.popleft()
        if isinstance(piece, Exception):
            raise piece
        assert piece is not None
        return piece


class ScriptedResponse:
    """As much of a response as events need."""

    def __init__(
        self,
        *pieces: bytes | Exception | None,
        content_type: str = "text/event-stream",
    ) -> None:
        self.content = ScriptedBody(*pieces)
        self.content_type = content_type
        self.request_info: RequestInfo = NO_REQUEST
        self.history: tuple[HistoryEntry, ...] = ()
        self.status = 200
        self.headers = CIMultiDictProxy(CIMultiDict({"X": "y"}))
        self.released = 0

    def __repr__(self) -> str:
        return "<ScriptedResponse>"

    def release(self) -> None:
        self.released += 1


async def data_of(events: ServerEvents) -> list[str]:
    return [event.data async for event in events]


async def test_events_come_until_the_response_ends() -> None:
    response = ScriptedResponse(b"data: a\n\nda", b"ta: b\n", b"\nevent: e\ndata: c\n\ndata: d")
    events = ServerEvents(response)
    assert [event async for event in events] == [
        ServerSentEvent("a"),
        ServerSentEvent("b"),
        ServerSentEvent("c", "e"),
    ]
    with pytest.raises(StopAsyncIteration):
        await anext(events)
    assert response.released == 0


async def test_event_is_given_before_the_next_piece_is_waited_for() -> None:
    events = ServerEvents(ScriptedResponse(b"data: a\n\ndata: b\r\r", None))
    assert (await anext(events)).data == "a"
    assert (await anext(events)).data == "b"


async def test_cancelled_wait_loses_nothing() -> None:
    response = ScriptedResponse(b"data: a\n", None)
    events = ServerEvents(response)
    task = asyncio.ensure_future(anext(events))
    await turn()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    response.content.pieces = deque([b"data: b\n\n"])
    assert await data_of(events) == ["a\nb"]


@pytest.mark.parametrize("given_type", ["text/plain", "application/octet-stream", "text/event"])
async def test_another_media_type_is_an_error_before_anything_is_read(given_type: str) -> None:
    response = ScriptedResponse(b"data: a\n\n", content_type=given_type)
    events = ServerEvents(response)
    for _ in range(2):
        with pytest.raises(ContentTypeError, match=f"unexpected mimetype: {given_type}") as caught:
            await anext(events)
        assert caught.value.status == 200
        assert caught.value.headers is response.headers
        assert caught.value.request_info is response.request_info
        assert caught.value.history is response.history
    assert len(response.content.pieces) == 1
    assert response.released == 0


@pytest.mark.parametrize(
    ("given_type", "expected"),
    [
        ("text/event-stream", "Text/Event-Stream"),
        ("application/x-events", "application/x-events"),
        ("text/plain", None),
    ],
)
async def test_media_type_may_be_another_one_if_that_is_asked_for(
    given_type: str, expected: str | None
) -> None:
    response = ScriptedResponse(b"data: a\n\n", content_type=given_type)
    assert await data_of(ServerEvents(response, content_type=expected)) == ["a"]


async def test_last_event_id_and_retry_are_those_of_what_was_given_out() -> None:
    response = ScriptedResponse(
        b"retry: 5\nid: 1\ndata: a\n\ndata: b\n\nid: 2\nretry: 6\ndata: c\n\nid: 3\n\nretry: 7\n",
        b"id: 4\nretry: 8\n\n",
        b"id: 5\n",
    )
    events = ServerEvents(response)
    assert (events.last_event_id, events.retry) == ("", None)
    seen = [(event.data, events.last_event_id, events.retry) async for event in events]
    assert seen == [("a", "1", 5), ("b", "1", 5), ("c", "2", 6)]
    assert (events.last_event_id, events.retry) == ("4", 8)


async def test_id_that_came_without_an_event_is_known_while_waiting() -> None:
    events = ServerEvents(ScriptedResponse(b"data: a\n\nid: 1\nretry: 5\n\n", None))
    await anext(events)
    assert (events.last_event_id, events.retry) == ("", None)
    task = asyncio.ensure_future(anext(events))
    await turn()
    assert (events.last_event_id, events.retry) == ("1", 5)
    task.cancel()


async def test_id_is_known_after_an_error() -> None:
    events = ServerEvents(ScriptedResponse(b"id: 1\nretry: 5\n\n" + b"x" * 11), max_line_size=10)
    with pytest.raises(ClientPayloadError):
        await anext(events)
    assert (events.last_event_id, events.retry) == ("1", 5)


async def test_events_come_before_the_error_of_the_body() -> None:
    error = ClientPayloadError("cut short")
    events = ServerEvents(ScriptedResponse(b"data: a\n\ndata: b\n\n", error))
    assert [(await anext(events)).data for _ in range(2)] == ["a", "b"]
    with pytest.raises(ClientPayloadError, match="cut short"):
        await anext(events)


async def test_events_come_before_a_line_that_is_too_long() -> None:
    response = ScriptedResponse(b"data: a\n\ndata: b\n\n" + b"x" * 11, b"\ndata: c\n\n")
    events = ServerEvents(response, max_line_size=10)
    assert [(await anext(events)).data for _ in range(2)] == ["a", "b"]
    assert response.released == 0
    for _ in range(2):
        with pytest.raises(ClientPayloadError, match="more than 10 bytes"):
            await anext(events)
        assert response.released
    assert len(response.content.pieces) == 1


async def test_line_that_is_too_long_releases_the_response_at_once() -> None:
    response = ScriptedResponse(b"x" * 11)
    with pytest.raises(ClientPayloadError, match="more than 10 bytes"):
        await anext(ServerEvents(response, max_line_size=10))
    assert response.released == 1


def test_line_limit_is_at_least_one_byte() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        ServerEvents(ScriptedResponse(), max_line_size=0)


def test_default_line_limit_is_one_mebibyte() -> None:
    assert inspect.signature(ServerEvents).parameters["max_line_size"].default == 2**20


async def test_closing_releases_the_response_and_ends_the_iteration() -> None:
    response = ScriptedResponse(b"id: 1\ndata: a\n\nid: 2\ndata: b\n\n", b"data: c\n\n")
    events = ServerEvents(response)
    await anext(events)
    await events.aclose()
    assert response.released == 1
    assert await data_of(events) == []
    assert events.last_event_id == "1"
    await events.aclose()
    assert len(response.content.pieces) == 1


async def test_context_manager_releases_the_response() -> None:
    response = ScriptedResponse(b"data: a\n\n")
    async with ServerEvents(response) as events:
        assert events.response is response
        assert await data_of(events) == ["a"]
        assert response.released == 0
    assert response.released == 1


def test_repr_tells_the_response() -> None:
    assert repr(ServerEvents(ScriptedResponse())) == "<ServerEvents of <ScriptedResponse>>"


@given(st.lists(st.integers(0, 60), max_size=8).map(sorted))
def test_what_is_seen_does_not_depend_on_the_pieces(at: list[int]) -> None:
    stream = b"id: 1\ndata: a\n\nid: 2\n\ndata: b\r\n\r\nretry: 3\nid: 3\ndata: c\n\nid: 4\n\n"
    pieces = [stream[start:end] for start, end in zip([0, *at], [*at, None], strict=True)]

    async def seen() -> list[tuple[str, str, int | None]]:
        events = ServerEvents(ScriptedResponse(*(piece for piece in pieces if piece)))
        found = [(event.data, events.last_event_id, events.retry) async for event in events]
        return [*found, ("end", events.last_event_id, events.retry)]

    assert asyncio.run(seen()) == [
        ("a", "1", None),
        ("b", "2", None),
        ("c", "3", 3),
        ("end", "4", 3),
    ]
