"""The application behind the ASGI server: it tells what it got, and answers as it is asked to.

It is what ``uvicorn client.asgi_app:app`` runs; see `asgi_server`.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from .asgi_call import Call, Receive, Scope, Send
from .asgi_multipart import send_multipart
from .asgi_received import tell
from .asgi_responses import (
    send_bomb,
    send_bytes,
    send_charset,
    send_chunks,
    send_coded,
    send_events,
    send_headers,
    send_json,
    send_status,
    send_truncated,
)

__all__ = ["app"]

Handler: TypeAlias = Callable[[Call], Awaitable[None]]

_gates: Final[dict[str, asyncio.Event]] = {}


async def echo(call: Call) -> None:
    """``/echo``: tell of the request."""
    await call.json(await tell(call))


async def early(call: Call) -> None:
    """``/early413``: answer before the body is asked for."""
    await call.answer(b"too large", 413, [("Content-Type", "text/plain")])


async def slow_reader(call: Call) -> None:
    """``/slow-reader/NAME``: read the body when ``/open/NAME`` is asked for."""
    await _gate(call.rest).wait()
    del _gates[call.rest]
    await echo(call)


async def open_gate(call: Call) -> None:
    """``/open/NAME``."""
    _gate(call.rest).set()
    await call.answer(b"")


async def peer(call: Call) -> None:
    """``/peer``: the client's port, by which connections are told apart."""
    await call.answer(str(call.scope["client"][1]).encode())


def _gate(name: str) -> asyncio.Event:
    return _gates.setdefault(name, asyncio.Event())


HANDLERS: Final[dict[str, Handler]] = {
    "bomb": send_bomb,
    "bytes": send_bytes,
    "charset": send_charset,
    "chunks": send_chunks,
    "coded": send_coded,
    "early413": early,
    "echo": echo,
    "events": send_events,
    "headers": send_headers,
    "json": send_json,
    "multipart": send_multipart,
    "open": open_gate,
    "peer": peer,
    "slow-reader": slow_reader,
    "status": send_status,
    "truncated": send_truncated,
}


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request (ASGI 3)."""
    name, _, rest = scope["path"].removeprefix("/").partition("/")
    await HANDLERS[name](Call(scope, receive, send, rest))
