import asyncio
from unittest import mock

import pytest

from martlet_client_session import DataQueue, EofStream, FlowControlDataQueue

from .scripted import FlowRecorder, turn

BROKEN = ValueError("broken")


def queue_of(*items: object) -> DataQueue[object]:
    queue: DataQueue[object] = DataQueue()
    for item in items:
        queue.feed_data(item)
    return queue


async def started(queue: DataQueue[object]) -> "asyncio.Task[object]":
    """Begin to read, and let it come to its wait."""
    task = asyncio.create_task(queue.read())
    await turn()
    assert not task.done()
    return task


async def test_what_is_fed_is_read_in_order() -> None:
    queue = queue_of(1, None, 0)
    assert len(queue) == 3
    assert [await queue.read() for _ in range(3)] == [1, None, 0]
    assert len(queue) == 0


async def test_read_waits_for_what_comes() -> None:
    queue = queue_of()
    task = await started(queue)
    queue.feed_data(7, 100)
    assert await task == 7


async def test_end_comes_after_what_was_fed_and_stays() -> None:
    queue = queue_of(1)
    queue.feed_eof()
    assert (queue.is_eof(), queue.at_eof()) == (True, False)
    assert await queue.read() == 1
    assert queue.at_eof()
    for _ in range(2):
        with pytest.raises(EofStream):
            await queue.read()


async def test_end_wakes_who_waits() -> None:
    queue = queue_of()
    task = await started(queue)
    queue.feed_eof()
    with pytest.raises(EofStream):
        await task


async def test_failure_comes_after_what_was_fed_and_stays() -> None:
    queue = queue_of(1)
    cause = OSError("cause")
    queue.set_exception(BROKEN, cause)
    assert queue.exception() is BROKEN
    assert BROKEN.__cause__ is cause
    assert queue.is_eof()
    assert await queue.read() == 1
    for _ in range(2):
        with pytest.raises(ValueError, match="broken"):
            await queue.read()


async def test_failure_wakes_who_waits() -> None:
    queue = queue_of()
    task = await started(queue)
    queue.set_exception(BROKEN)
    with pytest.raises(ValueError, match="broken"):
        await task


async def test_second_reader_that_would_wait_gets_an_error_and_the_first_goes_on() -> None:
    queue = queue_of()
    task = await started(queue)
    with pytest.raises(RuntimeError, match="Another task is already waiting to read this queue"):
        await queue.read()
    queue.feed_data(1)
    assert await task == 1


@pytest.mark.parametrize("fed_first", [True, False])
async def test_cancellation_of_a_waiting_read_loses_nothing(fed_first: bool) -> None:
    queue = queue_of()
    task = await started(queue)
    if fed_first:
        queue.feed_data(1)
    task.cancel()
    if not fed_first:
        queue.feed_data(1)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await queue.read() == 1


async def test_iteration_goes_to_the_end_and_over_what_is_empty() -> None:
    queue = queue_of(1, 0, "")
    queue.feed_eof()
    assert [item async for item in queue] == [1, 0, ""]


async def test_repr_tells_the_state_and_what_waits() -> None:
    queue = queue_of(1)
    assert repr(queue) == "<DataQueue open, 1 waiting>"
    queue.set_exception(BROKEN)
    queue._eof = False
    assert repr(queue) == "<DataQueue failed, 1 waiting>"
    queue.feed_eof()
    assert repr(queue) == "<DataQueue eof, 1 waiting>"


async def test_loop_may_be_given() -> None:
    loop = asyncio.get_running_loop()
    assert len(DataQueue[int](loop)) == len(FlowControlDataQueue[int](None, 1, loop=loop)) == 0


async def test_full_queue_pauses_once_and_resumes_once_when_it_is_low() -> None:
    flow = FlowRecorder()
    queue: FlowControlDataQueue[str] = FlowControlDataQueue(flow, 10)
    for _ in range(4):
        queue.feed_data("x", 5)
    assert flow.calls == []
    queue.feed_data("x", 5)
    queue.feed_data("x", 5)
    assert flow.calls == ["pause"]
    for _ in range(3):
        await queue.read()
    assert flow.calls == ["pause"]
    for _ in range(3):
        await queue.read()
    assert flow.calls == ["pause", "resume"]


async def test_mock_will_do_for_a_protocol() -> None:
    protocol = mock.Mock()
    queue: FlowControlDataQueue[str] = FlowControlDataQueue(protocol, 1)
    queue.feed_data("x", 5)
    await queue.read()
    assert protocol.mock_calls == [mock.call.pause_reading(), mock.call.resume_reading()]
