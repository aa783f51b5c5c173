"""An observer that hears of each piece, a little later, and in order."""

import asyncio

import pytest
from multidict import CIMultiDict

from martlet_connector_pool._observed_body import ObservedBody
from martlet_interfaces import ChunkReceived, HttpVersion11, ResponseHead

from .scripted import Answer, Log

HEAD = ResponseHead(HttpVersion11, 200, "OK", CIMultiDict())


class Reading:
    """An observed body with its receiver and its observer."""

    def __init__(self, log: Log | None = None) -> None:
        self.answer = Answer()
        self.log = log or Log()
        self.aborted = 0
        self.body = ObservedBody(self.answer, self.log, asyncio.get_running_loop(), self._abort)

    def _abort(self) -> None:
        self.aborted += 1

    def open(self) -> "Reading":
        assert self.body.on_head(HEAD, object()) is self.body  # type: ignore[arg-type]  # no flow
        return self

    @property
    def told(self) -> list[bytes]:
        assert all(isinstance(event, ChunkReceived) for event in self.log.events)
        return [event.chunk for event in self.log.events if isinstance(event, ChunkReceived)]

    async def settle(self) -> None:
        """Wait until nothing is being told."""
        while self.body._task is not None:  # noqa: ASYNC110  # it has no event to wait for
            await asyncio.sleep(0)


async def test_the_receiver_gets_everything_at_once() -> None:
    reading = Reading().open()
    reading.body.feed(b"a")
    reading.body.feed(b"b")
    reading.body.eof()

    assert reading.answer.head is HEAD
    assert reading.answer.body == b"ab"
    assert reading.answer.complete
    # That the request was sent has to be told before.
    assert reading.told == []
    assert reading.body._task is None


async def test_what_came_early_is_told_when_telling_begins() -> None:
    reading = Reading().open()
    reading.body.feed(b"a")
    reading.body.feed(b"b")
    reading.body.begin()
    reading.body.feed(b"c")
    await reading.settle()

    assert reading.told == [b"a", b"b", b"c"]


async def test_what_comes_later_is_told_as_it_comes() -> None:
    reading = Reading().open()
    reading.body.begin()
    assert reading.body._task is None
    for piece in (b"a", b"b"):
        reading.body.feed(piece)
        await reading.settle()

    assert reading.told == [b"a", b"b"]


async def test_pieces_wait_for_a_slow_observer_and_stay_in_order() -> None:
    gate = asyncio.Event()
    reading = Reading(Log(at=ChunkReceived, gate=gate)).open()
    reading.body.begin()
    reading.body.feed(b"a")
    await asyncio.sleep(0)
    reading.body.feed(b"b")
    reading.body.eof()
    assert reading.told == [b"a"]
    # The reader does not wait.
    assert await reading.answer.read() == b"ab"

    gate.set()
    await reading.settle()
    assert reading.told == [b"a", b"b"]


async def test_a_failure_is_passed_on_once() -> None:
    reading = Reading().open()
    error = ConnectionError("broken")
    reading.body.fail(error)
    reading.body.fail(ConnectionError("again"))
    reading.body.eof()

    assert reading.answer.ends == [error]


async def test_the_end_is_passed_on_once() -> None:
    reading = Reading().open()
    reading.body.eof()
    reading.body.fail(ConnectionError("late"))

    assert reading.answer.ends == [None]


async def test_what_the_observer_raises_fails_the_rest_of_the_body() -> None:
    error = ValueError("no more")
    reading = Reading(Log(at=ChunkReceived, error=error)).open()
    reading.body.begin()
    reading.body.feed(b"a")
    await reading.settle()

    assert reading.answer.ends == [error]
    assert reading.aborted == 1
    reading.body.fail(ConnectionError("what the abort brings about"))
    assert reading.answer.ends == [error]


async def test_what_the_observer_raises_after_the_end_is_too_late_for_the_reader() -> None:
    reading = Reading(Log(at=ChunkReceived, error=ValueError("no more"))).open()
    reading.body.begin()
    reading.body.feed(b"a")
    reading.body.eof()
    await reading.settle()

    assert reading.answer.ends == [None]
    assert reading.aborted == 1


@pytest.mark.parametrize("telling", [False, True])
async def test_nothing_is_told_after_the_stop(telling: bool) -> None:
    gate = asyncio.Event()
    reading = Reading(Log(at=ChunkReceived, gate=gate)).open()
    if telling:
        reading.body.begin()
    reading.body.feed(b"a")
    await asyncio.sleep(0)
    reading.body.feed(b"b")
    reading.body.stop()
    gate.set()
    await reading.settle()
    reading.body.eof()

    assert reading.told == ([b"a"] if telling else [])
    assert reading.answer.ends == []
    assert reading.aborted == 0


class ChunkAnswer(Answer):
    """An answer that wants the chunks of its body apart."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[list[bytes], bool]] = []

    def feed_chunks(self, pieces: list[bytes], open_end: bool, /) -> None:
        self.calls.append((pieces, open_end))


async def test_chunks_are_handed_on_apart_to_who_wants_them_and_told_as_one() -> None:
    reading = Reading()
    reading.body._receiver = answer = ChunkAnswer()
    reading.open()
    reading.body.begin()
    reading.body.feed_chunks([b"ab", b"c"], True)
    reading.body.feed_chunks([b"d"], False)
    await reading.settle()

    assert answer.calls == [([b"ab", b"c"], True), ([b"d"], False)]
    assert answer.pieces == []
    assert reading.told == [b"abc", b"d"]


async def test_chunks_are_handed_on_as_one_to_who_does_not_want_them() -> None:
    reading = Reading().open()
    reading.body.begin()
    reading.body.feed_chunks([b"ab", b"c"], True)
    await reading.settle()

    assert reading.answer.pieces == [b"abc"]
    assert reading.told == [b"abc"]
