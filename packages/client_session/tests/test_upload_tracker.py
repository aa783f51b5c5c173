import asyncio

import pytest

from martlet_client_session._upload_tracker import UploadTracker
from martlet_exceptions import UploadAbortedError


def test_what_is_written_is_counted_anew_in_each_attempt() -> None:
    tracker = UploadTracker()
    assert repr(tracker) == "<UploadTracker 0 of ? bytes, attempt 0>"
    tracker.take(10)
    tracker.begin()
    tracker.wrote(4)
    tracker.wrote(2)
    assert (tracker.bytes_written, tracker.total, tracker.attempts) == (6, 10, 1)
    tracker.begin()
    assert (tracker.bytes_written, tracker.attempts) == (0, 2)
    assert repr(tracker) == "<UploadTracker 0 of 10 bytes, attempt 2>"


def test_a_tracker_is_for_one_request() -> None:
    tracker = UploadTracker()
    tracker.take(None)
    with pytest.raises(RuntimeError, match="follows one request"):
        tracker.take(None)


async def test_completion_is_awaited() -> None:
    tracker = UploadTracker()
    future = tracker.upload_complete
    assert tracker.upload_complete is future
    assert not future.done()
    tracker.complete()
    tracker.abort(None)
    await future
    tracker.complete()


async def test_completion_is_known_also_to_who_asks_late() -> None:
    tracker = UploadTracker()
    tracker.complete()
    await tracker.upload_complete


async def test_what_is_not_sent_to_its_end_fails_with_the_cause() -> None:
    tracker = UploadTracker()
    future = tracker.upload_complete
    cause = OSError("broken")
    tracker.abort(cause)
    with pytest.raises(UploadAbortedError, match="not sent to its end") as raised:
        await future
    assert raised.value.__cause__ is cause


async def test_a_future_that_was_cancelled_stays_so() -> None:
    tracker = UploadTracker()
    future = tracker.upload_complete
    future.cancel()
    tracker.complete()
    with pytest.raises(asyncio.CancelledError):
        await future


def test_a_future_needs_an_event_loop() -> None:
    with pytest.raises(RuntimeError):
        _ = UploadTracker().upload_complete
