"""One request to the ASGI app, and the ways to answer it."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, MutableMapping
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

__all__ = ["Call", "Fields", "Receive", "Scope", "Send"]

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Fields: TypeAlias = Iterable[tuple[str, str]]


class Call:
    """A request, of which *rest* is what comes after the first part of the path."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, rest: str) -> None:
        self.scope = scope
        self.rest = rest
        self.query = dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True))
        self.events = 0
        self._receive = receive
        self._send = send

    @property
    def fields(self) -> list[tuple[str, str]]:
        return [(name.decode(), value.decode("latin-1")) for name, value in self.scope["headers"]]

    def field(self, name: str) -> str:
        """Give the values of a field, as one."""
        return ", ".join(value for key, value in self.fields if key == name)

    async def body(self) -> AsyncIterator[bytes]:
        """Give the request's body as it comes; `ConnectionError` if it is cut off."""
        more = True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ConnectionError("the client has gone")
            self.events += 1
            more = message.get("more_body", False)
            yield message.get("body", b"")

    async def start(self, status: int = 200, fields: Fields = ()) -> None:
        """Send the head of the response."""
        pairs = [(name.lower().encode(), value.encode("latin-1")) for name, value in fields]
        await self._send({"type": "http.response.start", "status": status, "headers": pairs})

    async def piece(self, data: bytes, *, more: bool = True) -> None:
        """Send a piece of the body: one chunk, if it is sent in chunks."""
        await self._send({"type": "http.response.body", "body": data, "more_body": more})

    async def answer(self, body: bytes, status: int = 200, fields: Fields = ()) -> None:
        """Send a whole response with a Content-Length."""
        await self.start(status, [*fields, ("Content-Length", str(len(body)))])
        await self.piece(body, more=False)

    async def pieces(self, pieces: Iterable[bytes], fields: Fields = ()) -> None:
        """Send a response piece by piece; in chunks, unless there is a Content-Length."""
        await self.start(200, fields)
        for piece in pieces:
            await self.piece(piece)
        await self.piece(b"", more=False)

    async def json(self, document: object, fields: Fields = ()) -> None:
        await self.answer(
            json.dumps(document).encode(), 200, [("Content-Type", "application/json"), *fields]
        )
