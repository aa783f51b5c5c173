import subprocess
import sys

import pytest

from martlet_client_session import ClientSession
from martlet_exceptions import NonHttpUrlClientError

from .ws_scripted import WebSocketServer


@pytest.mark.parametrize("scheme", ["ws", "wss", "http", "https"])
async def test_all_schemes(scheme: str) -> None:
    server = WebSocketServer()
    async with ClientSession(connector=server) as session:
        ws = await session.ws_connect(f"{scheme}://example.org/")
        assert server.request.url.scheme == scheme
        server.peers[0].eof()
        assert not ws.closed
        with pytest.raises(NonHttpUrlClientError):
            await session.ws_connect("ftp://example.org/")


async def test_entered_it_is_closed_at_the_end() -> None:
    server = WebSocketServer()
    async with ClientSession(connector=server) as session:
        async with session.ws_connect("ws://example.org/") as ws:
            peer = server.peers[0]
            peer.say(peer.server.close())
        assert (ws.closed, ws.close_code) == (True, 1000)
        peer.eof()


async def test_another_method() -> None:
    server = WebSocketServer()
    async with ClientSession(connector=server) as session:
        ws = await session.ws_connect("ws://example.org/", method="post")
        assert not ws.closed
        assert server.request.method == "POST"
        server.peers[0].eof()


async def test_mistakes_come_at_the_call() -> None:
    async with ClientSession(connector=WebSocketServer()) as session:
        with pytest.raises(ValueError, match="9 to 15"):
            session.ws_connect("ws://example.org/", compress=3)
        with pytest.raises(TypeError, match="method"):
            session.ws_connect("ws://example.org/", method=1)  # type: ignore[arg-type]  # a mistake


async def test_a_closed_session() -> None:
    session = ClientSession(connector=WebSocketServer())
    await session.close()
    with pytest.raises(RuntimeError, match="closed"):
        await session.ws_connect("ws://example.org/")


async def test_again_and_again() -> None:
    server = WebSocketServer()
    async with ClientSession(connector=server) as session:
        count = 0
        async for ws in session.ws_reconnect("ws://example.org/", backoff=lambda _: 0, origin="x"):
            server.peers[-1].eof()
            assert [message async for message in ws] == []
            count += 1
            if count == 3:
                break
    assert [exchange.request.headers["Origin"] for exchange in server.exchanges] == ["x"] * 3


def test_a_session_does_not_import_the_protocol() -> None:
    program = "import sys, martlet_client_session as s\nprint('martlet_websocket' in sys.modules)"
    command = [sys.executable, "-c", program]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert found == "False\n"
