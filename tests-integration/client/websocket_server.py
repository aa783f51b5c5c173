"""A WebSocket server of the library `websockets`, in the loop of the test."""

import asyncio
import http
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory
from websockets.http11 import Request, Response

__all__ = ["WebSocketServer", "serve_websockets"]

Behaviour = Callable[["WebSocketServer", ServerConnection], Awaitable[None]]


class WebSocketServer:
    """What a test sees of the server: its URL, and what it has seen."""

    def __init__(self, scheme: str, port: int) -> None:
        self.url = f"{scheme}://127.0.0.1:{port}"
        self.port = port
        self.closings: list[tuple[int | None, str | None]] = []
        """Code and reason that each connection was closed with."""
        self.received = 0
        """How many messages it has got."""
        self.sent = 0
        """How many messages of a flood have left."""
        self.go_on = asyncio.Event()
        self.over = asyncio.Condition()

    async def until_closed(self, count: int = 1) -> None:
        """Wait for the end of *count* connections."""
        async with self.over:
            await self.over.wait_for(lambda: len(self.closings) >= count)


async def echo(server: WebSocketServer, connection: ServerConnection) -> None:
    async for message in connection:
        server.received += 1
        await connection.send(message)


async def close(_: WebSocketServer, connection: ServerConnection) -> None:
    await connection.send("last words")
    await connection.close(3001, "why")


async def drop(_: WebSocketServer, connection: ServerConnection) -> None:
    await connection.send("last words")
    connection.transport.abort()


async def fragments(_: WebSocketServer, connection: ServerConnection) -> None:
    async def pieces() -> AsyncIterator[str]:
        for piece in ("fr", "", "agm", "ents"):
            yield piece
            await connection.ping()

    await connection.send(pieces())
    await connection.send([b"one", b"two"])
    await connection.wait_closed()


async def told(_: WebSocketServer, connection: ServerConnection) -> None:
    request = connection.request
    assert request is not None
    await connection.send(json.dumps(list(request.headers.raw_items())))
    await connection.wait_closed()


async def flood(server: WebSocketServer, connection: ServerConnection) -> None:
    for _ in range(1000):
        await connection.send(bytes(100_000))
        server.sent += 1
    await connection.wait_closed()


async def sink(server: WebSocketServer, connection: ServerConnection) -> None:
    await server.go_on.wait()
    async for _message in connection:
        server.received += 1


async def silence(server: WebSocketServer, connection: ServerConnection) -> None:
    connection.transport.pause_reading()
    await server.go_on.wait()
    connection.transport.resume_reading()
    await connection.wait_closed()


_BEHAVIOURS: dict[str, Behaviour] = {
    "/": echo,
    "/close": close,
    "/drop": drop,
    "/fragments": fragments,
    "/told": told,
    "/flood": flood,
    "/sink": sink,
    "/silence": silence,
}


def _refuse(connection: ServerConnection, request: Request) -> Response | None:
    if request.path == "/refused":
        return connection.respond(http.HTTPStatus.FORBIDDEN, "not for you\n")
    if request.path == "/moved":
        fields = Headers({"Location": "/told", "Content-Length": "0", "Connection": "close"})
        return Response(302, "Found", fields, b"")
    return None


def _set_cookie(_: ServerConnection, __: Request, response: Response) -> None:
    response.headers["Set-Cookie"] = "seen=1"


@asynccontextmanager
async def serve_websockets(
    context: ssl.SSLContext | None = None, *, bits: int | None = None, **options: Any
) -> AsyncIterator[WebSocketServer]:
    """Run a server until the end of the block; *bits*: with compression."""
    known: dict[str, WebSocketServer] = {}

    async def handle(connection: ServerConnection) -> None:
        assert connection.request is not None
        server = known["server"]
        try:
            await _BEHAVIOURS[connection.request.path](server, connection)
        except ConnectionClosed:
            pass
        finally:
            await connection.wait_closed()
            server.closings.append((connection.close_code, connection.close_reason))
            async with server.over:
                server.over.notify_all()

    extensions = None
    if bits is not None:
        # Both windows; a client that does not offer one cannot be asked for it.
        extensions = [ServerPerMessageDeflateFactory(server_max_window_bits=bits)]
    async with serve(
        handle,
        "127.0.0.1",
        0,
        ssl=context,
        compression=None,
        extensions=extensions,
        max_size=None,
        ping_interval=None,
        close_timeout=1,
        process_request=_refuse,
        process_response=_set_cookie,
        **options,
    ) as listening:
        port = next(iter(listening.sockets)).getsockname()[1]
        server = known["server"] = WebSocketServer("wss" if context else "ws", port)
        try:
            yield server
        finally:
            server.go_on.set()
