"""An application written by hand, with a bit of everything that a session has to do with."""

import asyncio
import gzip
import json
from typing import Any, Final

from martlet_asgi import Message, Receive, Scope, Send

__all__ = ["Shop"]

_TEXT: Final = (b"content-type", b"text/plain; charset=utf-8")


class Shop:
    """The application; *seen* are the requests that have reached it, *log* what else happened."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []
        self.log: list[str] = []
        self.reached = asyncio.Event()
        self.failures = 2

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
            return
        self.seen.append((scope.get("method", "WS"), scope["path"]))
        name = scope["path"].strip("/").replace("-", "_") or "index"
        await getattr(self, f"{scope['type']}_{name}")(scope, receive, send)

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        scope["state"]["stock"] = 7
        await send({"type": "lifespan.startup.complete"})
        self.log.append("opened")
        await receive()
        self.log.append("closed")
        await send({"type": "lifespan.shutdown.complete"})

    # HTTP

    async def http_index(self, scope: Scope, _receive: Receive, send: Send) -> None:
        await _answer(send, f"{scope['state']['stock']} in stock".encode())

    async def http_echo(self, scope: Scope, receive: Receive, send: Send) -> None:
        pieces = []
        more = True
        while more:
            event = await receive()
            pieces.append(event["body"])
            more = event["more_body"]
        told = {
            "method": scope["method"],
            "query": scope["query_string"].decode(),
            "headers": [[name.decode(), value.decode()] for name, value in scope["headers"]],
            "body": b"".join(pieces).decode(),
            "pieces": len(pieces),
        }
        await _answer(send, json.dumps(told).encode(), (b"content-type", b"application/json"))

    async def http_login(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        cookie = (b"set-cookie", b"session=42; Path=/; HttpOnly")
        await _answer(send, b"", (b"location", b"/echo"), cookie, status=303)

    async def http_moved(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await _answer(send, b"", (b"location", b"https://other.test/echo?moved"), status=307)

    async def http_busy(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        self.failures -= 1
        await _answer(send, b"", status=503 if self.failures >= 0 else 200)

    async def http_zipped(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await _answer(send, gzip.compress(b"many words " * 1000), (b"content-encoding", b"gzip"))

    async def http_large(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200})
        for number in range(64):
            body = number.to_bytes(4, "big") * 16 * 1024
            await send({"type": "http.response.body", "body": body, "more_body": True})
            self.log.append("sent")
        await send({"type": "http.response.body"})

    async def http_events(self, _scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for number in range(2):
            body = b"id: %d\ndata: hello\n\n" % number
            await send({"type": "http.response.body", "body": body, "more_body": True})
        while (await receive())["type"] != "http.disconnect":
            pass
        self.log.append("the listener left")

    async def http_trailers(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "trailers": True})
        await send({"type": "http.response.body", "body": b"one"})
        await send({"type": "http.response.trailers", "headers": [(b"x-sum", b"1")]})

    async def http_slow(self, _scope: Scope, _receive: Receive, _send: Send) -> None:
        try:
            self.reached.set()
            await asyncio.Event().wait()
        finally:
            self.log.append("slow is over")

    async def http_slow_body(self, _scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": b"one", "more_body": True})
        while (await receive())["type"] != "http.disconnect":
            pass
        self.log.append("slow is over")

    async def http_broken(self, _scope: Scope, _receive: Receive, _send: Send) -> None:
        raise LookupError("no such table")

    async def http_early(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await _answer(send, b"too large", status=413)

    # WebSocket

    async def websocket_echo(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        protocols = scope["subprotocols"]
        await send({"type": "websocket.accept", "subprotocol": protocols[0] if protocols else None})
        while (event := await receive())["type"] == "websocket.receive":
            if event.get("text") == "bye":
                await send({"type": "websocket.close", "code": 4001, "reason": "as you wish"})
            else:
                await send({**event, "type": "websocket.send"})
        self.log.append(f"{event['code']} {event['reason']}")

    async def websocket_private(self, _scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        kind = "websocket.http.response"
        headers = [(b"www-authenticate", b"Basic")]
        await send({"type": f"{kind}.start", "status": 401, "headers": headers})
        await send({"type": f"{kind}.body", "body": b"who are you?"})

    async def websocket_broken(self, _scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        raise LookupError("no such room")

    async def websocket_flood(self, _scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        for number in range(100):
            await send({"type": "websocket.send", "bytes": bytes([number]) * 10_000})
            self.log.append("sent")
        await send({"type": "websocket.close"})


async def _answer(
    send: Send, body: bytes, *headers: tuple[bytes, bytes], status: int = 200
) -> None:
    length = (b"content-length", str(len(body)).encode())
    fields: list[Any] = [*(headers or [_TEXT]), length]
    start: Message = {"type": "http.response.start", "status": status, "headers": fields}
    await send(start)
    await send({"type": "http.response.body", "body": body})
