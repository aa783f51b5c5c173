import asyncio

import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_client_session import ClientSession
from martlet_exceptions import ClientConnectionError, WSServerHandshakeError
from martlet_interfaces import NO_TIMEOUTS, BodySink, Flow, RequestHead, ResponseHead
from martlet_testing import MockConnector, MockWebSocket
from martlet_websocket import ClientHandshake, WSMsgType


async def silent(ws: MockWebSocket) -> None:
    await ws.receive()


async def test_the_handshake_tells_what_was_agreed_on(
    mock: MockConnector, session: ClientSession
) -> None:
    async def conversation(ws: MockWebSocket) -> None:
        assert ws.protocol == "two"
        assert ws.request.path_params == {"room": "7"}
        await ws.send_str(ws.request.headers["X-Own"])

    fields = {"X-Server": "mock"}
    mock.ws("/chat/{room}", conversation, protocols=["one", "two"], response_headers=fields)
    async with session.ws_connect(
        "/chat/7", protocols=["two"], headers={"X-Own": "1"}, compress=15
    ) as ws:
        assert ws.protocol == "two"
        assert not ws.compress
        assert await ws.receive_str() == "1"
    (call,) = mock.calls
    assert call.headers["Upgrade"].lower() == "websocket"
    mock.assert_all_called()


async def test_compression_can_be_agreed_on(mock: MockConnector, session: ClientSession) -> None:
    mock.ws("/chat", silent, compress=True)
    async with session.ws_connect("/chat", compress=15) as ws:
        assert ws.compress


async def test_what_is_no_handshake_is_refused(mock: MockConnector, session: ClientSession) -> None:
    mock.ws("/chat", silent)
    async with session.get("/chat") as response:
        assert response.status == 400
        assert "upgrade" in (await response.text()).lower()
    mock.ws("/old", silent)
    async with session.get(
        "/old",
        headers={"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "8"},
    ) as response:
        assert response.status == 426
        assert response.headers["Sec-WebSocket-Version"] == "13"


async def test_a_route_may_refuse_a_handshake(mock: MockConnector, session: ClientSession) -> None:
    mock.get("/chat").respond(403, text="not you")
    with pytest.raises(WSServerHandshakeError) as caught:
        await session.ws_connect("/chat")
    assert caught.value.status == 403


async def test_what_the_conversation_raises_closes_with_1011(
    mock: MockConnector, session: ClientSession
) -> None:
    async def conversation(_ws: MockWebSocket) -> None:
        raise LookupError("its own")

    mock.ws("/chat", conversation)
    async with session.ws_connect("/chat") as ws:
        message = await ws.receive()
        assert (message.type, message.data) == (WSMsgType.CLOSE, 1011)
    assert [str(failure) for failure in mock.failures] == ["its own"]


async def test_closing_the_connector_ends_it(mock: MockConnector) -> None:
    ended = asyncio.Event()

    async def conversation(ws: MockWebSocket) -> None:
        try:
            await ws.receive()
        finally:
            ended.set()

    mock.ws("/chat", conversation)
    async with ClientSession("http://a", connector=mock) as session:
        ws = await session.ws_connect("/chat")
        await asyncio.sleep(0)
        await mock.close()
        await ended.wait()
        message = await ws.receive()
        assert message.type in {WSMsgType.ERROR, WSMsgType.CLOSED}
        await ws.close()


class Receiver:
    """Takes a head and the end of what is after it."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.fed = asyncio.Event()

    def on_head(self, head: ResponseHead, _flow: Flow, /) -> BodySink:
        self.calls.append(str(head.status))
        return self

    def feed(self, data: bytes, /) -> None:
        self.calls.append(data.decode("latin-1"))
        self.fed.set()

    def eof(self) -> None:
        self.calls.append("eof")

    def fail(self, exc: BaseException, /) -> None:
        self.calls.append(str(exc))


def handshake() -> RequestHead:
    fields = CIMultiDict([("Host", "a"), *ClientHandshake().fields()])
    return RequestHead("GET", URL("ws://a/chat"), CIMultiDictProxy(fields))


async def test_an_exchange_is_upgraded_once(mock: MockConnector) -> None:
    mock.ws("/chat", silent)
    receiver = Receiver()
    exchange = await mock.send(handshake(), None, receiver, timeouts=NO_TIMEOUTS)
    assert receiver.calls == ["101", "eof"]
    duplex = exchange.upgrade()
    with pytest.raises(RuntimeError, match="upgraded before"):
        exchange.upgrade()
    # The connection is another's from here on.
    exchange.abort()
    stream = Receiver()
    duplex.set_reader(stream)
    duplex.write(b"\xff\xff")
    await duplex.drain()
    await stream.fed.wait()
    duplex.close()
    with pytest.raises(ClientConnectionError):
        await duplex.drain()
    await mock.close()


async def test_an_exchange_need_not_be_upgraded(mock: MockConnector) -> None:
    mock.ws("/chat", silent)
    exchange = await mock.send(handshake(), None, Receiver(), timeouts=NO_TIMEOUTS)
    exchange.release()
    await mock.close()
