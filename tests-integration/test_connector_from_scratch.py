"""A connector written here, in under 60 lines, with the interfaces and the exceptions alone.

It speaks to a Python function and does all duties of a connector: a stranger can write one, and
this is how much it takes.
"""

import ast
import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final
from weakref import WeakSet

import pytest
from multidict import CIMultiDict

import martlet
import martlet_interfaces.testing
from martlet_exceptions import (
    ClientConnectionError,
    ClientError,
    ClientPayloadError,
    ServerDisconnectedError,
    SocketTimeoutError,
)
from martlet_interfaces import (
    BodySink,
    Duplex,
    HttpVersion11,
    Receiver,
    RequestBody,
    RequestHead,
    ResponseHead,
    Timeouts,
)
from martlet_interfaces.testing import (
    Application,
    ConnectorUnderTest,
    Then,
    check_connector,
    conformance_origin,
)

Body = bytes | RequestBody | None


class InProcess:
    schemes = frozenset({"http"})

    def __init__(self, application: Application) -> None:
        self.application, self.closed, self.calls = application, False, WeakSet[Call]()

    async def send(
        self, request: RequestHead, body: Body, receiver: Receiver, *, timeouts: Timeouts, **_: Any
    ) -> "Call":
        if self.closed:
            raise ClientConnectionError("The connector is closed")
        self.calls.add(call := Call(receiver, timeouts.sock_read))
        call.task = asyncio.create_task(call.run(self.application, request, body))
        call.task.add_done_callback(call.finish)
        return await call.answered

    def close(self) -> Awaitable[None]:
        self.closed = True
        for call in self.calls:
            call.task.cancel()
        return asyncio.ensure_future(asyncio.sleep(0))


class Call(asyncio.Event):  # set while the body may flow
    task: asyncio.Task[None]
    sink: BodySink | None = None

    def __init__(self, receiver: Receiver, limit: float | None) -> None:
        super().__init__()
        self.set()
        self.receiver, self.limit, self.written = receiver, limit, bytearray()
        self.answered = asyncio.Future[Call]()
        self.answered.add_done_callback(lambda future: future.cancelled() and self.task.cancel())

    async def run(self, application: Application, request: RequestHead, body: Body) -> None:
        await (self.write(body or b"") if isinstance(body, bytes | None) else body.write_to(self))
        fields = list(request.headers.items())
        answer = application(request.method, request.url.raw_path_qs, fields, bytes(self.written))
        if not answer.silent and not self.answered.done():
            reply = answer.status, answer.reason, CIMultiDict(answer.headers)
            self.sink = sink = self.receiver.on_head(ResponseHead(HttpVersion11, *reply), self)
            self.answered.set_result(self)
            for chunk in answer.chunks:
                await asyncio.gather(self.wait(), asyncio.sleep(0))
                sink.feed(chunk)
        if answer.then is Then.HANG:
            await asyncio.wait([asyncio.Future[None]()], timeout=self.limit)
            raise SocketTimeoutError(phase="sock_read", limit=self.limit)
        if answer.then is Then.BREAK or answer.silent:
            raise ServerDisconnectedError if answer.silent else ClientPayloadError("cut short")

    def finish(self, task: asyncio.Task[None]) -> None:
        exc = ClientConnectionError("closed") if task.cancelled() else task.exception()
        if exc is not None and not self.answered.done():
            self.answered.set_exception(exc)
        elif self.sink is not None:
            self.sink.eof() if exc is None else self.sink.fail(exc)

    async def write(self, data: bytes | bytearray | memoryview, /) -> None:
        self.written += data

    def abort(self) -> None:
        self.sink = None
        self.task.cancel()

    release, pause, resume = abort, asyncio.Event.clear, asyncio.Event.set

    def upgrade(self) -> Duplex:
        raise RuntimeError("A function speaks nothing but HTTP")

    def info(self, name: str, /) -> object | None:
        return {"http_version": "1.1"}.get(name)


SOURCE: Final = Path(__file__).read_text(encoding="utf-8")
WRITTEN: Final = (InProcess, Call)


@asynccontextmanager
async def subject() -> AsyncIterator[ConnectorUnderTest]:
    connector = InProcess(conformance_origin)
    yield ConnectorUnderTest(connector, "http://origin.test", early_responses=False)
    await connector.close()


async def test_it_does_all_duties_of_a_connector() -> None:
    await check_connector(subject, errors=ClientError)


def test_it_takes_less_than_60_lines() -> None:
    lines = [line for kind in WRITTEN for line in inspect.getsource(kind).splitlines()]
    assert len([line for line in lines if line.strip()]) < 60


def test_it_needs_the_interfaces_and_the_exceptions_only() -> None:
    used = {
        node.id
        for kind in WRITTEN
        for node in ast.walk(ast.parse(inspect.getsource(kind)))
        if isinstance(node, ast.Name)
    }
    modules = {
        node.module
        for node in ast.parse(SOURCE).body
        if isinstance(node, ast.ImportFrom) and used & {alias.name for alias in node.names}
    }
    assert {module for module in modules if module and module.startswith("martlet")} == {
        "martlet_exceptions",
        "martlet_interfaces",
        "martlet_interfaces.testing",
    }
    # Of the suite only the words in which the function at the other end speaks.
    assert used & {"Application", "Then"} == used & set(martlet_interfaces.testing.__all__)
    assert "martlet" not in used


@pytest.fixture
async def session() -> AsyncIterator[martlet.ClientSession]:
    async with martlet.ClientSession(connector=InProcess(conformance_origin)) as session:
        yield session


async def test_a_session_gets_over_it(session: martlet.ClientSession) -> None:
    async with session.get("http://origin.test/echo?q=1", headers={"X-Own": "1"}) as response:
        seen = await response.json()
        assert (response.status, seen["method"], seen["target"]) == (200, "GET", "/echo?q=1")
        assert ["X-Own", "1"] in seen["headers"]


async def test_a_session_posts_over_it(session: martlet.ClientSession) -> None:
    async with session.post("http://origin.test/echo", json={"name": "martlet"}) as response:
        assert (await response.json())["body"] == '{"name": "martlet"}'


async def test_a_session_streams_over_it(session: martlet.ClientSession) -> None:
    size = 0
    async with session.get("http://origin.test/large") as response:
        async for chunk in response.content.iter_chunked(10_000):
            size += len(chunk)
            assert len(chunk) <= 10_000
    assert size == int(response.headers["Content-Length"]) > 1024 * 1024


async def test_a_session_decodes_what_comes_over_it(session: martlet.ClientSession) -> None:
    async with session.get("http://origin.test/gzip") as response:
        assert response.headers["Content-Encoding"] == "gzip"
        assert (await response.read()).startswith(b"coded coded")


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/break-before-head", martlet.ServerDisconnectedError),
        ("/break-in-body", martlet.ClientPayloadError),
    ],
)
async def test_a_session_raises_what_fails_in_it(
    path: str, error: type[Exception], session: martlet.ClientSession
) -> None:
    with pytest.raises(error):
        async with session.get(f"http://origin.test{path}") as response:
            await response.read()


async def test_a_session_closes_it() -> None:
    connector = InProcess(conformance_origin)
    async with martlet.ClientSession(connector=connector):
        assert not connector.closed
    assert connector.closed
