"""A little shop with an API, which the programs of `programs/` use as programs use such things.

It is what ``uvicorn client.asgi_shop:app`` runs; see `shop`.
"""

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias
from urllib.parse import parse_qsl

from .asgi_call import Call, Fields, Receive, Scope, Send
from .asgi_digest import Space, protected
from .asgi_received import tell
from .asgi_shop_documents import document

__all__ = ["app"]

Handler: TypeAlias = Callable[[Call], Awaitable[None]]

_PLAIN: Final = [("Content-Type", "text/plain; charset=utf-8")]
_ITEMS: Final = [{"id": number, "name": f"item {number}"} for number in range(1, 8)]
_PAGE: Final = 3
_SITE: Final = {
    "": ["a", "b"],
    "a": ["b", "a/deep", "/site/missing"],
    "b": ["a", "/site/"],
    "a/deep": ["https://elsewhere.example/"],
}
_EVENTS: Final = [b": hello\n\n", b"event: price\ndata: 1", b"0\n\nevent: price\nda", b"ta: 12\n\n"]
_tokens: Final = itertools.count(1)
_seen: Final[dict[str, int]] = {}
_spaces: Final[dict[str, Space]] = {}
_gauges: Final[dict[str, "_Gauge"]] = {}


class _Gauge:
    """Counts who is here at the same time; nobody leaves before *size* have come."""

    def __init__(self, size: int) -> None:
        self.barrier = asyncio.Barrier(size)
        self.here = self.most = 0


async def _text(call: Call, text: str, status: int = 200, fields: Fields = ()) -> None:
    await call.answer(text.encode(), status, [*_PLAIN, *fields])


async def _body(call: Call) -> bytes:
    return b"".join([piece async for piece in call.body()])


def _times(name: str) -> int:
    _seen[name] = _seen.get(name, 0) + 1
    return _seen[name]


def _cookies(call: Call) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in call.field("cookie").split("; "))
    return {name: value for name, _, value in pairs}


async def hello(call: Call) -> None:
    """``/hello?name=``."""
    await _text(call, f"Hello, {call.query.get('name', 'world')}!\n")


async def echo(call: Call) -> None:
    """``/echo``: what came, but for what differs from run to run."""
    body = await _body(call)
    await call.json(
        {
            "method": call.scope["method"],
            "query": call.query,
            "headers": {name: value for name, value in call.fields if name != "host"},
            "body": body.decode("utf-8", "replace"),
        }
    )


async def parts(call: Call) -> None:
    """``/parts``: a multipart body, taken apart."""
    told = await tell(call)
    await call.json(told.get("form") or told.get("tree"))


async def upload(call: Call) -> None:
    """``/upload``: how much came, and how."""
    body = await _body(call)
    coding = call.field("transfer-encoding") or "no"
    await _text(call, f"{len(body)} bytes, {coding} transfer coding, {body[:5]!r}")


async def status(call: Call) -> None:
    """``/status/N``."""
    await _text(call, f"this is {call.rest}", int(call.rest))


async def redirect(call: Call) -> None:
    """``/redirect/N``: N redirects to ``/hello``; ``?status=``; ``?to=``: just one."""
    code = int(call.query.get("status", "302"))
    count = int(call.rest or "1")
    target = call.query.get("to") or ("/hello" if count == 1 else f"/redirect/{count - 1}")
    await call.answer(b"", code, [("Location", target)])


