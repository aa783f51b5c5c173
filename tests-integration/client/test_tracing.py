"""What receivers of tracing hear, and in which order, from real connections."""

import asyncio
from collections.abc import AsyncIterator, Callable
from types import SimpleNamespace
from typing import Any, Final

import pytest

import martlet

from .asgi_server import SCHEMES, AsgiServer, in_session
from .fault_server import answer, gate, request, send
from .nginx import MIDDLE, Nginx
from .world import LOOPS, LoopFactory, World, run, until

NAMES: Final = tuple(name for name in dir(martlet.TraceConfig) if name.startswith("on_"))

DIALLED: Final = ["connection_create_start", "connection_create_end"]
LOOKED_UP: Final = ["dns_cache_miss", "dns_resolvehost_start", "dns_resolvehost_end"]
REUSED: Final = ["connection_reuseconn"]
REDIRECT: Final = send(b"HTTP/1.1 307 Go\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n")


class Ears:
    """Hears everything; what is told beside the request, its chunks, apart."""

    def __init__(self) -> None:
        self.config = martlet.TraceConfig()
        self.names: list[str] = []
        self.told: list[tuple[str, Any]] = []
        self.contexts: list[SimpleNamespace] = []
        self._heard = asyncio.Event()
        for name in NAMES:
            getattr(self.config, name).append(self._receiver(name.removeprefix("on_")))

    def _receiver(self, name: str) -> Callable[..., Any]:
        async def receive(
            _session: martlet.ClientSession, ctx: SimpleNamespace, params: Any
        ) -> None:
            self.told.append((name, params))
            self._heard.set()
            if name != "response_chunk_received":
                self.names.append(name)
                self.contexts.append(ctx)

        return receive

    def of(self, name: str) -> list[Any]:
        """Give all that was told of *name*."""
        return [params for told, params in self.told if told == name]

    def chunks(self, name: str = "response_chunk_received") -> bytes:
        return b"".join(params.chunk for params in self.of(name))

    async def until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            self._heard.clear()
            await self._heard.wait()

    def forget(self) -> None:
        for kept in (self.names, self.told, self.contexts):
            kept.clear()


@pytest.fixture
def ears() -> Ears:
    return Ears()


@LOOPS
@SCHEMES
def test_a_get_and_another(
    asgi: AsgiServer, ears: Ears, scheme: str, loop_factory: LoopFactory
) -> None:
    async def scenario(session: martlet.ClientSession) -> None:
        url = f"{asgi.base(scheme)}/bytes/100000"
        for before in (DIALLED, REUSED):
            async with session.get(url, trace_request_ctx={"number": 1}) as response:
                assert ears.of("request_end")[0].response is response
                await response.read()
            assert ears.names == ["request_start", *before, "request_headers_sent", "request_end"]
            for name, params in ears.told:
                if not name.startswith("connection"):
                    assert (name, params.method, str(params.url)) == (name, "GET", url)
            assert all(context is ears.contexts[0] for context in ears.contexts)
            assert ears.contexts[0] == SimpleNamespace(trace_request_ctx={"number": 1})
            ears.forget()

    in_session(loop_factory, scenario, trace_configs=[ears.config])


@LOOPS
def test_bodies_that_are_sent(asgi: AsgiServer, ears: Ears, loop_factory: LoopFactory) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"one"
        yield b"two"

    async def scenario(session: martlet.ClientSession) -> None:
        bodies: list[tuple[Any, list[bytes]]] = [(b"xyz", [b"xyz"]), (pieces(), [b"one", b"two"])]
        for data, expected in bodies:
            async with session.post(f"{asgi.http}/echo", data=data) as response:
                told = await response.json()
            assert told["length"] == len(b"".join(expected))
            sent = [params.chunk for params in ears.of("request_chunk_sent") if params.chunk]
            assert sent == expected
            assert ears.names.index("request_headers_sent") < ears.names.index("request_chunk_sent")
            ears.forget()

    in_session(loop_factory, scenario, trace_configs=[ears.config])


@LOOPS
def test_a_redirect(nginx: Nginx, ears: Ears, loop_factory: LoopFactory) -> None:
    async def scenario(session: martlet.ClientSession) -> None:
        async with session.get(f"{nginx.http}/301", headers={"X-Given": "1"}) as response:
            assert await response.text() == "small\n"
        assert ears.names == [
            "request_start",
            *DIALLED,
            "request_headers_sent",
            "request_redirect",
            *REUSED,
            "request_headers_sent",
            "request_end",
        ]
        (redirect,), (end,) = ears.of("request_redirect"), ears.of("request_end")
        assert (redirect.url.path, redirect.response.status) == ("/301", 301)
        assert (end.url.path, end.response.status) == ("/small.txt", 200)
        assert end.response.history == (redirect.response,)
        for name in ("request_start", "request_headers_sent", "request_redirect", "request_end"):
            assert all(params.headers["X-Given"] == "1" for params in ears.of(name))
        assert all(context is ears.contexts[0] for context in ears.contexts)

    in_session(loop_factory, scenario, trace_configs=[ears.config])


@LOOPS
def test_names_that_are_looked_up_and_known(ears: Ears, loop_factory: LoopFactory) -> None:
    async def scenario(world: World) -> None:
        for looking in (LOOKED_UP, ["dns_cache_hit"]):
            await world.fetch(world.server.url_of("localhost"))
            create_start, create_end = DIALLED
            assert ears.names == [
                *("request_start", create_start, *looking, create_end),
                *("request_headers_sent", "request_end"),
            ]
            assert all(params.host == "localhost" for name in looking for params in ears.of(name))
            ears.forget()

    options = {"force_close": True}
    run(loop_factory, scenario, connector=options, trace_configs=[ears.config])


