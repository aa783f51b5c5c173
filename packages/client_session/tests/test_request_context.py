import asyncio
import gc
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any

import pytest

from martlet_client_session import ClientResponse, ClientSession, RequestContext

from .scripted import ScriptedConnector, ScriptedExchange, answer, turn


async def test_awaiting_gives_the_response_and_keeps_it_open(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    connector.script = answer(b"part", complete=False)
    response = await session.get("http://h/")
    assert isinstance(response, ClientResponse)
    assert connector.exchange.calls == []
    response.close()


async def test_async_with_releases_the_response_at_the_end(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    async with session.get("http://h/") as response:
        assert connector.exchange.calls == []
        assert response.status == 200
    assert connector.exchange.calls == ["release"]


async def test_async_with_releases_after_an_exception(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    with pytest.raises(KeyError):
        async with session.get("http://h/"):
            raise KeyError
    assert connector.exchange.calls == ["release"]


async def test_nothing_is_sent_before_it_is_awaited(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    context = session.get("http://h/")
    await turn()
    assert connector.exchanges == []
    await context
    assert len(connector.exchanges) == 1


async def test_it_can_be_made_a_task(session: ClientSession) -> None:
    task = asyncio.create_task(session.get("http://h/"))
    response = await task
    assert response.status == 200


async def test_several_can_be_gathered(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    responses = await asyncio.gather(*(session.get(f"http://h/{n}") for n in range(3)))
    assert [response.url.path for response in responses] == ["/0", "/1", "/2"]


async def test_it_can_be_limited_by_wait_for(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    async def never(_: ScriptedExchange) -> None:
        await asyncio.get_running_loop().create_future()

    connector.script = never
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(session.get("http://h/"), 0)


async def test_task_of_it_is_cancelled_as_any(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    async def never(_: ScriptedExchange) -> None:
        await asyncio.get_running_loop().create_future()

    connector.script = never
    task = asyncio.create_task(session.get("http://h/"))
    await turn()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_close_without_awaiting_warns_of_nothing(
    session: ClientSession, recwarn: pytest.WarningsRecorder
) -> None:
    context = session.get("http://h/")
    context.close()
    del context
    gc.collect()
    assert recwarn.list == []


async def test_dropping_it_unawaited_gives_pythons_own_warning(session: ClientSession) -> None:
    context = session.get("http://h/")
    with pytest.warns(RuntimeWarning, match="was never awaited"):
        del context


async def test_it_can_be_used_only_once(session: ClientSession) -> None:
    context = session.get("http://h/")
    await context
    with pytest.raises(RuntimeError, match="already awaited"):
        await context
    with pytest.raises(RuntimeError, match="already awaited"):
        async with context:
            pass


class _Recorder(Coroutine[Any, Any, ClientResponse]):
    """Stands for the session's coroutine, to see what is thrown into it."""

    def __init__(self) -> None:
        self.thrown: list[tuple[object, ...]] = []

    def send(self, value: object, /) -> object:
        return value

    def throw(self, *arguments: Any) -> object:
        self.thrown.append(arguments)
        return None

    def close(self) -> None: ...

    def __await__(self) -> Any: ...


@pytest.fixture
def traceback() -> TracebackType:
    with pytest.raises(KeyError) as caught:
        raise KeyError
    return caught.tb


def test_send_goes_to_the_coroutine() -> None:
    assert RequestContext(_Recorder()).send(5) == 5


@pytest.mark.parametrize("exc", [ValueError, ValueError("v")])
def test_throw_of_a_class_or_an_exception_is_passed_on(
    exc: type[BaseException] | BaseException,
) -> None:
    recorder = _Recorder()
    RequestContext(recorder).throw(exc)
    assert recorder.thrown == [(exc,)]


@pytest.mark.parametrize("value", ["v", ValueError("v")])
def test_throw_in_three_parts_becomes_one_exception(
    value: object, traceback: TracebackType
) -> None:
    recorder = _Recorder()
    RequestContext(recorder).throw(ValueError, value, traceback)
    ((thrown,),) = recorder.thrown
    assert isinstance(thrown, ValueError)
    assert thrown.args == ("v",)
    assert thrown.__traceback__ is traceback


def test_throw_of_a_class_and_a_traceback_becomes_one_exception(traceback: TracebackType) -> None:
    recorder = _Recorder()
    RequestContext(recorder).throw(ValueError, None, traceback)
    ((thrown,),) = recorder.thrown
    assert isinstance(thrown, ValueError)
    assert thrown.__traceback__ is traceback


async def test_a_stack_can_hold_it(session: ClientSession, connector: ScriptedConnector) -> None:
    async with AsyncExitStack() as stack:
        response = await stack.enter_async_context(session.get("http://h/"))
        same = await stack.enter_async_context(response)
        assert same is response
        assert connector.exchange.calls == []
    assert connector.exchange.calls == ["release"]
