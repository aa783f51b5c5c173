import asyncio
from typing import Any

import pytest

from martlet_asgi._request_events import RequestEvents
from martlet_asgi._tasks import Tasks
from martlet_exceptions import ClientPayloadError
from martlet_interfaces import ChunkSent, Event, RequestBody

from .applications import settle
from .bodies import FailingBody, PiecesBody, StuckBody


class Failures(list[BaseException]):
    def note(self, exc: BaseException) -> None:
        self.append(exc)


def given(
    body: bytes | RequestBody | None, failures: Failures | None = None, observer: Any = None
) -> RequestEvents:
    failures = Failures() if failures is None else failures
    return RequestEvents(body, Tasks(asyncio.get_running_loop()), failures.note, observer)


async def received(events: RequestEvents) -> list[tuple[bytes, bool]]:
    pieces = []
    while not events.ended:
        event = await events.next()
        assert event is not None
        assert event["type"] == "http.request"
        pieces.append((event["body"], event["more_body"]))
    return pieces


@pytest.mark.parametrize("body", [None, b""])
async def test_no_body_is_one_event(body: bytes | None) -> None:
    assert await received(given(body)) == [(b"", False)]


async def test_bytes_come_in_pieces_of_64_kib() -> None:
    size = 64 * 1024
    assert await received(given(b"a" * size)) == [(b"a" * size, False)]
    whole = bytes(range(256)) * 600
    pieces = await received(given(whole))
    assert b"".join(data for data, _ in pieces) == whole
    assert [(len(data), more) for data, more in pieces] == [
        (size, True), (size, True), (len(whole) - 2 * size, False)
    ]  # fmt: skip


async def test_a_body_is_written_when_it_is_asked_for() -> None:
    body = StuckBody()
    events = given(body)
    await settle()
    assert not body.started.is_set()
    assert await events.next() == {"type": "http.request", "body": b"something", "more_body": True}
    await body.started.wait()
    events.stop()
    await body.ended.wait()


async def test_a_body_comes_as_it_is_written() -> None:
    assert await received(given(PiecesBody([b"one", b"two"]))) == [
        (b"one", True), (b"two", True), (b"", False)
    ]  # fmt: skip


async def test_after_the_last_event_there_is_none_until_it_is_stopped() -> None:
    events = given(b"all")
    await received(events)
    waiting = [asyncio.ensure_future(events.next()) for _ in range(2)]
    await settle()
    assert not any(task.done() for task in waiting)
    events.stop()
    assert await asyncio.gather(*waiting) == [None, None]
    assert await events.next() is None


async def test_what_a_body_raises_is_told() -> None:
    failures, error = Failures(), LookupError("the body's own")
    events = given(FailingBody(error), failures)
    await events.next()
    await settle()
    assert failures == [error]
    events.stop()


async def test_a_body_that_is_cancelled_is_told() -> None:
    failures = Failures()
    events = given(FailingBody(asyncio.CancelledError()), failures)
    await events.next()
    await settle()
    assert [type(exc) for exc in failures] == [ClientPayloadError]
    assert str(failures[0]) == "The writing of the request's body was cancelled"


async def test_what_a_body_raises_when_it_is_stopped_is_nobodys() -> None:
    failures, body = Failures(), StuckBody(LookupError("late"))
    events = given(body, failures)
    await events.next()
    await body.started.wait()
    events.stop()
    await body.ended.wait()
    await settle()
    assert failures == []


async def test_an_observer_hears_of_each_piece() -> None:
    heard: list[Event] = []

    class Listener:
        async def observe(self, event: Event, /) -> None:
            await asyncio.sleep(0)
            heard.append(event)

    await received(given(PiecesBody([b"one", b"two"]), observer=Listener()))
    assert heard == [ChunkSent(b"one"), ChunkSent(b"two")]


async def test_what_an_observer_raises_is_told() -> None:
    error = LookupError("the observer's own")

    class Objector:
        async def observe(self, _event: Event, /) -> None:
            raise error

    failures = Failures()
    assert await given(b"one", failures, Objector()).next() is None
    assert failures == [error]
