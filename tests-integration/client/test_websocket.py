"""WebSockets, against the library `websockets`."""

import asyncio
import gc
import json
import random
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

import martlet
from martlet_client_session._one_ws_connect import ws_connect
from martlet_client_session._ws_timeout import ClientWSTimeout
from martlet_websocket import WSMsgType

from .websocket_server import WebSocketServer, serve_websockets
from .world import LOOPS, LoopFactory, client_context, server_context

Scenario = Callable[[martlet.ClientSession, WebSocketServer], Awaitable[None]]

TLS = pytest.mark.parametrize("tls", [False, True], ids=["ws", "wss"])
SIZES = (0, 1, 125, 126, 127, 65535, 65536, 1_000_000)


def run(
    loop_factory: LoopFactory,
    scenario: Scenario,
    *,
    tls: bool = False,
    bits: int | None = None,
    **options: Any,
) -> None:
    """Run *scenario* with a server; nothing may be left behind."""
    complaints: list[dict[str, Any]] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: complaints.append(context))
        context = server_context() if tls else None
        async with serve_websockets(context, bits=bits, **options) as server:
            connector = martlet.TCPConnector(ssl=client_context())
            async with martlet.ClientSession(connector=connector) as session:
                await scenario(session, server)

    with asyncio.Runner(loop_factory=loop_factory) as runner:
        runner.run(main())
    assert complaints == []


async def many_iterations() -> None:
    """Let go on what can."""
    for _ in range(3000):
        await asyncio.sleep(0)


@LOOPS
@TLS
@pytest.mark.parametrize("bits", [None, 9, 12, 15])
def test_echo(loop_factory: LoopFactory, tls: bool, bits: int | None) -> None:
    async def scenario(session: martlet.ClientSession, server: WebSocketServer) -> None:
        seeded = random.Random(1)
        async with session.ws_connect(server.url, compress=bits or 0) as ws:
            assert (ws.compress > 0) is (bits is not None)
            for size in SIZES:
                for data in (bytes(size), seeded.randbytes(size)):
                    await ws.send_bytes(data)
                    assert await ws.receive_bytes() == data
                text = "ä€😀x"[seeded.randrange(4)] * size
                await ws.send_str(text)
                assert await ws.receive_str() == text
            await ws.send_json({"a": [1]})
            assert await ws.receive_json() == {"a": [1]}
        assert ws.close_code == 1000
        await server.until_closed()
        assert server.closings == [(1000, "")]

    run(loop_factory, scenario, tls=tls, bits=bits)


@LOOPS
@pytest.mark.parametrize("bits", [None, 15])
def test_many_messages_under_way(loop_factory: LoopFactory, bits: int | None) -> None:
    async def scenario(session: martlet.ClientSession, server: WebSocketServer) -> None:
        words = ["".join(random.Random(n).choices("abcdefg", k=n % 300)) for n in range(3000)]
        async with session.ws_connect(server.url, compress=bits or 0) as ws:

            async def send() -> None:
                for number, word in enumerate(words):
                    await ws.send_str(word, compress=(None, 0, 9)[number % 3])

            sending = asyncio.create_task(send())
            for word in words:
                assert await ws.receive_str() == word
            await sending

    run(loop_factory, scenario, bits=bits)


@LOOPS
@TLS
def test_the_server_closes(loop_factory: LoopFactory, tls: bool) -> None:
    async def scenario(session: martlet.ClientSession, server: WebSocketServer) -> None:
        ws = await session.ws_connect(f"{server.url}/close")
        assert await ws.receive_str() == "last words"
        assert await ws.receive() == (WSMsgType.CLOSE, 3001, "why")
        assert (ws.closed, ws.close_code) == (True, 3001)
        assert (await ws.receive()).type is WSMsgType.CLOSED
        await server.until_closed()
        assert server.closings == [(3001, "")]

    run(loop_factory, scenario, tls=tls)


@LOOPS
@TLS
def test_the_client_closes(loop_factory: LoopFactory, tls: bool) -> None:
    async def scenario(session: martlet.ClientSession, server: WebSocketServer) -> None:
        ws = await session.ws_connect(server.url)
        receiving = asyncio.create_task(ws.receive())
        await asyncio.sleep(0)
        assert await ws.close(code=4321, message="reason")
        assert (await receiving).type is WSMsgType.CLOSING
        assert ws.close_code == 4321
        await server.until_closed()
        assert server.closings == [(4321, "reason")]

    run(loop_factory, scenario, tls=tls)


