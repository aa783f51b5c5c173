import asyncio

import pytest

from martlet_asgi import Message, Receive, Scope, Send
from martlet_exceptions import ClientConnectionError
from martlet_websocket import WSMsgType, WSState

from .applications import call, connected, settle
from .websocket_client import handshake_head, opened

ACCEPT: Message = {"type": "websocket.accept"}


def sent(data: str | bytes) -> Message:
    return {"type": "websocket.send", "text" if isinstance(data, str) else "bytes": data}


async def accepted(receive: Receive, send: Send) -> None:
    assert await receive() == {"type": "websocket.connect"}
    await send(ACCEPT)


async def echo(_scope: Scope, receive: Receive, send: Send) -> None:
    """Send back what comes, until the client leaves."""
    await accepted(receive, send)
    while (event := await receive())["type"] == "websocket.receive":
        await send({**event, "type": "websocket.send"})


# Messages


async def test_messages_go_both_ways() -> None:
    async with connected(echo) as connector:
        client, _, _ = await opened(connector)
        client.send("caf\xe9")
        client.send(b"\x00\xff")
        client.send("")
        messages = [await client.message() for _ in range(3)]
        assert [message.data for message in messages] == ["caf\xe9", b"\x00\xff", ""]
        client.close()
        assert await client.ended is None


async def test_a_ping_is_answered() -> None:
    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await accepted(receive, send)
        await receive()

    async with connected(app) as connector:
        client, _, _ = await opened(connector)
        pongs: list[bytes] = []
        client.feed = pongs.append  # type: ignore[method-assign]  # to see the frames themselves
        client.duplex.write(client.connection.ping(b"are you there"))
        await settle()
        assert pongs == [b"\x8a\x0dare you there"]
        client.duplex.close()


async def test_the_application_waits_for_a_client_that_does_not_read() -> None:
    passed: list[str] = []

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await accepted(receive, send)
        for text in ("one", "two"):
            await send(sent(text))
            passed.append(text)

    async with connected(app) as connector:
        _, head = handshake_head()
        _, exchange = await call(connector, head)
        await settle()
        assert passed == []
        duplex = exchange.upgrade()
        duplex.close()
        await connector.wait_idle()


async def test_the_client_waits_for_an_application_that_does_not_receive() -> None:
    gate = asyncio.Event()

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await accepted(receive, send)
        await gate.wait()
        while (await receive())["type"] == "websocket.receive":
            pass

    async with connected(app) as connector:
        client, _, _ = await opened(connector)
        client.send(b"a" * 1000)
        await client.duplex.drain()
        client.send(b"a" * 100_000)
        draining = asyncio.ensure_future(client.duplex.drain())
        await settle()
        assert not draining.done()
        gate.set()
        await draining
        client.close()


async def test_a_client_that_waits_hears_of_the_end() -> None:
    gate = asyncio.Event()

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await accepted(receive, send)
        await gate.wait()

    async with connected(app) as connector:
        client, _, _ = await opened(connector)
        client.send(b"a" * 100_000)
        draining = asyncio.ensure_future(client.duplex.drain())
        await settle()
        gate.set()
        await client.ended
        with pytest.raises(ClientConnectionError):
            await client.duplex.drain()
        await asyncio.wait([draining])
        draining.exception()


# The end


@pytest.mark.parametrize(("code", "reason"), [(1000, ""), (1001, "going"), (4321, "caf\xe9")])
async def test_the_client_closes(code: int, reason: str) -> None:
    heard: list[Message] = []

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await accepted(receive, send)
        heard.extend([await receive() for _ in range(3)])
        with pytest.raises(OSError, match="The client has gone"):
            await send(sent("late"))

    async with connected(app) as connector:
        client, _, _ = await opened(connector)
        client.send("last")
        client.close(code, reason)
        assert await client.ended is None
        await connector.wait_idle()
    assert client.connection.state is WSState.CLOSED
    assert client.connection.close_code == code
    gone = {"type": "websocket.disconnect", "code": code, "reason": reason}
    assert heard == [{"type": "websocket.receive", "text": "last"}, gone, gone]


