"""The documents of the shop: with entity tags, in ranges, and to be written (RFC 9110)."""

import hashlib
import re
from typing import Final

from .asgi_call import Call

__all__ = ["document"]

_RANGE: Final = re.compile(r"bytes=(\d+)-(\d*)")
_documents: Final[dict[str, bytes]] = {"big": bytes(range(256)) * 1000}


async def document(call: Call) -> None:
    """``/document/NAME``: GET, HEAD, PUT, PATCH (which appends) and DELETE."""
    method, name = call.scope["method"], call.rest
    body = b"".join([piece async for piece in call.body()])
    if method == "PUT":
        status = 204 if name in _documents else 201
        _documents[name] = body
        length = [("Content-Length", "0")] if status == 201 else []
        await call.start(status, [("ETag", _etag(body)), *length])
        await call.piece(b"", more=False)
    elif name not in _documents:
        await call.answer(b"no such document", 404, [("Content-Type", "text/plain")])
    elif method == "DELETE":
        del _documents[name]
        await call.start(204)
        await call.piece(b"", more=False)
    elif method == "PATCH":
        _documents[name] += body
        await call.answer(str(len(_documents[name])).encode())
    else:
        await _give(call, _documents[name])


def _etag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:16]}"'


async def _give(call: Call, body: bytes) -> None:
    etag = _etag(body)
    fields = [("ETag", etag), ("Accept-Ranges", "bytes"), ("Content-Type", "text/plain")]
    if call.field("if-none-match") == etag:
        await call.start(304, [("ETag", etag)])
        await call.piece(b"", more=False)
        return
    asked = _RANGE.fullmatch(call.field("range"))
    if asked is None or call.field("if-range") not in ("", etag):
        await call.answer(body, 200, fields)
        return
    first, last = int(asked[1]), int(asked[2] or len(body) - 1)
    if first >= len(body):
        await call.answer(b"", 416, [("Content-Range", f"bytes */{len(body)}")])
        return
    part = body[first : last + 1]
    span = ("Content-Range", f"bytes {first}-{first + len(part) - 1}/{len(body)}")
    await call.answer(part, 206, [*fields, span])
