import pytest

from martlet_client_session import ClientSession
from martlet_testing import MockConnector, MockWebSocket, WSClose, WSDrop, WSReceive, WSSend
from martlet_testing._web_socket_script import conversation_of
from martlet_websocket import WSMsgType


async def test_a_script_is_played(mock: MockConnector, session: ClientSession) -> None:
    mock.ws(
        "/chat",
        [
            WSReceive("hello"),
            WSSend("text"),
            WSReceive(b"\xff"),
            WSSend(b"\x00"),
            WSReceive({"a": [1]}),
            WSSend([None]),
            WSReceive(),
            WSClose(4000, "done"),
        ],
    )
    async with session.ws_connect("/chat") as ws:
        await ws.send_str("hello")
        assert await ws.receive_str() == "text"
        await ws.send_bytes(b"\xff")
        assert await ws.receive_bytes() == b"\x00"
        await ws.send_str('{ "a": [1] }')
        assert await ws.receive_json() == [None]
        await ws.send_str("anything")
        message = await ws.receive()
        assert (message.type, message.data, message.extra) == (WSMsgType.CLOSE, 4000, "done")
    mock.assert_all_called()


async def test_a_script_may_cut_the_connection(mock: MockConnector, session: ClientSession) -> None:
    mock.ws("/chat", [WSSend("a"), WSDrop()])
    async with session.ws_connect("/chat") as ws:
        assert await ws.receive_str() == "a"
        assert (await ws.receive()).type in {WSMsgType.ERROR, WSMsgType.CLOSED}
        assert ws.close_code == 1006
    assert mock.failures == []


@pytest.mark.parametrize(
    ("step", "text"),
    [
        (WSReceive("hello"), "Step 1 of the script: 'hello' was to come, not TEXT 'bye'"),
        (WSReceive(b"bye"), "Step 1 of the script: b'bye' was to come, not TEXT 'bye'"),
        (WSReceive([1]), r"Step 1 of the script: \[1\] was to come, not TEXT 'bye'"),
    ],
)
async def test_another_message_is_a_failure(
    step: WSReceive, text: str, mock: MockConnector, session: ClientSession
) -> None:
    mock.ws("/chat", [step])
    async with session.ws_connect("/chat") as ws:
        await ws.send_str("bye")
        message = await ws.receive()
        assert (message.type, message.data) == (WSMsgType.CLOSE, 1011)
    with pytest.raises(AssertionError, match=text):
        mock.assert_all_called()


async def test_a_close_is_no_message(mock: MockConnector, session: ClientSession) -> None:
    mock.ws("/chat", [WSReceive()])
    async with session.ws_connect("/chat") as ws:
        await ws.close(code=4001)
    (failure,) = mock.failures
    assert str(failure) == "Step 1 of the script: a message was to come, not CLOSE 4001"


def test_a_step_that_is_none_is_refused() -> None:
    with pytest.raises(TypeError, match=r"'hello' is none of them"):
        conversation_of(["hello"])  # type: ignore[list-item]  # a mistake


def test_a_function_is_a_conversation_already() -> None:
    async def conversation(_ws: MockWebSocket) -> None: ...

    assert conversation_of(conversation) is conversation
