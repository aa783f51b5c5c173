"""One request and its answer, in memory."""

import asyncio
from collections.abc import Callable, Mapping

from attrs import field, frozen
from multidict import CIMultiDict
from yarl import URL

from martlet_interfaces import (
    BodySink,
    Duplex,
    HttpVersion11,
    Receiver,
    RequestHead,
    ResponseHead,
    Timeouts,
)

from ._application import OriginResponse, Then

__all__ = ["FakeExchange", "RecordedRequest"]


@frozen
class RecordedRequest:
    """What was sent: the head and its `method` and `url`, all of the body, the limits."""

    head: RequestHead
    body: bytes
    timeouts: Timeouts
    method: str = field(init=False)
    url: URL = field(init=False)

    @method.default
    def _method(self) -> str:
        return self.head.method

    @url.default
    def _url(self) -> URL:
        return self.head.url


class FakeExchange:
    """The `Exchange` and `Flow` of one answer, made by a `FakeConnector`.

    `request` is what was sent, `released` and `aborted` tell what the session has done
    with the answer. A body that hangs is continued by hand, with `feed`, `eof` and `fail`.
    """

    def __init__(
        self,
        request: RecordedRequest,
        answer: OriginResponse,
        *,
        facts: Mapping[str, object],
        broken: Callable[[], Exception],
        failure: Callable[[], Exception],
    ) -> None:
        self.request = request
        self.released: bool = False
        self.aborted: bool = False
        self._answer = answer
        self._facts = facts
        self._broken = broken
        self._failure = failure
        self._chunks = iter(answer.chunks)
        self._limit = request.timeouts.sock_read
        self._sink: BodySink | None = None
        self._paused = False
        self._pushing = False
        self._timer: asyncio.TimerHandle | None = None

    def start(self, receiver: Receiver) -> None:
        """Give the head and, unless it is paused, the body to *receiver*."""
        answer = self._answer
        headers = CIMultiDict(answer.headers)
        head = ResponseHead(HttpVersion11, answer.status, answer.reason, headers)
        self._sink = receiver.on_head(head, self)
        self._push()

    # The session's side: Exchange and Flow

    def release(self) -> None:
        """Stop, and note it."""
        self.released = True
        self._let_go()

    def abort(self) -> None:
        """Stop, and note it."""
        self.aborted = True
        self._let_go()

    def upgrade(self) -> Duplex:
        """Refuse: it speaks nothing but HTTP."""
        raise RuntimeError("The response did not switch protocols")

    def info(self, name: str, /) -> object | None:
        """Tell a fact that the connector was made with."""
        return self._facts.get(name)

    def pause(self) -> None:
        """Push no more."""
        self._paused = True
        self._stop_timer()

    def resume(self) -> None:
        """Push on, at once."""
        self._paused = False
        self._push()

    # The origin's side

    def feed(self, data: bytes) -> None:
        """Give *data* to the sink."""
        if self._sink is not None:
            self._sink.feed(data)

    def eof(self) -> None:
        """End the body, unless it has ended."""
        sink = self._let_go()
        if sink is not None:
            sink.eof()

    def fail(self, exc: BaseException) -> None:
        """Fail the body, unless it has ended."""
        sink = self._let_go()
        if sink is not None:
            sink.fail(exc)

    def _let_go(self) -> BodySink | None:
        sink, self._sink = self._sink, None
        self._stop_timer()
        return sink

    def _push(self) -> None:
        # A sink may pause and resume while it is fed.
        if self._pushing:
            return
        self._pushing = True
        while self._sink is not None and not self._paused:
            chunk = next(self._chunks, None)
            if chunk is None:
                self._come_to_the_end()
                break
            self._sink.feed(chunk)
        self._pushing = False

    def _come_to_the_end(self) -> None:
        then = self._answer.then
        if then is Then.END:
            self.eof()
        elif then is Then.BREAK:
            self.fail(self._broken())
        elif self._limit is not None:
            self._stop_timer()
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._limit, self._time_out)

    def _time_out(self) -> None:
        self.fail(self._failure())

    def _stop_timer(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
