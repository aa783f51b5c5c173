import asyncio
from typing import Any

import pytest

from martlet_asgi import Message, Receive, Scope, Send
from martlet_interfaces import Timeouts

from .applications import Told, call, connected, settle
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


async def test_an_application_accepts() -> None:
    scopes: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scopes.append(scope)
        await receive()
        await send({**ACCEPT, "subprotocol": "v2", "headers": [(b"X-A", b"1")]})
        await receive()

    async with connected(app) as connector:
        client, exchange, told = await opened(connector, "/chat", protocols=["v1", "v2"])
        assert told.head is not None
        assert (told.head.status, told.head.reason) == (101, "Switching Protocols")
        assert told.head.headers["Sec-WebSocket-Protocol"] == "v2"
        assert told.head.headers["X-A"] == "1"
        assert await told.ended is None
        with pytest.raises(RuntimeError, match="did not switch protocols"):
            exchange.upgrade()
        client.close()
    assert scopes[0]["type"] == "websocket"
    assert scopes[0]["subprotocols"] == ["v1", "v2"]


async def denied(app: Any, path: str = "/") -> tuple[Told, bytes]:
    async with connected(app) as connector:
        _, head = handshake_head(path)
        told, exchange = await call(connector, head)
        assert await told.ended is None
        with pytest.raises(RuntimeError):
            exchange.upgrade()
        await connector.wait_idle()
    return told, b"".join(told.pieces)


async def test_a_close_before_it_has_accepted_is_a_403() -> None:
    heard: list[Message] = []

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.close", "code": 4000})
        heard.append(await receive())

    told, body = await denied(app)
    assert told.head is not None
    assert (told.head.status, body) == (403, b"")
    assert heard == [{"type": "websocket.disconnect", "code": 1006, "reason": ""}]


async def test_it_may_deny_with_a_response_of_its_own() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        assert "websocket.http.response" in scope["extensions"]
        await receive()
        start = {"status": 401, "headers": [(b"www-authenticate", b"Basic")]}
        await send({"type": "websocket.http.response.start", **start})
        body = {"type": "websocket.http.response.body", "body": b"who"}
        await send({**body, "more_body": True})
        await send({**body, "body": b" are you"})

    told, body = await denied(app)
    assert told.head is not None
    assert (told.head.status, body) == (401, b"who are you")
    assert told.head.headers["WWW-Authenticate"] == "Basic"


async def test_a_handshake_that_is_none_does_not_reach_it() -> None:
    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise AssertionError

    async with connected(app) as connector:
        _, head = handshake_head(method="PUT")
        told, _ = await call(connector, head)
    assert told.head is not None
    assert (told.head.status, told.head.headers["Allow"]) == (405, "GET")


async def test_silence_before_it_has_accepted_is_limited_and_after_that_is_not() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        if scope["path"] == "/open":
            await send(ACCEPT)
        await receive()

    limits = Timeouts(sock_read=0.01)
    async with connected(app) as connector:
        _, head = handshake_head("/open")
        _, exchange = await call(connector, head, timeouts=limits)
        duplex = exchange.upgrade()
        _, head = handshake_head()
        with pytest.raises(TimeoutError):
            await call(connector, head, timeouts=limits)
        draining = asyncio.ensure_future(duplex.drain())
        await draining
        duplex.close()


@pytest.mark.parametrize("way", ["abort", "release"])
async def test_one_that_is_not_taken_over_is_closed(way: str) -> None:
    heard: list[Message] = []

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await accepted(receive, send)
        heard.append(await receive())

    async with connected(app) as connector:
        _, head = handshake_head()
        _, exchange = await call(connector, head)
        getattr(exchange, way)()
        getattr(exchange, way)()
        await connector.wait_idle()
    assert heard == [{"type": "websocket.disconnect", "code": 1006, "reason": ""}]


async def test_one_that_is_taken_over_is_not_the_exchanges_any_more() -> None:
    async with connected(echo) as connector:
        client, exchange, _ = await opened(connector)
        exchange.release()
        exchange.abort()
        client.send("still here")
        assert await client.text() == "still here"
        client.close()


async def test_a_handshake_that_is_cancelled_ends_the_call() -> None:
    ended = asyncio.Event()

    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        await receive()
        try:
            await receive()
        finally:
            ended.set()

    async with connected(app) as connector:
        _, head = handshake_head()
        sending = asyncio.ensure_future(call(connector, head))
        await settle()
        sending.cancel()
        await ended.wait()
