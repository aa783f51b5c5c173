"""The limit on a request as a whole.

While the head is awaited, the task may wait for anything inside a connector, so it is
cancelled, and the cancellation is turned into the timeout (`verdict`). Later nobody
may be waiting at all, so the body is failed instead.
"""

import asyncio
from typing import TYPE_CHECKING

from martlet_exceptions import TotalTimeoutError
from martlet_interfaces import DeadlineQueue, Exchange

if TYPE_CHECKING:
    from yarl import URL

    from ._stream_reader import StreamReader

__all__ = ["TotalTimeout"]


class TotalTimeout:
    """One request's deadline, from its start to the end of its body.

    It does not know the response, so that one that nobody holds can be collected.
    """

    __slots__ = (
        "_cancelling",
        "_exchange",
        "_queue",
        "_reader",
        "_task",
        "_url",
        "expired",
        "until",
    )

    expired: bool
    """Whether the time has been up."""
    until: float
    """When it is up, by the event loop's clock."""

    def __init__(
        self, queue: DeadlineQueue, loop: asyncio.AbstractEventLoop | None, url: "URL"
    ) -> None:
        # Asked of the loop at hand, which is quicker than to look for it.
        task = asyncio.current_task(loop)
        if task is None:
            raise RuntimeError("A request with a timeout has to be made inside a task")
        self._queue = queue
        self._url = url
        self._task: asyncio.Task[object] | None = task
        self._cancelling = task.cancelling()
        self._reader: StreamReader | None = None
        self._exchange: Exchange | None = None
        self.expired = False
        self.until = queue.due[self] = queue.clock.time() + queue.delay
        if queue.timer is None:
            queue.start()

    def cancel(self) -> None:
        """Forget the deadline: the request has ended."""
        self._queue.due.pop(self, None)
        self._task = None

    def guard_body(self, reader: "StreamReader", exchange: Exchange) -> None:
        """Go on to watch over the body, now that the head is there."""
        self._task = None
        self._reader = reader
        self._exchange = exchange

    def verdict(self, exc: BaseException) -> BaseException:
        """End the deadline of a request that failed with *exc*; give what it has failed with.

        That is a `TotalTimeoutError`, if *exc* is a cancellation that the deadline brought.
        """
        task = self._task
        self.cancel()
        if self.expired and task is not None:
            others = task.uncancel() > self._cancelling
            if isinstance(exc, asyncio.CancelledError) and not others:
                error = self._error()
                error.__cause__ = exc
                return error
        return exc

    def _error(self) -> TotalTimeoutError:
        queue = self._queue
        elapsed = queue.clock.time() - self.until + queue.delay
        url = self._url.with_user(None)
        return TotalTimeoutError(phase="total", limit=queue.delay, elapsed=elapsed, url=url)

    def on_deadline(self) -> None:
        """Learn that the time is up."""
        self.expired = True
        if self._task is not None:
            self._task.cancel()
        elif self._reader is not None and self._exchange is not None:
            self._exchange.abort()
            self._reader.fail(self._error())
