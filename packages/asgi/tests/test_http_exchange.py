import asyncio

import pytest

from martlet_asgi import Message, Receive, Scope, Send
from martlet_interfaces import RequestBody

from .applications import body_of, call, connected, fetch, request_head, respond, settle
from .bodies import FailingBody, PiecesBody, StuckBody

DISCONNECT: Message = {"type": "http.disconnect"}


async def echo(_scope: Scope, receive: Receive, send: Send) -> None:
    await respond(send, await body_of(receive))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (None, b""),
        (b"bytes", b"bytes"),
        (b"a" * 200_000, b"a" * 200_000),
        (PiecesBody([b"one", b"two"]), b"onetwo"),
    ],
)
async def test_a_body_goes_to_the_application(
    body: bytes | RequestBody | None, expected: bytes
) -> None:
    async with connected(echo) as connector:
        answer = await fetch(connector, request_head(method="POST"), body=body)
    assert answer.body == expected


async def test_who_waits_after_the_body_hears_of_the_end_of_the_response() -> None:
    heard: list[Message] = []

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await body_of(receive)
        listening = asyncio.ensure_future(receive())
        await settle()
        assert not listening.done()
        await respond(send)
        heard.append(await listening)
        heard.append(await receive())

    async with connected(app) as connector:
        await fetch(connector)
        await connector.wait_idle()
    assert heard == [DISCONNECT, DISCONNECT]


@pytest.mark.parametrize("way", ["abort", "release"])
async def test_who_waits_hears_of_a_client_that_goes_away(way: str) -> None:
    heard: list[Message] = []

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await body_of(receive)
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": b"one", "more_body": True})
        heard.append(await receive())
        with pytest.raises(OSError, match="The client has gone"):
            await send({"type": "http.response.body", "body": b"two"})

    async with connected(app) as connector:
        told, exchange = await call(connector)
        getattr(exchange, way)()
        await connector.wait_idle()
    assert heard == [DISCONNECT]
    assert told.pieces == [b"one"]
    assert not told.ended.done()


async def test_an_early_response_may_leave_the_body_unwritten() -> None:
    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await respond(send, b"enough", 413)

    body = StuckBody()
    async with connected(app) as connector:
        answer = await fetch(connector, request_head(method="PUT"), body=body)
        await body.ended.wait()
    assert (answer.status, answer.body, answer.failure) == (413, b"enough", None)


async def test_a_body_that_is_not_asked_for_is_not_begun() -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await respond(send, b"", 413)

    body = StuckBody()
    head = request_head(method="PUT", headers=[("Expect", "100-continue")])
    async with connected(app) as connector:
        assert (await fetch(connector, head, body=body)).status == 413
    assert not body.started.is_set()


async def test_what_a_body_raises_fails_the_request_and_ends_the_call() -> None:
    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        while True:
            await receive()

    error = LookupError("the body's own")
    async with connected(app) as connector:
        with pytest.raises(LookupError) as caught:
            await call(connector, request_head(method="PUT"), body=FailingBody(error))
        await connector.wait_idle()
    assert caught.value is error


async def test_what_a_body_raises_after_the_head_fails_the_response() -> None:
    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": b"one", "more_body": True})
        while await receive() != DISCONNECT:
            pass

    error = LookupError("the body's own")
    async with connected(app) as connector:
        answer = await fetch(connector, request_head(method="PUT"), body=FailingBody(error))
        await connector.wait_idle()
    assert answer.failure is error


async def test_one_who_asks_again_and_again_leaves_others_their_turns() -> None:
    stop = asyncio.Event()

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await respond(send)
        while not stop.is_set():
            await receive()

    async with connected(app) as connector:
        await fetch(connector)
        await settle()
        stop.set()
        await connector.wait_idle()
