"""One call of an application: what the session holds on to, and the back-pressure.

What HTTP and WebSocket requests have in common: the task that the call is, the head of the
response and what may come after it, the limits of time, and where it is told what goes wrong.
"""

import asyncio
from abc import ABC, abstractmethod
from time import perf_counter
from typing import TYPE_CHECKING, Final

from multidict import CIMultiDict

from martlet_exceptions import ClientError, ClientPayloadError, SocketTimeoutError
from martlet_interfaces import (
    BodySink,
    ChunkReceived,
    Deadlines,
    Duplex,
    Observer,
    Receiver,
    RequestHead,
    ResponseHead,
    Timeouts,
)

from ._errors import ApplicationError, ClientGoneError, comes_of_leaving
from ._response_events import ResponseEvents

if TYPE_CHECKING:
    from ._application import ASGIApplication, Message, Scope
    from ._tasks import Tasks

__all__ = ["Call", "Exchange"]

_GONE: Final = "The client has gone"
_ERROR: Final = "Internal Server Error"


class Call:
    """What one call of `Connector.send` has brought, and the means of the connector."""

    __slots__ = (
        "deadlines",
        "loop",
        "observer",
        "raise_app_exceptions",
        "receiver",
        "request",
        "since",
        "tasks",
        "timeouts",
    )

    def __init__(
        self,
        request: RequestHead,
        receiver: Receiver,
        timeouts: Timeouts,
        observer: Observer | None,
        *,
        loop: asyncio.AbstractEventLoop,
        deadlines: Deadlines,
        tasks: "Tasks",
        raise_app_exceptions: bool,
        since: float,
    ) -> None:
        self.request = request
        self.receiver: Receiver | None = receiver
        self.timeouts = timeouts
        self.observer = observer
        self.loop = loop
        self.deadlines = deadlines
        self.tasks = tasks
        self.raise_app_exceptions = raise_app_exceptions
        self.since = since


