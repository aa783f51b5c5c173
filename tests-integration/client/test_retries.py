"""Retries against a real server: what comes there, and how often."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest

import martlet
from martlet_client_session import UploadTracker

from .bodies import KINDS, Kind, Maker
from .fault_server import OK, Peer, Step, fin, head_only, rst, send
from .stepper import cancel_after
from .test_body_replay import Seen, take
from .world import LOOPS, LoopFactory, World, run

BUSY: Final = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n%s\r\nbusy"
CLOSING: Final = BUSY % b"Connection: close\r\n"
# What a server does after it has taken the request.
FAULTS: Final[dict[str, list[Step]]] = {"503": [send(CLOSING), fin], "fin": [fin], "rst": [rst]}
AFTER: Final = pytest.mark.parametrize("fault", FAULTS)
REPLAYED: Final = [
    kind
    for kind in KINDS
    if kind.name in {"bytes", "many bytes", "BytesIO", "binary file", "text file", "json"}
]
ONCE: Final = [kind for kind in KINDS if kind.name in {"generator", "multipart form"}]


def retries(attempts: int = 3, **options: Any) -> dict[str, Any]:
    """Give the options of a session that does not wait between attempts."""
    middleware = martlet.RetryMiddleware(attempts, **{"backoff": lambda _: 0, **options})
    return {"middlewares": [middleware]}


async def outcome(world: World, method: str, **options: Any) -> "int | martlet.ClientError":
    """Make a request; give its status, or the error."""
    try:
        async with world.session.request(method, world.url, **options) as response:
            assert await response.read() in {b"ok", b"busy"} or method == "HEAD"
            return response.status
    except martlet.ClientError as exc:
        return exc


def is_failure(ended: "int | martlet.ClientError", fault: str) -> bool:
    if fault == "503":
        return ended == 503
    return isinstance(ended, martlet.ServerDisconnectedError | martlet.ClientOSError)


@LOOPS
@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
@AFTER
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"])
def test_it_fails_twice_and_succeeds(
    loop_factory: LoopFactory, method: str, fault: str, tls: bool
) -> None:
    seen: list[Seen] = []

    async def scenario(world: World) -> None:
        assert await outcome(world, method) == 200
        assert len(seen) == world.server.connections == 3
        assert len(set(seen)) == 1
        assert seen[0].head.startswith(method.encode())

    failing = [take(seen), *FAULTS[fault]]
    last = [take(seen), send(OK[:-2] if method == "HEAD" else OK)]
    run(loop_factory, scenario, failing, failing, last, tls=tls, **retries())


@LOOPS
@AFTER
@pytest.mark.parametrize("kind", REPLAYED, ids=str)
def test_a_body_is_sent_whole_each_time(
    tmp_path: Path, kind: Kind, fault: str, loop_factory: LoopFactory
) -> None:
    seen: list[Seen] = []

    async def scenario(world: World) -> None:
        tracker = UploadTracker()
        with ExitStack() as stack:
            body = {kind.parameter: kind.make(Maker(tmp_path, stack))}
            assert await outcome(world, "PUT", upload_tracker=tracker, **body) == 200
        assert len(seen) == world.server.connections == tracker.attempts == 3
        assert {one.body for one in seen} == {kind.arrives}
        await tracker.upload_complete

    failing = [take(seen), *FAULTS[fault]]
    run(loop_factory, scenario, failing, failing, [take(seen), send(OK)], **retries())


@LOOPS
@pytest.mark.parametrize("end", [fin, rst])
@pytest.mark.parametrize("kind", ["many bytes", "binary file", "text file"])
def test_a_body_that_was_sent_in_part(
    tmp_path: Path, kind: str, end: Step, loop_factory: LoopFactory
) -> None:
    seen: list[Seen] = []
    made = next(one for one in KINDS if one.name == kind)

    async def scenario(world: World) -> None:
        with ExitStack() as stack:
            assert await outcome(world, "PUT", data=made.make(Maker(tmp_path, stack))) == 200
        assert [one.body for one in seen] == [made.arrives]
        assert world.server.connections == 2

    run(loop_factory, scenario, [head_only, end], [take(seen), send(OK)], **retries())


@LOOPS
@AFTER
@pytest.mark.parametrize("kind", ONCE, ids=str)
def test_what_can_be_read_once_is_sent_once(
    tmp_path: Path, kind: Kind, fault: str, loop_factory: LoopFactory
) -> None:
    seen: list[Seen] = []

    async def scenario(world: World) -> None:
        with ExitStack() as stack:
            ended = await outcome(world, "PUT", data=kind.make(Maker(tmp_path, stack)))
        assert is_failure(ended, fault)
        assert len(seen) == world.server.connections == 1
        assert kind.arrives in {None, seen[0].body}

    run(loop_factory, scenario, [take(seen), *FAULTS[fault]], **retries())


@LOOPS
@AFTER
@pytest.mark.parametrize("kind", [*REPLAYED, *ONCE], ids=str)
def test_what_does_harm_twice_is_sent_once(
    tmp_path: Path, kind: Kind, fault: str, loop_factory: LoopFactory
) -> None:
    seen: list[Seen] = []

    async def scenario(world: World) -> None:
        with ExitStack() as stack:
            body = {kind.parameter: kind.make(Maker(tmp_path, stack))}
            ended = await outcome(world, "POST", **body)
        assert is_failure(ended, fault)
        assert not hasattr(ended, "__notes__")
        assert len(seen) == world.server.connections == 1

    run(loop_factory, scenario, [take(seen), *FAULTS[fault]], **retries())


@LOOPS
@AFTER
@pytest.mark.parametrize(
    ("options", "headers"),
    [({"methods": {"POST"}}, {}), ({"methods": None}, {}), ({}, {"Idempotency-Key": '"1"'})],
    ids=["named", "all", "key"],
)
def test_post_where_the_caller_knows_better(
    options: dict[str, Any], headers: dict[str, str], fault: str, loop_factory: LoopFactory
) -> None:
    seen: list[Seen] = []

    async def scenario(world: World) -> None:
        assert await outcome(world, "POST", data=b"order", headers=headers) == 200
        assert [one.body for one in seen] == [b"order"] * 2

    failing = [take(seen), *FAULTS[fault]]
    run(loop_factory, scenario, failing, [take(seen), send(OK)], **retries(**options))


@LOOPS
@AFTER
def test_all_attempts_fail(loop_factory: LoopFactory, fault: str) -> None:
    seen: list[Seen] = []

    async def scenario(world: World) -> None:
        ended = await outcome(world, "GET")
        assert is_failure(ended, fault)
        if isinstance(ended, Exception):
            assert [note[:16] for note in ended.__notes__] == ["After 3 attempts"]
        assert len(seen) == world.server.connections == 3

    failing = [take(seen), *FAULTS[fault]]
    run(loop_factory, scenario, failing, failing, failing, **retries())


@LOOPS
def test_the_connection_of_what_was_given_up_is_used_again(loop_factory: LoopFactory) -> None:
    seen: list[Seen] = []

    async def scenario(world: World) -> None:
        assert await outcome(world, "PUT", data=b"body") == 200
        assert len(seen) == 3
        assert world.server.connections == 1

    busy = [take(seen), send(BUSY % b"")]
    run(loop_factory, scenario, [*busy, *busy, take(seen), send(OK)], **retries())


@LOOPS
def test_a_response_whose_body_never_comes(loop_factory: LoopFactory) -> None:
    seen: list[Seen] = []
    begun = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 400\r\n\r\nbusy"

    async def scenario(world: World) -> None:
        assert await outcome(world, "GET") == 200
        assert len(seen) == world.server.connections == 2

    run(loop_factory, scenario, [take(seen), send(begun)], [take(seen), send(OK)], **retries())


def invite(seen: list[Seen]) -> Step:
    """Make a step that reads a request, and asks for its body."""

    async def step(peer: Peer) -> None:
        head = await peer.head()
        peer.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        seen.append(Seen(head, await peer.reader.readexactly(length)))

    return step


async def generated() -> AsyncIterator[bytes]:
    yield b"who"
    yield b"le"


@LOOPS
@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize("make", [generated, lambda: b"whole"], ids=["generator", "bytes"])
def test_a_refusal_before_the_body(
    make: Callable[[], Any], method: str, loop_factory: LoopFactory
) -> None:
    """It is whole for the next attempt, also if it can be read only once."""
    seen: list[Seen] = []
    sized = {"Content-Length": "5"}

    async def scenario(world: World) -> None:
        ended = await outcome(world, method, data=make(), headers=sized, expect100=True)
        assert ended == (200 if method == "PUT" else 503)
        assert [one.body for one in seen] == [b"whole"] * (method == "PUT")

    refusal = [head_only, send(CLOSING), fin]
    run(loop_factory, scenario, refusal, [invite(seen), send(OK)], **retries())


# A port that nobody listens on


@asynccontextmanager
async def late_server(
    seen: list[Seen], world: World, refusals: int
) -> AsyncIterator[tuple[str, list[martlet.ClientMiddlewareType]]]:
    """Give a URL, and middlewares with which it is served once *refusals* were seen."""
    writers: list[asyncio.StreamWriter] = []
    servers: list[asyncio.Server] = []
    attempts = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        await take(seen)(Peer(world.server, reader, writer))
        writer.write(OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        writer.close()

    async def count(
        request: martlet.ClientRequest, handler: martlet.ClientHandlerType
    ) -> martlet.ClientResponse:
        nonlocal attempts
        attempts += 1
        if attempts > refusals and not servers:
            servers.append(await asyncio.start_server(serve, sock=sock))
        return await handler(request)

    # Bound, it is nobody else's; what does not listen refuses.
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{sock.getsockname()[1]}/"
    try:
        yield url, [*retries()["middlewares"], count]
        assert attempts == min(refusals + 1, 3)
    finally:
        for writer in writers:
            await writer.wait_closed()
        for server in servers:
            server.close()
            await server.wait_closed()
        sock.close()


@LOOPS
@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
@pytest.mark.parametrize("kind", [*REPLAYED, *ONCE], ids=str)
def test_a_refused_port(tmp_path: Path, kind: Kind, method: str, loop_factory: LoopFactory) -> None:
    seen: list[Seen] = []

    async def scenario(world: World) -> None:
        with ExitStack() as stack:
            body = {kind.parameter: kind.make(Maker(tmp_path, stack))}
            async with late_server(seen, world, 2) as (url, middlewares):
                options = {"middlewares": middlewares, **body}
                async with world.session.request(method, url, **options) as response:
                    assert await response.read() == b"ok"
        assert len(seen) == 1
        assert kind.arrives in {None, seen[0].body}

    run(loop_factory, scenario)


@LOOPS
def test_a_port_that_stays_refused(loop_factory: LoopFactory) -> None:
    async def scenario(world: World) -> None:
        async with late_server([], world, 3) as (url, middlewares):
            with pytest.raises(martlet.ClientConnectorError) as caught:
                await world.session.post(url, data=b"order", middlewares=middlewares)
        assert caught.value.__notes__ == [
            "After 3 attempts; those before gave ClientConnectorError, ClientConnectorError"
        ]

    run(loop_factory, scenario)


@LOOPS
def test_a_certificate_that_is_not_trusted(loop_factory: LoopFactory) -> None:
    async def scenario(world: World) -> None:
        attempts = 0

        async def count(
            request: martlet.ClientRequest, handler: martlet.ClientHandlerType
        ) -> martlet.ClientResponse:
            nonlocal attempts
            attempts += 1
            return await handler(request)

        middlewares = [*retries()["middlewares"], count]
        async with martlet.ClientSession(middlewares=middlewares) as session:
            with pytest.raises(martlet.ClientConnectorCertificateError):
                await session.get(world.url)
        assert attempts == 1

    run(loop_factory, scenario, tls=True)


@LOOPS
def test_many_at_once_share_a_session(loop_factory: LoopFactory) -> None:
    async def scenario(world: World) -> None:
        ended = await asyncio.gather(*(outcome(world, "GET") for _ in range(60)))
        assert ended == [200] * 60
        assert world.server.connections >= 60

    run(loop_factory, scenario, *[[head_only, fin]] * 60, **retries(9))


def steps(seen: list[Seen]) -> Sequence[Sequence[Step]]:
    busy = [take(seen), send(BUSY % b""), take(seen), send(CLOSING[:-2]), fin]
    return busy, [take(seen), rst], [take(seen), send(OK)]


@LOOPS
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_it_may_be_cancelled_at_any_time(loop_factory: LoopFactory, method: str) -> None:
    body = {"data": bytes(100_000)} if method == "PUT" else {}

    def cancelled_after(iterations: int) -> bool:
        cancelled: list[bool] = []

        async def scenario(world: World) -> None:
            task = asyncio.ensure_future(outcome(world, method, **body))
            cancelled.append(await cancel_after(task, iterations))
            await asyncio.wait([task])
            assert task.cancelled() or task.result() == 200

        run(loop_factory, scenario, *steps([]), **retries(4))
        return cancelled[0]

    _until_done(cancelled_after)


def _until_done(cancelled_after: Callable[[int], bool]) -> None:
    for iterations in range(400):
        if not cancelled_after(iterations):
            assert iterations > 10
            return
    raise AssertionError("It never ends")
