"""A request that meets a closing connection is sent again, if its body can be."""

from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import martlet
from martlet_client_session import UploadTracker

from .bodies import KINDS, Kind, Maker
from .fault_server import OK, Peer, Step, answer, fin, head_only, rst, send
from .world import LOOPS, LoopFactory, World, run

REPLAYABLE = [kind for kind in KINDS if kind.replayable]
ONCE = [kind for kind in KINDS if not kind.replayable]
# Those that are as different as can be, for the ways that are not the usual one.
SOME = ("BytesIO", "many bytes", "mapping with a file", "nested parts", "rest of a file")
CASES = [
    *(pytest.param(kind, {}, fin, id=f"{kind}-plain-fin") for kind in REPLAYABLE),
    *(
        pytest.param(kind, options, end, id=f"{kind}-{way}-{end.__name__}")
        for kind in REPLAYABLE
        if kind.name in SOME
        for way, options, end in (
            ("plain", {}, rst),
            ("chunked", {"chunked": True}, fin),
            ("gzip", {"compress": "gzip"}, rst),
        )
    ),
]
ENDS = pytest.mark.parametrize("end", [fin, rst], ids=["fin", "rst"])


class Seen(NamedTuple):
    head: bytes
    body: bytes


def take(seen: list[Seen]) -> Step:
    """Make a step that reads a whole request, however it is framed."""

    async def step(peer: Peer) -> None:
        head = await peer.head()
        lower = head.lower()
        if b"transfer-encoding: chunked" in lower:
            body = await _dechunked(peer)
        else:
            _, found, rest = lower.partition(b"content-length:")
            length = int(rest.split(b"\r\n")[0]) if found else 0
            body = await peer.reader.readexactly(length)
        seen.append(Seen(head, body))

    return step


async def _dechunked(peer: Peer) -> bytes:
    pieces = []
    while size := int(await peer.reader.readline(), 16):
        pieces.append(await peer.reader.readexactly(size))
        assert await peer.reader.readexactly(2) == b"\r\n"
    assert await peer.reader.readexactly(2) == b"\r\n"
    return b"".join(pieces)


@LOOPS
@pytest.mark.parametrize(("kind", "options", "end"), CASES)
def test_it_is_sent_whole_again(
    tmp_path: Path, kind: Kind, options: dict[str, Any], end: Step, loop_factory: LoopFactory
) -> None:
    seen: list[Seen] = []

    async def scenario(world: World) -> None:
        await world.fetch()
        tracker = UploadTracker()
        with ExitStack() as stack:
            body = {kind.parameter: kind.make(Maker(tmp_path, stack))}
            request = world.session.put(world.url, upload_tracker=tracker, **body, **options)
            async with request as response:
                assert await response.read() == b"ok"
                assert response.get_extra_info("reused") is False
        first, second = seen
        assert first == second
        if kind.arrives is not None and "compress" not in options:
            assert second.body == kind.arrives
        assert tracker.attempts == 2
        assert tracker.bytes_written == len(second.body)
        await tracker.upload_complete
        assert world.server.connections == 2

    run(loop_factory, scenario, [answer, take(seen), end], [take(seen), send(OK)])


@LOOPS
@ENDS
@pytest.mark.parametrize("kind", [kind for kind in REPLAYABLE if "file" in kind.name], ids=str)
def test_it_is_sent_whole_after_a_part(
    tmp_path: Path, kind: Kind, end: Step, loop_factory: LoopFactory
) -> None:
    seen: list[Seen] = []

    async def scenario(world: World) -> None:
        await world.fetch()
        tracker = UploadTracker()
        with ExitStack() as stack:
            body = kind.make(Maker(tmp_path, stack))
            request = world.session.put(world.url, data=body, upload_tracker=tracker)
            async with request as response:
                assert await response.read() == b"ok"
        assert len(seen) == 1
        assert kind.arrives is None or seen[0].body == kind.arrives
        assert tracker.attempts == 2
        assert tracker.bytes_written == len(seen[0].body)

    run(loop_factory, scenario, [answer, head_only, end], [take(seen), send(OK)])


@LOOPS
@ENDS
@pytest.mark.parametrize("kind", ONCE, ids=str)
def test_what_can_be_sent_once_is_not_sent_twice(
    tmp_path: Path, kind: Kind, end: Step, loop_factory: LoopFactory
) -> None:
    seen: list[Seen] = []

    async def scenario(world: World) -> None:
        await world.fetch()
        tracker = UploadTracker()
        with ExitStack() as stack:
            body = kind.make(Maker(tmp_path, stack))
            with pytest.raises(martlet.ClientConnectionError):
                await world.session.put(world.url, data=body, upload_tracker=tracker)
        assert len(seen) == 1
        assert tracker.attempts == 1
        await tracker.upload_complete  # it was; what is missing is the response
        assert world.server.connections == 1

    run(loop_factory, scenario, [answer, take(seen), end])


@LOOPS
@ENDS
def test_what_breaks_off_inside_the_body(end: Step, loop_factory: LoopFactory) -> None:
    closed = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal closed
        try:
            while True:
                yield bytes(65_536)
        finally:
            closed += 1

    async def scenario(world: World) -> None:
        await world.fetch()
        tracker = UploadTracker()
        with pytest.raises(martlet.ClientConnectionError):
            await world.session.put(world.url, data=endless(), upload_tracker=tracker)
        assert closed == 1
        assert tracker.attempts == 1
        with pytest.raises(martlet.UploadAbortedError):
            await tracker.upload_complete
        assert world.server.connections == 1

    run(loop_factory, scenario, [answer, head_only, end])


@LOOPS
@ENDS
def test_post_is_never_sent_twice(tmp_path: Path, end: Step, loop_factory: LoopFactory) -> None:
    seen: list[Seen] = []

    async def scenario(world: World) -> None:
        await world.fetch()
        tracker = UploadTracker()
        with pytest.raises(martlet.ClientConnectionError):
            await world.session.post(world.url, data=b"once", upload_tracker=tracker)
        assert [one.body for one in seen] == [b"once"]
        assert tracker.attempts == 1

    run(loop_factory, scenario, [answer, take(seen), end])