@LOOPS
@TLS
def test_the_connection_is_lost(loop_factory: LoopFactory, tls: bool) -> None:
    async def scenario(session: martlet.ClientSession, server: WebSocketServer) -> None:
        ws = await session.ws_connect(f"{server.url}/drop")
        types = [message.type async for message in ws]
        assert types in ([WSMsgType.TEXT], [])
        assert ws.close_code == 1006
        assert isinstance(ws.exception(), martlet.ClientConnectionError)
        with pytest.raises(martlet.ClientConnectionResetError):
            await ws.send_str("anybody?")

    run(loop_factory, scenario, tls=tls)


@LOOPS
def test_fragments_and_pings(loop_factory: LoopFactory) -> None:
    async def scenario(session: martlet.ClientSession, server: WebSocketServer) -> None:
        async with session.ws_connect(f"{server.url}/fragments") as ws:
            assert await ws.receive_str() == "fragments"
            assert await ws.receive_bytes() == b"onetwo"

    run(loop_factory, scenario)


@LOOPS
def test_the_handshake_is_a_request_like_others(loop_factory: LoopFactory) -> None:
    async def scenario(session: martlet.ClientSession, server: WebSocketServer) -> None:
        fields: dict[str, str] = {}
        for path in ("/told", "/moved"):
            async with session.ws_connect(
                f"ws://localhost:{server.port}{path}",
                origin="https://example.org",
                auth=martlet.BasicAuth("ann", "pass"),
                headers={"X-Own": "1"},
                protocols=("a", "chat"),
            ) as ws:
                assert ws.protocol == "chat"
                fields = dict(json.loads(await ws.receive_str()))
                assert ws._response.history == () or path == "/moved"
            assert fields["Origin"] == "https://example.org"
            assert fields["Authorization"].startswith("Basic ")
            assert fields["X-Own"] == "1"
        assert fields["Cookie"] == "seen=1"

    run(loop_factory, scenario, subprotocols=["chat"])


@LOOPS
@TLS
def test_a_refusal(loop_factory: LoopFactory, tls: bool) -> None:
    async def scenario(session: martlet.ClientSession, server: WebSocketServer) -> None:
        with pytest.raises(martlet.WSServerHandshakeError, match="403") as caught:
            await session.ws_connect(f"{server.url}/refused")
        assert caught.value.status == 403
        assert caught.value.body == b"not for you\n"
        assert caught.value.headers is not None
        assert "Content-Length" in caught.value.headers

    run(loop_factory, scenario, tls=tls)


@LOOPS
@TLS
def test_a_flood_waits_for_who_receives(loop_factory: LoopFactory, tls: bool) -> None:
    async def scenario(session: martlet.ClientSession, server: WebSocketServer) -> None:
        async with session.ws_connect(f"{server.url}/flood") as ws:
            await many_iterations()
            # What stands in buffers of the system is several megabytes.
            assert 0 < server.sent < 300
            assert len(ws._reader.messages) < 10
            for _ in range(1000):
                assert len(await ws.receive_bytes()) == 100_000

    run(loop_factory, scenario, tls=tls)


@LOOPS
@TLS
def test_who_sends_waits_for_the_server(loop_factory: LoopFactory, tls: bool) -> None:
    async def scenario(session: martlet.ClientSession, server: WebSocketServer) -> None:
        sent = 0
        async with session.ws_connect(f"{server.url}/sink") as ws:

            async def send() -> None:
                nonlocal sent
                for _ in range(1000):
                    await ws.send_bytes(bytes(100_000))
                    sent += 1

            sending = asyncio.create_task(send())
            await many_iterations()
            assert 0 < sent < 300
            server.go_on.set()
            await sending
        await server.until_closed()
        assert server.received == 1000

    run(loop_factory, scenario, tls=tls)


@LOOPS
@TLS
def test_a_silent_server(loop_factory: LoopFactory, tls: bool) -> None:
    async def scenario(session: martlet.ClientSession, server: WebSocketServer) -> None:
        url = f"{server.url}/silence"
        ws = await session.ws_connect(url, heartbeat=0.05)
        message = await ws.receive()
        assert message.type is WSMsgType.ERROR
        assert isinstance(message.data, martlet.ServerTimeoutError)
        ws = await session.ws_connect(url, timeout=ClientWSTimeout(0.02, 0.05))
        with pytest.raises(martlet.ServerTimeoutError, match="No message"):
            await ws.receive()
        await ws.close()
        assert ws.close_code == 1006
        server.go_on.set()
        await server.until_closed(2)

    run(loop_factory, scenario, tls=tls)