async def test_the_client_may_close_without_a_code() -> None:
    heard: list[Message] = []

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await accepted(receive, send)
        heard.append(await receive())

    async with connected(app) as connector:
        client, _, _ = await opened(connector)
        client.duplex.write(b"\x88\x80\x00\x00\x00\x00")
        await client.ended
        await connector.wait_idle()
    assert heard == [{"type": "websocket.disconnect", "code": 1005, "reason": ""}]


async def test_the_client_may_break_the_protocol() -> None:
    heard: list[Message] = []

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await accepted(receive, send)
        heard.append(await receive())

    async with connected(app) as connector:
        client, _, _ = await opened(connector)
        client.duplex.write(b"\x81\x00")  # not masked
        assert await client.ended is None
        await connector.wait_idle()
    assert client.connection.close_code == 1002
    assert heard == [{"type": "websocket.disconnect", "code": 1002, "reason": ""}]


async def test_a_message_has_a_limit() -> None:
    heard: list[Message] = []

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await accepted(receive, send)
        heard.append(await receive())
        heard.append(await receive())

    async with connected(app, max_msg_size=10) as connector:
        client, _, _ = await opened(connector)
        client.send(b"a" * 10)
        client.send(b"a" * 11)
        await client.ended
        await connector.wait_idle()
    assert client.connection.close_code == 1009
    assert [event.get("code") for event in heard] == [None, 1009]


@pytest.mark.parametrize(
    ("event", "code", "reason"),
    [
        ({}, 1000, ""),
        ({"code": 3000, "reason": "done"}, 3000, "done"),
        ({"code": 1013, "reason": None}, 1013, ""),
    ],
)
async def test_the_application_closes(event: Message, code: int, reason: str) -> None:
    heard: list[Message] = []

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await accepted(receive, send)
        await send(sent("last"))
        await send({"type": "websocket.close", **event})
        heard.append(await receive())

    async with connected(app) as connector:
        client, _, _ = await opened(connector)
        assert await client.text() == "last"
        message = await client.message()
        assert (message.type, message.data, message.extra) == (WSMsgType.CLOSE, code, reason)
        assert await client.ended is None
        await connector.wait_idle()
    assert heard == [{"type": "websocket.disconnect", "code": code, "reason": reason}]


async def test_what_the_client_sends_while_it_is_closed_is_lost() -> None:
    heard: list[Message] = []

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await accepted(receive, send)
        await send({"type": "websocket.close", "code": 1000})
        await settle()
        heard.append(await receive())

    async with connected(app) as connector:
        client, _, _ = await opened(connector, autoclose=False)
        await client.message()
        client.send("late")
        client.close()
        assert await client.ended is None
        await connector.wait_idle()
    assert [event["type"] for event in heard] == ["websocket.disconnect"]


async def test_the_end_of_the_call_is_the_end() -> None:
    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await accepted(receive, send)

    async with connected(app) as connector:
        client, _, _ = await opened(connector)
        message = await client.message()
        assert (message.type, message.data) == (WSMsgType.CLOSE, 1000)
        assert await client.ended is None


async def test_closing_the_connector_breaks_it_off() -> None:
    async with connected(echo) as connector:
        client, _, _ = await opened(connector)
        await connector.close()
        failure = await client.ended
    assert type(failure) is ClientConnectionError
    assert str(failure) == "The connector is closed"


async def test_one_who_asks_again_and_again_leaves_others_their_turns() -> None:
    stop = asyncio.Event()

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await accepted(receive, send)
        while not stop.is_set():
            await receive()

    async with connected(app) as connector:
        client, _, _ = await opened(connector)
        client.close()
        await client.ended
        stop.set()
        await connector.wait_idle()
