"""An `Application` behind a loopback socket: as much HTTP/1.1 as the suite's requests need."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from yarl import URL

from ._application import Application, OriginResponse, Then
from ._origin import EARLY, conformance_origin

__all__ = ["serve_origin"]

_MAX_HEAD: Final = 1024 * 1024
_BAD_REQUEST: Final = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
_NO_BODY: Final = frozenset({204, 304})

_Fields = list[tuple[str, str]]


@asynccontextmanager
async def serve_origin(application: Application = conformance_origin) -> AsyncIterator[URL]:
    """Serve *application* on 127.0.0.1 and give its URL; on exit all connections are closed.

    ``/early`` is answered when the head of the request has come, every other target
    when all of its body has.
    """
    connections = _Connections(application)
    server = await asyncio.start_server(connections.serve, "127.0.0.1", 0, limit=_MAX_HEAD)
    try:
        yield URL.build(scheme="http", host="127.0.0.1", port=server.sockets[0].getsockname()[1])
    finally:
        server.close()
        await connections.close()
        await server.wait_closed()


class _Connections:
    def __init__(self, application: Application) -> None:
        self._application = application
        self._open: dict[asyncio.Task[None] | None, asyncio.StreamWriter] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection, one after the other."""
        task = asyncio.current_task()
        self._open[task] = writer
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                while await self._answer(reader, writer):
                    pass
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
            del self._open[task]

    async def close(self) -> None:
        """Cut all connections; each notices by itself and ends."""
        tasks = [task for task in self._open if task is not None]
        for writer in self._open.values():
            writer.transport.abort()
        await asyncio.gather(*tasks)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; tell whether there may be another."""
        try:
            method, target, fields = _parse(await reader.readuntil(b"\r\n\r\n"))
            body = b"" if target == EARLY else await _read_body(reader, fields)
        except (ValueError, asyncio.LimitOverrunError):
            writer.write(_BAD_REQUEST)
            await _discard(reader)
            return False
        response = self._application(method, target, fields, body)
        if not response.silent:
            await _write(writer, response, has_body=method != "HEAD")
        if response.then is Then.HANG:
            await _discard(reader)
        return response.then is Then.END


def _parse(head: bytes) -> tuple[str, str, _Fields]:
    lines = head.decode("utf-8", "surrogateescape").split("\r\n")
    method, target, _version = lines[0].split(" ")
    pairs = (line.partition(":") for line in lines[1:-2])
    return method, target, [(name, value.strip()) for name, _, value in pairs]


async def _read_body(reader: asyncio.StreamReader, fields: _Fields) -> bytes:
    framing = {name.lower(): value for name, value in fields}
    if framing.get("transfer-encoding", "").lower() == "chunked":
        return await _read_chunks(reader)
    return await reader.readexactly(int(framing.get("content-length", "0")))


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    chunks = []
    while size := int((await reader.readuntil(b"\r\n")).partition(b";")[0], 16):
        chunks.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readuntil(b"\r\n")
    return b"".join(chunks)


async def _write(writer: asyncio.StreamWriter, response: OriginResponse, *, has_body: bool) -> None:
    fields = list(response.headers)
    sized = any(name.lower() == "content-length" for name, _ in fields)
    chunked = not sized and response.status not in _NO_BODY
    if chunked:
        fields.append(("Transfer-Encoding", "chunked"))
    lines = [f"HTTP/1.1 {response.status} {response.reason}", *(f"{n}: {v}" for n, v in fields)]
    writer.write("\r\n".join([*lines, "\r\n"]).encode("utf-8", "surrogateescape"))
    for chunk in response.chunks:
        writer.write(b"%x\r\n%b\r\n" % (len(chunk), chunk) if chunked else chunk)
        await writer.drain()
    if chunked and has_body and response.then is Then.END:
        writer.write(b"0\r\n\r\n")
    await writer.drain()


async def _discard(reader: asyncio.StreamReader) -> None:
    while await reader.read(_MAX_HEAD):
        pass
