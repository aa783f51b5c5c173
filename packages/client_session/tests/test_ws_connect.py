import asyncio
import base64
import zlib
from typing import Any

import pytest
from isal import isal_zlib
from multidict import CIMultiDict
from zlib_ng import zlib_ng

from martlet_client_session import ClientResponse, ClientSession
from martlet_client_session._client_ws_response import ClientWebSocketResponse
from martlet_exceptions import ClientConnectionError, WSServerHandshakeError
from martlet_http_parser import ZlibBackend, set_zlib_backend
from martlet_websocket import DeflateParameters

from .scripted import Fields, ScriptedExchange, run_virtual
from .ws_scripted import UpgradingExchange, WebSocketServer

URL = "ws://example.org/chat"


def names(server: WebSocketServer) -> list[str]:
    return list(server.request.headers)


class TestTheRequest:
    async def test_its_fields(self) -> None:
        server = WebSocketServer(protocols=("b",))
        async with ClientSession(connector=server) as session:
            ws = await session.ws_connect(
                URL, origin="https://example.org", protocols=("a", "b"), compress=15
            )
            assert ws.protocol == "b"
        fields = server.request.headers
        assert list(fields)[-7:] == [
            "Connection",
            "Upgrade",
            "Origin",
            "Sec-WebSocket-Version",
            "Sec-WebSocket-Key",
            "Sec-WebSocket-Extensions",
            "Sec-WebSocket-Protocol",
        ]
        assert names(server)[0] == "Host"
        assert server.request.method == "GET"
        assert str(server.request.url) == URL
        assert fields["Connection"] == "Upgrade"
        assert fields["Upgrade"] == "websocket"
        assert fields["Origin"] == "https://example.org"
        assert fields["Sec-WebSocket-Version"] == "13"
        assert len(base64.b64decode(fields["Sec-WebSocket-Key"])) == 16
        assert fields["Sec-WebSocket-Protocol"] == "a, b"
        offer = "permessage-deflate; client_max_window_bits"
        assert fields["Sec-WebSocket-Extensions"] == offer

    async def test_fields_of_ones_own(self) -> None:
        server = WebSocketServer(protocols=("b",))
        given = CIMultiDict(
            [
                ("X-Own", "1"),
                ("connection", "close"),
                ("Sec-WebSocket-Key", "bad"),
                ("Sec-WebSocket-Extensions", "permessage-deflate"),
                ("Sec-WebSocket-Protocol", "a,b"),
                ("Sec-WebSocket-Protocol", " c "),
                ("Origin", "https://example.org"),
                ("X-Own", "2"),
            ]
        )
        async with ClientSession(connector=server, headers={"X-All": "3"}) as session:
            ws = await session.ws_connect(URL, headers=given)
            assert ws.protocol == "b"
        fields = server.request.headers
        assert fields.getall("X-Own") == ["1", "2"]
        assert fields["X-All"] == "3"
        assert fields.getall("Connection") == ["Upgrade"]
        assert fields.getall("Sec-WebSocket-Key") != ["bad"]
        assert "Sec-WebSocket-Extensions" not in fields
        assert fields.getall("Sec-WebSocket-Protocol") == ["a, b, c"]
        assert fields["Origin"] == "https://example.org"

    async def test_each_has_a_key_of_its_own(self) -> None:
        server = WebSocketServer()
        async with ClientSession(connector=server) as session:
            opened = [await session.ws_connect(URL, headers={"X-Own": "1"}) for _ in range(5)]
            assert {ws.closed for ws in opened} == {False}
        keys = {exchange.request.headers["Sec-WebSocket-Key"] for exchange in server.exchanges}
        assert len(keys) == 5

    async def test_the_sessions_policies_hold(self) -> None:
        seen = []

        async def middleware(request: Any, handler: Any) -> Any:
            seen.append(str(request.url))
            request.headers["X-Middle"] = "1"
            return await handler(request)

        server = WebSocketServer()
        async with ClientSession(
            "ws://example.org/base/",
            connector=server,
            auth=("ann", "pass"),
            cookies={"a": "1"},
            middlewares=[middleware],
            raise_for_status=True,
        ) as session:
            ws = await session.ws_connect(
                "chat", params={"q": "1"}, server_hostname="other", proxy="http://proxy:3128"
            )
            assert not ws.closed
        fields = server.request.headers
        assert seen == ["ws://example.org/base/chat?q=1"]
        assert fields["Authorization"].startswith("Basic ")
        assert fields["Cookie"] == "a=1"
        assert fields["X-Middle"] == "1"
        assert server.request.options.server_hostname == "other"
        assert str(server.request.options.proxy) == "http://proxy:3128"

    @pytest.mark.parametrize(
        ("options", "error"),
        [
            ({"protocols": ("a b",)}, ValueError),
            ({"protocols": ("a", "a")}, ValueError),
            ({"headers": {"Sec-WebSocket-Protocol": "a,,b"}}, ValueError),
            ({"ssl": 1}, TypeError),
        ],
    )
    async def test_mistakes(self, options: dict[str, Any], error: type[Exception]) -> None:
        server = WebSocketServer()
        async with ClientSession(connector=server) as session:
            with pytest.raises(error):
                await session.ws_connect(URL, **options)
        assert server.exchanges == []


