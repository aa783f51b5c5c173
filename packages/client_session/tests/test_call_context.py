import asyncio

import pytest

from martlet_client_session import RequestContext
from martlet_client_session._call_context import CallContext
from martlet_client_session._ws_context import WebSocketContext


async def five() -> int:
    await asyncio.sleep(0)
    return 5


async def test_it_may_be_awaited_entered_and_made_a_task() -> None:
    assert await CallContext(five()) == 5
    assert await CallContext(five()).__aenter__() == 5
    assert await asyncio.create_task(CallContext(five())) == 5


async def test_what_is_thrown_into_it_comes_out() -> None:
    context = CallContext(five())
    context.send(None)
    with pytest.raises(KeyError, match="x"):
        context.throw(KeyError, "x")


def test_it_can_be_given_up() -> None:
    context = CallContext(five())
    context.close()
    with pytest.raises(RuntimeError, match="cannot reuse"):
        context.send(None)


def test_both_kinds_of_calls_are_that() -> None:
    assert issubclass(RequestContext, CallContext)
    assert issubclass(WebSocketContext, CallContext)
    assert not hasattr(RequestContext.__new__(RequestContext), "__dict__")
