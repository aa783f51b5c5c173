"""The connector: each request is a call of an ASGI application."""

import asyncio
import warnings
from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING, Final, Self

from martlet_exceptions import ClientConnectionError, ConnectionTimeoutError
from martlet_interfaces import (
    Deadlines,
    HeadSent,
    Observer,
    Receiver,
    RequestBody,
    RequestHead,
    Timeouts,
)
from martlet_websocket import HandshakeError, accept_handshake

from ._closing import Closing
from ._exchange import Call, Exchange
from ._handshake_refusal import refusal
from ._http_exchange import HTTPExchange
from ._lifespan import Lifespan, LifespanMode
from ._scope import Surroundings, http_scope, websocket_scope
from ._tasks import Tasks
from ._websocket_exchange import WebSocketExchange

if TYPE_CHECKING:
    from ._application import ASGIApplication, Scope

__all__ = ["ASGIConnector"]

_CLOSED: Final = "The connector is closed"


class ASGIConnector:
    """Sends requests to *app*, an ASGI 3 application, in this process and without sockets.

    Every host is the application's, and of a request's options (proxies, TLS) none counts.

    Args:
        app: The application: ``await app(scope, receive, send)``.
        root_path: Where the application is mounted, as its scopes say (default: nowhere). URLs
            have it at the beginning of their paths, as those of a real server.
        client: Host and port of the client, as scopes say; ``None``: unknown.
        raise_app_exceptions: Whether an exception of the application, before there is a response
            or at once after one that was sent in one piece, comes out of the request as it is. If
            not, the response is the application's own or a 500, a WebSocket is closed with 1011,
            and the event loop's exception handler gets the exception.
        lifespan: ``"auto"`` (default): the application is started with the first request and
            shut down by `close`, unless it raises at the very scope, or returns; ``"on"``: this is
            a `LifespanError`; ``"off"``: it is neither started nor shut down.
        max_msg_size: Bytes that a message to a WebSocket of the application's may have (default:
            16 MiB); more close it with 1009. 0: any number.

    Raises:
        TypeError: *app* cannot be called.
        ValueError: *root_path*, *lifespan* or *max_msg_size* are none.
    """

    schemes: frozenset[str] = frozenset({"http", "https", "ws", "wss"})

    def __init__(
        self,
        app: "ASGIApplication",
        *,
        root_path: str = "",
        client: tuple[str, int] | None = ("127.0.0.1", 123),
        raise_app_exceptions: bool = True,
        lifespan: LifespanMode = "auto",
        max_msg_size: int = 16 * 1024 * 1024,
    ) -> None:
        if not callable(app):
            raise TypeError(f"app has to be an ASGI application, not {type(app).__name__}")
        if root_path and (not root_path.startswith("/") or root_path.endswith("/")):
            raise ValueError(f"root_path begins with a slash and ends with none: {root_path!r}")
        if lifespan not in {"auto", "on", "off"}:
            raise ValueError(f"lifespan is 'auto', 'on' or 'off', not {lifespan!r}")
        if max_msg_size < 0:
            raise ValueError(f"max_msg_size is 0 or more, not {max_msg_size}")
        self._app = app
        self._surroundings = Surroundings(root_path, client)
        self._raise_app_exceptions = raise_app_exceptions
        self._max_msg_size = max_msg_size
        self._lifespan = Lifespan(app, lifespan)
        self._calls: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False
        self._ending: asyncio.Task[None] | None = None

    _deadlines: Deadlines
    _tasks: Tasks

    def __repr__(self) -> str:
        state = "closed" if self._closed else f"{len(self._calls)} calls"
        return f"<{type(self).__name__} {state}>"

    @property
    def closed(self) -> bool:
        """Whether `close` has been called."""
        return self._closed

    async def startup(self) -> None:
        """Start the application now, if it is not started yet; ``async with`` does it, too.

        Raises `LifespanError` if it fails, `ClientConnectionError` after `close`.
        """
        self._bind()
        await self._lifespan.startup()

    async def wait_idle(self) -> None:
        """Wait until no call of the application goes on.

        An application may go on after its response, with what it does in the background.
        """
        while self._calls:
            await asyncio.wait(self._calls)

    async def send(
        self,
        request: RequestHead,
        body: bytes | RequestBody | None,
        receiver: Receiver,
        *,
        timeouts: Timeouts,
        observer: Observer | None = None,
    ) -> Exchange:
        """Call the application with *request*; return when the head of its response has come.

        See `martlet_interfaces.Connector`. Besides what stands there an exception of the
        application's own is raised as it is, unless the connector was made to answer with a 500.
        """
        loop = self._bind()
        call = Call(
            request, receiver, timeouts, observer,
            loop=loop, deadlines=self._deadlines, tasks=self._tasks,
            raise_app_exceptions=self._raise_app_exceptions, since=perf_counter(),
        )  # fmt: skip
        # What cannot be sent is found out before anything is begun.
        app, scope, exchange = self._plan(call, body)
        if not self._lifespan.ready:
            await self._start(request, timeouts)
        # Each call has its own: what one adds is not seen by others.
        scope["state"] = dict(self._lifespan.state)
        if observer is not None:
            await observer.observe(HeadSent())
        if self._closed:
            raise ClientConnectionError(_CLOSED)
        task = exchange.start(app, scope)
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)
        try:
            await exchange.answered
        except BaseException:
            exchange.cancel()
            raise
        return exchange

    def close(self) -> Closing:
        """End all calls of the application, and shut it down.

        Requests that are under way fail at once. What is returned may be awaited until the
        application is shut down; that raises `LifespanError` if it fails.
        """
        if not self._closed:
            self._closed = True
            if self._loop is not None and not self._loop.is_closed():
                self._end(self._loop)
        return Closing(self._ending)

    async def __aenter__(self) -> Self:
        await self.startup()
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.close()

    def __del__(self, _warn: Callable[..., None] = warnings.warn) -> None:
        loop = getattr(self, "_loop", None)
        if loop is None or self._closed or loop.is_closed():
            return
        if self._tasks or self._lifespan.begun:
            _warn(f"Unclosed connector {self!r}", ResourceWarning, source=self, stacklevel=1)
            self._tasks.end(ClientConnectionError(_CLOSED))
            self._lifespan.cancel()

    def _bind(self) -> asyncio.AbstractEventLoop:
        """Give the event loop that the connector belongs to: the first that it is used from."""
        if self._closed:
            raise ClientConnectionError(_CLOSED)
        loop = asyncio.get_running_loop()
        if self._loop is None:
            self._loop = loop
            self._deadlines = Deadlines(loop)
            self._tasks = Tasks(loop)
        elif self._loop is not loop:
            raise RuntimeError(
                f"{type(self).__name__} belongs to {self._loop!r}, and cannot be used from {loop!r}"
            )
        return loop

    def _plan(
        self, call: Call, body: bytes | RequestBody | None
    ) -> "tuple[ASGIApplication, Scope, Exchange]":
        """Give what is to be called, with what scope, and what it speaks with."""
        request = call.request
        upgrades = ",".join(request.headers.getall("Upgrade", ())).lower().split(",")
        if "websocket" not in {name.strip() for name in upgrades}:
            return (
                self._app,
                http_scope(request, body, self._surroundings),
                HTTPExchange(call, body),
            )
        try:
            acceptance = accept_handshake(request.method, request.headers.items())
        except HandshakeError as exc:
            scope = http_scope(request, body, self._surroundings)
            return refusal(exc), scope, HTTPExchange(call, body)
        exchange = WebSocketExchange(call, acceptance, self._max_msg_size)
        return self._app, websocket_scope(request, self._surroundings), exchange

    async def _start(self, request: RequestHead, timeouts: Timeouts) -> None:
        limit = timeouts.connect
        try:
            async with asyncio.timeout(limit):
                await self._lifespan.startup()
        except TimeoutError as exc:
            raise ConnectionTimeoutError(phase="connect", limit=limit, url=request.url) from exc

    def _end(self, loop: asyncio.AbstractEventLoop) -> None:
        self._deadlines.close()
        tasks = self._tasks.end(ClientConnectionError(_CLOSED))
        if tasks or self._lifespan.begun:
            self._ending = loop.create_task(_until_ended(tasks, self._lifespan))


async def _until_ended(tasks: "set[asyncio.Task[None]]", lifespan: Lifespan) -> None:
    if tasks:
        await asyncio.wait(tasks)
    await lifespan.shutdown()
