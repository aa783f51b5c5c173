import asyncio
from typing import Any

import pytest

from martlet_client_session._client_ws_response import ClientWebSocketResponse
from martlet_client_session._ws_context import WebSocketContext

from .ws_scripted import Peer, socket_to


class Waiting:
    def __await__(self) -> Any:
        yield "waiting"


async def opens(peer: Peer) -> ClientWebSocketResponse:
    await asyncio.sleep(0)
    return socket_to(peer)


async def waits() -> Any:
    await Waiting()


async def test_it_may_be_awaited() -> None:
    peer = Peer()
    ws = await WebSocketContext(opens(peer))
    assert not ws.closed
    peer.eof()


async def test_it_may_be_entered() -> None:
    peer = Peer()
    async with WebSocketContext(opens(peer)) as ws:
        peer.say(peer.server.close())
    assert ws.closed
    peer.eof()


async def test_it_may_be_made_a_task() -> None:
    peer = Peer()
    ws = await asyncio.create_task(WebSocketContext(opens(peer)))
    assert not ws.closed
    peer.eof()


def test_it_is_a_coroutine() -> None:
    context = WebSocketContext(waits())
    assert context.send(None) == "waiting"
    with pytest.raises(StopIteration):
        context.send(None)
    context = WebSocketContext(waits())
    context.send(None)
    context.close()


@pytest.mark.parametrize(
    "thrown",
    [
        (ValueError("text"),),
        (ValueError,),
        (ValueError, "text"),
        (ValueError, ValueError("text")),
        (ValueError("text"), None, None),
    ],
)
def test_what_is_thrown_comes_out(thrown: tuple[Any, ...]) -> None:
    context = WebSocketContext(waits())
    context.send(None)
    with pytest.raises(ValueError):  # noqa: PT011  # with or without a text
        context.throw(*thrown)


def test_a_traceback_may_be_thrown_with_it() -> None:
    try:
        raise KeyError
    except KeyError as exc:
        traceback = exc.__traceback__
    for kind in (ValueError, ValueError()):
        context = WebSocketContext(waits())
        context.send(None)
        with pytest.raises(ValueError, match=r"^$") as caught:
            context.throw(kind, None, traceback)
        found = caught.value.__traceback__
        while found is not None and found is not traceback:
            found = found.tb_next
        assert found is traceback
