"""The body of a response, as the application reads it.

It takes what the connector pushes (`BodySink`) and pauses the connector when nobody
reads. Nothing here locks, and a future is made only when somebody has to wait.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from io import BytesIO
from typing import Final, Generic, TypeVar

from martlet_interfaces import Flow

from ._large_body import LARGE, room_for
from ._total_timeout import TotalTimeout

__all__ = ["AsyncStreamIterator", "StreamReader"]

T = TypeVar("T")

# So that a body in tiny pieces does not take many times its size in objects.
_MAX_PIECES: Final = 4096
_TWO_READERS: Final = "Another task is already waiting to read this body"


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
        "_expected",
        "_flow",
        "_limit",
        "_offset",
        "_paused",
        "_pieces",
        "_size",
        "_total",
        "_waiter",
        "_whole",
        "total_bytes",
    )

    total_bytes: int
    """How many bytes of the body have come, content codings removed."""

    def __init__(
        self,
        flow: Flow,
        limit: int,
        total: TotalTimeout | None = None,
        *,
        expected: int = 0,
    ) -> None:
        self._flow = flow
        self._limit = limit
        self._total = total
        self._expected = expected
        # A list, not a deque, which takes 600 bytes: mostly there is one piece, or none.
        self._pieces: list[bytes] = []
        self._offset = 0  # how much of the first piece has been read
        self._size = 0
        self._eof = False
        self._exception: BaseException | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._paused = False
        self._whole: BytesIO | None = None
        self.total_bytes = 0

    def __repr__(self) -> str:
        state = "eof" if self._eof else "failed" if self._exception else "open"
        return f"<StreamReader {state}, {self._size} bytes waiting>"

    # The connector's side: BodySink

    def feed(self, data: bytes) -> None:
        """Take the next piece."""
        if self._exception is not None:
            return
        size = len(data)
        self.total_bytes += size
        if self._whole is not None:
            self._whole.write(data)
            return
        self._pieces.append(data)
        self._size += size
        if self._waiter is not None:
            self._wake()
        if not self._paused and (self._size >= self._limit or len(self._pieces) >= _MAX_PIECES):
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
            # What is left beyond the flow is of no use: nobody shall be asked for it.
            self._paused = False
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
        return self._eof and not self._pieces and self._exception is None

    def exception(self) -> BaseException | None:
        """What the body failed with, if it did."""
        return self._exception

    def set_exception(self, exc: BaseException) -> None:
        """Make further reading raise *exc*, and drop what is waiting."""
        self._pieces.clear()
        self._size = self._offset = 0
        if self._whole is not None:
            self._whole.seek(0)  # it ends here, when the reader wakes
        self._exception = exc
        self._paused = False
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
        self._settle()
        peeked: list[bytes] = []
        for piece in self._pieces:
            peeked.append(piece[:n])
            n -= len(piece)
            if n <= 0:
                break
        return b"".join(peeked)

    async def _read_all(self) -> bytes:
        if not self._eof:
            if self._waiter is not None:
                raise RuntimeError(_TWO_READERS)
            await self._gather_whole()
        if self._exception is not None:
            raise self._exception
        return self._take_all()

    async def _gather_whole(self) -> None:
        # All of it is wanted, so it is not held back while it comes, and goes where it
        # will stay: a buffer that grows in place, and gives itself away as bytes.
        whole = room_for(self._expected) if self._expected >= LARGE else BytesIO()
        self._settle()
        whole.writelines(self._pieces)
        self._pieces.clear()
        self._whole = whole
        try:
            self._resume()
            while not self._eof and self._exception is None:
                await self._wait()
        finally:
            self._whole = None
            whole.truncate()  # room was made for more than may have come
            data = whole.getvalue()
            if data:
                self._pieces.append(data)
            self._size = len(data)

    async def _wait_for_data(self) -> None:
        while not self._pieces:
            if self._exception is not None:
                raise self._exception
            if self._eof:
                return
            await self._wait()

    async def _wait(self) -> None:
        if self._waiter is not None:
            raise RuntimeError(_TWO_READERS)
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
        first, start = pieces[0], self._offset
        rest = len(first) - start
        if rest > n:
            self._offset = start + n
            taken = first[start : start + n]
        elif rest == n:
            del pieces[0]
            self._offset = 0
            taken = first[start:]
        else:
            taken = self._gather(n)
        self._size -= len(taken)
        if self._paused:
            self._resume_if_low()
        return taken

    def _gather(self, n: int) -> bytes:
        self._settle()
        pieces = self._pieces
        whole = 0
        for piece in pieces:
            if len(piece) > n:
                break
            n -= len(piece)
            whole += 1
        gathered = pieces[:whole]
        del pieces[:whole]
        if n and pieces:
            gathered.append(pieces[0][:n])
            self._offset = n
        return b"".join(gathered)

    def _settle(self) -> None:
        if self._offset:
            self._pieces[0] = self._pieces[0][self._offset :]
            self._offset = 0

    def _take_all(self) -> bytes:
        self._settle()
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
