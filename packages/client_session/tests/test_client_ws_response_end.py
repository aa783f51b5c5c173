import asyncio
from collections.abc import Callable

import pytest

from martlet_client_session._client_ws_response import ClientWebSocketResponse
from martlet_exceptions import ClientConnectionError, ClientConnectionResetError, ServerTimeoutError
from martlet_websocket import (
    WebSocketError,
    WSMsgType,
)

from .scripted import run_virtual, turn
from .ws_scripted import Peer, pass_time, shut, socket_to


class TestTheEnd:
    async def test_the_peer_closes(self) -> None:
        peer = Peer()
        ws = socket_to(peer)
        peer.say(peer.server.send_text("one"), peer.server.close(3001, "why"))
        assert await ws.receive_str() == "one"
        assert (ws.closed, ws.close_code) == (False, None)
        await ws.send_str("reply")
        assert await ws.receive() == (WSMsgType.CLOSE, 3001, "why")
        assert (ws.closed, ws.close_code, ws.exception()) == (True, 3001, None)
        assert [message.data for message in peer.heard()] == ["reply", 3001]
        assert peer.closed
        for _ in range(3):
            assert await ws.receive() == (WSMsgType.CLOSED, None, None)
        assert not await ws.close()

    async def test_it_waits_for_the_end(self) -> None:
        peer = Peer()
        ws = socket_to(peer)
        receiving = asyncio.ensure_future(ws.receive())
        await turn()
        peer.say(peer.server.close())
        assert (await receiving).type is WSMsgType.CLOSE

    async def test_iteration(self) -> None:
        peer = Peer()
        ws = socket_to(peer)
        peer.say(peer.server.send_text("one"), peer.server.send_text("two"), peer.server.close())
        assert [message.data async for message in ws] == ["one", "two"]
        assert ws.closed
        assert [message async for message in ws] == []

    async def test_without_autoclose(self) -> None:
        peer = Peer()
        ws = socket_to(peer, autoclose=False)
        peer.say(peer.server.close(3001))
        assert (await ws.receive()).data == 3001
        assert (ws.closed, ws.close_code) == (False, 3001)
        assert peer.heard() == []
        await ws.send_str("last words")
        assert await ws.close(code=3002)
        assert [message.data for message in peer.heard()] == ["last words", 3002]
        assert (ws.closed, ws.close_code) == (True, 3001)
        assert peer.closed

    async def test_without_autoclose_receiving_more_closes(self) -> None:
        peer = Peer()
        ws = socket_to(peer, autoclose=False)
        peer.say(peer.server.close(3001))
        await ws.receive()
        assert (await ws.receive()).type is WSMsgType.CLOSED
        assert [message.data for message in peer.heard()] == [1000]

    async def test_a_broken_protocol(self) -> None:
        peer = Peer()
        ws = socket_to(peer)
        peer.say(b"\x83\x00")
        messages = [message async for message in ws]
        assert [message.type for message in messages] == [WSMsgType.ERROR]
        error = messages[0].data
        assert isinstance(error, WebSocketError)
        assert ws.exception() is error
        assert (ws.closed, ws.close_code) == (True, 1002)
        assert [message.data for message in peer.heard()] == [1002]

    async def test_a_message_that_is_too_big(self) -> None:
        peer = Peer()
        ws = socket_to(peer, max_msg_size=10)
        peer.say(peer.server.send_text("x" * 11))
        assert (await ws.receive()).data.code == 1009
        assert ws.close_code == 1009

    async def test_the_connection_is_lost(self) -> None:
        peer = Peer()
        ws = socket_to(peer)
        peer.say(peer.server.send_text("one"))
        peer.eof()
        assert not ws.closed
        with pytest.raises(ClientConnectionResetError):
            await ws.send_str("reply")
        assert await ws.receive_str() == "one"
        assert await ws.receive() == (WSMsgType.CLOSED, None, None)
        assert (ws.closed, ws.close_code) == (True, 1006)
        assert isinstance(ws.exception(), ClientConnectionError)

    async def test_it_is_lost_while_somebody_waits(self) -> None:
        peer = Peer()
        ws = socket_to(peer)
        receiving = asyncio.ensure_future(ws.receive())
        await turn()
        error = ClientConnectionError("Connector is closed")
        peer.fail(error)
        assert (await receiving).type is WSMsgType.CLOSED
        assert ws.exception() is error


