import asyncio
from typing import Any

import pytest

from martlet_asgi import ApplicationError, ASGIConnector, Receive, Scope, Send
from martlet_exceptions import (
    ClientPayloadError,
    ContentLengthError,
)
from martlet_interfaces import ResponseHead

from .applications import (
    START,
    BoomError,
    Told,
    call,
    connected,
    fetch,
    heard_by_the_loop,
    hello,
    piece,
    request_head,
    respond,
    settle,
)


async def nothing(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Return at once."""


async def start_only(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send(START)


async def wrong_order(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send(piece(b"one"))


async def caught(_scope: Scope, _receive: Receive, send: Send) -> None:
    with pytest.raises(ApplicationError):
        await send({**START, "status": "200"})
    with pytest.raises(OSError, match="gone"):
        await send(START)


async def cancelled(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise asyncio.CancelledError


@pytest.mark.parametrize(
    ("app", "text"),
    [
        (nothing, "returned without a response"),
        (start_only, "returned before its response was complete"),
        (wrong_order, "'http.response.body' where 'http.response.start' was due"),
        (caught, "has to be an int from 200 to 999, not '200'"),
        (cancelled, "was cancelled"),
    ],
)
async def test_before_the_head_the_request_says_what_it_did(app: Any, text: str) -> None:
    async with connected(app) as connector:
        with pytest.raises(ApplicationError, match=text):
            await call(connector)
        await connector.wait_idle()


async def test_after_the_head_the_body_says_what_it_did() -> None:
    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        await send(START)
        await send(piece(b"one"))
        if scope["path"] == "/malformed":
            await send({"type": "http.response.body", "body": "text"})

    async with connected(app) as connector:
        for path, text in [("/", "returned before"), ("/malformed", "has to be bytes, not str")]:
            failure = (await fetch(connector, request_head(path))).failure
            assert type(failure) is ClientPayloadError
            assert text in str(failure)
            assert isinstance(failure.__cause__, ApplicationError)


async def test_a_length_that_is_not_kept_is_told_as_such() -> None:
    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        await send({**START, "headers": [(b"content-length", b"4")]})
        if scope["path"] == "/later":
            await send(piece(b"one"))
        with pytest.raises(ContentLengthError):
            await send(piece(b"three"))

    async with connected(app) as connector:
        with pytest.raises(ContentLengthError, match="1 bytes more than"):
            await call(connector)
        answer = await fetch(connector, request_head("/later"))
    assert isinstance(answer.failure, ContentLengthError)
    assert answer.body == b"one"


async def test_what_it_raises_before_the_head_comes_out_of_the_request() -> None:
    error = BoomError("boom")

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(START)
        raise error

    async with connected(app) as connector:
        with pytest.raises(BoomError) as caught:
            await call(connector)
    assert caught.value is error
    assert caught.traceback[-1].name == "app"


async def answers_and_raises(_scope: Scope, _receive: Receive, send: Send) -> None:
    """As frameworks do."""
    await respond(send, b"sorry", 500)
    raise BoomError("boom")


async def test_what_it_raises_at_once_after_its_whole_response_comes_out_of_the_request() -> None:
    async with connected(answers_and_raises) as connector:
        with pytest.raises(BoomError, match="boom"):
            await call(connector)


async def test_or_its_response_comes() -> None:
    heard = heard_by_the_loop()
    app = answers_and_raises
    async with ASGIConnector(app, lifespan="off", raise_app_exceptions=False) as connector:
        answer = await fetch(connector)
    assert (answer.status, answer.body, answer.failure) == (500, b"sorry", None)
    assert [type(context["exception"]) for context in heard] == [BoomError]


async def test_what_it_raises_while_its_whole_response_waits_goes_to_the_loop() -> None:
    gate = asyncio.Event()

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await respond(send, b"all")
        await gate.wait()
        raise BoomError

    heard = heard_by_the_loop()
    async with ASGIConnector(app, lifespan="off") as connector:
        told, _ = await call(connector, told=Told(pause=True))
        gate.set()
        await connector.wait_idle()
        await settle()
        assert [type(context["exception"]) for context in heard] == [BoomError]
        assert told.flow is not None
        told.flow.resume()
        assert await told.ended is None
    assert told.pieces == [b"all"]


async def test_what_it_raises_after_the_head_is_the_cause_of_the_bodys_failure() -> None:
    error = BoomError("boom")

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(START)
        await send(piece(b"one"))
        raise error

    async with connected(app) as connector:
        answer = await fetch(connector)
    assert type(answer.failure) is ClientPayloadError
    assert answer.failure.__cause__ is error
    assert "BoomError('boom')" in str(answer.failure)


@pytest.mark.parametrize(("method", "body"), [("GET", b"Internal Server Error"), ("HEAD", b"")])
async def test_it_may_be_a_500_as_with_a_server(method: str, body: bytes) -> None:
    error = BoomError("boom")

    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise error

    heard = heard_by_the_loop()
    async with ASGIConnector(app, lifespan="off", raise_app_exceptions=False) as connector:
        answer = await fetch(connector, request_head("/way", method=method))
    assert (answer.status, answer.reason) == (500, "Internal Server Error")
    assert (answer.body, answer.failure) == (body, None)
    assert answer.headers["Content-Length"] == "21"
    assert [context["exception"] for context in heard] == [error]
    assert heard[0]["message"] == f"The application failed in {method} '/way'"


async def test_a_500_cannot_come_after_another_head() -> None:
    error = BoomError("boom")

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(START)
        await send(piece(b"one"))
        raise error

    heard = heard_by_the_loop()
    async with ASGIConnector(app, lifespan="off", raise_app_exceptions=False) as connector:
        answer = await fetch(connector)
    assert answer.status == 200
    assert answer.failure is not None
    assert answer.failure.__cause__ is error
    assert [context["exception"] for context in heard] == [error]


async def test_what_it_raises_after_its_response_goes_to_the_loop() -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await respond(send, b"all")
        await settle()
        await send(piece(b"more"))

    heard = heard_by_the_loop()
    async with ASGIConnector(app, lifespan="off") as connector:
        answer = await fetch(connector)
        await connector.wait_idle()
    assert (answer.body, answer.failure) == (b"all", None)
    assert isinstance(heard[0]["exception"], ApplicationError)
    assert "after its response was complete" in str(heard[0]["exception"])


async def test_what_comes_of_a_client_that_goes_is_no_complaint() -> None:
    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await send(START)
        await send(piece(b"one"))
        while (await receive())["type"] != "http.disconnect":
            pass
        try:
            await send(piece(b"two"))
        except OSError as exc:
            raise BoomError from exc

    async with connected(app) as connector:
        _, exchange = await call(connector)
        exchange.release()
        await connector.wait_idle()


async def test_a_receiver_that_raises_fails_the_request() -> None:
    class Objector(Told):
        def on_head(self, head: ResponseHead, flow: Any, /) -> Any:
            raise BoomError

    async with connected(hello) as connector:
        with pytest.raises(BoomError):
            await call(connector, told=Objector())