@LOOPS
@TLS
def test_a_heartbeat_that_is_answered(loop_factory: LoopFactory, tls: bool) -> None:
    async def scenario(session: martlet.ClientSession, server: WebSocketServer) -> None:
        async with session.ws_connect(server.url, heartbeat=0.2) as ws:
            with pytest.raises(TimeoutError):
                await ws.receive(timeout=0.5)
            await ws.send_str("still here")
            assert await ws.receive_str() == "still here"

    run(loop_factory, scenario, tls=tls)


@LOOPS
@TLS
def test_the_session_is_closed(loop_factory: LoopFactory, tls: bool) -> None:
    async def scenario(session: martlet.ClientSession, server: WebSocketServer) -> None:
        ws = await session.ws_connect(server.url, heartbeat=10)
        receiving = asyncio.create_task(ws.receive())
        await asyncio.sleep(0)
        await session.close()
        assert (await receiving).type is WSMsgType.CLOSED
        assert (ws.closed, ws.close_code) == (True, 1006)
        assert isinstance(ws.exception(), martlet.ClientConnectionError)
        with pytest.raises(martlet.ClientConnectionResetError):
            await ws.send_str("anybody?")
        await server.until_closed()

    run(loop_factory, scenario, tls=tls)


@LOOPS
def test_again_and_again(loop_factory: LoopFactory) -> None:
    async def scenario(session: martlet.ClientSession, server: WebSocketServer) -> None:
        got = []
        async for ws in session.ws_reconnect(f"{server.url}/close", backoff=lambda _: 0.0):
            got += [message.data async for message in ws]
            if len(got) == 3:
                break
        assert got == ["last words"] * 3

    run(loop_factory, scenario)


@LOOPS
def test_the_slot_is_free_afterwards(loop_factory: LoopFactory) -> None:
    async def scenario(_: martlet.ClientSession, server: WebSocketServer) -> None:
        connector = martlet.TCPConnector(limit=1)
        async with martlet.ClientSession(connector=connector) as session:
            for _turn in range(20):
                async with session.ws_connect(server.url) as ws:
                    assert "1 active" in repr(connector)
                    await ws.send_str("x")
                    await ws.receive()
                assert "0 active" in repr(connector)

    run(loop_factory, scenario)


@LOOPS
@TLS
def test_without_a_session(loop_factory: LoopFactory, tls: bool) -> None:
    async def scenario(_: martlet.ClientSession, server: WebSocketServer) -> None:
        async with ws_connect(server.url, ssl=client_context()) as entered:
            await entered.send_str("one")
            assert await entered.receive_str() == "one"
        awaited = await ws_connect(server.url, ssl=client_context())
        gc.collect()
        await awaited.send_str("two")
        assert await awaited.receive_str() == "two"
        await awaited.close()
        assert entered.close_code == awaited.close_code == 1000
        del awaited
        gc.collect()
        await server.until_closed(2)

    run(loop_factory, scenario, tls=tls)


@LOOPS
def test_the_handshake_is_traced(loop_factory: LoopFactory) -> None:
    async def scenario(_: martlet.ClientSession, server: WebSocketServer) -> None:
        told = []

        async def start(_session: Any, _context: Any, params: Any) -> None:
            told.append(f"start {params.method}")

        async def end(_session: Any, _context: Any, params: Any) -> None:
            told.append(f"end {params.response.status}")

        async def chunk(_session: Any, _context: Any, params: Any) -> None:
            told.append(f"chunk {params.chunk!r}")

        traces = martlet.TraceConfig()
        traces.on_request_start.append(start)
        traces.on_request_end.append(end)
        traces.on_response_chunk_received.append(chunk)
        async with martlet.ClientSession(trace_configs=[traces]) as session:
            async with session.ws_connect(server.url) as ws:
                await ws.send_str("one")
                assert await ws.receive_str() == "one"
        assert told == ["start GET", "end 101"]

    run(loop_factory, scenario)


@LOOPS
@TLS
def test_forgotten_it_is_closed(loop_factory: LoopFactory, tls: bool) -> None:
    async def scenario(session: martlet.ClientSession, server: WebSocketServer) -> None:
        held = [await session.ws_connect(server.url, heartbeat=30)]
        with pytest.warns(ResourceWarning, match="Unclosed WebSocket"):
            held.clear()
        await server.until_closed()
        assert server.closings[0][0] == 1006
        assert "0 active" in repr(session.connector)

    run(loop_factory, scenario, tls=tls)
