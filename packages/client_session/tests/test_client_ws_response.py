import asyncio
import json
from typing import Any

import pytest

from martlet_client_session import ClientWSTimeout
from martlet_client_session._client_ws_response import ClientWebSocketResponse
from martlet_exceptions import ClientConnectionResetError, ServerTimeoutError
from martlet_websocket import (
    DeflateParameters,
    WebSocketError,
    WSMessageTypeError,
    WSMsgType,
)

from .scripted import run_virtual, turn
from .ws_scripted import Peer, shut, socket_to


async def test_facts() -> None:
    peer = Peer()
    ws = socket_to(peer, protocol="chat", compress=12)
    assert (ws.protocol, ws.compress, ws.client_notakeover) == ("chat", 12, False)
    assert (ws.closed, ws.close_code, ws.exception()) == (False, None, None)
    assert ws.get_extra_info("peername") is None
    assert ws.get_extra_info("peername", "nobody") == "nobody"
    assert repr(ws) == "<ClientWebSocketResponse ws://example.org/ open>"
    await shut(ws, peer)
    assert repr(ws) == "<ClientWebSocketResponse ws://example.org/ closed, 1000>"


def test_it_may_be_subscripted_as_code_for_aiohttp_does() -> None:
    alias = ClientWebSocketResponse.__class_getitem__(bool)
    assert (alias.__origin__, alias.__args__) == (ClientWebSocketResponse, (bool,))


class TestSending:
    async def test_messages_of_all_kinds(self) -> None:
        peer = Peer(autoping=False)
        ws = socket_to(peer)
        await ws.send_str("tëxt")
        await ws.send_bytes(b"bytes")
        await ws.send_bytes(bytearray(b"array"))
        await ws.send_bytes(memoryview(b"view"))
        await ws.send_json({"a": 1})
        await ws.send_json([1], dumps=lambda data: f"<{data}>")
        await ws.send_json_bytes([1], dumps=lambda data: json.dumps(data).encode())
        await ws.ping()
        await ws.ping("tëxt")
        await ws.pong(b"bytes")
        await ws.send_frame(b"frame", WSMsgType.TEXT)
        assert [(message.type.name, message.data) for message in peer.heard()] == [
            ("TEXT", "tëxt"),
            ("BINARY", b"bytes"),
            ("BINARY", b"array"),
            ("BINARY", b"view"),
            ("TEXT", '{"a": 1}'),
            ("TEXT", "<[1]>"),
            ("BINARY", b"[1]"),
            ("PING", b""),
            ("PING", "tëxt".encode()),
            ("PONG", b"bytes"),
            ("TEXT", "frame"),
        ]
        await shut(ws, peer)

    async def test_compression_by_message(self) -> None:
        deflate = DeflateParameters()
        peer = Peer(deflate)
        ws = socket_to(peer, deflate=deflate)
        sizes = []
        for compress in (0, None, 9):
            await ws.send_str("abc" * 1000, compress)
            sizes.append(len(peer.written[-1]))
            assert [message.data for message in peer.heard()] == ["abc" * 1000]
        assert sizes[0] > 3000
        assert max(sizes[1:]) < 100
        await shut(ws, peer)

    @pytest.mark.parametrize(
        ("send", "error"),
        [
            (lambda ws: ws.send_str(b"bytes"), TypeError),
            (lambda ws: ws.send_str("\ud800"), ValueError),
            (lambda ws: ws.send_bytes("text"), TypeError),
            (lambda ws: ws.send_json(1, dumps=lambda _: b"1"), TypeError),
            (lambda ws: ws.send_json({1, 2}), TypeError),
            (lambda ws: ws.send_json_bytes(1, dumps=lambda _: "1"), TypeError),
            (lambda ws: ws.ping(b"x" * 126), ValueError),
            (lambda ws: ws.pong(1), TypeError),
            (lambda ws: ws.send_frame(b"", WSMsgType.CLOSE), ValueError),
            (lambda ws: ws.close(code=1006), ValueError),
            (lambda ws: ws.close(code="1000"), TypeError),
            (lambda ws: ws.close(message="x" * 124), ValueError),
        ],
    )
    async def test_mistakes_send_nothing(self, send: Any, error: type[Exception]) -> None:
        peer = Peer()
        ws = socket_to(peer)
        with pytest.raises(error):
            await send(ws)
        assert peer.written == []
        assert not ws.closed
        await shut(ws, peer)

    @pytest.mark.parametrize(
        "send",
        [
            lambda ws: ws.send_str(""),
            lambda ws: ws.send_bytes(b""),
            lambda ws: ws.send_frame(b"", WSMsgType.TEXT),
            lambda ws: ws.ping(),
        ],
    )
    async def test_after_the_end(self, send: Any) -> None:
        peer = Peer()
        ws = socket_to(peer)
        await shut(ws, peer)
        with pytest.raises(ClientConnectionResetError, match="closed"):
            await send(ws)

    @pytest.mark.parametrize(
        "send",
        [
            lambda ws: ws.send_str("x" * 70_000),
            lambda ws: ws.send_bytes(bytes(70_000)),
            lambda ws: ws.send_frame(bytes(70_000), WSMsgType.BINARY),
        ],
    )
    async def test_it_waits_for_a_slow_peer(self, send: Any) -> None:
        deflate = DeflateParameters()
        peer = Peer(deflate)
        ws = socket_to(peer, deflate=None)
        peer.room.clear()
        sending = asyncio.ensure_future(send(ws))
        await turn()
        assert not sending.done()
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        assert len(peer.heard()) == 1
        peer.room.set()
        await ws.send_str("next")
        assert [message.data for message in peer.heard()] == ["next"]
        await shut(ws, peer)


