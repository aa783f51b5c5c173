"""Files as request bodies, servers that take them or do not, and a watch on sendfile."""

import asyncio
import contextlib
import hashlib
import os
import socket
import struct
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import BinaryIO, Final, cast

import pytest
from yarl import URL

from martlet_connector_pool._exchange import Http1Exchange
from martlet_interfaces import (
    NO_TIMEOUTS,
    BodyWriter,
    Connector,
    FileBodyWriter,
    Observer,
    RequestBody,
)

from .net import head
from .scripted import Answer
from .servers import Handler

__all__ = [
    "FileBody",
    "Kernel",
    "Upload",
    "answering_digest",
    "answering_later",
    "closed_down_to",
    "content",
    "digest",
    "never_reading",
    "open_files",
    "unix_serving",
]

_RESET: Final = struct.pack("ii", 1, 0)
_FEW: Final = 50
_MANY: Final = 500


def content(size: int) -> bytes:
    """Make bytes of which no two parts of a file are alike."""
    return (
        bytes(size % 251)
        + b"".join(
            hashlib.sha512(number.to_bytes(8, "big")).digest() for number in range(size // 64 + 1)
        )[: size - size % 251]
    )


def digest(data: bytes) -> bytes:
    return b"%d %s" % (len(data), hashlib.sha256(data).hexdigest().encode())


def open_files() -> int:
    """Count the descriptors of this process."""
    return len(list(Path("/dev/fd").iterdir()))


async def closed_down_to(before: int) -> None:
    """Return when no more than *before* descriptors are open."""
    for _ in range(_MANY):  # cleaning up takes iterations of the loop, but never time
        if open_files() <= before:
            break
        await asyncio.sleep(0)
    assert open_files() <= before


class FileBody:
    """Sends a part of a file, between what it writes."""

    replayable = True

    def __init__(
        self,
        file: BinaryIO,
        offset: int,
        count: int,
        *,
        before: bytes = b"",
        after: bytes = b"",
        chunked: bool = False,
    ) -> None:
        self.file = file
        self.offset = offset
        self.count = count
        self.before = before
        self.after = after
        self.length = None if chunked else len(before) + count + len(after)
        self.errors: list[BaseException] = []
        self.ended = 0

    async def write_to(self, out: BodyWriter, /) -> None:
        try:
            if self.before:
                await out.write(self.before)
            await cast("FileBodyWriter", out).send_file(self.file, self.offset, self.count)
            if self.after:
                await out.write(self.after)
        except BaseException as exc:
            self.errors.append(exc)
            raise
        finally:
            self.ended += 1


class Kernel:
    """Stands before `os.sendfile` and watches it; *instead* may do something else."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls = 0
        self.sent = 0
        self.instead: Callable[[int], None] = lambda number: None
        self._real = os.sendfile
        monkeypatch.setattr(os, "sendfile", self._sendfile)

    def _sendfile(self, out: int, file: int, offset: int, count: int) -> int:
        self.calls += 1
        self.instead(self.calls)
        sent = self._real(out, file, offset, count)
        self.sent += sent
        return sent

    async def stuck(self) -> None:
        """Return when the peer has taken all that it takes."""
        calls, still = 0, 0
        while not calls or still < _FEW:
            await asyncio.sleep(0)
            still = still + 1 if calls == self.calls else 0
            calls = self.calls


class Upload:
    """A request with a body under way."""

    def __init__(
        self,
        connector: Connector,
        url: str,
        body: RequestBody | None,
        *,
        observer: Observer | None = None,
    ) -> None:
        self.answer = Answer()
        sending = connector.send(
            head("PUT", str(URL(url))), body, self.answer, timeouts=NO_TIMEOUTS, observer=observer
        )
        self.task = asyncio.get_running_loop().create_task(sending)

    async def exchange(self) -> Http1Exchange:
        """Wait until `send` returns."""
        return cast("Http1Exchange", await self.task)

    async def body(self) -> bytes:
        """Wait for the whole response."""
        await self.task
        return await self.answer.read()


async def _read_body(reader: asyncio.StreamReader) -> bytes:
    request = await reader.readuntil(b"\r\n\r\n")
    if b"chunked" not in request:
        length = int(request.partition(b"Content-Length: ")[2].split(b"\r\n")[0])
        return await reader.readexactly(length)
    pieces = []
    while size := int(await reader.readuntil(b"\r\n"), 16):
        pieces.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readexactly(2)
    return b"".join(pieces)


def answering_later(go_on: asyncio.Event) -> Handler:
    """Make a server that waits before it reads."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await go_on.wait()
        await answering_digest(reader, writer)

    return handle


async def answering_digest(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer each request with the digest of its body."""
    while True:
        text = digest(await _read_body(reader))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(text) + text)


def never_reading(go_on: asyncio.Event, answer: bytes = b"", *, reset: bool = False) -> Handler:
    """Make a server that reads a head, waits, says *answer*, and then resets or reads on."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await go_on.wait()
        writer.write(answer)
        if reset:
            sock = writer.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            writer.transport.abort()
        while await reader.read(1 << 20):
            pass

    return handle


@contextlib.asynccontextmanager
async def unix_serving(path: Path, handler: Handler) -> AsyncIterator[None]:
    """Serve *handler* at *path*."""
    over: list[asyncio.Event] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        over.append(asyncio.Event())
        with contextlib.suppress(asyncio.IncompleteReadError, OSError):
            await handler(reader, writer)
        writer.transport.abort()
        over.pop().set()

    server = await asyncio.start_unix_server(serve, path)
    try:
        yield
    finally:
        server.close()
        for event in over:
            await event.wait()
