"""The body of a response, as the application reads it.

It takes what the connector pushes and pauses the connector when nobody reads. Nothing
here locks, and a future is made only when somebody has to wait.
"""

import asyncio
from io import BytesIO
from typing import Final

from ._body_intake import BodyIntake
from ._body_line import BodyLineTooLong, checked_separator
from ._gathering import Gathering, UntilSeparator, UntilSize
from ._large_body import LARGE, room_for
from ._pieces import peek_pieces, take_pieces
from ._stream_iterators import AsyncStreamIterator, ChunkTupleAsyncStreamIterator

__all__ = ["StreamReader"]

_TWO_READERS: Final = "Another task is already waiting to read this body"


class StreamReader(BodyIntake):
    """Reads a body as it comes, or whole.

    About *limit* bytes are kept at most while nobody reads: then *protocol* is paused. It
    is a `martlet_interfaces.Flow`, or it has `pause_reading` and `resume_reading`, or
    neither, and then nothing is held back. *timer* and *loop* are accepted for the sake of
    older code, without effect: a reader belongs to the loop in which it is read.

    One reader at a time: a second one that would have to wait gets `RuntimeError`.

    Reading raises what the body failed with: a `ClientPayloadError`, a timeout, or
    `ClientConnectionError` when the response has been closed. What had come before is
    given out first, but only if it is what was asked for: not by a `read` of everything.
    A read that is cancelled loses nothing.
    """

    __slots__ = ()

    def __aiter__(self) -> AsyncStreamIterator[bytes]:
        """Iterate over the lines (`readline`)."""
        return AsyncStreamIterator(self.readline)

    # As it comes

    async def read(self, n: int = -1) -> bytes:
        """Read up to *n* bytes, at least one; ``b""`` at the end. All of it if *n* is -1."""
        if n == 0:
            return b""
        if n < 0:
            return await self._read_all()
        if not self._pieces:
            await self._wait_for_data()
        return self._take(n)

    def whole(self) -> bytes | None:
        """Take all of the body if it has all come, and nobody is reading it; else ``None``."""
        if not self.complete or self._exception is not None or self._whole is not None:
            return None
        pieces = self._pieces
        if len(pieces) == 1 and self._ends is None and not (self._offset or self._paused):
            # Mostly it is a small one, of which nothing has been read.
            self._size = 0
            return pieces.pop()
        return self._take_all()

    async def readany(self) -> bytes:
        """Read all that is there, at least one byte; ``b""`` at the end."""
        if not self._pieces:
            await self._wait_for_data()
        return self._take_all()

    def read_nowait(self, n: int = -1) -> bytes:
        """Read what is there without waiting, up to *n* bytes; it may be nothing."""
        if self._is_read():
            raise RuntimeError(_TWO_READERS)
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

    # Chunk by chunk

    async def readchunk(self) -> tuple[bytes, bool]:
        """Read what has come of a chunk; tell whether the chunk ends there.

        The chunks are those of the chunked transfer coding (RFC 9112 section 7.1). What has
        not come whole is given in pieces, of which the last one may be ``b""``, with
        ``True``. So it is for a chunk that was read to its end by other means: then its end
        is given, once; ends that were read over are not. ``(b"", False)`` at the end.

        A body with a content coding that was removed, and one that did not come in chunks,
        has no ends: what comes of it is given with ``False``. So have those chunks that
        came while a `read` of everything was waiting, if that was cancelled.
        """
        while True:
            ends = self._ends
            if ends is not None:
                at = self.total_bytes - self._size
                end = ends.next(at)
                if end is not None:
                    data = self._take(end - at)
                    ends.passed(end)
                    return data, True
            if self._pieces:
                return self._take(len(self._pieces[0]) - self._offset), False
            if self._exception is not None:
                raise self._exception
            if self.complete:
                return b"", False
            await self._wait()

    def iter_chunks(self) -> ChunkTupleAsyncStreamIterator:
        """Iterate over what `readchunk` gives, up to the end."""
        return ChunkTupleAsyncStreamIterator(self)

    # As much as is asked for

    async def readexactly(self, n: int) -> bytes:
        """Read *n* bytes, however many that is; ``b""`` if *n* is not positive.

        Raises `asyncio.IncompleteReadError` if the body ends before, with what there was in
        its ``partial``.
        """
        if n <= 0:
            return b""
        if self._size < n and not self.complete and self._exception is None:
            gathering = UntilSize(self._wake, n)
            await self._gather(gathering, gathering)
        if self._size >= n:
            return self._take(n)
        if self._exception is not None:
            raise self._exception
        raise asyncio.IncompleteReadError(self._take_all(), n)

    async def readline(self, *, max_line_length: int | None = None) -> bytes:
        r"""Read up to and with the next ``\n``; see `readuntil`."""
        return await self.readuntil(max_size=max_line_length)

    async def readuntil(self, separator: bytes = b"\n", *, max_size: int | None = None) -> bytes:
        r"""Read up to and with the next *separator*; what is left, if there is none.

        *max_size* is how many bytes that may be, separator included; by default (and for 0)
        twice the reader's limit. Raises `ValueError` if *separator* is empty or *max_size*
        negative, `TypeError` if *separator* is not bytes-like.

        A line that is longer raises an error that is a `ClientPayloadError`, `LineTooLong`
        and `ValueError`. It is gone then, or all of it that had come.
        """
        separator = checked_separator(separator)
        limit = max_size or 2 * self._limit
        if limit < 0:
            raise ValueError(f"A line of {max_size} bytes cannot be read")
        end = self._find(separator)
        if end < 0 and self._size <= limit and not self.complete and self._exception is None:
            self._settle()
            before = self._pieces[0] if self._pieces else b""
            gathering = UntilSeparator(self._wake, separator, limit, before)
            await self._gather(gathering, gathering)
            # It may have been dropped since (`set_exception`).
            end = gathering.end if gathering.end <= self._size else -1
        if end < 0 and self._size <= limit:
            if self._exception is not None:
                raise self._exception
            return self._take_all()
        line = self._take_all() if end < 0 else self._take(end)
        if len(line) > limit:
            raise BodyLineTooLong(f"Got more than {limit} bytes of a line", excerpt=line)
        return line

    # What is there

    def peek(self, n: int) -> bytes:
        """Look at up to *n* bytes that are there, without taking them."""
        self._settle()
        return peek_pieces(self._pieces, n)

    def unread_data(self, data: bytes) -> None:
        """Put *data* back in front of what is there, to be read next.

        Raises `RuntimeError` while another task waits to read.
        """
        if self._is_read():
            raise RuntimeError(_TWO_READERS)
        if data:
            self._settle()
            self._pieces.insert(0, bytes(data))
            self._size += len(data)

    def _is_read(self) -> bool:
        return self._waiter is not None or self._whole is not None

    def _find(self, separator: bytes) -> int:
        """Tell where the first *separator* ends in what is there; -1 if it is not there."""
        pieces = self._pieces
        if not pieces:
            return -1
        start = self._offset
        at = pieces[0].find(separator, start)
        if at < 0 and len(pieces) > 1:
            # All that lines take from here on is found in the first piece.
            self._settle()
            pieces[:] = [b"".join(pieces)]
            start = 0
            at = pieces[0].find(separator)
        return at + len(separator) - start if at >= 0 else -1

    # Waiting

    async def _read_all(self) -> bytes:
        if not self.complete:
            # All of it is wanted, so it is not held back while it comes, and goes where it
            # will stay: a buffer that grows in place, and gives itself away as bytes.
            large = self.expected_size >= LARGE
            await self._gather(room_for(self.expected_size) if large else BytesIO())
        if self._exception is not None:
            raise self._exception
        return self._take_all()

    async def _gather(self, whole: BytesIO, part: Gathering | None = None) -> None:
        """Let what comes go into *whole*, to its end, or until *part*, the same, has enough."""
        if self._waiter is not None or self._whole is not None:
            raise RuntimeError(_TWO_READERS)
        self._settle()
        whole.writelines(self._pieces)
        self._pieces.clear()
        self._size = 0
        self._whole = whole
        try:
            self._resume()
            while (
                not self.complete and self._exception is None and (part is None or not part.enough)
            ):
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
            if self.complete:
                return
            if self._whole is not None:
                raise RuntimeError(_TWO_READERS)
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

    # Taking

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
            self._settle()
            taken, self._offset = take_pieces(pieces, n)
        self._size -= len(taken)
        if self._ends is not None and not pieces:
            self._ends.settle()
        if self._paused:
            self._resume_if_low()
        return taken

    def _take_all(self) -> bytes:
        self._settle()
        pieces = self._pieces
        taken = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        pieces.clear()
        self._size = 0
        if self._ends is not None:
            self._ends.settle()
        if self._paused:
            self._resume()
        return taken

    def _settle(self) -> None:
        if self._offset:
            self._pieces[0] = self._pieces[0][self._offset :]
            self._offset = 0