class Exchange(ABC):
    """The `Exchange` and `Flow` of a call; subclasses are what the application speaks with.

    *answered* is done when the head has been given to the receiver, or fails.
    """

    def __init__(self, call: Call, events: ResponseEvents) -> None:
        self.answered: asyncio.Future[None] = call.loop.create_future()
        self._call = call
        self._events = events
        self._live = True
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._sending = asyncio.Lock()
        self._sink: BodySink | None = None
        self._task: asyncio.Task[None] | None = None
        self._told: BaseException | None = None
        self._trailers: tuple[tuple[str, str], ...] = ()
        self._moments: dict[str, float] = {}

    # The session's side: Exchange and Flow

    def release(self) -> None:
        """Tell the application, if its response is not complete, that its client has gone."""
        self.abort()

    def abort(self) -> None:
        """Tell the application, if its response is not complete, that its client has gone."""
        if self._live:
            self._end()

    def upgrade(self) -> Duplex:
        """Refuse: HTTP goes on to nothing else here."""
        raise RuntimeError("The response did not switch protocols")

    def info(self, name: str, /) -> object | None:
        """Tell ``http_version``, ``reused``, ``timings`` or ``trailers`` (`Exchange.info`)."""
        if name == "http_version":
            return "1.1"
        if name == "reused":
            return False
        if name == "timings":
            return dict(self._moments)
        if name == "trailers":
            return self._trailers
        return None

    def pause(self) -> None:
        """Have the application wait; its time does not count."""
        if self._live:
            self._flowing.clear()
            self._rest()

    def resume(self) -> None:
        """Have the application go on."""
        if self._live:
            self._flowing.set()
            self._watch()

    # The connector's side

    def start(self, application: "ASGIApplication", scope: "Scope") -> "asyncio.Task[None]":
        """Call the application."""
        self._task = task = self._call.tasks.start(self._run(application, scope), self.fail)
        task.add_done_callback(self._returned)
        self._watch()
        return task

    def cancel(self) -> None:
        """End the call of the application: nobody waits for its answer any more."""
        self.abort()
        if self.answered.done() and not self.answered.cancelled():
            self.answered.exception()  # so that it counts as seen
        if self._task is not None:
            self._task.cancel()

    def fail(self, exc: BaseException) -> None:
        """End the exchange with *exc*, and tell the application that its client has gone."""
        if not self._live:
            return
        sink = self._end()
        if sink is not None:
            sink.fail(exc)
        elif not self.answered.done():
            self.answered.set_exception(exc)
            # Who waits is going to cancel the call, but a turn later. One that has caused this
            # gets its own error first.
            if self._task is not None and self._task is not asyncio.current_task(self._call.loop):
                self._task.cancel()

    def on_deadline(self) -> None:
        """Learn that nothing came for *sock_read* seconds."""
        limit = self._call.timeouts.sock_read
        elapsed = perf_counter() - self._call.since
        url = self._call.request.url
        self.fail(SocketTimeoutError(phase="sock_read", limit=limit, elapsed=elapsed, url=url))

    # The application's side

    @abstractmethod
    async def receive(self) -> "Message":
        """Give the next event."""

    async def send(self, event: "Message") -> None:
        """Take an event; wait while the client does not want more."""
        async with self._sending:
            await self._send(event)

    async def _send(self, event: "Message") -> None:
        await self._respond(event)

    async def _respond(self, event: "Message") -> None:
        """Take an event of the response."""
        events = self._events
        if not self._live and not events.complete:
            await asyncio.sleep(0)  # one that does not care must not keep all others waiting
            raise ClientGoneError(_GONE)
        try:
            data = events.take(event)
        except ClientError as exc:
            self._break(exc)
            raise
        if data is None:
            return
        if events.complete and self._call.receiver is not None and self._call.raise_app_exceptions:
            # Frameworks answer with a 500, and raise then: it is given a moment to do so.
            self._call.tasks.start(self._push_unless_raised(data), self.fail)
        else:
            await self._push(data)

    async def _push_unless_raised(self, data: bytes) -> None:
        task = self._task
        if task is not None and task.done() and not task.cancelled() and task.exception():
            return
        try:
            await self._push(data)
        except Exception as exc:  # noqa: BLE001  # the receiver's: the application has done its part
            self.fail(exc)

    async def _push(self, data: bytes) -> None:
        """Give *data* to the receiver when it wants some, after the head, and before the end."""
        events = self._events
        if self._call.receiver is not None:
            assert events.head is not None
            self._deliver(events.head)
        await self._flowing.wait()
        if data and self._live:
            self._watch()
            self._feed(data)
        if not self._live:
            raise ClientGoneError(_GONE)
        if events.complete:
            self._trailers = tuple(events.trailers)
            self._finish()
        if data and self._call.observer is not None:
            await self._tell(self._call.observer, data)
        elif not events.complete:
            await asyncio.sleep(0)  # so that who reads it gets its turn

    async def _tell(self, observer: Observer, data: bytes) -> None:
        try:
            await observer.observe(ChunkReceived(data))
        except Exception as exc:
            self.fail(exc)
            raise ClientGoneError(_GONE) from exc

    async def _run(self, application: "ASGIApplication", scope: "Scope") -> None:
        await application(scope, self.receive, self.send)

    def _returned(self, task: "asyncio.Task[None]") -> None:
        self._task = None
        if not task.cancelled():
            self._settle(task.exception())
        elif self._is_open():
            self._settle(ApplicationError("The call of the application was cancelled"))

    def _is_open(self) -> bool:
        """Tell whether the client is there, and the application owes it something."""
        return self._live and not self._events.complete

    def _settle(self, exc: BaseException | None) -> None:
        """Learn how the application ended."""
        if not self._live or (self._events.complete and self._call.receiver is None):
            self._report(exc)
        elif exc is None:
            what = "before its response was complete" if self._events.head else "without a response"
            self._break(ApplicationError(f"The application returned {what}"))
        elif self._call.raise_app_exceptions or not isinstance(exc, Exception):
            self._break(exc)
        else:
            self._report(exc)
            if self._call.receiver is not None:
                self._answer_error()
            else:
                self._break(exc)

    def _answer_error(self) -> None:
        """Answer in the application's stead."""
        request = self._call.request
        body = b"" if request.method == "HEAD" else _ERROR.encode()
        headers = CIMultiDict(
            [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(_ERROR)))]
        )
        self._deliver(ResponseHead(request.version, 500, _ERROR, headers))
        if body:
            self._feed(body)
        self._finish()

    def _report(self, exc: BaseException | None) -> None:
        """Tell the event loop what no request can be told any more."""
        if exc is None or comes_of_leaving(exc, self._told):
            return
        request = self._call.request
        message = f"The application failed in {request.method} {request.url.path!r}"
        self._call.loop.call_exception_handler({"message": message, "exception": exc})

    def _break(self, exc: BaseException) -> None:
        """Fail for what the application has done."""
        if self._live:
            self._told = exc
        if self._sink is not None and not isinstance(exc, ClientPayloadError):
            error = ClientPayloadError(f"The application failed in its response: {exc!r:.200}")
            error.__cause__ = exc
            exc = error
        self.fail(exc)

    def _deliver(self, head: ResponseHead) -> None:
        receiver, self._call.receiver = self._call.receiver, None
        # Let go of here, so that a response that nobody holds can be collected.
        assert receiver is not None
        self._moments["first_byte"] = perf_counter() - self._call.since
        self._sink = receiver.on_head(head, self)
        if not self.answered.done():
            self.answered.set_result(None)

    def _feed(self, data: bytes) -> None:
        assert self._sink is not None
        # Each event is a chunk, as servers make one of it.
        feed_chunks = getattr(self._sink, "feed_chunks", None)
        if feed_chunks is not None and self._events.chunked:
            feed_chunks([data], False)
        else:
            self._sink.feed(data)

    def _finish(self) -> None:
        self._moments["done"] = perf_counter() - self._call.since
        sink = self._end()
        assert sink is not None
        sink.eof()

    def _end(self) -> BodySink | None:
        """Cut the exchange off the session, and give where its body went."""
        self._live = False
        self._rest()
        self._call.receiver = None
        sink, self._sink = self._sink, None
        self._flowing.set()
        self._on_end()
        return sink

    @abstractmethod
    def _on_end(self) -> None:
        """Learn that the client is not there any more."""

    def _watch(self) -> None:
        """Start to wait for the application."""
        limit = self._call.timeouts.sock_read
        if limit is not None and self._live and self._flowing.is_set():
            self._call.deadlines.set(self, limit)

    def _rest(self) -> None:
        """Wait for the application no longer."""
        limit = self._call.timeouts.sock_read
        if limit is not None:
            self._call.deadlines.cancel(self, limit)
