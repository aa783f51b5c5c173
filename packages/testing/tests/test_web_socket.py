import asyncio

import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_client_session import ClientSession
from martlet_testing import Conversation, MockConnector, MockWebSocket, SeenRequest
from martlet_websocket import WebSocketConnection, WSMessage, WSMsgType


class Wire:
    """A client without a network."""

    def __init__(self) -> None:
        request = SeenRequest("GET", URL("ws://a/chat"), CIMultiDictProxy(CIMultiDict()))
        self.client = WebSocketConnection(client=True, autoping=False)
        self.hung_up = 0
        self.came: list[WSMessage] = []
        connection = WebSocketConnection(client=False)
        self.server = MockWebSocket(request, "chat", connection, self._take, self._hang_up)

    def _take(self, data: bytes) -> None:
        self.came += self.client.receive_data(data)

    def _hang_up(self) -> None:
        self.hung_up += 1

    def answer_close(self) -> None:
        self.server.feed(self.client.answers())


@pytest.fixture
def wire() -> Wire:
    return Wire()


async def test_messages_go_both_ways(wire: Wire) -> None:
    ws = wire.server
    assert (ws.protocol, str(ws.request.url)) == ("chat", "ws://a/chat")
    ws.feed(
        wire.client.send_text("a") + wire.client.send_bytes(b"b") + wire.client.send_text("[1]")
    )
    assert await ws.receive_str() == "a"
    assert await ws.receive_bytes() == b"b"
    assert await ws.receive_json() == [1]
    await ws.send_str("c")
    await ws.send_bytes(b"d")
    await ws.send_json({"e": 1})
    await ws.ping(b"f")
    assert [message.data for message in wire.came] == ["c", b"d", '{"e": 1}', b"f"]


async def test_receive_waits(wire: Wire) -> None:
    receiving = asyncio.create_task(wire.server.receive())
    await asyncio.sleep(0)
    wire.server.feed(wire.client.send_text("a"))
    assert (await receiving).data == "a"


async def test_pings_are_answered(wire: Wire) -> None:
    wire.server.feed(wire.client.ping(b"x"))
    assert [(one.type, one.data) for one in wire.came] == [(WSMsgType.PONG, b"x")]


async def test_another_kind_of_message_is_an_assertion(wire: Wire) -> None:
    wire.server.feed(wire.client.send_bytes(b"a") + wire.client.send_text("b"))
    with pytest.raises(AssertionError, match="TEXT was to come, not BINARY b'a'"):
        await wire.server.receive_str()
    with pytest.raises(AssertionError, match="BINARY was to come, not TEXT 'b'"):
        await wire.server.receive_bytes()


async def test_what_came_before_a_close_can_be_replied_to(wire: Wire) -> None:
    ws = wire.server
    ws.feed(wire.client.send_text("a") + wire.client.close(4000, "bye"))
    assert ws.closed
    received = []
    async for message in ws:
        received.append(message.data)
        await ws.send_str("reply")
    assert received == ["a"]
    assert [message.data for message in wire.came] == ["reply", 4000]
    assert (ws.close_code, wire.hung_up) == (4000, 1)
    with pytest.raises(RuntimeError, match="nothing can be received"):
        await ws.receive()
    with pytest.raises(RuntimeError, match="nothing can be sent"):
        await ws.send_str("late")


async def test_it_closes(wire: Wire) -> None:
    ws = wire.server
    assert ws.close_code is None
    await ws.close(4000, "bye")
    await ws.close(4001)
    assert ws.closed
    assert wire.hung_up == 0
    wire.answer_close()
    assert wire.hung_up == 1
    (message,) = wire.came
    assert (message.data, message.extra) == (4000, "bye")
    assert (await ws.receive()).type is WSMsgType.CLOSE


async def test_messages_may_come_after_its_close_frame(wire: Wire) -> None:
    early = wire.client.send_text("crossing")
    await wire.server.close()
    wire.server.feed(early)
    assert wire.hung_up == 0
    wire.answer_close()
    assert wire.hung_up == 1


async def test_a_client_that_is_gone_has_closed_with_1006(wire: Wire) -> None:
    ws = wire.server
    ws.fail(OSError())
    ws.eof()
    message = await ws.receive()
    assert (message.type, message.data) == (WSMsgType.CLOSE, 1006)
    assert ws.close_code == 1006
    with pytest.raises(RuntimeError):
        await ws.receive()


async def test_it_may_cut_the_connection(wire: Wire) -> None:
    await wire.server.drop()
    assert (wire.came, wire.hung_up) == ([], 1)
    await wire.server.finish(1000)
    assert (wire.came, wire.hung_up) == ([], 1)


async def test_it_may_send_what_is_no_frame(wire: Wire) -> None:
    await wire.server.send_raw(b"\xff\xff")
    assert wire.came[0].type is WSMsgType.ERROR


async def test_a_broken_frame_of_the_client_is_an_error(wire: Wire) -> None:
    wire.server.feed(b"\xff\xff")
    assert (await wire.server.receive()).type is WSMsgType.ERROR
    assert [message.data for message in wire.came] == [1002]


async def test_to_finish_is_to_close_and_to_wait(wire: Wire) -> None:
    finishing = asyncio.create_task(wire.server.finish(1001))
    await asyncio.sleep(0)
    assert not finishing.done()
    wire.answer_close()
    await finishing
    assert wire.came[0].data == 1001


async def test_to_finish_answers_a_close_that_was_not_received(wire: Wire) -> None:
    wire.server.feed(wire.client.close(4000))
    await wire.server.finish(1000)
    assert wire.came[0].data == 4000


def test_it_says_what_it_is(wire: Wire) -> None:
    assert repr(wire.server) == "<MockWebSocket ws://a/chat open>"


async def _echo(ws: MockWebSocket) -> None:
    async for message in ws:
        await ws.send_str(message.data)


async def _closing_first(ws: MockWebSocket) -> None:
    await _echo_once(ws)
    await ws.close(4000)


async def _echo_once(ws: MockWebSocket) -> None:
    await ws.send_str(await ws.receive_str())


@pytest.mark.parametrize("conversation", [_echo, _closing_first, _echo_once])
async def test_a_session_speaks_with_it(
    conversation: Conversation, mock: MockConnector, session: ClientSession
) -> None:
    mock.ws("/chat", conversation)
    async with session.ws_connect("/chat") as ws:
        await ws.send_str("hello")
        assert await ws.receive_str() == "hello"
    mock.assert_all_called()


@pytest.mark.parametrize("compress", [True, False])
async def test_large_messages_come_over_it(
    compress: bool, mock: MockConnector, session: ClientSession
) -> None:
    mock.ws("/chat", _echo, compress=compress)
    text = "to be or not to be " * 10_000
    async with session.ws_connect("/chat", compress=15) as ws:
        for _ in range(20):
            await ws.send_str(text)
        for _ in range(20):
            assert await ws.receive_str() == text
