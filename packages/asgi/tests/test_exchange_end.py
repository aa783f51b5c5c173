import asyncio
import gc
from collections.abc import Callable

import pytest

from martlet_asgi import ASGIConnector, Receive, Scope, Send
from martlet_exceptions import (
    ClientConnectionError,
    SocketTimeoutError,
)
from martlet_interfaces import Timeouts

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
from .bodies import StuckBody

SHORT = Timeouts(sock_read=0.01)


async def test_silence_before_the_head_is_limited_and_ends_the_call() -> None:
    ended = asyncio.Event()

    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with connected(app) as connector:
        with pytest.raises(SocketTimeoutError) as caught:
            await call(connector, request_head("/slow"), timeouts=SHORT)
        await ended.wait()
    error = caught.value
    assert (error.phase, error.limit) == ("sock_read", 0.01)
    assert str(error.url) == "http://app.test/slow"
    assert error.elapsed is not None


async def test_silence_in_the_body_is_limited() -> None:
    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await send(START)
        await send(piece(b"one"))
        await receive()
        assert (await receive())["type"] == "http.disconnect"

    async with connected(app) as connector:
        answer = await fetch(connector, timeouts=SHORT)
        await connector.wait_idle()
    assert isinstance(answer.failure, SocketTimeoutError)


async def slow(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["path"] == "/hang":
        await asyncio.Event().wait()
    while (await receive())["more_body"]:
        pass
    await respond(send, b"one")


async def wait_for_the_limit(connector: ASGIConnector) -> None:
    # A limit that is set later passes later: all have the same clock.
    with pytest.raises(SocketTimeoutError):
        await call(connector, request_head("/hang"), timeouts=SHORT)


async def test_the_time_of_a_reader_that_pauses_does_not_count() -> None:
    async with connected(slow) as connector:
        told, _ = await call(connector, told=Told(pause=True), timeouts=SHORT)
        await wait_for_the_limit(connector)
        assert not told.ended.done()
        assert told.flow is not None
        told.flow.resume()
        assert await told.ended is None


async def test_the_time_of_the_requests_own_body_does_not_count() -> None:
    body = StuckBody()
    head = request_head(method="PUT")
    async with connected(slow) as connector:
        sending = asyncio.ensure_future(call(connector, head, body=body, timeouts=SHORT))
        await body.started.wait()
        await wait_for_the_limit(connector)
        assert not sending.done()
        sending.cancel()
        await asyncio.wait([sending])
        await body.ended.wait()


# The end


async def test_a_request_that_is_cancelled_ends_the_call() -> None:
    ended = asyncio.Event()

    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with connected(app) as connector:
        sending = asyncio.ensure_future(call(connector))
        await settle()
        sending.cancel()
        await asyncio.wait([sending])
        assert sending.cancelled()
        await ended.wait()
        await connector.wait_idle()


async def test_what_a_call_that_is_ended_raises_goes_to_the_loop() -> None:
    error = BoomError("while clearing up")

    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise error

    heard = heard_by_the_loop()
    async with ASGIConnector(app, lifespan="off") as connector:
        sending = asyncio.ensure_future(call(connector))
        await settle()
        sending.cancel()
        await connector.wait_idle()
    assert [context["exception"] for context in heard] == [error]


async def test_closing_fails_a_body_that_is_under_way() -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(START)
        await send(piece(b"one"))
        await asyncio.Event().wait()

    async with connected(app) as connector:
        told, _ = await call(connector)
        await connector.close()
    failure = await told.ended
    assert type(failure) is ClientConnectionError


@pytest.mark.parametrize("closed_first", [False, True])
async def test_a_request_may_be_cancelled_when_its_connector_is_closed(closed_first: bool) -> None:
    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        await asyncio.Event().wait()

    async with connected(app) as connector:
        sending = asyncio.ensure_future(call(connector))
        await settle()
        acts: list[Callable[[], object]] = [sending.cancel, connector.close]
        for act in reversed(acts) if closed_first else acts:
            act()
        await asyncio.wait([sending])
        assert sending.cancelled()
        del sending
        gc.collect()


async def test_closing_fails_a_whole_response_that_waits_for_its_reader() -> None:
    async with connected(hello) as connector:
        told, _ = await call(connector, told=Told(pause=True))
        await connector.wait_idle()
        await connector.close()
        assert isinstance(await told.ended, ClientConnectionError)
    assert told.pieces == []


async def test_a_whole_response_that_nobody_waits_for_is_dropped() -> None:
    async with connected(hello) as connector:
        told, exchange = await call(connector, told=Told(pause=True))
        exchange.release()
        await settle()
        assert not told.ended.done()
    assert told.pieces == []


async def test_a_call_that_is_ended_is_cancelled_before_it_hears_of_anything() -> None:
    heard: list[object] = []

    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        await receive()
        try:
            heard.append(await receive())
        except asyncio.CancelledError:
            heard.append("cancelled")
            raise

    async with connected(app) as connector:
        with pytest.raises(SocketTimeoutError):
            await call(connector, timeouts=SHORT)
        await connector.wait_idle()
    assert heard == ["cancelled"]
