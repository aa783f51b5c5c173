"""`Recording`: all that a receiver and its sink are told."""

import asyncio

import pytest
from multidict import CIMultiDict

from martlet_interfaces import HttpVersion11, ResponseHead
from martlet_interfaces.testing._recording import Recording

HEAD = ResponseHead(HttpVersion11, 200, "OK", CIMultiDict())


class CountingFlow:
    def __init__(self) -> None:
        self.calls: list[str] = []

    def pause(self) -> None:
        self.calls.append("pause")

    def resume(self) -> None:
        self.calls.append("resume")


async def test_it_writes_down_what_it_is_told() -> None:
    recording, flow = Recording(), CountingFlow()
    sink = recording.on_head(HEAD, flow)
    sink.feed(b"some ")
    sink.feed(b"body")
    sink.eof()
    assert recording.head is HEAD
    assert recording.flow is flow
    assert (recording.body, recording.size) == (b"some body", 9)
    assert recording.calls == ["on_head", "feed", "feed", "eof"]
    assert await recording.end() is None
    assert flow.calls == []


async def test_the_first_end_counts_and_all_are_kept() -> None:
    recording, error = Recording(), ConnectionError("lost")
    sink = recording.on_head(HEAD, CountingFlow())
    sink.fail(error)
    sink.eof()
    assert await recording.end() is error
    assert recording.ends == [error, None]


async def test_the_end_can_be_waited_for() -> None:
    recording = Recording()
    waiting = asyncio.create_task(recording.end())
    await asyncio.sleep(0)
    assert not waiting.done()
    recording.eof()
    assert await waiting is None


@pytest.mark.parametrize("end", [False, True])
async def test_the_first_of_the_body_can_be_waited_for(end: bool) -> None:
    recording = Recording()
    waiting = asyncio.create_task(recording.begin())
    await asyncio.sleep(0)
    assert not waiting.done()
    if end:
        recording.eof()
    else:
        recording.feed(b"first")
    await waiting


async def test_it_pauses_where_it_is_told_to() -> None:
    flow = CountingFlow()
    sink = Recording(pause_at_head=True, pause_at_data=True).on_head(HEAD, flow)
    assert flow.calls == ["pause"]
    sink.feed(b"first")
    sink.feed(b"second")
    assert flow.calls == ["pause", "pause"]