class TestTheAnswer:
    async def test_it_opens_a_websocket(self) -> None:
        server = WebSocketServer(deflate=DeflateParameters(client_no_context_takeover=True))
        async with ClientSession(connector=server) as session:
            ws = await session.ws_connect(URL, compress=15)
            assert (ws.compress, ws.client_notakeover, ws.protocol) == (15, True, None)
            peer = server.peers[0]
            await ws.send_str("text")
            assert [message.data for message in peer.heard()] == ["text"]
            assert ws._response.headers["Upgrade"] == "websocket"
            assert ws._response.status == 101
            peer.say(peer.server.close())
            assert [message async for message in ws] == []
            peer.eof()

    @pytest.mark.parametrize(("backend", "used"), [(zlib_ng, True), (isal_zlib, False)])
    async def test_it_is_compressed_by_what_was_set(
        self, backend: ZlibBackend, used: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        calls = []
        compressobj = backend.compressobj

        def counted(**options: int) -> object:
            calls.append(options)
            return compressobj(**options)

        monkeypatch.setattr(backend, "compressobj", counted)
        set_zlib_backend(backend)
        try:
            calls.clear()
            server = WebSocketServer(deflate=DeflateParameters())
            async with ClientSession(connector=server) as session:
                ws = await session.ws_connect(URL, compress=15)
                peer = server.peers[0]
                await ws.send_str("text")
                peer.say(peer.server.send_text("answer"))
                assert [message.data for message in peer.heard()] == ["text"]
                assert await ws.receive_str() == "answer"
                assert bool(calls) is used
                peer.eof()
        finally:
            set_zlib_backend(zlib)

    async def test_what_came_with_it(self) -> None:
        server = WebSocketServer(early=b"\x81\x05early")
        async with ClientSession(connector=server) as session:
            ws = await session.ws_connect(URL)
            assert await ws.receive_str() == "early"
            server.peers[0].eof()

    async def test_the_limit_on_the_request_is_not_the_websockets(self) -> None:
        server = WebSocketServer()
        async with ClientSession(connector=server, timeout=5) as session:
            ws = await session.ws_connect(URL)
            assert session._deadlines.idle
            server.peers[0].eof()
            assert not ws.closed

    async def test_a_class_of_ones_own(self) -> None:
        class Own(ClientWebSocketResponse):
            def __init__(self, *args: Any, **options: Any) -> None:
                super().__init__(*args, **options)
                self.reader, self.writer, self.loop = args[0], args[1], args[7]

        server = WebSocketServer()
        async with ClientSession(connector=server, ws_response_class=Own) as session:
            ws = await session.ws_connect(URL, heartbeat=5, autoclose=False)
            assert type(ws) is Own
            assert ws.loop is asyncio.get_running_loop()
            assert ws._autoclose is False
            assert ws.reader.heartbeat is not None
            server.peers[0].eof()
            assert ws.reader.heartbeat is None

    async def test_a_class_that_fails(self) -> None:
        class Own(ClientWebSocketResponse):
            def __init__(self, *args: Any, **options: Any) -> None:
                raise ValueError("it cannot")

        server = WebSocketServer()
        async with ClientSession(connector=server, ws_response_class=Own) as session:
            with pytest.raises(ValueError, match="it cannot"):
                await session.ws_connect(URL)
        assert server.peers[0].transport.aborted


def without(name: str) -> Any:
    return lambda status, fields: (status, [pair for pair in fields if pair[0] != name])


def with_field(name: str, value: str) -> Any:
    return lambda status, fields: (status, [*fields, (name, value)])


class TestARefusal:
    @pytest.mark.parametrize(
        ("change", "message"),
        [
            (without("Upgrade"), "Upgrade"),
            (without("Connection"), "(?i)connection"),
            (without("Sec-WebSocket-Accept"), "Sec-WebSocket-Accept"),
            (with_field("Sec-WebSocket-Protocol", "chat"), "was not asked for"),
            (with_field("Sec-WebSocket-Extensions", "permessage-deflate"), "was not asked for"),
        ],
    )
    async def test_a_wrong_101(self, change: Any, message: str) -> None:
        server = WebSocketServer(change)
        async with ClientSession(connector=server) as session:
            with pytest.raises(WSServerHandshakeError, match=message) as caught:
                await session.ws_connect(URL)
        assert caught.value.status == 101
        assert caught.value.body == b""
        assert server.exchange.calls == ["abort"]
        assert server.peers[0].calls == []

    async def test_another_status(self) -> None:
        def change(_status: int, _fields: list[tuple[str, str]]) -> tuple[int, Fields]:
            return 403, [("X-Why", "because")]

        server = WebSocketServer(change, body=b"x" * 100_000)
        async with ClientSession(connector=server, raise_for_status=True) as session:
            with pytest.raises(WSServerHandshakeError, match="403") as caught:
                await session.ws_connect(URL)
        error = caught.value
        assert error.status == 403
        assert error.headers is not None
        assert error.headers["X-Why"] == "because"
        assert error.body == b"x" * 65536
        assert str(error.request_info.real_url) == URL
        assert server.exchange.calls[-1] == "abort"

    def test_a_body_that_does_not_end(self) -> None:
        class Endless(WebSocketServer):
            async def send(self, request: Any, body: Any, receiver: Any, **options: Any) -> Any:
                exchange = ScriptedExchange(request, body, receiver, options["timeouts"])
                self.exchanges.append(exchange)
                exchange.head(404)
                exchange.feed(b"so far")
                return exchange

        async def main() -> None:
            server = Endless()
            async with ClientSession(connector=server) as session:
                with pytest.raises(WSServerHandshakeError) as caught:
                    await session.ws_connect(URL)
            assert caught.value.body == b"so far"
            assert server.exchange.calls == ["abort"]

        assert run_virtual(main) == pytest.approx(1, abs=0.01)

    async def test_a_body_that_breaks(self) -> None:
        class Breaking(WebSocketServer):
            async def send(self, request: Any, body: Any, receiver: Any, **options: Any) -> Any:
                exchange = ScriptedExchange(request, body, receiver, options["timeouts"])
                self.exchanges.append(exchange)
                exchange.head(404)
                exchange.feed(b"so far")
                error = ClientConnectionError("broken")
                asyncio.get_running_loop().call_soon(exchange.fail, error)
                return exchange

        async with ClientSession(connector=Breaking()) as session:
            with pytest.raises(WSServerHandshakeError) as caught:
                await session.ws_connect(URL)
        assert caught.value.body == b"so far"

    async def test_a_connector_that_cannot(self) -> None:
        class Unable(WebSocketServer):
            async def send(self, *args: Any, **options: Any) -> Any:
                exchange = await super().send(*args, **options)
                assert isinstance(exchange, UpgradingExchange)
                exchange.peer = None
                return exchange

        server = Unable()
        async with ClientSession(connector=server) as session:
            with pytest.raises(WSServerHandshakeError, match="did not switch"):
                await session.ws_connect(URL)
        assert server.exchange.calls == ["abort"]

    async def test_a_response_made_by_hand(self) -> None:
        async def middleware(request: Any, handler: Any) -> Any:
            real = await handler(request)
            made = ClientResponse("GET", request.url)
            made.status = 101
            made._head = real._head
            real.close()
            return made

        server = WebSocketServer()
        async with ClientSession(connector=server, middlewares=[middleware]) as session:
            with pytest.raises(WSServerHandshakeError, match="made by hand"):
                await session.ws_connect(URL)
