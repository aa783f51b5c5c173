"""However much goes over a connection, the client's memory stays flat."""

import asyncio
import hashlib
import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import martlet
from martlet_client_session import UploadTracker

from .asgi_server import AsgiServer, in_session
from .asgi_streams import BOMB, CODINGS, block_bytes
from .bodies import BINARY
from .world import LOOPS, LoopFactory

FLAT = 32 * 1024 * 1024
MUCH = 1024**3
LESS = 128 * 1024**2

RUNS = pytest.mark.parametrize(
    ("scheme", "loop", "size"),
    [("http", "asyncio", MUCH), ("http", "uvloop", LESS), ("https", "asyncio", LESS)],
)


@cache
def digest_of_blocks(size: int) -> str:
    digest = hashlib.sha256()
    for piece in block_bytes(size):
        digest.update(piece)
    return digest.hexdigest()


@cache
def digest_of_zeros(size: int) -> str:
    digest = hashlib.sha256()
    zeros = bytes(1024**2)
    for _ in range(size // len(zeros)):
        digest.update(zeros)
    return digest.hexdigest()


def probe(asgi: AsgiServer, how: str, url: str, size: int, loop: str, *more: str) -> Any:
    """Run the probe; what it tells is complete, whatever the size."""
    arguments = (how, url, str(size), loop, str(asgi.authority_file), *more)
    done = subprocess.run(
        [sys.executable, "-m", "client.memory_probe", *arguments],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told["grown"] < FLAT
    return told


@RUNS
def test_download(asgi: AsgiServer, scheme: str, loop: str, size: int) -> None:
    told = probe(asgi, "download", asgi.base(scheme), size, loop)
    assert (told["length"], told["sha256"]) == (size, digest_of_blocks(size))


@RUNS
def test_upload_from_a_generator(asgi: AsgiServer, scheme: str, loop: str, size: int) -> None:
    told = probe(asgi, "upload_generator", asgi.base(scheme), size, loop)
    assert (told["length"], told["sha256"]) == (size, digest_of_blocks(size))


@RUNS
def test_upload_of_a_file(
    asgi: AsgiServer, tmp_path: Path, scheme: str, loop: str, size: int
) -> None:
    (tmp_path / "file").touch()
    told = probe(asgi, "upload_file", asgi.base(scheme), size, loop, str(tmp_path / "file"))
    assert (told["length"], told["sha256"]) == (size, digest_of_zeros(size))


@pytest.mark.parametrize("coding", CODINGS)
def test_a_bomb_read_in_pieces(asgi: AsgiServer, coding: str) -> None:
    told = probe(asgi, "bomb", f"{asgi.http}/bomb/{coding}", BOMB, "asyncio")
    assert told["length"] == told["zeros"] == BOMB


@LOOPS
@pytest.mark.parametrize("coding", CODINGS)
def test_a_bomb_left_after_the_first_piece(
    asgi: AsgiServer, coding: str, loop_factory: LoopFactory
) -> None:
    async def scenario(session: martlet.ClientSession) -> None:
        async with session.get(f"{asgi.http}/bomb/{coding}") as response:
            assert await response.content.read(100) == bytes(100)
            # The reader's limit, and the step in which it was passed.
            assert response.content.total_bytes <= 2**18 + 2**16
        async with session.get(f"{asgi.http}/peer") as response:
            assert response.status == 200

    in_session(loop_factory, scenario)


@LOOPS
def test_a_server_that_does_not_read_holds_the_upload_back(
    asgi: AsgiServer, loop_factory: LoopFactory
) -> None:
    count = 100
    gate = f"gate-{id(loop_factory)}"

    async def generate() -> Any:
        for _ in range(count):
            yield BINARY

    async def scenario(session: martlet.ClientSession) -> None:
        tracker = UploadTracker()
        url = f"{asgi.http}/slow-reader/{gate}"
        request = session.post(url, data=generate(), upload_tracker=tracker)
        upload = asyncio.ensure_future(request)
        seen = [-1]
        # Until nothing more is taken for a while; that while is one of other requests.
        while len(seen) < 50 or seen[-50] != tracker.bytes_written:
            seen.append(tracker.bytes_written)
            async with session.get(f"{asgi.http}/peer") as response:
                await response.read()
        assert 0 < tracker.bytes_written < count * len(BINARY) / 2
        assert not tracker.upload_complete.done()
        async with session.get(f"{asgi.http}/open/{gate}") as response:
            await response.read()
        async with await upload as response:
            assert (await response.json())["length"] == count * len(BINARY)
        await tracker.upload_complete
        assert tracker.bytes_written == count * len(BINARY)

    in_session(loop_factory, scenario)
