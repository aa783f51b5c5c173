"""The chunked transfer coding (RFC 9112 section 7.1), decoded without I/O.

Its grammar is the classic place where two readers disagree about where a message ends.
So nothing is accepted here that the grammar does not have, but for blanks before the
end of a size line, which some servers pad with, and for extensions of whatever form,
which nobody reads. Both forbid reuse.
"""

import re
from collections.abc import Callable
from typing import Final

from martlet_exceptions import TransferEncodingError

from ._grammar import CHUNK_EXTENSIONS, CHUNK_LINE, CHUNK_LINE_START, CONTROLS
from ._limits import Limits
from ._states import CHUNKED_MOVES, ChunkedEvent, ChunkedState
from ._trailers import TrailerSection

__all__ = ["ChunkedDecoder"]

_SIZE: Final = ChunkedState.SIZE
_DATA: Final = ChunkedState.DATA
_DATA_END: Final = ChunkedState.DATA_END
_DONE: Final = ChunkedState.DONE

_EXPECTED: Final = {
    ChunkedState.SIZE: "a chunk's size line",
    ChunkedState.DATA: "a chunk's data",
    ChunkedState.DATA_END: "the line end after a chunk",
    ChunkedState.TRAILERS: "the trailer section",
    ChunkedState.DONE: "the end",
}

# The size lines that were met, each after the end of a chunk: a sender uses few. Those with
# extensions are not kept.
_sizes: dict[bytes, int] = {}
_MAX_SIZES: Final = 1024
_MAX_PLAIN: Final = len(b"0123456789abcdef\r\n")