@LOOPS
def test_waiting_for_a_connection(ears: Ears, loop_factory: LoopFactory) -> None:
    async def scenario(world: World) -> None:
        world.beside(world.fetch())
        await world.server.gate_reached.wait()
        ears.forget()
        second = asyncio.create_task(world.fetch())
        await ears.until(lambda: "connection_queued_start" in ears.names)
        world.server.gate.set()
        assert await second == b"ok"
        mine = ["request_start", "connection_queued_start", "connection_queued_end", *REUSED]
        assert [name for name in ears.names if name in mine] == mine

    script = [gate, answer]
    run(loop_factory, scenario, script, connector={"limit": 1}, trace_configs=[ears.config])


@LOOPS
def test_chunks_are_told_when_they_come_and_nobody_reads(
    ears: Ears, loop_factory: LoopFactory
) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

    async def scenario(world: World) -> None:
        async with world.session.get(world.url) as response:
            await ears.until(lambda: ears.chunks() == b"one")
            world.server.gate.set()
            await ears.until(lambda: ears.chunks() == b"onetwo")
            assert await response.read() == b"onetwo"

    script = [
        *(request, send(head + b"3\r\none\r\n")),
        *(gate, send(b"3\r\ntwo\r\n0\r\n\r\n")),
    ]
    run(loop_factory, scenario, script, trace_configs=[ears.config])


@LOOPS
@SCHEMES
def test_all_chunks_are_told_though_the_reader_is_done_before(
    asgi: AsgiServer, ears: Ears, scheme: str, loop_factory: LoopFactory
) -> None:
    async def scenario(session: martlet.ClientSession) -> None:
        for size in (5, 100_000):
            async with session.get(f"{asgi.base(scheme)}/bytes/{size}") as response:
                body = await response.read()
            assert len(body) == size
            await until(lambda: ears.chunks() == body)  # noqa: B023  # it is awaited at once
            ears.forget()

    in_session(loop_factory, scenario, trace_configs=[ears.config])


@LOOPS
def test_requests_that_fail(nginx: Nginx, ears: Ears, loop_factory: LoopFactory) -> None:
    async def scenario(session: martlet.ClientSession) -> None:
        with pytest.raises(martlet.ClientConnectorError) as refused:
            await session.get("http://127.0.0.1:1/")
        assert ears.names == ["request_start", DIALLED[0], "request_exception"]
        assert ears.of("request_exception")[0].exception is refused.value
        ears.forget()
        with pytest.raises(martlet.ClientResponseError) as failed:
            await session.get(f"{nginx.http}/500", raise_for_status=True)
        assert ears.names == [
            "request_start",
            *DIALLED,
            "request_headers_sent",
            "request_exception",
        ]
        assert ears.of("request_exception")[0].exception is failed.value

    in_session(loop_factory, scenario, trace_configs=[ears.config])


@LOOPS
def test_a_request_that_is_cancelled(ears: Ears, loop_factory: LoopFactory) -> None:
    async def scenario(world: World) -> None:
        task = asyncio.create_task(world.fetch())
        await world.server.gate_reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert ears.names[-1] == "request_exception"
        assert isinstance(ears.of("request_exception")[0].exception, asyncio.CancelledError)

    run(loop_factory, scenario, [request, gate], trace_configs=[ears.config])


@LOOPS
def test_receivers_change_what_is_sent(loop_factory: LoopFactory) -> None:
    async def begin(
        _session: martlet.ClientSession,
        _ctx: SimpleNamespace,
        params: martlet.TraceRequestStartParams,
    ) -> None:
        params.headers["Traceparent"] = "first"

    async def move(
        _session: martlet.ClientSession,
        _ctx: SimpleNamespace,
        params: martlet.TraceRequestRedirectParams,
    ) -> None:
        params.headers["Traceparent"] = "second"

    async def scenario(world: World) -> None:
        given = {"X-Given": "1"}
        assert await world.fetch(headers=given) == b"ok"
        first, second = world.server.requests[:2]
        assert b"\r\nTraceparent: first\r\n" in first
        assert second.startswith(b"GET /there ")
        assert b"\r\nTraceparent: second\r\n" in second
        assert given == {"X-Given": "1"}

    config = martlet.TraceConfig()
    config.on_request_start.append(begin)
    config.on_request_redirect.append(move)
    run(loop_factory, scenario, [request, REDIRECT], trace_configs=[config])


class Watched(martlet.TCPConnector):
    """Remembers what it was told to tell."""

    observers: list[object]

    async def send(self, *args: Any, observer: Any = None, **options: Any) -> Any:
        self.observers.append(observer)
        return await super().send(*args, observer=observer, **options)


async def test_the_connector_tells_nothing_that_nobody_wants(nginx: Nginx) -> None:
    ears = Ears()
    quiet = martlet.TraceConfig()
    for name in ("on_request_start", "on_request_end", "on_request_exception"):
        getattr(quiet, name).extend(getattr(ears.config, name))
    connector = Watched()
    connector.observers = []
    async with martlet.ClientSession(connector=connector, trace_configs=[quiet]) as session:
        async with session.get(f"{nginx.http}/middle") as response:
            assert await response.read() == MIDDLE
    assert connector.observers == [None]
    assert ears.names == ["request_start", "request_end"]


async def test_two_sessions_share_a_config(nginx: Nginx, ears: Ears) -> None:
    for _ in range(2):
        async with martlet.ClientSession(trace_configs=[ears.config]) as session:
            await session.get(f"{nginx.http}/204")
    assert ears.names == ["request_start", *DIALLED, "request_headers_sent", "request_end"] * 2
    with pytest.raises(RuntimeError, match="on_request_end is frozen"):
        ears.config.on_request_end.clear()