class TestClosing:
    async def test_the_handshake(self) -> None:
        peer = Peer()
        ws = socket_to(peer)
        peer.say(peer.server.send_text("unread"))
        closing = asyncio.ensure_future(ws.close(code=4321, message="bye"))
        await turn()
        assert ws.closed
        assert not await ws.close()
        assert (await ws.receive()).type is WSMsgType.CLOSED
        assert [(message.data, message.extra) for message in peer.heard()] == [(4321, "bye")]
        peer.say(peer.server.answers())
        assert await closing
        assert ws.close_code == 4321
        assert ws.exception() is None
        assert peer.closed

    async def test_who_waits_is_told(self) -> None:
        peer = Peer()
        ws = socket_to(peer)
        receiving = asyncio.ensure_future(ws.receive())
        await turn()
        await shut(ws, peer)
        assert await receiving == (WSMsgType.CLOSING, None, None)
        assert await ws.receive() == (WSMsgType.CLOSED, None, None)

    def test_the_peer_does_not_answer(self) -> None:
        async def main() -> None:
            peer = Peer()
            ws = socket_to(peer)
            assert await ws.close()
            assert (ws.closed, ws.close_code) == (True, 1006)
            assert isinstance(ws.exception(), ServerTimeoutError)
            assert peer.transport.aborted

        assert run_virtual(main) == pytest.approx(10)

    async def test_cancelled(self) -> None:
        peer = Peer()
        ws = socket_to(peer)
        closing = asyncio.ensure_future(ws.close())
        await turn()
        closing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await closing
        assert (ws.closed, ws.close_code) == (True, 1006)
        assert peer.transport.aborted

    async def test_as_a_context_manager(self) -> None:
        peer = Peer()
        async with socket_to(peer) as ws:
            peer.say(peer.server.close())
        assert ws.closed

    async def test_a_subclass_sees_each_end(self) -> None:
        calls = []

        class Own(ClientWebSocketResponse):
            async def close(self, *, code: int = 4000, message: str | bytes = b"") -> bool:
                calls.append(code)
                return await super().close(code=code, message=message)

        ends: list[Callable[[Peer], None]] = [
            lambda peer: peer.say(peer.server.close(3001)),
            lambda peer: peer.say(b"\x83\x00"),
            lambda peer: peer.eof(),
        ]
        for end in ends:
            peer = Peer()
            ws = socket_to(peer, kind=Own)
            end(peer)
            await ws.receive()
            assert ws.closed
        assert calls == [4000] * 3

    async def test_forgotten(self) -> None:
        peer = Peer()
        held = [socket_to(peer)]
        with pytest.warns(ResourceWarning, match="Unclosed WebSocket .*open>"):
            held.clear()
        assert peer.transport.aborted

    async def test_what_has_no_connection_is_forgotten_quietly(self) -> None:
        peer = Peer()
        ws = socket_to(peer)
        peer.eof()
        del ws
        half = ClientWebSocketResponse.__new__(ClientWebSocketResponse)
        del half


class TestHeartbeat:
    def test_silence(self) -> None:
        async def main() -> None:
            peer = Peer(autoping=False)
            ws = socket_to(peer, heartbeat=20)
            loop = asyncio.get_running_loop()
            loop.call_later(15, peer.say, peer.server.send_text("one"))
            assert await ws.receive_str() == "one"
            message = await ws.receive()
            assert loop.time() == pytest.approx(15 + 20 + 10)
            assert message.type is WSMsgType.ERROR
            assert isinstance(message.data, ServerTimeoutError)
            assert (ws.closed, ws.close_code, ws.exception()) == (True, 1006, message.data)
            assert [heard.type for heard in peer.heard()] == [WSMsgType.PING]
            assert peer.transport.aborted

        run_virtual(main)

    def test_nobody_waits(self) -> None:
        async def main() -> None:
            peer = Peer(autoping=False)
            ws = socket_to(peer, heartbeat=20)
            await pass_time(31)
            assert (ws.closed, ws.close_code) == (True, 1006)
            error = ws.exception()
            assert isinstance(error, ServerTimeoutError)
            assert (await ws.receive()).data is error
            assert (await ws.receive()).type is WSMsgType.CLOSED

        run_virtual(main)
