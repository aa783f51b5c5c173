"""The body of a response, as the application reads it.

It takes what the connector pushes (`BodySink`) and pauses the connector when nobody
reads. Nothing here locks, and a future is made only when somebody has to wait.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final, Generic, TypeVar

from martlet_interfaces import Flow

from ._total_timeout import TotalTimeout

__all__ = ["AsyncStreamIterator", "StreamReader"]

T = TypeVar("T")

# So that a body in tiny pieces does not take many times its size in objects.
_MAX_PIECES: Final = 4096


class AsyncStreamIterator(Generic[T]):
    """Iterates over what a read function gives, until that is empty."""

    __slots__ = ("_read",)

    def __init__(self, read: Callable[[], Awaitable[T]]) -> None:
        self._read = read

    def __aiter__(self) -> AsyncIterator[T]:
        return self

    async def __anext__(self) -> T:
        piece = await self._read()
        if not piece:
            raise StopAsyncIteration
        return piece


class StreamReader:
    """Reads a body as it comes, or whole.

    About *limit* bytes are kept at most while nobody reads. One reader at a time: a
    second one that would have to wait gets `RuntimeError`.

    Reading raises what the body failed with: a `ClientPayloadError`, a timeout, or
    `ClientConnectionError` when the response has been closed. What had come before is
    given out first, but not by a `read` of everything.
    """

    __slots__ = (
        "_eof",
        "_exception",
        "_flow",
        "_greedy",
        "_limit",
        "_paused",
        "_pieces",
        "_size",
        "_total",
        "_waiter",
        "total_bytes",
    )

    total_bytes: int
    """How many bytes of the body have come, content codings removed."""

    def __init__(self, flow: Flow, limit: int, total: TotalTimeout | None = None) -> None:
        self._flow = flow
        self._limit = limit
        self._total = total
        self._pieces: deque[bytes] = deque()
        self._size = 0
        self._eof = False
        self._exception: BaseException | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._paused = False
        self._greedy = False
        self.total_bytes = 0

    def __repr__(self) -> str:
        state = "eof" if self._eof else "failed" if self._exception else "open"
        return f"<StreamReader {state}, {self._size} bytes waiting>"

    # The connector's side: BodySink

    def feed(self, data: bytes) -> None:
        """Take the next piece."""
        if self._exception is not None:
            return
        self._pieces.append(data)
        size = len(data)
        self._size += size
        self.total_bytes += size
        if self._waiter is not None:
            self._wake()
        if (
            (self._size >= self._limit or len(self._pieces) >= _MAX_PIECES)
            and not self._paused
            and not self._greedy
        ):
            self._paused = True
            self._flow.pause()

    def eof(self) -> None:
        """Learn that the body is complete."""
        if self._exception is None:
            self._eof = True
        self._end()

    def fail(self, exc: BaseException) -> None:
        """Learn that the rest will not come."""
        if not self._eof and self._exception is None:
            self._exception = exc
        self._end()

    def _end(self) -> None:
        if self._total is not None:
            self._total.cancel()
            self._total = None
        if self._waiter is not None:
            self._wake()

    def _wake(self) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result(None)

    # The application's side

    def is_eof(self) -> bool:
        """Whether all of the body has come (it may wait to be read)."""
        return self._eof

    def at_eof(self) -> bool:
        """Whether all of the body has been read."""
        return self._eof and not self._pieces

    def exception(self) -> BaseException | None:
        """What the body failed with, if it did."""
        return self._exception

    def set_exception(self, exc: BaseException) -> None:
        """Make further reading raise *exc*, and drop what is waiting."""
        self._pieces.clear()
        self._size = 0
        self._exception = exc
        self._end()

    async def read(self, n: int = -1) -> bytes:
        """Read up to *n* bytes, at least one; ``b""`` at the end. All of it if *n* is -1."""
        if n == 0:
            return b""
        if n < 0:
            return await self._read_all()
        if not self._pieces:
            await self._wait_for_data()
        return self._take(n)

    async def readany(self) -> bytes:
        """Read all that is there, at least one byte; ``b""`` at the end."""
        if not self._pieces:
            await self._wait_for_data()
        return self._take_all()

    def read_nowait(self, n: int = -1) -> bytes:
        """Read what is there without waiting, up to *n* bytes; it may be nothing."""
        if not self._pieces and self._exception is not None:
            raise self._exception
        return self._take_all() if n < 0 else self._take(n)

    def iter_chunked(self, n: int) -> AsyncStreamIterator[bytes]:
        """Iterate over pieces of at most *n* bytes."""
        if n <= 0:
            raise ValueError(f"Pieces of {n} bytes cannot be read")
        return AsyncStreamIterator(lambda: self.read(n))

    def iter_any(self) -> AsyncStreamIterator[bytes]:
        """Iterate over pieces as large as they come."""
        return AsyncStreamIterator(self.readany)

    def peek(self, n: int) -> bytes:
        """Look at up to *n* bytes that are there, without taking them."""
        peeked: list[bytes] = []
        for piece in self._pieces:
            peeked.append(piece[:n])
            n -= len(piece)
            if n <= 0:
                break
        return b"".join(peeked)

    async def _read_all(self) -> bytes:
        # All of it is wanted, so it is not held back while it comes.
        self._greedy = True
        try:
            self._resume()
            while not self._eof and self._exception is None:
                await self._wait()
        finally:
            self._greedy = False
        if self._exception is not None:
            raise self._exception
        return self._take_all()

    async def _wait_for_data(self) -> None:
        while not self._pieces and not self._eof:
            if self._exception is not None:
                raise self._exception
            await self._wait()

    async def _wait(self) -> None:
        if self._waiter is not None:
            raise RuntimeError("Another task is already waiting to read this body")
        self._waiter = waiter = asyncio.get_running_loop().create_future()
        try:
            await waiter
        finally:
            if self._waiter is waiter:
                self._waiter = None

    def _take(self, n: int) -> bytes:
        pieces = self._pieces
        if not pieces:
            return b""
        first = pieces[0]
        if len(first) == n:
            pieces.popleft()
            taken = first
        elif len(first) > n:
            taken = first[:n]
            pieces[0] = first[n:]
        else:
            taken = self._gather(n)
        self._size -= len(taken)
        if self._paused:
            self._resume_if_low()
        return taken

    def _gather(self, n: int) -> bytes:
        pieces = self._pieces
        gathered: list[bytes] = []
        while n and pieces:
            piece = pieces.popleft()
            if len(piece) > n:
                pieces.appendleft(piece[n:])
                piece = piece[:n]
            gathered.append(piece)
            n -= len(piece)
        return b"".join(gathered)

    def _take_all(self) -> bytes:
        pieces = self._pieces
        taken = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        pieces.clear()
        self._size = 0
        if self._paused:
            self._resume()
        return taken

    def _resume_if_low(self) -> None:
        if self._size <= self._limit // 2 and len(self._pieces) <= _MAX_PIECES // 2:
            self._resume()

    def _resume(self) -> None:
        if self._paused:
            self._paused = False
            self._flow.resume()
