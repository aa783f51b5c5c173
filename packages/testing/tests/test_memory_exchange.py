import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest

from martlet_client_session import ClientSession, ClientTimeout, TraceConfig
from martlet_exceptions import (
    BadStatusLine,
    ClientConnectorError,
    ClientPayloadError,
    ServerDisconnectedError,
    SocketTimeoutError,
    TotalTimeoutError,
    TransferEncodingError,
)
from martlet_testing import Answer, Fault, MockConnector, Reply, SeenRequest, Stream

Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Fault.REFUSED, ClientConnectorError),
        (Fault.DISCONNECT, ServerDisconnectedError),
        (Fault.MALFORMED, BadStatusLine),
        (LookupError("own"), LookupError),
        (TimeoutError("own"), TimeoutError),
        (ClientPayloadError, ClientPayloadError),
    ],
)
async def test_what_comes_in_place_of_an_answer_is_raised(
    reply: Reply, error: type[Exception], mock: MockConnector, session: ClientSession
) -> None:
    mock.get("/a", reply).respond(text="well")
    with pytest.raises(error) as caught:
        await session.get("/a", timeout=ClientTimeout(sock_read=9))
    assert type(caught.value) is error
    async with session.get("/a") as response:
        assert await response.text() == "well"


@pytest.mark.parametrize(
    ("stream", "error", "text"),
    [
        ([b"begin", Fault.DISCONNECT, b"never"], ClientPayloadError, "connection was lost"),
        ([b"begin", Fault.MALFORMED], TransferEncodingError, "chunk"),
        ([b"begin", Fault.REFUSED], ValueError, "DISCONNECT"),
        ([b"begin", LookupError("own")], LookupError, "own"),
        ([b"begin", "text"], TypeError, "A piece of a stream is bytes, not str"),
    ],
)
async def test_what_comes_in_place_of_the_rest_of_a_body_is_raised(
    stream: Stream,
    error: type[Exception],
    text: str,
    mock: MockConnector,
    session: ClientSession,
) -> None:
    mock.get("/a").respond(stream=stream)
    async with session.get("/a") as response:
        assert response.status == 200
        with pytest.raises(error, match=text):
            await response.read()


async def test_a_body_may_be_made_while_it_is_read(
    mock: MockConnector, session: ClientSession
) -> None:
    go = asyncio.Event()

    async def pieces() -> AsyncIterator[bytes]:
        yield b"one"
        await go.wait()
        yield b"two"

    mock.get("/a").respond(stream=pieces, trailers={"X-Sum": "3"})
    async with session.get("/a") as response:
        assert await response.content.read(3) == b"one"
        assert response.get_extra_info("trailers", None) in {None, ()}
        go.set()
        assert await response.read() == b"two"
        assert response._exchange is not None
        assert response._exchange.info("trailers") == (("X-Sum", "3"),)
        assert response._exchange.info("http_version") == "1.1"
        assert response._exchange.info("peername") is None


@pytest.mark.parametrize(
    ("method", "answer"),
    [("HEAD", Answer(text="hello")), ("GET", Answer(204, text="hello")), ("GET", Answer(304))],
)
async def test_some_responses_have_no_body(
    method: str, answer: Answer, mock: MockConnector, session: ClientSession
) -> None:
    mock.route(method, "/a", answer)
    async with session.request(method, "/a", allow_redirects=False) as response:
        assert await response.read() == b""


async def _late(_request: SeenRequest) -> Answer:
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Answer] = loop.create_future()
    loop.call_later(100, answer.set_result, Answer())
    return await answer


def test_latency_and_pace_take_time_by_the_clock_of_the_loop(run_virtually: Run) -> None:
    async def check() -> None:
        mock = MockConnector()
        mock.get("http://a/").respond(stream=[b"1", b"2"], latency=100, pace=10)
        async with ClientSession(connector=mock, timeout=None) as session:
            loop = asyncio.get_running_loop()
            began = loop.time()
            async with session.get("http://a/") as response:
                assert loop.time() - began == pytest.approx(100, abs=1)
                assert await response.read() == b"12"
                assert loop.time() - began == pytest.approx(120, abs=1)

    run_virtually(check())


