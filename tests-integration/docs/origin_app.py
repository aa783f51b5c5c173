"""The site that the pages speak to, as an ASGI application: ``uvicorn origin_app:app``."""

import base64
import json
import zlib
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qsl

__all__ = ["app"]

Event: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Event]]
Send: TypeAlias = Callable[[Event], Awaitable[None]]
Fields: TypeAlias = dict[str, str]
Answer: TypeAlias = tuple[int, Fields, bytes]

_HTML: Final = {"Content-Type": "text/html; charset=utf-8"}
_TEXT: Final = {"Content-Type": "text/plain; charset=utf-8"}
_EVENTS: Final = (
    b"retry: 3000\nid: 1\nevent: price\ndata: 10\n\n",
    b": a comment\n\nid: 2\nevent: price\ndata: 12\n\n",
)
_refused: Final[set[tuple[str, int]]] = set()


async def app(scope: Event, receive: Receive, send: Send) -> None:
    """Answer by path."""
    if scope["type"] == "websocket":
        await _chat(scope, receive, send)
    elif scope["path"] in _STREAMS:
        await _STREAMS[scope["path"]](receive, send)
    else:
        body = await _body(receive)
        status, fields, content = _answer(scope, _headers(scope), body)
        await _start(send, status, fields | {"Content-Length": str(len(content))})
        await send({"type": "http.response.body", "body": content})


def _answer(scope: Event, headers: Fields, body: bytes) -> Answer:
    first, _, rest = scope["path"].removeprefix("/").partition("/")
    match first:
        case "":
            return 200, _HTML, b"<!doctype html><title>Example</title>\n"
        case "status":
            return int(rest), *_json({"error": f"because you asked for {rest}"})
        case "moved":
            return 302, {"Location": "/"}, b""
        case "elsewhere":
            return 302, {"Location": "https://other.example/headers"}, b""
        case "login":
            return (
                200,
                {**_TEXT, "Set-Cookie": "sid=31d4d96e; Path=/; Secure; HttpOnly"},
                b"welcome",
            )
        case "account":
            known = "sid=31d4d96e" in headers.get("cookie", "")
            return (200 if known else 401), *_json({"known": known})
        case "private":
            return _private(headers)
        case "flaky":
            return _flaky(scope["client"])
        case "headers":
            return 200, *_json(headers)
        case "latin":
            return 200, {"Content-Type": "text/plain; charset=latin-1"}, "für".encode("latin-1")
        case "big":
            return 200, {"Content-Type": "application/octet-stream"}, bytes(2**20)
        case "bomb":
            return 200, {**_TEXT, "Content-Encoding": "gzip"}, _bomb()
        case "upload":
            return 201, *_json({"size": len(body), "type": headers.get("content-type", "")})
    return (201 if scope["method"] == "POST" else 200), *_json(_told(scope, headers, body))


def _told(scope: Event, headers: Fields, body: bytes) -> dict[str, object]:
    query = scope["query_string"].decode()
    return {
        "method": scope["method"],
        "path": scope["path"],
        "query": query,
        "args": dict(parse_qsl(query, keep_blank_values=True)),
        "type": headers.get("content-type", ""),
        "body": body.decode("utf-8", "replace"),
    }


def _private(headers: Fields) -> Answer:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme == "Basic" and base64.b64decode(token) == b"user:secret":
        return 200, *_json({"user": "user"})
    return 401, {**_TEXT, "WWW-Authenticate": 'Basic realm="private"'}, b"who are you?"


def _flaky(client: tuple[str, int]) -> Answer:
    """Refuse the first request of each connection, and answer the second."""
    if client in _refused:
        _refused.remove(client)
        return 200, _TEXT, b"at last"
    _refused.add(client)
    return 503, _TEXT, b"not yet"


def _bomb() -> bytes:
    """Give 64 MiB of zeros, compressed to 64 KiB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([packer.compress(bytes(2**20)) for _ in range(64)]) + packer.flush()


async def _never(receive: Receive, send: Send) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _events(receive: Receive, send: Send) -> None:
    await _start(send, 200, {"Content-Type": "text/event-stream"})
    for event in _EVENTS:
        await send({"type": "http.response.body", "body": event, "more_body": True})
    await send({"type": "http.response.body"})


async def _cut(receive: Receive, send: Send) -> None:
    """Break off in the middle of the body."""
    await _start(send, 200, {**_TEXT, "Content-Length": "1000"})
    await send({"type": "http.response.body", "body": b"the beginning"})


async def _chat(scope: Event, receive: Receive, send: Send) -> None:
    """Send back what comes."""
    await receive()
    chosen = next(iter(scope["subprotocols"]), None)
    await send({"type": "websocket.accept", "subprotocol": chosen})
    while (event := await receive())["type"] == "websocket.receive":
        await send({**event, "type": "websocket.send"})


_STREAMS: Final = {"/slow": _never, "/events": _events, "/cut": _cut}


async def _body(receive: Receive) -> bytes:
    pieces = []
    more = True
    while more:
        event = await receive()
        pieces.append(event.get("body", b""))
        more = event.get("more_body", False)
    return b"".join(pieces)


async def _start(send: Send, status: int, fields: Fields) -> None:
    pairs = [(name.lower().encode(), value.encode()) for name, value in fields.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})


def _headers(scope: Event) -> Fields:
    return {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}


def _json(value: object) -> tuple[Fields, bytes]:
    return {"Content-Type": "application/json"}, json.dumps(value).encode()
