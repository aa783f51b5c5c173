import asyncio
from typing import Any

import pytest

from martlet_asgi import ApplicationError, ASGIConnector, Message, Receive, Scope, Send
from martlet_exceptions import ClientConnectionError
from martlet_websocket import WSMsgType

from .applications import BoomError, call, connected, heard_by_the_loop, settle
from .websocket_client import handshake_head, opened

ACCEPT: Message = {"type": "websocket.accept"}
DENY: Message = {"type": "websocket.http.response.start", "status": 400}


def sending(*events: Message) -> Any:
    """Make an application that sends *events*."""

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        for event in events:
            await send(event)
        await receive()

    return app


async def returns(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Say nothing."""


async def raises(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise BoomError("boom")


async def ask(connector: ASGIConnector) -> int:
    _, head = handshake_head()
    told, _ = await call(connector, head)
    assert told.head is not None
    return told.head.status


@pytest.mark.parametrize(
    ("app", "text"),
    [
        (returns, "returned without a response"),
        (sending({"type": "websocket.send", "text": "x"}), "where 'websocket.accept' was due"),
        (sending({}), "an event without a type"),
        (sending({**ACCEPT, "headers": [("a", "b")]}), "have to be pairs of bytes"),
        (sending({**ACCEPT, "headers": [(b"Sec-WebSocket-Protocol", b"a")]}), "goes into 'subp"),
        (sending({**ACCEPT, "subprotocol": b"v1"}), "has to be a str, not b'v1'"),
        (sending({**ACCEPT, "subprotocol": "a\r\nb"}), "has a control character"),
        (sending({**DENY, "status": 101}), "has to be an int from 200 to 999, not 101"),
        (sending(DENY, ACCEPT), "'websocket.accept' where 'websocket.http.response.body' was due"),
        (sending({**DENY, "type": "websocket.http.response.body"}), "response.start' was due"),
    ],
)
async def test_before_it_is_open_the_request_says_what_it_did(app: Any, text: str) -> None:
    async with connected(app) as connector:
        with pytest.raises(ApplicationError, match=text):
            await ask(connector)
        await connector.wait_idle()


async def test_what_it_raises_before_it_is_open_comes_out_of_the_request() -> None:
    async with connected(raises) as connector:
        with pytest.raises(BoomError, match="boom"):
            await ask(connector)


async def test_or_is_a_500() -> None:
    heard = heard_by_the_loop()
    async with ASGIConnector(raises, lifespan="off", raise_app_exceptions=False) as connector:
        assert await ask(connector) == 500
    assert isinstance(heard[0]["exception"], BoomError)


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (ACCEPT, "sent 'websocket.accept' over an open WebSocket"),
        (DENY, "start' over an open WebSocket"),
        ({"type": "websocket.send"}, "has neither bytes nor text"),
        ({"type": "websocket.send", "text": b"x"}, "has neither bytes nor text"),
        ({"type": "websocket.send", "bytes": "x"}, "has neither bytes nor text"),
        ({"type": "websocket.send", "text": "\ud800"}, "The text of 'websocket.send' is none"),
        ({"type": "websocket.close", "code": 1006}, "1006 is no code of a close frame"),
        ({"type": "websocket.close", "code": "1000"}, "a close code is an int, not str"),
        ({"type": "websocket.close", "reason": "x" * 124}, "at most 123 octets"),
        ({"type": b"websocket.close"}, "an event without a type"),
    ],
)
async def test_an_open_one_breaks_off_for_what_it_sends(event: Message, text: str) -> None:
    async with connected(sending(ACCEPT, event)) as connector:
        client, _, _ = await opened(connector)
        failure = await client.ended
        await connector.wait_idle()
    assert type(failure) is ClientConnectionError
    assert isinstance(failure.__cause__, ApplicationError)
    assert text in str(failure.__cause__)


async def test_an_open_one_breaks_off_for_what_it_raises() -> None:
    error = BoomError("boom")

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(ACCEPT)
        raise error

    async with connected(app) as connector:
        client, _, _ = await opened(connector)
        failure = await client.ended
    assert type(failure) is ClientConnectionError
    assert failure.__cause__ is error


async def test_or_is_closed_with_1011() -> None:
    error = BoomError("boom")

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(ACCEPT)
        raise error

    heard = heard_by_the_loop()
    async with ASGIConnector(app, lifespan="off", raise_app_exceptions=False) as connector:
        client, _, _ = await opened(connector)
        message = await client.message()
        assert await client.ended is None
    assert (message.type, message.data) == (WSMsgType.CLOSE, 1011)
    assert [context["exception"] for context in heard] == [error]


async def test_a_call_that_is_cancelled_by_itself_breaks_it_off() -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(ACCEPT)
        raise asyncio.CancelledError

    async with connected(app) as connector:
        client, _, _ = await opened(connector)
        failure = await client.ended
    assert isinstance(failure, ClientConnectionError)
    assert str(failure.__cause__) == "The call of the application was cancelled"


@pytest.mark.parametrize("late", [{"type": "websocket.send", "text": "x"}, {}])
async def test_what_it_sends_after_its_close_goes_to_the_loop(late: Message) -> None:
    heard = heard_by_the_loop()
    app = sending(ACCEPT, {"type": "websocket.close"}, late)
    async with ASGIConnector(app, lifespan="off") as connector:
        client, _, _ = await opened(connector)
        assert (await client.message()).data == 1000
        await client.ended
        await connector.wait_idle()
    assert isinstance(heard[0]["exception"], ApplicationError)


async def test_what_comes_of_a_client_that_goes_is_no_complaint() -> None:
    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send(ACCEPT)
        assert (await receive())["type"] == "websocket.disconnect"
        await send({"type": "websocket.close"})

    async with connected(app) as connector:
        client, _, _ = await opened(connector)
        client.duplex.close()
        await client.ended
        await connector.wait_idle()


async def test_one_that_accepts_when_the_client_has_gone_is_told() -> None:
    errors: list[OSError] = []

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await receive()
        except asyncio.CancelledError:
            try:
                await send(ACCEPT)
            except OSError as exc:
                errors.append(exc)

    async with connected(app) as connector:
        _, head = handshake_head()
        waiting = asyncio.ensure_future(call(connector, head))
        await settle()
        waiting.cancel()
        await connector.wait_idle()
    assert len(errors) == 1