class TestReceiving:
    async def test_what_is_there_is_given_without_a_wait(self) -> None:
        peer = Peer()
        ws = socket_to(peer)
        peer.say(peer.server.send_text("one"), peer.server.send_bytes(b"two"))
        receiving = ws.receive()
        with pytest.raises(StopIteration) as done:
            receiving.send(None)
        assert done.value.value == (WSMsgType.TEXT, "one", "")
        assert await ws.receive_bytes() == b"two"
        await shut(ws, peer)

    async def test_it_waits(self) -> None:
        peer = Peer()
        ws = socket_to(peer)
        receiving = asyncio.ensure_future(ws.receive_str())
        await turn()
        assert not receiving.done()
        peer.say(peer.server.send_text("one"))
        assert await receiving == "one"
        await shut(ws, peer)

    async def test_json(self) -> None:
        peer = Peer()
        ws = socket_to(peer)
        peer.say(*[peer.server.send_text('{"a": 1}')] * 2, peer.server.send_text("no"))
        assert await ws.receive_json() == {"a": 1}
        assert await ws.receive_json(loads=len) == 8
        with pytest.raises(ValueError, match="Expecting value"):
            await ws.receive_json()
        await shut(ws, peer)

    async def test_another_type(self) -> None:
        peer = Peer()
        ws = socket_to(peer)
        peer.say(peer.server.send_text("one"), peer.server.send_bytes(b"two"))
        with pytest.raises(WSMessageTypeError, match="type TEXT, not BINARY"):
            await ws.receive_bytes()
        with pytest.raises(WSMessageTypeError, match="type BINARY, not TEXT"):
            await ws.receive_str()
        peer.say(b"\x83\x00")
        with pytest.raises(WSMessageTypeError, match="type ERROR") as caught:
            await ws.receive_json()
        assert isinstance(caught.value.__cause__, WebSocketError)
        with pytest.raises(WSMessageTypeError, match="type CLOSED"):
            await ws.receive_str()

    async def test_text_as_bytes(self) -> None:
        peer = Peer()
        ws = socket_to(peer, decode_text=False)
        peer.say(peer.server.send_text("[1]"))
        assert await ws.receive_str() == b"[1]"
        peer.say(peer.server.send_text("[1]"))
        assert await ws.receive_json() == [1]
        await shut(ws, peer)

    async def test_pings_are_given_without_autoping(self) -> None:
        peer = Peer(autoping=False)
        ws = socket_to(peer, autoping=False)
        peer.say(peer.server.ping(b"one"), peer.server.pong(b"two"))
        assert await ws.receive() == (WSMsgType.PING, b"one", "")
        assert await ws.receive() == (WSMsgType.PONG, b"two", "")
        assert peer.heard() == []
        await shut(ws, peer)

    async def test_two_at_once(self) -> None:
        peer = Peer()
        ws = socket_to(peer)
        receiving = asyncio.ensure_future(ws.receive())
        await turn()
        peer.say(peer.server.send_text("one"))
        with pytest.raises(RuntimeError, match="Concurrent"):
            await ws.receive()
        assert (await receiving).data == "one"
        await shut(ws, peer)

    async def test_cancelled_it_loses_nothing(self) -> None:
        peer = Peer()
        ws = socket_to(peer)
        for comes_first in (False, True):
            receiving = asyncio.ensure_future(ws.receive())
            await turn()
            if comes_first:
                peer.say(peer.server.send_text("one"))
            receiving.cancel()
            with pytest.raises(asyncio.CancelledError):
                await receiving
        assert await ws.receive_str() == "one"
        await shut(ws, peer)

    def test_it_takes_too_long(self) -> None:
        async def main() -> None:
            peer = Peer()
            ws = socket_to(peer, timeout=ClientWSTimeout(ws_receive=7))
            for receive, limit in (
                (ws.receive, 7),
                (ws.receive_str, 7),
                (lambda: ws.receive(3), 3),
                (lambda: ws.receive_bytes(timeout=2), 2),
                (lambda: ws.receive_json(timeout=0), 0),
            ):
                with pytest.raises(asyncio.TimeoutError, match=f"for {limit} s") as caught:
                    await receive()
                assert isinstance(caught.value, ServerTimeoutError)
                assert (caught.value.phase, caught.value.limit) == ("ws_receive", limit)
            assert not ws.closed
            asyncio.get_running_loop().call_later(5, peer.say, peer.server.send_text("one"))
            assert await ws.receive_str() == "one"
            await shut(ws, peer)
            assert ws._reader.deadlines.idle

        assert run_virtual(main) == pytest.approx(24, abs=0.1)

    async def test_what_was_held_back_comes_when_all_is_received(self) -> None:
        peer = Peer()
        ws = socket_to(peer)
        peer.say(*[peer.server.send_bytes(bytes(60_000))] * 3)
        for expected in (["pause"], ["pause"], ["pause", "resume"]):
            await ws.receive()
            assert peer.calls == expected
        await shut(ws, peer)
