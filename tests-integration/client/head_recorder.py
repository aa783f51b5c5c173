"""A server that keeps what comes, byte by byte, and answers what it is told to."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

__all__ = ["OK", "Recorder", "recording"]

OK: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Recorder:
    """Answers request after request with *answers*, and then with OK; ``b""`` is no answer."""

    def __init__(self, answers: Sequence[bytes]) -> None:
        self.heads: list[str] = []
        self.bodies: list[bytes] = []
        self.connections = 0
        self.url = ""
        self._answers = list(answers)
        self._open: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    @property
    def line(self) -> str:
        """The last request line."""
        return self.heads[-1].partition("\r\n")[0]

    @property
    def target(self) -> str:
        return self.line.split()[1]

    def field(self, name: str) -> str | None:
        """Give a field of the last request."""
        for line in self.heads[-1].split("\r\n")[1:]:
            key, _, value = line.partition(": ")
            if key.lower() == name.lower():
                return value
        return None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._open[task] = writer
        try:
            while await self._one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            del self._open[task]

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").removesuffix("\r\n\r\n")
        self.heads.append(head)
        if self.field("expect"):
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = b""
        if self.field("transfer-encoding"):
            while line := await reader.readuntil(b"\r\n"):
                chunk = await reader.readexactly(int(line, 16) + 2)
                body += chunk[:-2]
                if len(chunk) == 2:
                    break
        else:
            body = await reader.readexactly(int(self.field("content-length") or 0))
        self.bodies.append(body)
        answer = self._answers.pop(0) if self._answers else OK
        writer.write(answer)
        await writer.drain()
        if not answer:
            await reader.read()
        return b"Content-Length" in answer

    async def stop(self) -> None:
        tasks = list(self._open)
        for writer in self._open.values():
            writer.transport.abort()
        await asyncio.gather(*tasks)


@asynccontextmanager
async def recording(*answers: bytes) -> AsyncIterator[Recorder]:
    """Run one until the end of the block."""
    recorder = Recorder(answers)
    server = await asyncio.start_server(recorder.serve, "127.0.0.1", 0)
    recorder.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield recorder
    finally:
        server.close()
        await recorder.stop()