async def items(call: Call) -> None:
    """``/items?page=N``: with Link fields."""
    page = int(call.query.get("page", "1"))
    last = -(-len(_ITEMS) // _PAGE)
    links = [f'</items?page={last}>; rel="last"']
    if page < last:
        links.insert(0, f'</items?page={page + 1}>; rel="next"')
    chosen = _ITEMS[(page - 1) * _PAGE : page * _PAGE]
    await call.json(chosen, [("Link", ", ".join(links))])


async def item(call: Call) -> None:
    """``/item/N``."""
    number = int(call.rest)
    if 1 <= number <= len(_ITEMS):
        await call.json(_ITEMS[number - 1])
    else:
        body = json.dumps({"error": f"no item {number}"}).encode()
        await call.answer(body, 404, [("Content-Type", "application/problem+json")])


async def site(call: Call) -> None:
    """``/site/…``: pages that refer to one another."""
    if call.rest not in _SITE:
        await _text(call, "no such page", 404)
        return
    anchors = "".join(f'<a href="{link}">{link}</a>\n' for link in _SITE[call.rest])
    body = f"<!doctype html><title>page {call.rest or 'home'}</title>\n{anchors}"
    await call.answer(body.encode(), 200, [("Content-Type", "text/html; charset=utf-8")])


async def login(call: Call) -> None:
    """``/login``: a form with ``user`` and ``password``."""
    form = dict(parse_qsl((await _body(call)).decode()))
    if form.get("password") != "secret":
        await _text(call, "who are you?", 403)
        return
    cookies = [("Set-Cookie", f"user={form['user']}; Path=/; HttpOnly")]
    await _text(call, "welcome", 200, [*cookies, ("Set-Cookie", "theme=dark; Path=/; Max-Age=60")])


async def me(call: Call) -> None:
    """``/me``: for who has logged in."""
    user = _cookies(call).get("user")
    await _text(call, f"you are {user}" if user else "please log in", 200 if user else 401)


async def authorization(call: Call) -> None:
    """``/authorization``: the field."""
    await _text(call, call.field("authorization") or "none")


async def token(call: Call) -> None:
    """``/token``: one that is good for two requests."""
    await call.json({"token": f"token-{next(_tokens)}"})


async def private(call: Call) -> None:
    """``/private``: for who has a token."""
    given = call.field("authorization").removeprefix("Bearer ")
    if given.startswith("token-") and _times(given) <= 2:
        await _text(call, "inside")
    else:
        await _text(call, "no token", 401, [("WWW-Authenticate", "Bearer")])


async def digest(call: Call) -> None:
    """``/digest/NAME``: protected by a Digest."""
    space = _spaces.setdefault(call.rest, Space({"algorithm": "SHA-256", "qop": "auth"}))
    await protected(call, space, await _body(call))


async def flaky(call: Call) -> None:
    """``/flaky``: fails twice for each X-Request-ID."""
    if _times(call.field("x-request-id")) <= 2:
        await _text(call, "not now", 503, [("Retry-After", "0")])
    else:
        await _text(call, f"at last: {(await _body(call)).decode()}")


async def jobs(call: Call) -> None:
    """``/jobs/NAME``: done when it is asked for the third time."""
    count = _times(f"job {call.rest}")
    await call.json({"state": "running" if count < 3 else "done", "asked": count})


async def gauge(call: Call) -> None:
    """``/gauge/NAME?size=N``: the most that have been here at the same time."""
    here = _gauges.setdefault(call.rest, _Gauge(int(call.query["size"])))
    here.here += 1
    here.most = max(here.most, here.here)
    await here.barrier.wait()
    here.here -= 1
    await call.json(here.most)


async def silence(call: Call) -> None:
    """``/silence``: no answer, until the client goes."""
    try:
        await _body(call)
        async for _ in call.body():
            pass
    except ConnectionError:
        pass


async def events(call: Call) -> None:
    """``/events``."""
    await call.pieces(_EVENTS, [("Content-Type", "text/event-stream")])


async def log(call: Call) -> None:
    """``/log``: lines, in chunks that know nothing of them."""
    lines = "".join(f"{number:03} Grüße\n" for number in range(20)).encode()
    await call.pieces([lines[:7], lines[7:50], lines[50:]], _PLAIN)


async def abort(call: Call) -> None:
    """``/abort``: a body that breaks off."""
    await call.start(200, [("Content-Length", "100")])
    await call.piece(b"only this", more=False)


HANDLERS: Final[dict[str, Handler]] = {
    handler.__name__: handler
    for handler in (
        *(abort, authorization, digest, document, echo, events, flaky, gauge, hello, item, items),
        *(jobs, log, login, me, parts, private, redirect, silence, site, status, token, upload),
    )
}


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request (ASGI 3)."""
    name, _, rest = scope["path"].removeprefix("/").partition("/")
    call = Call(scope, receive, send, rest)
    handler = HANDLERS.get(name)
    if handler is None:
        await _text(call, "no such place", 404)
    else:
        await handler(call)
