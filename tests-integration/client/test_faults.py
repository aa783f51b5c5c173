"""Each fault of a peer gives the documented error, at once, and leaves nothing behind."""

import errno
import gzip
from typing import Any, NamedTuple

import pytest

import martlet

from .fault_server import Step, answer, fin, half_close, request, rst, send
from .world import LOOPS, LoopFactory, World, run

HEAD = b"HTTP/1.1 200 OK\r\n"
SIZED = HEAD + b"Content-Length: 10\r\n\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
GZIPPED = gzip.compress(bytes(range(256)) * 40)


def gzipped(body: bytes) -> bytes:
    return HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body


class Fault(NamedTuple):
    name: str
    steps: list[Step]
    error: type[martlet.ClientError]
    message: str
    cause: type[BaseException] | None = None
    connections: int = 2  # after the next request


FAULTS = [
    Fault(
        "fin before a request",
        [fin],
        martlet.ClientConnectionError,  # which one depends on what the request meets
        r"disconnected before|reset by peer",
    ),
    Fault(
        "fin before the head",
        [request, fin],
        martlet.ServerDisconnectedError,
        r"^Server disconnected before",
    ),
    Fault(
        "rst before the head",
        [request, rst],
        martlet.ClientOSError,
        r"reset by peer",
        ConnectionResetError,
    ),
    Fault(
        "fin inside the head",
        [request, send(HEAD + b"Content-Le"), fin],
        martlet.ServerDisconnectedError,
        r"^Server disconnected inside",
    ),
    Fault(
        "rst inside the head",
        [request, send(HEAD + b"Content-Le"), rst],
        martlet.ClientOSError,
        r"reset by peer",
        ConnectionResetError,
    ),
    Fault(
        "fin inside a sized body",
        [request, send(SIZED + b"12345"), fin],
        martlet.ClientPayloadError,
        r"5",
    ),
    Fault(
        "rst inside a sized body",
        [request, send(SIZED + b"12345"), rst],
        martlet.ClientPayloadError,
        r"^The connection broke inside the body",
        ConnectionResetError,
    ),
    Fault(
        "fin right after the head",
        [request, send(SIZED), fin],
        martlet.ClientPayloadError,
        r"10",
    ),
    Fault(
        "fin inside a chunk",
        [request, send(CHUNKED + b"5\r\nab"), fin],
        martlet.ClientPayloadError,
        r"chunk",
    ),
    Fault(
        "fin before the last chunk",
        [request, send(CHUNKED + b"2\r\nab\r\n"), fin],
        martlet.ClientPayloadError,
        r"chunk",
    ),
    Fault(
        "rst on a body that ends with the connection",
        [request, send(HEAD + b"\r\nabc"), rst],
        martlet.ClientPayloadError,
        r"^The connection broke inside the body",
        ConnectionResetError,
    ),
    Fault(
        "a chunk size that is none",
        [request, send(CHUNKED + b"zz\r\nab\r\n0\r\n\r\n")],
        martlet.ClientPayloadError,
        r"chunk",
    ),
    Fault(
        "a chunk longer than its size",
        [request, send(CHUNKED + b"2\r\nabc\r\n0\r\n\r\n")],
        martlet.ClientPayloadError,
        r"chunk",
    ),
    Fault(
        "truncated gzip",
        [request, send(gzipped(GZIPPED[:-12]))],
        martlet.ClientPayloadError,
        r"gzip",
        connections=1,  # to the framing, and so to the connection, nothing happened
    ),
    Fault(
        "corrupt gzip",
        [request, send(gzipped(GZIPPED[:-8] + bytes(8)))],
        martlet.ClientPayloadError,
        r"gzip",
        connections=1,  # to the framing, and so to the connection, nothing happened
    ),
    Fault(
        "not gzip at all",
        [request, send(gzipped(b"plain text, not gzip"))],
        martlet.ClientPayloadError,
        r"gzip",
        connections=1,  # to the framing, and so to the connection, nothing happened
    ),
    Fault(
        "a garbage head",
        [request, send(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")],
        martlet.ClientResponseError,
        r"SSH-2\.0",
    ),
    Fault(
        "garbage that never ends its line",
        [request, send(b"\x00\x01\x02\x03" * 64)],
        martlet.ClientResponseError,
        r"does not begin with 'HTTP/'",
    ),
    Fault(
        "a header line without a colon",
        [request, send(HEAD + b"no colon here\r\n\r\n")],
        martlet.ClientResponseError,
        r"colon",
    ),
    Fault(
        "both framings",
        [
            request,
            send(HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ],
        martlet.ClientResponseError,
        r"Transfer-Encoding",
    ),
    Fault(
        "differing lengths",
        [request, send(HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc")],
        martlet.ClientResponseError,
        r"Content-Length",
    ),
    Fault(
        "switching protocols unasked",
        [request, send(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n")],
        martlet.ClientResponseError,
        r"unasked",
    ),
    Fault(
        "a head without an end",
        [request, send(HEAD + b"X: " + b"a" * 300_000)],
        martlet.ClientResponseError,
        r"longer than",
    ),
]


@LOOPS
@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_gives_its_error(loop_factory: LoopFactory, fault: Fault, tls: bool) -> None:
    async def scenario(world: World) -> None:
        with pytest.raises(fault.error, match=fault.message) as caught:
            await world.fetch()
        assert fault.cause is None or isinstance(caught.value.__cause__, fault.cause)
        if isinstance(caught.value, martlet.ClientResponseError):
            assert str(caught.value.request_info.url) == world.url
        if isinstance(caught.value, martlet.ClientOSError):
            assert caught.value.errno == errno.ECONNRESET
        assert world.server.connections == 1
        assert await world.fetch() == b"ok"
        assert world.server.connections == fault.connections

    run(loop_factory, scenario, fault.steps, tls=tls)


@LOOPS
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_the_same_when_the_body_is_streamed(
    loop_factory: LoopFactory, fault: Fault
) -> None:
    async def scenario(world: World) -> None:
        async def stream() -> None:
            async with world.session.get(world.url) as response:
                async for _ in response.content.iter_chunked(3):
                    pass

        with pytest.raises(fault.error, match=fault.message):
            await stream()

    run(loop_factory, scenario, fault.steps)


@LOOPS
def test_a_half_closed_connection_is_no_answer(loop_factory: LoopFactory) -> None:
    async def scenario(world: World) -> None:
        with pytest.raises(martlet.ServerDisconnectedError, match=r"^Server disconnected before"):
            await world.fetch()

    run(loop_factory, scenario, [request, half_close])


EXTRA = [
    pytest.param("GET", SIZED + b"0123456789", b"0123456789", id="after a body"),
    pytest.param("GET", CHUNKED + b"1\r\na\r\n0\r\n\r\n", b"a", id="after the last chunk"),
    pytest.param("HEAD", SIZED, b"", id="after a head"),
    pytest.param("GET", b"HTTP/1.1 204 No Content\r\n\r\n", b"", id="after 204"),
    pytest.param("GET", b"HTTP/1.1 304 Not Modified\r\n\r\n", b"", id="after 304"),
]


@LOOPS
@pytest.mark.parametrize(("method", "response", "body"), EXTRA)
def test_bytes_after_a_response_are_never_the_next_one(
    loop_factory: LoopFactory, method: str, response: bytes, body: bytes
) -> None:
    forged = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"

    async def scenario(world: World) -> None:
        async with world.session.request(method, world.url) as first:
            assert await first.read() == body
        assert await world.fetch() == b"ok"
        assert world.server.connections == 2

    run(loop_factory, scenario, [request, send(response + forged), request])


@LOOPS
@pytest.mark.parametrize("last", [send(b"x"), fin, rst], ids=["byte", "fin", "rst"])
def test_what_happens_to_an_idle_connection_is_noticed(
    loop_factory: LoopFactory, last: Step
) -> None:
    async def gated(peer: Any) -> None:
        await peer.server.gate.wait()
        await last(peer)

    async def scenario(world: World) -> None:
        assert await world.fetch() == b"ok"
        assert "1 idle" in repr(world.session.connector)
        world.server.gate.set()
        while "1 idle" in repr(world.session.connector):
            await _pass()
        assert "0 active, 0 idle" in repr(world.session.connector)
        assert await world.fetch() == b"ok"
        assert world.server.connections == 2

    run(loop_factory, scenario, [answer, gated])


@LOOPS
@pytest.mark.parametrize("last", [fin, rst], ids=["fin", "rst"])
def test_a_get_on_a_connection_that_was_just_closed_is_sent_again(
    loop_factory: LoopFactory, last: Step
) -> None:
    async def scenario(world: World) -> None:
        assert await world.fetch() == b"ok"
        assert await world.fetch() == b"ok"
        assert world.server.connections == 2
        assert len(world.server.requests) == 3

    run(loop_factory, scenario, [answer, request, last])


@LOOPS
@pytest.mark.parametrize("last", [fin, rst], ids=["fin", "rst"])
def test_a_post_is_never_sent_twice(loop_factory: LoopFactory, last: Step) -> None:
    async def scenario(world: World) -> None:
        assert await world.fetch() == b"ok"
        expected = (martlet.ServerDisconnectedError, martlet.ClientOSError)
        with pytest.raises(expected):
            await world.session.post(world.url, data=b"order")
        assert [line[:4] for line in world.server.requests] == [b"GET ", b"POST"]

    run(loop_factory, scenario, [answer, request, last])


@LOOPS
def test_only_one_retry_is_made(loop_factory: LoopFactory) -> None:
    async def scenario(world: World) -> None:
        assert await world.fetch() == b"ok"
        with pytest.raises(martlet.ServerDisconnectedError):
            await world.fetch()
        assert world.server.connections == 2

    run(loop_factory, scenario, [answer, request, fin], [request, fin])


async def _pass() -> None:
    import asyncio

    await asyncio.sleep(0)
