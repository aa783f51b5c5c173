"""Decompresses messages (RFC 7692 section 7.2.2), a bounded step at a time.

The result is the same wherever the input is cut. Therefore the window is the largest in any case:
of a smaller one, zlib minds the size only from call to call. A step makes one octet beyond what is
wanted at most, so that what is too much is not taken for corrupt because of an error far behind.
And where that octet and an error may be in the same step, which of them came first is found out
octet by octet: zlib does not tell what it made before an error.

Input is cut into slices, since zlib gives back what it has not used, a copy of it for each step;
output comes in steps, so that whoever takes it can stop in time. A step costs at most the copy of
a slice beside what it yields, therefore time is linear in what comes in and goes out.
"""

import sys
import zlib
from collections.abc import Callable
from typing import Final

from ._close_code import WSCloseCode
from ._errors import WebSocketError
from ._zlib_backend import ZlibBackend, copy_of, error_class

_RAW: Final = -15
_SLICE: Final = 16 * 1024
_STEP: Final = 64 * 1024
# What the sender left out at the end of each message.
_TAIL: Final = b"\x00\x00\xff\xff"
# Streams in one message: a sender without zlib's sync flush ends one at each message (7.2.3.4).
_STREAMS: Final = 8


class Inflater:
    """Decompresses the messages of a connection, one after the other.

    Args:
        fresh: Whether each message is compressed by itself.
        backend: What makes the streams.

    Raises:
        TypeError: The backend is none.
    """

    __slots__ = ("_backend", "_error", "_fresh", "_stream", "_streams")

    def __init__(self, *, fresh: bool, backend: ZlibBackend = zlib) -> None:
        self._error = error_class(backend)
        self._fresh = fresh
        self._backend = backend
        self._stream = backend.decompressobj(wbits=_RAW)
        self._streams = 1

    def inflate(
        self, data: bytes, keep: Callable[[bytes], int], room: int = sys.maxsize, *, last: bool
    ) -> None:
        """Decompress a part of a message.

        Args:
            data: What came.
            keep: Called with each piece, of at most 64 KiB; gives how many octets it wants after
                it. It gets at most one more, and may raise, which comes out.
            room: How many octets are wanted.
            last: Whether the message ends here.

        Raises:
            WebSocketError: It cannot be decompressed (1007).
        """
        if last:
            data += _TAIL
        for start in range(0, len(data), _SLICE):
            room = self._steps(data[start : start + _SLICE], keep, room)
        if last:
            self._finish()

    def inflate_whole(
        self, data: bytes, keep: Callable[[bytes], int], room: int = sys.maxsize
    ) -> bytes | None:
        """Decompress a message that came as a whole; give it, if one step makes it.

        Else, and where it could be too large, this is ``inflate``: *keep* gets it.
        """
        if len(data) > _SLICE - len(_TAIL) or room < _STEP:
            self.inflate(data, keep, room, last=True)
            return None
        stream = self._stream
        error = None
        piece = b""
        try:
            piece = stream.decompress(data + _TAIL, _STEP)
        except self._error as exc:
            error = exc  # see `_decompress`
        if error is not None:
            raise _corrupt(error) from error
        if len(piece) < _STEP and not stream.eof:
            if self._fresh:
                self._finish()
            return piece
        self._go_on(piece, keep, room)
        self._finish()
        return None

    def _go_on(self, piece: bytes, keep: Callable[[bytes], int], room: int) -> None:
        room = keep(piece) if piece else room
        data, more = self._left(_STEP, piece)
        if more:
            self._steps(data, keep, room)

    def _finish(self) -> None:
        self._streams = 1
        if self._fresh:
            self._stream = self._backend.decompressobj(wbits=_RAW)

    def _steps(self, data: bytes, keep: Callable[[bytes], int], room: int) -> int:
        more = True
        while more:
            step = min(_STEP, room + 1)
            before = copy_of(self._stream) if step > room else self._stream
            piece = self._decompress(data, step)
            if isinstance(piece, Exception):
                if step > room:
                    self._stream = before
                    for place in range(len(data) - 1):
                        room = self._steps(data[place : place + 1], keep, room)
                raise _corrupt(piece) from piece
            if piece:
                room = keep(piece)
            data, more = self._left(step, piece)
        return room

    def _left(self, step: int, piece: bytes) -> tuple[bytes, bool]:
        """Give what is to be read after a step that made *piece*, and whether there is more."""
        if self._stream.eof:
            data = self._stream.unused_data
            self._restart()
            return data, bool(data)
        data = self._stream.unconsumed_tail
        # zlib may hold back output even if it has taken all input.
        return data, bool(data) or len(piece) == step

    def _decompress(self, data: bytes, size: int) -> bytes | Exception:
        # The error is given and not raised: what is raised while it is handled would keep it, and
        # with it all that its traceback knows.
        try:
            return self._stream.decompress(data, size)
        except self._error as exc:
            return exc

    def _restart(self) -> None:
        if self._streams == _STREAMS:
            text = f"a compressed message consists of more than {_STREAMS} streams"
            raise WebSocketError(WSCloseCode.INVALID_TEXT, text)
        self._streams += 1
        self._stream = self._backend.decompressobj(wbits=_RAW)


def _corrupt(error: Exception) -> WebSocketError:
    text = f"a message cannot be decompressed: {error}"
    return WebSocketError(WSCloseCode.INVALID_TEXT, text)
