"""A small HTTP server for the demo: pages, an echo, and as many bytes as asked for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

__all__ = ["Server", "serve"]

_HELLO = b"Hello from a server that lives in this very process.\n"
_BLOCK = bytes(range(256)) * 1024


class Server:
    """Where the server listens, and how many connections it has had."""

    def __init__(self) -> None:
        self.url = ""
        self.connections = 0
        self._handlers: set[asyncio.Task[None]] = set()

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._handlers.add(task)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                method, target, _ = head.split(" ", 2)
                length = 0
                for line in head.split("\r\n"):
                    name, _, value = line.partition(":")
                    if name.lower() == "content-length":
                        length = int(value)
                body = await reader.readexactly(length)
                await _answer(writer, method, target, body)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client has gone
        finally:
            self._handlers.discard(task)
            writer.close()

    async def stop(self) -> None:
        """End the connections that are still open."""
        for task in self._handlers:
            task.cancel()
        await asyncio.gather(*self._handlers, return_exceptions=True)


async def _answer(writer: asyncio.StreamWriter, method: str, target: str, body: bytes) -> None:
    status, media_type = "200 OK", "text/plain; charset=utf-8"
    if target == "/echo" and method == "POST":
        content, media_type = b'{"you sent": %b}' % body, "application/json"
    elif target.startswith("/bytes/"):
        await _send_bytes(writer, int(target.removeprefix("/bytes/")))
        return
    elif target == "/":
        content = _HELLO
    else:
        status, content = "404 Not Found", b"There is nothing here.\n"
    head = f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {len(content)}\r\n"
    writer.write(head.encode("ascii") + b"\r\n" + content)
    await writer.drain()


async def _send_bytes(writer: asyncio.StreamWriter, size: int) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
    for start in range(0, size, len(_BLOCK)):
        writer.write(_BLOCK[: size - start])
        await writer.drain()


@asynccontextmanager
async def serve() -> AsyncIterator[Server]:
    """Run a server on a free port of the loopback interface."""
    server = Server()
    listener = await asyncio.start_server(server.handle, "127.0.0.1", 0, backlog=1024)
    host, port = listener.sockets[0].getsockname()[:2]
    server.url = f"http://{host}:{port}"
    try:
        yield server
    finally:
        listener.close()
        await server.stop()