class ChunkedDecoder:
    """Takes the bytes of a chunked body; gives its data, then its trailers.

    `feed` until `done`; what followed the body is in `tail` then. `trailers` are the
    fields that came after the last chunk. `sloppy` says whether a rule was broken in a
    way that is accepted, which nothing is if *strict*. *offset* is where in its message
    the body begins; errors say where in the message they are.
    """

    __slots__ = (
        "_at_end",
        "_base",
        "_extra",
        "_left",
        "_limits",
        "_line",
        "_open",
        "_section",
        "_state",
        "_strict",
        "sloppy",
        "tail",
        "trailers",
    )

    def __init__(self, limits: Limits, *, strict: bool = False, offset: int = 0) -> None:
        self._limits = limits
        self._strict = strict
        self._state = _SIZE
        self._line = bytearray()
        self._at_end = False
        self._left = 0
        self._open = False  # whether some of a chunk's data has been given out, not all
        self._base = offset
        self._extra = 0
        self._section: TrailerSection | None = None
        self.sloppy = False
        self.tail = b""
        self.trailers: list[tuple[str, str]] = []

    @property
    def done(self) -> bool:
        """Whether the body is complete."""
        return self._state is _DONE

    @property
    def expected(self) -> str:
        """What would have to come next, in words."""
        return _EXPECTED[self._state]

    @property
    def position(self) -> int:
        """How many bytes of the message have been fed."""
        return self._base

    def feed(self, data: bytes, emit: Callable[[bytes], None]) -> None:
        """Decode *data*; call *emit* with what is body of it, in one piece.

        Raises `TransferEncodingError` for what is not well-formed, after the good data
        before it has been given out.
        """
        pieces: list[bytes] = []
        try:
            self._decode(data, pieces)
        finally:
            if pieces:
                emit(pieces[0] if len(pieces) == 1 else b"".join(pieces))
        self._base += len(data)

    def feed_apart(self, data: bytes, emit: Callable[[list[bytes], bool], None]) -> None:
        """Decode *data* as `feed` does; call *emit* with a piece for each chunk.

        Each piece ends a chunk, but for the last one if *emit*'s second argument is true
        (see `martlet_interfaces.ChunkSink`).
        """
        pieces: list[bytes] = []
        try:
            self._decode(data, pieces)
        finally:
            if pieces:
                emit(pieces, self._open)
        self._base += len(data)

    def _decode(self, data: bytes, pieces: list[bytes]) -> None:
        at = 0
        end = len(data)
        while at < end:
            state = self._state
            if state is _SIZE:
                if not self._line and self._limits.chunk_line >= _MAX_PLAIN:
                    at = _take_whole_chunks(data, at, pieces)
                    if at == end:
                        return
                at = self._read_size_line(data, at)
            elif state is _DATA:
                at = self._take_data(data, at, pieces)
            elif state is _DATA_END:
                at = self._read_data_end(data, at)
            else:
                self._read_trailers(data, at)
                return

    def _move(self, event: ChunkedEvent) -> None:
        self._state = CHUNKED_MOVES[self._state][event]

    def _take_data(self, data: bytes, at: int, pieces: list[bytes]) -> int:
        stop = min(at + self._left, len(data))
        pieces.append(data[at:stop])
        self._left -= stop - at
        self._open = self._left > 0
        if not self._open:
            self._move(ChunkedEvent.ALL_DATA)
        return stop

    def _read_data_end(self, data: bytes, at: int) -> int:
        expected = b"\n" if self._at_end else b"\r\n"
        found = data[at : at + len(expected)]
        if found == b"\r" and not self._at_end:
            self._at_end = True
        elif found == expected:
            self._at_end = False
            self._move(ChunkedEvent.LINE_END)
        else:
            start = at - self._at_end
            raise TransferEncodingError(
                "A chunk's data is not followed by CRLF",
                offset=self._base + start,
                excerpt=b"\r" * self._at_end + data[at : at + 100],
            )
        return at + len(found)

    def _read_size_line(self, data: bytes, at: int) -> int:
        """Read the line that opens a chunk, as far as it has come."""
        line = self._line
        before = len(line)
        start = self._base + at - before
        stop = data.find(b"\n", at) + 1
        line += data[at : stop or None]
        match = CHUNK_LINE.fullmatch(line) if stop else None
        if match is None and (stop or not self._can_become_one(max(0, before - 1))):
            raise TransferEncodingError(
                "A chunk's size line is not 1 to 16 hexadecimal digits and CRLF",
                offset=start,
                excerpt=bytes(line[:100]),
            )
        self._check_length(len(line), start)
        if match is None:
            return len(data)
        self._take_size_line(bytes(line), match, start)
        line.clear()
        return stop

    def _take_size_line(self, line: bytes, match: "re.Match[bytes]", start: int) -> None:
        size = int(match[1], 16)
        if match[2] or match[3]:
            self._account_for_extensions(line, match[2], match[3], start)
        elif size:
            if len(_sizes) >= _MAX_SIZES:
                _sizes.clear()
            _sizes[b"\r\n" + line] = size
        self._left = size
        self._move(ChunkedEvent.SIZE_LINE if size else ChunkedEvent.LAST_SIZE_LINE)

    def _can_become_one(self, looked_at: int) -> bool:
        """Tell whether some end would make a good line of what has come without one.

        However slowly it comes, each byte is looked at once: those before *looked_at*
        were good.
        """
        line = self._line
        if CHUNK_LINE_START.match(line[:18]) is None:
            return False
        fresh = str(line[looked_at:].removesuffix(b"\r"), "latin-1")
        return CONTROLS.search(fresh) is None

    def _check_length(self, length: int, start: int) -> None:
        if length > self._limits.chunk_line:
            raise TransferEncodingError(
                f"A chunk's size line is longer than {self._limits.chunk_line} bytes",
                offset=start,
            )

    def _account_for_extensions(
        self, line: bytes, blanks: bytes, extensions: bytes, start: int
    ) -> None:
        if blanks or CHUNK_EXTENSIONS.fullmatch(extensions) is None:
            if self._strict:
                what = "Blanks follow a chunk's size" if blanks else "An extension is malformed"
                raise TransferEncodingError(what, offset=start, excerpt=line[:100])
            self.sloppy = True
        self._extra += len(line)
        if self._extra > self._limits.head:
            raise TransferEncodingError(
                f"The chunk extensions of one body exceed {self._limits.head} bytes", offset=start
            )

    def _read_trailers(self, data: bytes, at: int) -> None:
        section = self._section
        if section is None:
            if data.startswith(b"\r\n", at):
                self._finish(data, at + 2)
                return
            section = self._section = TrailerSection(self._limits, offset=self._base + at)
            self.trailers = section.fields
        end = section.feed(data, at)
        if end >= 0:
            self._finish(data, end)

    def _finish(self, data: bytes, at: int) -> None:
        self._move(ChunkedEvent.EMPTY_LINE)
        self.tail = data[at:]


def _take_whole_chunks(data: bytes, at: int, pieces: list[bytes]) -> int:
    """Take the chunks that are there to their ends and open with a line that is known.

    Returns where the first begins that is anything else.
    """
    find, startswith, take = data.find, data.startswith, pieces.append
    start = find(b"\n", at) + 1
    line = b"\r\n" + data[at:start]
    size = _sizes.get(line)
    if size is None:
        return at
    while True:
        stop = start + size
        # Most chunks of a body are as large as the one before.
        step = size + len(line)
        while startswith(line, stop):
            take(data[start:stop])
            start += step
            stop += step
        # Or else what ends this one and opens the next is looked up in one go.
        after = find(b"\n", stop + 2) + 1
        another = data[stop:after]
        size = _sizes.get(another)
        if size is None:
            break
        take(data[start:stop])
        start = after
        line = another
    if not startswith(b"\r\n", stop):
        return start - len(line) + 2
    take(data[start:stop])
    return stop + 2
