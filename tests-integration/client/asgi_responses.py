"""The responses that the ASGI app gives, whatever was asked."""

import json
from typing import Final

from .asgi_call import Call
from .asgi_streams import TEXT, block_bytes, bomb, coded

__all__ = [
    "CHARSETS",
    "CHUNKS",
    "EVENTS",
    "HEADERS",
    "JSON",
    "send_bomb",
    "send_bytes",
    "send_charset",
    "send_chunks",
    "send_coded",
    "send_events",
    "send_headers",
    "send_json",
    "send_status",
    "send_truncated",
]

CHUNKS: Final = [1, 2, 3, 100, 4096, 65_536, 7, 65_537, 1]
HEADERS: Final = [
    ("Link", '</next?page=2>; rel="next"; title="Two", <https://example.org/>; rel=last'),
    ("Link", "<other>"),
    ("Content-Disposition", "attachment; filename=\"fallback\"; filename*=UTF-8''na%C3%AFve.txt"),
    ("Set-Cookie", "first=1; Path=/; HttpOnly"),
    ("Set-Cookie", "second=zwei; Max-Age=60"),
    ("X-Repeated", "one"),
    ("x-repeated", "two"),
    ("X-Latin", "Gr\xc3\xbc\xc3\x9fe"),  # in UTF-8, once it is bytes
]
CHARSETS: Final = {
    "utf-8": ("text/plain; charset=utf-8", TEXT.encode()),
    "latin-1": ('text/plain; charset="ISO-8859-1"', "Grüße".encode("latin-1")),
    "utf-16": ("text/plain; charset=utf-16", "Grüße".encode("utf-16")),
    "shift-jis": ("text/plain; charset=Shift_JIS", "東京".encode("shift-jis")),
    "none": ("text/plain", "Grüße".encode()),
    "meta": ("text/html", b"<meta charset=iso-8859-2>" + "Łódź".encode("iso-8859-2")),
    "unknown": ("text/plain; charset=nonsense", "Grüße".encode()),
    "cp1252": ("text/plain", "“Grüße”".encode("cp1252")),
}
JSON: Final = {"name": "Grüße", "numbers": [1, 2.5, None]}
_JSONS: Final = {
    "plain": ("application/json", json.dumps(JSON).encode()),
    "utf-8": ("application/json", json.dumps(JSON, ensure_ascii=False).encode()),
    "suffix": ("application/problem+json", json.dumps(JSON).encode()),
    "text": ("text/plain", json.dumps(JSON).encode()),
    "empty": ("application/json", b" "),
    "broken": ("application/json", b'{"name": '),
    "latin-1": ("application/json; charset=latin-1", '"Grüße"'.encode("latin-1")),
}
EVENTS: Final = [
    # Cut into chunks where it hurts: inside of a character, between CR and LF.
    b"\xef\xbb\xbf: a comment\n\ndata: one\n\n",
    b"event: add\ndata: first\ndata: sec",
    b"ond\nid: 7\n\n",
    b"data: Gr\xc3",
    b"\xbc\xc3\x9fe\r",
    b"\n\r\nretry: 1500\n\n",
    b"data\n\ndata:no space\rid\r\r",
    b"data: never dispatched",
]


async def send_bytes(call: Call) -> None:
    """``/bytes/N``, with ``?chunked`` in chunks."""
    count = int(call.rest)
    fields = [] if "chunked" in call.query else [("Content-Length", str(count))]
    await call.pieces(block_bytes(count), fields)


async def send_coded(call: Call) -> None:
    """``/coded/CODING``: a text."""
    fields = [("Content-Encoding", call.rest), ("Content-Type", "text/plain; charset=utf-8")]
    await call.answer(coded(call.rest, TEXT.encode()), 200, fields)


async def send_truncated(call: Call) -> None:
    """``/truncated/CODING``: complete to HTTP, but not as a coded stream."""
    body = coded(call.rest, TEXT.encode())
    cut = body[: len(body) - int(call.query.get("less", "20"))]
    await call.answer(cut, 200, [("Content-Encoding", call.rest)])


async def send_bomb(call: Call) -> None:
    """``/bomb/CODING``: a GiB of zeros."""
    await call.answer(bomb(call.rest), 200, [("Content-Encoding", call.rest)])


async def send_chunks(call: Call) -> None:
    """``/chunks``: chunks of these sizes, each filled with its number."""
    await call.pieces(bytes([number]) * size for number, size in enumerate(CHUNKS))


async def send_headers(call: Call) -> None:
    """``/headers``: the fields that have a meaning of their own."""
    await call.answer(b"headers", 200, HEADERS)


async def send_status(call: Call) -> None:
    """``/status/N``: with a body if there may be one."""
    status = int(call.rest)
    if status in (204, 304):
        await call.start(status)
        await call.piece(b"", more=False)
    else:
        await call.answer(f"status {status}".encode(), status, [("Content-Type", "text/plain")])


async def send_json(call: Call) -> None:
    """``/json/VARIANT``."""
    content_type, body = _JSONS[call.rest]
    await call.answer(body, 200, [("Content-Type", content_type)])


async def send_charset(call: Call) -> None:
    """``/charset/VARIANT``."""
    content_type, body = CHARSETS[call.rest]
    await call.answer(body, 200, [("Content-Type", content_type)])


async def send_events(call: Call) -> None:
    """``/events``, with ``?type=`` of another media type."""
    content_type = call.query.get("type", "text/event-stream; charset=utf-8")
    await call.pieces(EVENTS, [("Content-Type", content_type)])
