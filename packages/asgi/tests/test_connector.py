import asyncio
import gc
from contextvars import ContextVar
from typing import Any

import pytest

from martlet_asgi import ASGIConnector, LifespanError, Receive, Scope, Send
from martlet_exceptions import ClientConnectionError, ConnectionTimeoutError
from martlet_interfaces import Connector, Timeouts

from .applications import (
    START,
    body_of,
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

COMPLETE = {"type": "lifespan.startup.complete"}


class Living:
    """An application with a lifespan; *log* is what has happened."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.may_start = asyncio.Event()
        self.may_start.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            self.log.append(scope["path"])
            scope["state"]["own"] = True
            await respond(send, repr(sorted(scope["state"])).encode())
            return
        await receive()
        await self.may_start.wait()
        scope["state"]["shared"] = True
        await send(COMPLETE)
        self.log.append("started")
        await receive()
        await settle()
        self.log.append("stopped")
        await send({"type": "lifespan.shutdown.complete"})


def test_it_is_a_connector() -> None:
    connector: Connector = ASGIConnector(hello)
    assert connector.schemes == {"http", "https", "ws", "wss"}


@pytest.mark.parametrize("app", [None, "app:app", 7])
def test_an_application_can_be_called(app: Any) -> None:
    with pytest.raises(TypeError, match="app has to be an ASGI application"):
        ASGIConnector(app)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"root_path": "api"}, "begins with a slash and ends with none: 'api'"),
        ({"root_path": "/api/"}, "ends with none: '/api/'"),
        ({"lifespan": "maybe"}, "'auto', 'on' or 'off', not 'maybe'"),
        ({"max_msg_size": -1}, "0 or more, not -1"),
    ],
)
def test_options_are_checked(options: dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        ASGIConnector(hello, **options)


async def test_its_state_shows() -> None:
    gate = asyncio.Event()

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await respond(send)
        await gate.wait()

    connector = ASGIConnector(app, lifespan="off")
    assert (repr(connector), connector.closed) == ("<ASGIConnector 0 calls>", False)
    await fetch(connector)
    assert repr(connector) == "<ASGIConnector 1 calls>"
    await connector.close()
    assert (repr(connector), connector.closed) == ("<ASGIConnector closed>", True)


async def test_scopes_say_what_it_was_told() -> None:
    scopes = []

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        scopes.append(scope)
        await respond(send)

    async with connected(app, root_path="/api", client=None) as connector:
        await fetch(connector, request_head("/api/users"))
    async with connected(app) as connector:
        await fetch(connector)
    seen = [(scope["root_path"], scope["path"], scope["client"]) for scope in scopes]
    assert seen == [("/api", "/api/users", None), ("", "/", ("127.0.0.1", 123))]


@pytest.mark.parametrize(
    "head",
    [
        request_head(method="GET /"),
        request_head(headers=[("X", "a\nb")]),
        request_head(headers=[("Content-Length", "5")]),
        request_head(headers=[("Transfer-Encoding", "chunked")]),
    ],
)
async def test_what_cannot_be_sent_is_refused_before_anything_is_begun(head: Any) -> None:
    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise AssertionError

    async with ASGIConnector(hello, lifespan="off") as connector:
        await fetch(connector)
    connector = ASGIConnector(app)
    with pytest.raises(ValueError, match=r"token|control|Content-Length|Transfer-Encoding"):
        await call(connector, head)
    assert repr(connector) == "<ASGIConnector 0 calls>"
    await connector.close()


async def test_a_call_has_the_context_of_its_request() -> None:
    user = ContextVar("user", default="nobody")

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await respond(send, user.get().encode())
        user.set("changed")

    async with connected(app) as connector:
        user.set("somebody")
        assert (await fetch(connector)).body == b"somebody"
        assert user.get() == "somebody"


async def test_calls_go_on_beside_one_another() -> None:
    together = asyncio.Barrier(3)

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        await together.wait()
        await respond(send, scope["raw_path"])

    async with connected(app) as connector:
        paths = ["/1", "/2", "/3"]
        answers = await asyncio.gather(*(fetch(connector, request_head(path)) for path in paths))
    assert [answer.body for answer in answers] == [b"/1", b"/2", b"/3"]


# The lifespan


async def test_the_first_request_starts_and_close_shuts_down() -> None:
    app = Living()
    connector = ASGIConnector(app)
    assert app.log == []
    bodies = [(await fetch(connector, request_head(path))).body for path in ("/1", "/2")]
    await connector.close()
    assert app.log == ["started", "/1", "/2", "stopped"]
    # What one call adds, the next does not see.
    assert bodies == [b"['own', 'shared']"] * 2


async def test_entering_starts_and_leaving_shuts_down() -> None:
    app = Living()
    async with ASGIConnector(app, lifespan="on") as connector:
        assert app.log == ["started"]
        await connector.startup()
    assert app.log == ["started", "stopped"]


async def test_requests_wait_for_the_start() -> None:
    app = Living()
    app.may_start.clear()
    async with connected(app, lifespan="on") as connector:
        sendings = [asyncio.ensure_future(fetch(connector)) for _ in range(3)]
        await settle()
        assert app.log == []
        app.may_start.set()
        await asyncio.gather(*sendings)
    assert app.log == ["started", "/", "/", "/", "stopped"]


async def test_the_start_is_what_connecting_is_to_others() -> None:
    app = Living()
    app.may_start.clear()
    async with connected(app, lifespan="on") as connector:
        with pytest.raises(ConnectionTimeoutError) as caught:
            await call(connector, timeouts=Timeouts(connect=0.01))
        assert (caught.value.phase, caught.value.limit) == ("connect", 0.01)
        assert str(caught.value.url) == "http://app.test/"
        app.may_start.set()
        assert (await fetch(connector)).status == 200


async def test_a_failed_start_fails_each_request() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "lifespan"
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no database"})

    async with connected(app, lifespan="auto") as connector:
        for _ in range(2):
            with pytest.raises(LifespanError, match="no database"):
                await call(connector)
        with pytest.raises(ClientConnectionError):
            await connector.startup()


async def test_a_failed_shutdown_comes_out_of_close() -> None:
    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send(COMPLETE)
        await receive()
        await send({"type": "lifespan.shutdown.failed", "message": "not flushed"})

    connector = ASGIConnector(app)
    await connector.startup()
    for _ in range(2):
        with pytest.raises(LifespanError, match="not flushed"):
            await connector.close()


# The end


async def test_close_ends_all_calls_and_then_shuts_down() -> None:
    log = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await receive()
            await send(COMPLETE)
            await receive()
            log.append("stopped")
            return
        if scope["path"] == "/body":
            await send(START)
            await send(piece(b"one"))
        elif scope["path"] == "/background":
            await respond(send)
        try:
            await asyncio.Event().wait()
        finally:
            await settle()
            log.append(scope["path"])

    connector = ASGIConnector(app)
    waiting = asyncio.ensure_future(call(connector, request_head("/head")))
    told, _ = await call(connector, request_head("/body"))
    await fetch(connector, request_head("/background"))
    await settle()
    closing = connector.close()
    with pytest.raises(ClientConnectionError, match="The connector is closed"):
        await waiting
    assert type(await told.ended) is ClientConnectionError
    await closing
    assert sorted(log[:-1]) == ["/background", "/body", "/head"]
    assert log[-1] == "stopped"


async def test_close_ends_the_writing_of_a_body() -> None:
    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        await body_of(receive)

    body = StuckBody()
    connector = ASGIConnector(app, lifespan="off")
    sending = asyncio.ensure_future(call(connector, request_head(method="PUT"), body=body))
    await body.started.wait()
    await connector.close()
    assert body.ended.is_set()
    with pytest.raises(ClientConnectionError):
        await sending


async def test_close_fails_who_waits_for_the_start() -> None:
    app = Living()
    app.may_start.clear()
    connector = ASGIConnector(app)
    sending = asyncio.ensure_future(call(connector))
    await settle()
    await connector.close()
    with pytest.raises(LifespanError, match="stopped while it started"):
        await sending


async def test_close_while_an_observer_takes_its_time() -> None:
    class Closer:
        async def observe(self, _event: Any, /) -> None:
            await connector.close()

    connector = ASGIConnector(hello, lifespan="off")
    with pytest.raises(ClientConnectionError, match="The connector is closed"):
        await call(connector, observer=Closer())


async def test_nothing_can_be_done_after_close() -> None:
    connector = ASGIConnector(hello)
    await connector.close()
    for act in (call, ASGIConnector.startup):
        with pytest.raises(ClientConnectionError, match="The connector is closed"):
            await act(connector)


async def test_waiting_for_nothing_returns() -> None:
    async with connected(hello) as connector:
        await connector.wait_idle()


def test_it_belongs_to_one_event_loop() -> None:
    connector = ASGIConnector(Living())
    asyncio.run(_fetched(connector))
    with pytest.raises(RuntimeError, match="and cannot be used from"):
        asyncio.run(_fetched(connector))
    connector.close()  # its loop is closed: there is nothing to be done


async def _fetched(connector: ASGIConnector) -> None:
    await fetch(connector)


def test_it_can_be_closed_between_runs_of_its_loop() -> None:
    with asyncio.Runner() as runner:
        app = Living()
        connector = ASGIConnector(app)
        runner.run(_fetched(connector))
        closing = connector.close()

        async def close() -> None:
            await closing

        runner.run(close())
    assert app.log == ["started", "/", "stopped"]


@pytest.mark.parametrize("app", [Living, lambda: hello])
def test_one_that_is_forgotten_is_quiet_when_there_is_nothing_to_close(app: Any) -> None:
    connector = ASGIConnector(app())
    asyncio.run(_fetched(connector))
    del connector
    gc.collect()
    ASGIConnector(app())
    with pytest.raises(TypeError):
        ASGIConnector(app=None)  # type: ignore[arg-type]  # it has no attributes when it is collected


async def test_one_that_is_forgotten_complains_and_stops_its_application() -> None:
    ended = asyncio.Event()
    heard = heard_by_the_loop()

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        try:
            await send(COMPLETE)
            await asyncio.Event().wait()
        finally:
            ended.set()

    connector = ASGIConnector(app)
    await connector.startup()
    forgotten = [connector]
    del connector
    with pytest.warns(ResourceWarning, match="Unclosed connector <ASGIConnector 0 calls>"):
        forgotten.clear()
    await ended.wait()
    assert heard == []


async def test_one_that_was_only_used_may_be_forgotten() -> None:
    connector = ASGIConnector(hello, lifespan="off")
    await fetch(connector)
    await settle()
    del connector
    gc.collect()
