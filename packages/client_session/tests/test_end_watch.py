import asyncio
import logging

import pytest

from martlet_client_session._end_watch import EndWatch, call_back

from .scripted import turn


async def test_complete_body_calls_back_once_and_in_order() -> None:
    watch, called = EndWatch(), list[int]()
    watch.callbacks += [lambda: called.append(1), lambda: called.append(2)]
    watch.end(complete=True)
    watch.end(complete=True)
    assert called == [1, 2]


async def test_failed_body_wakes_but_does_not_call_back() -> None:
    watch, called = EndWatch(), list[int]()
    watch.callbacks.append(lambda: called.append(1))
    waiting = [asyncio.create_task(watch.over.wait()) for _ in range(2)]
    await turn()
    watch.end(complete=False)
    await asyncio.gather(*waiting)
    assert called == []


def test_fault_of_a_callback_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def fault() -> None:
        raise ValueError("of the application")

    with caplog.at_level(logging.ERROR):
        call_back(fault)
    assert "of the application" in caplog.text
    assert caplog.messages == ["Exception in eof callback"]


def test_cancellation_in_a_callback_is_not_swallowed() -> None:
    def leave() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        call_back(leave)