@pytest.mark.parametrize("reply", [Answer(latency=100), Fault.HANG, _late])
def test_timeouts_hold_before_the_head(reply: Reply, run_virtually: Run) -> None:
    async def check() -> None:
        mock = MockConnector()
        mock.get("http://a/", reply)
        async with ClientSession(connector=mock) as session:
            with pytest.raises(SocketTimeoutError) as caught:
                await session.get("http://a/", timeout=ClientTimeout(sock_read=99))
            assert (caught.value.phase, caught.value.limit) == ("sock_read", 99)
            with pytest.raises(TotalTimeoutError):
                await session.get("http://a/", timeout=ClientTimeout(total=99))

    run_virtually(check())


@pytest.mark.parametrize(
    "answer", [Answer(stream=[b"1", Fault.HANG]), Answer(stream=[b"1", b"2"], pace=100)]
)
def test_timeouts_hold_in_the_body(answer: Answer, run_virtually: Run) -> None:
    async def check() -> None:
        mock = MockConnector()
        mock.get("http://a/", answer)
        async with ClientSession(connector=mock) as session:
            for timeout, error in (
                (ClientTimeout(sock_read=99), SocketTimeoutError),
                (ClientTimeout(total=99), TotalTimeoutError),
            ):
                async with session.get("http://a/", timeout=timeout) as response:
                    with pytest.raises(error):
                        await response.read()

    run_virtually(check())


def test_a_reader_that_takes_its_time_is_no_timeout(run_virtually: Run) -> None:
    async def check() -> None:
        size = 3 * 1024 * 1024
        mock = MockConnector()
        mock.get("http://a/").respond(stream=[b"x" * 65536] * (size // 65536))
        timeout = ClientTimeout(total=None, sock_read=5)
        async with (
            ClientSession(connector=mock) as session,
            session.get("http://a/", timeout=timeout) as response,
        ):
            first = await response.content.read(10)
            loop = asyncio.get_running_loop()
            later: asyncio.Future[None] = loop.create_future()
            loop.call_later(50, later.set_result, None)
            await later
            assert len(first) + len(await response.read()) == size

    run_virtually(check())


async def test_a_response_that_is_given_up_ends_its_stream(
    mock: MockConnector, session: ClientSession
) -> None:
    ended = asyncio.Event()

    async def pieces() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"more"
        finally:
            ended.set()

    mock.get("/a").respond(stream=pieces)
    async with session.get("/a") as response:
        assert await response.content.read(4) == b"more"
    await ended.wait()


async def test_a_tracer_hears_what_happens(mock: MockConnector) -> None:
    heard: list[object] = []
    trace = TraceConfig()

    async def sent(_session: object, _context: object, params: Any) -> None:
        heard.append(("sent", params.chunk))

    async def received(_session: object, _context: object, params: Any) -> None:
        heard.append(("received", params.chunk))

    async def headers(_session: object, _context: object, _params: object) -> None:
        heard.append("headers")

    trace.on_request_chunk_sent.append(sent)
    trace.on_response_chunk_received.append(received)
    trace.on_request_headers_sent.append(headers)
    mock.post("http://a/").respond(text="pong")
    async with ClientSession(connector=mock, trace_configs=[trace]) as session:
        async with session.post("http://a/", data=b"ping") as response:
            await response.read()
    assert heard == ["headers", ("sent", b"ping"), ("received", b"pong")]


async def test_a_request_that_is_cancelled_ends_its_handler(
    mock: MockConnector, session: ClientSession
) -> None:
    began, ended = asyncio.Event(), asyncio.Event()

    @mock.get("/a")
    async def handler(_request: SeenRequest) -> Answer:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return Answer()

    request = asyncio.create_task(session.request("GET", "/a").__aenter__())
    await began.wait()
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    await ended.wait()
    assert handler is not None
