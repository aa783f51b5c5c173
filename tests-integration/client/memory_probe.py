"""Moves many bytes in a process of its own, and tells how much memory that took.

    python -m client.memory_probe HOW URL SIZE LOOP AUTHORITY_FILE [FILE]

It prints a JSON object: by how many bytes the peak grew once the connection was warm, how many
bytes came, and their SHA-256 or, of an upload, what the server tells of it.
"""

import asyncio
import hashlib
import json
import os
import ssl
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import uvloop

import martlet

from .asgi_streams import block_bytes

_LOOPS: Final = {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}
_PIECE: Final = 64 * 1024
_ZEROS: Final = bytes(_PIECE)


def peak() -> int:
    """Tell the most memory that this process has had, in bytes."""
    with Path("/proc/self/status").open() as status:
        return 1024 * int(next(line for line in status if line.startswith("VmHWM:")).split()[1])


async def _generated(size: int) -> AsyncIterator[bytes]:
    for piece in block_bytes(size):
        yield piece


async def upload_generator(session: martlet.ClientSession, url: str, size: int) -> Any:
    async with session.post(f"{url}/echo", data=_generated(size)) as response:
        return await response.json()


async def upload_file(session: martlet.ClientSession, url: str, size: int) -> Any:
    os.truncate(sys.argv[6], size)
    with open(sys.argv[6], "rb") as file:  # noqa: ASYNC230, PTH123  # as users do
        async with session.post(f"{url}/echo", data=file) as response:
            return await response.json()


async def download(session: martlet.ClientSession, url: str, size: int) -> Any:
    digest, count = hashlib.sha256(), 0
    async with session.get(f"{url}/bytes/{size}") as response:
        async for piece in response.content.iter_chunked(_PIECE):
            digest.update(piece)
            count += len(piece)
    return {"length": count, "sha256": digest.hexdigest()}


async def bomb(session: martlet.ClientSession, url: str, size: int) -> Any:
    """Read no more than *size* bytes of a bomb; the coding is in the URL."""
    count = zeros = 0
    async with session.get(url) as response:
        async for piece in response.content.iter_chunked(_PIECE):
            count += len(piece)
            zeros += len(piece) if piece == _ZEROS[: len(piece)] else 0
            if count >= size:
                break
    return {"length": count, "zeros": zeros}


Mover = Callable[[martlet.ClientSession, str, int], Awaitable[Any]]
MOVERS: Final[dict[str, Mover]] = {
    "bomb": bomb,
    "download": download,
    "upload_file": upload_file,
    "upload_generator": upload_generator,
}


async def main(how: str, url: str, size: int, authority_file: str) -> None:
    connector = martlet.TCPConnector(ssl=ssl.create_default_context(cafile=authority_file))
    async with martlet.ClientSession(connector=connector) as session:
        await MOVERS[how](session, url, 100_000)
        before = peak()
        told = await MOVERS[how](session, url, size)
        print(json.dumps({"grown": peak() - before, **told}))


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=_LOOPS[sys.argv[4]]) as runner:
        runner.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[5]))
