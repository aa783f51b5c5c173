"""Applications that tests call, and ways to call them without a session."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_asgi import ASGIApplication, ASGIConnector, Message, Receive, Scope, Send
from martlet_interfaces import (
    NO_TIMEOUTS,
    BodySink,
    Exchange,
    Flow,
    HttpVersion,
    HttpVersion11,
    Observer,
    RequestBody,
    RequestHead,
    ResponseHead,
    Timeouts,
)

__all__ = [
    "BASE",
    "START",
    "Answer",
    "BoomError",
    "Told",
    "body_of",
    "call",
    "connected",
    "fetch",
    "heard_by_the_loop",
    "hello",
    "piece",
    "request_head",
    "respond",
    "settle",
]

BASE: Final = URL("http://app.test")
START: Final[Message] = {"type": "http.response.start", "status": 200}


class Told:
    """A receiver and sink that keeps what it is told."""

    def __init__(self, *, pause: bool = False) -> None:
        self.head: ResponseHead | None = None
        self.flow: Flow | None = None
        self.pieces: list[bytes] = []
        self.ended: asyncio.Future[BaseException | None] = (
            asyncio.get_running_loop().create_future()
        )
        self._pause = pause

    def on_head(self, head: ResponseHead, flow: Flow, /) -> BodySink:
        self.head = head
        self.flow = flow
        if self._pause:
            flow.pause()
        return self

    def feed(self, data: bytes, /) -> None:
        self.pieces.append(data)

    def eof(self) -> None:
        self.ended.set_result(None)

    def fail(self, exc: BaseException, /) -> None:
        self.ended.set_result(exc)


class Answer:
    """A response that has been read to its end."""

    def __init__(self, told: Told, exchange: Exchange, failure: BaseException | None) -> None:
        assert told.head is not None
        self.status = told.head.status
        self.reason = told.head.reason
        self.headers = told.head.headers
        self.pieces = told.pieces
        self.body = b"".join(told.pieces)
        self.exchange = exchange
        self.failure = failure


def request_head(
    path: str = "/",
    *,
    method: str = "GET",
    headers: Iterable[tuple[str, str]] = (),
    version: HttpVersion = HttpVersion11,
    base: URL = BASE,
) -> RequestHead:
    url = base.join(URL(path, encoded=True))
    fields = CIMultiDict([("Host", url.host_port_subcomponent or ""), *headers])
    return RequestHead(method, url, CIMultiDictProxy(fields), version)


async def call(
    connector: ASGIConnector,
    head: RequestHead | None = None,
    *,
    body: bytes | RequestBody | None = None,
    told: Told | None = None,
    timeouts: Timeouts = NO_TIMEOUTS,
    observer: Observer | None = None,
) -> tuple[Told, Exchange]:
    """Send a request, and give what is told of the response and the exchange."""
    told = told or Told()
    exchange = await connector.send(
        head or request_head(), body, told, timeouts=timeouts, observer=observer
    )
    return told, exchange


async def fetch(
    connector: ASGIConnector,
    head: RequestHead | None = None,
    *,
    body: bytes | RequestBody | None = None,
    timeouts: Timeouts = NO_TIMEOUTS,
    observer: Observer | None = None,
) -> Answer:
    """Send a request, and read the response to its end."""
    told, exchange = await call(connector, head, body=body, timeouts=timeouts, observer=observer)
    return Answer(told, exchange, await told.ended)


@asynccontextmanager
async def connected(app: ASGIApplication, **options: Any) -> AsyncIterator[ASGIConnector]:
    """Make a connector to *app*, which is not asked for its lifespan; the loop may not complain."""
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    connector = ASGIConnector(app, **{"lifespan": "off", **options})
    try:
        yield connector
    finally:
        await connector.close()
    assert complaints == []


async def body_of(receive: Receive) -> bytes:
    """Receive the whole body."""
    pieces = []
    more = True
    while more:
        event = await receive()
        assert event["type"] == "http.request", event
        pieces.append(event["body"])
        more = event["more_body"]
    return b"".join(pieces)


async def respond(
    send: Send,
    body: bytes = b"",
    status: int = 200,
    headers: Sequence[tuple[bytes, bytes]] = (),
) -> None:
    """Send a whole response."""
    start: Message = {"type": "http.response.start", "status": status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": body})


def piece(data: bytes, *, more: bool = True) -> Message:
    return {"type": "http.response.body", "body": data, "more_body": more}


def heard_by_the_loop() -> list[dict[str, Any]]:
    """Give where the contexts of the loop's exception handler go."""
    heard: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: heard.append(context))
    return heard


class BoomError(Exception):
    """What applications fail with."""


async def settle(turns: int = 20) -> None:
    """Let happen what is under way."""
    for _ in range(turns):
        await asyncio.sleep(0)


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the path."""
    await respond(send, scope["raw_path"])
