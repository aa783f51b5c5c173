"""The side of a body's reader on which bytes come in, and are held back when many wait.

Nothing here locks, and nothing that is pushed has to wait.
"""

import asyncio
from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING, Final

from ._back_pressure import pause, resume
from ._chunk_ends import ChunkEnds
from ._end_watch import EndWatch, call_back
from ._gathering import Gathering

if TYPE_CHECKING:
    from ._total_timeout import TotalTimeout

__all__ = ["BodyIntake"]

# So that a body in tiny pieces does not take many times its size in objects.
_MAX_PIECES: Final = 4096


class BodyIntake:
    """What a `StreamReader` is to whoever pushes the body: a `ChunkSink`."""

    __slots__ = (
        "_ends",
        "_exception",
        "_limit",
        "_offset",
        "_paused",
        "_pieces",
        "_protocol",
        "_size",
        "_waiter",
        "_watch",
        "_whole",
        "complete",
        "expected_size",
        "total_bytes",
        "total_timeout",
    )

    complete: bool
    """Whether all of the body has come; as `is_eof`, without a call."""
    total_bytes: int
    """How many bytes of the body have come, content codings removed."""
    expected_size: int
    """How many bytes are announced, if they are many: a hint, set by the response."""
    total_timeout: "TotalTimeout | None"
    """The deadline that ends with the body, set by the response."""

    def __init__(
        self,
        protocol: object,
        limit: int,
        *,
        timer: object = None,
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self._protocol = protocol
        self._limit = limit
        # A list, not a deque, which takes 600 bytes: mostly there is one piece, or none.
        self._pieces: list[bytes] = []
        self._offset = 0  # how much of the first piece has been read
        self._size = 0
        self.complete = False
        self._exception: BaseException | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._paused = False
        self._whole: BytesIO | None = None
        self._ends: ChunkEnds | None = None
        self._watch: EndWatch | None = None
        self.total_bytes = 0
        self.expected_size = 0
        self.total_timeout = None

    def __repr__(self) -> str:
        state = "eof" if self.complete else "failed" if self._exception else "open"
        return f"<{type(self).__name__} {state}, {self._size} bytes waiting>"

    # Pushed by a connector: ChunkSink

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
            pause(self._protocol)

    def feed_chunks(self, pieces: list[bytes], open_end: bool) -> None:
        """Take the next pieces, each of which ends a chunk (`ChunkSink.feed_chunks`)."""
        if self._exception is not None:
            return
        ends = self._ends
        if ends is None:
            ends = self._ends = ChunkEnds()
        whole, before = self._whole, self.total_bytes
        self.feed(pieces[0] if len(pieces) == 1 else b"".join(pieces))
        if whole is None or isinstance(whole, Gathering):
            ends.add(pieces, open_end, before, self.total_bytes)
            if len(ends) >= _MAX_PIECES:
                self._pause_at_many_ends(ends)
        else:
            # All of it is wanted at once, so nobody will ask for its chunks.
            ends.skip(pieces, open_end, self.total_bytes)

    def eof(self) -> None:
        """Learn that the body is complete."""
        if self._exception is None:
            self.complete = True
        if self._waiter or self._watch or self.total_timeout:
            self._end()

    def fail(self, exc: BaseException) -> None:
        """Learn that the rest will not come."""
        if not self.complete and self._exception is None:
            self._exception = exc
            # What is left beyond the flow is of no use: nobody shall be asked for it.
            self._paused = False
        self._end()

    # Fed by hand, in the manner of aiohttp

    def feed_data(self, data: "bytes | bytearray | memoryview", size: int = 0) -> bool:
        """Take the next piece; *size* has no meaning, nor has what is returned.

        Raises `TypeError` if *data* is not bytes-like, `RuntimeError` after `feed_eof`.
        """
        if not isinstance(data, bytes):
            if not isinstance(data, bytearray | memoryview):
                raise TypeError(f"A body cannot be fed {type(data).__name__}: give bytes")
            data = bytes(data)
        if self.complete:
            raise RuntimeError("The body has ended: feed_data cannot follow feed_eof")
        if data:
            self.feed(data)
        return False

    def feed_eof(self) -> None:
        """Learn that the body is complete."""
        self.eof()

    def begin_http_chunk_receiving(self) -> None:
        """Learn that what is fed next belongs to a chunk.

        Raises `RuntimeError` if something was fed before the first chunk.
        """
        if self._ends is None:
            if self.total_bytes:
                raise RuntimeError("A body that did not begin with a chunk has none")
            self._ends = ChunkEnds()

    def end_http_chunk_receiving(self) -> None:
        """Learn that what was fed last ends a chunk; one that is empty does not count.

        Raises `RuntimeError` if no chunk has begun.
        """
        if self._ends is None:
            raise RuntimeError("begin_http_chunk_receiving has to be called first")
        self._ends.end(self.total_bytes)
        if self._waiter is not None and self._whole is None:
            self._wake()
        if len(self._ends) >= _MAX_PIECES:
            self._pause_at_many_ends(self._ends)

    def set_exception(self, exc: BaseException, exc_cause: BaseException | None = None) -> None:
        """Make further reading raise *exc*, and drop what is waiting.

        If *exc_cause* is given, it becomes the cause of *exc*.
        """
        if exc_cause is not None:
            exc.__cause__ = exc_cause
        self._pieces.clear()
        self._size = self._offset = 0
        self._ends = None
        if self._whole is not None:
            self._whole.seek(0)  # it ends here, when the reader wakes
        self._exception = exc
        self._paused = False
        if self._waiter or self._watch or self.total_timeout:
            self._end()

    # The end

    def is_eof(self) -> bool:
        """Whether all of the body has come (it may wait to be read)."""
        return self.complete

    def at_eof(self) -> bool:
        """Whether all of the body has been read."""
        return self.complete and not self._pieces and self._exception is None

    def exception(self) -> BaseException | None:
        """What the body failed with, if it did."""
        return self._exception

    def on_eof(self, callback: Callable[[], None]) -> None:
        """Have *callback* called when all of the body has come: at once, if it has.

        What it raises is logged. It is not called for a body that fails.
        """
        if self.complete:
            call_back(callback)
        else:
            self._watched().callbacks.append(callback)

    async def wait_eof(self) -> None:
        """Wait until all of the body has come, which takes somebody who reads a long one.

        Raises what the body failed with.
        """
        if not self.complete and self._exception is None:
            await self._watched().over.wait()
        if not self.complete and self._exception is not None:
            raise self._exception

    def _watched(self) -> EndWatch:
        if self._watch is None:
            self._watch = EndWatch()
        return self._watch

    def _end(self) -> None:
        if self.total_timeout is not None:
            self.total_timeout.cancel()
            self.total_timeout = None
        if self._waiter is not None:
            self._wake()
        if self._watch is not None:
            self._watch.end(complete=self.complete)

    def _wake(self) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result(None)

    # Back-pressure

    @property
    def total_compressed_bytes(self) -> int | None:
        """How many bytes have come with a content coding; ``None`` if none was removed."""
        count = getattr(self._protocol, "total_compressed_bytes", None)
        return count if isinstance(count, int) else None

    @property
    def total_raw_bytes(self) -> int:
        """How many bytes of the body have come, content codings included."""
        raw = self.total_compressed_bytes
        return self.total_bytes if raw is None else raw

    def get_read_buffer_limits(self) -> tuple[int, int]:
        """Tell at how few unread bytes the protocol is resumed, and at how many it is paused."""
        return self._limit // 2, self._limit

    def set_read_chunk_size(self, n: int) -> None:
        """Let *n* bytes wait unread, if that is more than the limit was."""
        if n > self._limit:
            self._limit = n
            if self._paused:
                self._resume_if_low()

    def _pause_at_many_ends(self, ends: ChunkEnds) -> None:
        if self._paused or self._whole is not None:
            return
        ends.next(self.total_bytes - self._size)
        if len(ends) >= _MAX_PIECES:
            self._paused = True
            pause(self._protocol)

    def _resume_if_low(self) -> None:
        if self._size > self._limit // 2 or len(self._pieces) > _MAX_PIECES // 2:
            return
        ends = self._ends
        if ends is not None:
            ends.next(self.total_bytes - self._size)
            if len(ends) > _MAX_PIECES // 2:
                return
        self._resume()

    def _resume(self) -> None:
        if self._paused:
            self._paused = False
            resume(self._protocol)
