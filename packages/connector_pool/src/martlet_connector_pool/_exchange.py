"""One request and its response on an HTTP/1 connection."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Final

from multidict import istr

from martlet_exceptions import BadHttpMessage, ClientError, SocketTimeoutError
from martlet_interfaces import (
    BodySink,
    Deadlines,
    Duplex,
    Expiring,
    HttpVersion11,
    Receiver,
    RequestBody,
    RequestHead,
    RequestInfo,
    ResponseHead,
    Timeouts,
)

from ._dial_clock import NO_PHASES
from ._expectation import Expectation
from ._keep_alive import idle_limit

if TYPE_CHECKING:
    import ssl

    from martlet_interfaces import Observer

    from ._http1 import Http1Connection
    from ._observed_body import ObservedBody
    from ._queued_request import Answered
    from ._upload import BytesBody

__all__ = ["IDEMPOTENT", "Http1Exchange"]

_KEEP_ALIVE: Final = istr("Keep-Alive")
_MOMENTS: Final = (("sent", "sent_at"), ("first_byte", "_came_at"), ("done", "done_at"))
IDEMPOTENT: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
"""Methods that do no more when they are sent twice (RFC 9110 section 9.2.2)."""


class _HeadDeadline:
    """The limit on a head that trickles in; apart, because it is hardly ever needed."""

    __slots__ = ("exchange", "limit")

    def __init__(self, exchange: "Http1Exchange", limit: float) -> None:
        self.exchange = exchange
        self.limit = limit

    def on_deadline(self) -> None:
        self.exchange.time_out("head", self.limit)


class Http1Exchange:
    """What the session holds on to (`Exchange`), and the back-pressure (`Flow`).

    *answered* resolves when the head has been given to the receiver, or fails. *sink* is
    where the body goes until it ends: it holds the exchange too, and a cycle of the two
    would be left to the garbage collector, for each request.
    """

    __slots__ = (
        "_began",
        "_came_at",
        "_connection",
        "_deadlines",
        "_expectation",
        "_head_deadline",
        "_live",
        "_observed",
        "_phases",
        "_receiver",
        "_reused",
        "_since",
        "_upload",
        "answered",
        "done_at",
        "request",
        "sent_at",
        "sink",
        "timeouts",
        "trailers",
        "watched",
    )

    trailers: Sequence[tuple[str, str]]
    """The fields that came after the body, once the exchange has ended well."""
    # What has not happened is not set, so that a request costs no more than the clock.
    _phases: Mapping[str, float]
    sent_at: float
    """When the request had been written, by `time.perf_counter`."""
    _came_at: float
    done_at: float
    """When the response was complete."""

    def __init__(
        self,
        connection: "Http1Connection",
        request: RequestHead,
        receiver: Receiver,
        timeouts: Timeouts,
        deadlines: Deadlines,
        answered: "Answered",
        since: float,
    ) -> None:
        self.request: RequestHead = request
        self.timeouts: Timeouts = timeouts
        self.answered: Answered = answered
        self.watched: bool = timeouts.sock_read is not None
        self._connection = connection
        self._deadlines = deadlines
        self._receiver: Receiver | None = receiver
        self._began: float | None = None
        self._reused = connection.reused
        self._since = since
        if connection.phases:
            self._phases = connection.phases
            connection.phases = NO_PHASES
        self._live = True
        self._observed: ObservedBody | None = None
        self.sink: BodySink | None = None
        self.trailers = ()
        self._upload: asyncio.Task[None] | None = None
        self._expectation: Expectation | None = None
        self._head_deadline: _HeadDeadline | None = None

    # The session's side: Exchange and Flow

    def release(self) -> None:
        """Give up what has not come of the body; once it has all come, nothing is to do."""
        if self._live:
            self.abort()

    def abort(self) -> None:
        """End the exchange and its connection, if the exchange is still going on."""
        # What has all come is told, also to the end.
        if self._observed is not None and self._live:
            self._observed.stop()
        self._abandon()

    def upgrade(self) -> Duplex:
        """Take the connection over."""
        from ._duplex import Http1Duplex

        connection = self._connection
        if not self._live or not connection.parser.upgraded:
            raise RuntimeError("The response did not switch protocols")
        self.end()
        return Http1Duplex(connection)

    def info(self, name: str, /) -> object | None:
        """Tell a fact of the exchange or its connection (`Exchange.info`).

        ``peername``, ``sockname``, ``reused``, ``http_version``, ``timings``, ``trailers``,
        ``transport``; with TLS ``alpn_protocol``, ``cipher``, ``peercert``, ``ssl_object``,
        ``sslcontext``; and whatever else the transport knows. If the request was sent once
        more, unasked, the phases are those of the second connection.
        """
        if name == "http_version":
            return "1.1"
        if name == "reused":
            return self._reused
        if name == "peername":
            return self._connection.addresses[0]
        if name == "sockname":
            return self._connection.addresses[1]
        if name == "timings":
            return self._timings()
        if name == "trailers":
            return tuple(self._connection.parser.trailers) if self._live else self.trailers
        if name == "transport":
            return self._connection.transport if self._live else None
        if name == "alpn_protocol":
            tls: ssl.SSLObject | None = self._connection.transport.get_extra_info("ssl_object")
            return None if tls is None else tls.selected_alpn_protocol()
        fact: object | None = self._connection.transport.get_extra_info(name)
        return fact

    def _timings(self) -> dict[str, float]:
        timings = dict(getattr(self, "_phases", NO_PHASES))
        for name, slot in _MOMENTS:
            when: float | None = getattr(self, slot, None)
            if when is not None:
                timings[name] = when - self._since
        return timings

    def pause(self) -> None:
        """Stop reading; the wait is the reader's, so it is not timed."""
        if self._live:
            self._connection.pause_reading()
            self.rest()

    def resume(self) -> None:
        """Read on."""
        if self._live:
            self._connection.resume_reading()
            self.watch()

    # The connection's side

    def on_head(self, head: ResponseHead) -> BodySink:
        """Hand the head over, and say that it came."""
        self._came_at = perf_counter()
        if self._head_deadline is not None:
            self._deadlines.cancel(self._head_deadline, self._head_deadline.limit)
        if self._expectation is not None:
            self._expectation.drop()
        receiver, self._receiver = self._receiver, None
        # Let go of here, so that a response that nobody holds can be collected.
        assert receiver is not None
        promise = head.headers.get(_KEEP_ALIVE)
        if promise is not None:
            self._connection.idle_limit = idle_limit(promise)
        self.sink = sink = receiver.on_head(head, self)
        if not self.answered.done():
            self.answered.set_result(None)
        return sink

    def watch(self) -> None:
        """Start to wait for bytes."""
        if self._live and self.timeouts.sock_read is not None:
            self._set(self, self.timeouts.sock_read)

    def watch_head(self) -> None:
        """Learn that a part of the head has come: the rest may take so long, in all.

        While the body is still to be written it is no more than an interim response.
        """
        if self._expectation is not None or (self._upload is not None and not self._upload.done()):
            return
        self.watch()
        limit = self.timeouts.head
        if limit is not None and self._head_deadline is None:
            self._head_deadline = _HeadDeadline(self, limit)
            self._set(self._head_deadline, limit)

    def end(self) -> bool:
        """Cut the exchange off its connection; tell whether its request was all written."""
        self._live = False
        if self.timeouts.sock_read is not None:
            self._deadlines.cancel(self, self.timeouts.sock_read)
        if self._head_deadline is not None:
            self._deadlines.cancel(self._head_deadline, self._head_deadline.limit)
        upload = self._upload
        if upload is None:
            expectation, self._expectation = self._expectation, None
            if expectation is None:
                return True
            expectation.drop()
            return False
        if upload.cancel():
            return False
        return not upload.cancelled() and upload.exception() is None

    async def upload_over(self) -> None:
        """Wait until nothing reads from the request's body any more."""
        if self._upload is not None:
            await asyncio.wait([self._upload])

    def rest(self) -> None:
        """Wait for bytes no longer: what comes next is not HTTP."""
        if self.timeouts.sock_read is not None:
            self._deadlines.cancel(self, self.timeouts.sock_read)

    def deliver_failure(self, exc: BaseException) -> None:
        """Tell whoever waits that the exchange has failed."""
        if isinstance(exc, BadHttpMessage):
            exc.request_info = self.request_info()
        sink, self.sink = self.sink, None
        if sink is not None and not self._connection.parser.done:
            sink.fail(exc)
        if not self.answered.done():
            self.answered.set_exception(exc)

    def on_deadline(self) -> None:
        """Learn that nothing came for *sock_read* seconds."""
        self.time_out("sock_read", self.timeouts.sock_read)

    def time_out(self, phase: str, limit: float | None) -> None:
        """Fail because *phase* took longer than *limit* seconds."""
        elapsed = None if self._began is None else self._deadlines.time() - self._began
        self._connection.fail(
            SocketTimeoutError(phase=phase, limit=limit, elapsed=elapsed, url=self.request.url)
        )

    def observe(self, observer: "Observer", loop: asyncio.AbstractEventLoop) -> None:
        """Have *observer* told of the body that comes."""
        from ._observed_body import ObservedBody

        assert self._receiver is not None
        self._observed = ObservedBody(self._receiver, observer, loop, self._abandon)
        self._receiver = self._observed

    def told_sent(self) -> None:
        """Learn that the observer knows that the request is on its way."""
        if self._observed is not None:
            self._observed.begin()

    def _abandon(self) -> None:
        if self._live:
            self._connection.abort()

    def start_upload(
        self,
        body: "RequestBody | BytesBody",
        loop: asyncio.AbstractEventLoop,
        observer: "Observer | None" = None,
        *,
        held: bool = False,
    ) -> None:
        """Write *body* while the response may come already; *held*: if it is asked for."""
        # A server has to pass over what a request of HTTP/1.0 expects.
        if held and self.request.version >= HttpVersion11:
            begin = partial(self._begin_upload, body, loop, observer)
            self._expectation = Expectation(self._connection.interims, self._deadlines, begin)
        else:
            self._begin_upload(body, loop, observer)

    def _begin_upload(
        self,
        body: "RequestBody | BytesBody",
        loop: asyncio.AbstractEventLoop,
        observer: "Observer | None",
    ) -> None:
        self._expectation = None
        self._upload = loop.create_task(self._write(body, observer))
        self._upload.add_done_callback(self._uploaded)

    async def _write(self, body: "RequestBody | BytesBody", observer: "Observer | None") -> None:
        from ._upload import upload

        await upload(self._connection, body, observer)
        self.sent_at = perf_counter()

    def _uploaded(self, task: "asyncio.Task[None]") -> None:
        if task.cancelled():
            return
        exc = task.exception()
        if exc is None:
            if not self._connection.reading_paused:
                self.watch()
        elif self._live and not (
            # A dead connection tells its own story, and a truer one, in a moment.
            isinstance(exc, ClientError) and self._connection.transport.is_closing()
        ):
            self._connection.fail(exc)

    def _set(self, item: Expiring, delay: float) -> None:
        when = self._deadlines.set(item, delay)
        if self._began is None:
            self._began = when - delay

    # The retry rule

    def may_retry(self, body: "bytes | RequestBody | None") -> bool:
        """Tell whether the request may be sent once more, unasked (RFC 9110 section 9.2.2).

        Only if it went out on a connection that the server may have been closing at
        that moment, nothing came back, and doing it twice is as good as once. A body that
        was held back until then is whole.
        """
        return (
            self._reused
            and not self._connection.parser.started
            and self.request.method in IDEMPOTENT
            and (body is None or isinstance(body, bytes) or body.replayable or self._upload is None)
        )

    def request_info(self) -> RequestInfo:
        """Describe the request, for errors."""
        request = self.request
        return RequestInfo(
            request.url.with_fragment(None), request.method, request.headers, request.url
        )
