import asyncio
import gc
from collections.abc import Iterator

import pytest

from martlet_client_session import _defaults
from martlet_client_session._one_ws_connect import ws_connect
from martlet_exceptions import ClientConnectionError

from .ws_scripted import Peer, WebSocketServer

URL = "ws://example.org/"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[WebSocketServer]:
    """Be the connector that is made where none is given."""
    server = WebSocketServer()
    monkeypatch.setattr(_defaults, "single_use_connector", lambda: server)
    yield server
    gc.collect()


def answer(peer: Peer) -> None:
    peer.heard()
    peer.say(peer.server.answers())


async def test_entered_all_is_closed_at_the_end(server: WebSocketServer) -> None:
    async with ws_connect(URL, origin="x") as ws:
        assert server.request.headers["Origin"] == "x"
        asyncio.get_running_loop().call_soon(answer, server.peers[0])
    assert ws.close_code == 1000
    assert server.closings[-1].was_awaited


async def test_awaited_it_keeps_its_connector(server: WebSocketServer) -> None:
    ws = await ws_connect(URL)
    gc.collect()
    assert not server.closed
    peer = server.peers[0]
    asyncio.get_running_loop().call_soon(answer, peer)
    await ws.close()
    peer.eof()
    assert server.closed


async def test_a_connector_that_was_given_stays_open() -> None:
    server = WebSocketServer()
    async with ws_connect(URL, connector=server, loop=asyncio.get_running_loop()):
        asyncio.get_running_loop().call_soon(answer, server.peers[0])
    server.peers[0].eof()
    assert not server.closed


async def test_a_failure_closes_it(server: WebSocketServer) -> None:
    server.failures.append(ClientConnectionError("no"))
    with pytest.raises(ClientConnectionError, match="no"):
        await ws_connect(URL)
    assert server.closed


def test_a_bad_keyword_opens_nothing(server: WebSocketServer) -> None:
    with pytest.raises(TypeError, match="unexpected"):
        ws_connect(URL, nonsense=1)  # type: ignore[call-arg]  # a mistake
    assert server.exchanges == []
