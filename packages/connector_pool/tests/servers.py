"""Real servers on this machine, for what a script cannot show."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

from .scripted import OK

__all__ = ["Server", "serving"]

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Server:
    """A server, and what it has got from its clients."""

    port: int = 0
    received: list[bytes] = field(default_factory=list)
    connections: int = 0


async def one_response(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one request after the other."""
    while await reader.readuntil(b"\r\n\r\n"):
        writer.write(OK)


@contextlib.asynccontextmanager
async def serving(
    handler: Handler = one_response,
    *,
    tls: ssl.SSLContext | None = None,
    host: str = "127.0.0.1",
) -> AsyncIterator[Server]:
    """Serve *handler* until the end of the block, and wait for its connections to end."""
    server = Server()
    open_now: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        open_now.add(task)
        server.connections += 1
        try:
            await handler(reader, writer)
        except (asyncio.IncompleteReadError, OSError) as exc:
            server.received.append(getattr(exc, "partial", b""))
        finally:
            writer.transport.abort()
            open_now.discard(task)

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = await asyncio.start_server(serve, host, 0, ssl=tls, family=family)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()
        if open_now:
            await asyncio.wait(open_now)
