"""Queues of messages with one reader, which end or fail as a body does."""

import asyncio
from collections import deque
from typing import Final, Generic, TypeVar

from ._back_pressure import pause, resume
from ._stream_iterators import AsyncStreamIterator, EofStream

__all__ = ["DataQueue", "EofStream", "FlowControlDataQueue"]

T = TypeVar("T")

_TWO_READERS: Final = "Another task is already waiting to read this queue"


class DataQueue(Generic[T]):
    """A queue that is fed from a protocol and read by one task.

    Reading raises `EofStream` at the end, or what the queue failed with, after what had
    come before was given out. A second reader that would have to wait gets `RuntimeError`.
    *loop* is accepted for the sake of older code; a queue belongs to the loop in which it
    is read.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        self._loop = loop
        self._items: deque[tuple[T, int]] = deque()
        self._size = 0
        self._eof = False
        self._exception: BaseException | None = None
        self._waiter: asyncio.Future[None] | None = None

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        state = "eof" if self._eof else "failed" if self._exception else "open"
        return f"<{type(self).__name__} {state}, {len(self._items)} waiting>"

    def __aiter__(self) -> AsyncStreamIterator[T]:
        return AsyncStreamIterator(self.read)

    def is_eof(self) -> bool:
        """Whether everything has come (it may wait to be read)."""
        return self._eof

    def at_eof(self) -> bool:
        """Whether everything has been read."""
        return self._eof and not self._items

    def exception(self) -> BaseException | None:
        """What the queue failed with, if it did."""
        return self._exception

    def set_exception(self, exc: BaseException, exc_cause: BaseException | None = None) -> None:
        """Let the queue end with *exc*, whose cause is *exc_cause* if that is given."""
        if exc_cause is not None:
            exc.__cause__ = exc_cause
        self._eof = True
        self._exception = exc
        self._wake()

    def feed_data(self, data: T, size: int = 0) -> None:
        """Put *data* into the queue; *size* is what it counts for, in bytes."""
        self._items.append((data, size))
        self._size += size
        self._wake()

    def feed_eof(self) -> None:
        """Let the queue end."""
        self._eof = True
        self._wake()

    async def read(self) -> T:
        """Take what came first, waiting for it if nothing is there.

        Raises `EofStream` if nothing will come, or what the queue failed with.
        """
        while not self._items:
            if self._exception is not None:
                raise self._exception
            if self._eof:
                raise EofStream
            await self._wait()
        data, size = self._items.popleft()
        self._size -= size
        return data

    async def _wait(self) -> None:
        if self._waiter is not None:
            raise RuntimeError(_TWO_READERS)
        self._waiter = waiter = asyncio.get_running_loop().create_future()
        try:
            await waiter
        finally:
            if self._waiter is waiter:
                self._waiter = None

    def _wake(self) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result(None)


class FlowControlDataQueue(DataQueue[T]):
    """A queue that pauses *protocol* while more than twice *limit* bytes wait to be read.

    It is resumed when *limit* bytes are left. *protocol* may be what a `StreamReader` takes.
    """

    def __init__(
        self, protocol: object, limit: int, *, loop: asyncio.AbstractEventLoop | None = None
    ) -> None:
        super().__init__(loop)
        self._protocol = protocol
        self._limit = limit
        self._paused = False

    def feed_data(self, data: T, size: int = 0) -> None:
        """Put *data* into the queue, which counts for *size* bytes."""
        super().feed_data(data, size)
        if self._size > 2 * self._limit and not self._paused:
            self._paused = True
            pause(self._protocol)

    async def read(self) -> T:
        """Take what came first, as `DataQueue.read` does."""
        data = await super().read()
        if self._paused and self._size <= self._limit:
            self._paused = False
            resume(self._protocol)
        return data
