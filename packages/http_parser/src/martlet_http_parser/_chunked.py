"""The chunked transfer coding (RFC 9112 section 7.1), decoded without I/O.

Its grammar is the classic place where two readers disagree about where a message ends,
so nothing is accepted here that the grammar does not have, but for blanks before the
end of a chunk-size line, which some servers pad with (and which forbid reuse).
"""

from collections.abc import Callable
from enum import Enum

from martlet_exceptions import TransferEncodingError

from ._grammar import CHUNK_LINE
from ._limits import Limits
from ._trailers import TrailerSection

__all__ = ["ChunkedDecoder"]


class _State(Enum):
    SIZE = "a chunk's size line"
    DATA = "a chunk's data"
    DATA_END = "the line end after a chunk"
    TRAILERS = "the trailer section"
    DONE = "the end"


class ChunkedDecoder:
    """Takes the bytes of a chunked body; gives its data, then its trailers.

    `feed` until `done`; what followed the body is in `tail` then. `trailers` are the
    fields that came after the last chunk. `sloppy` says whether a rule was broken in a
    way that is accepted.
    """

    __slots__ = (
        "_buffer",
        "_dropped",
        "_extra",
        "_left",
        "_limits",
        "_section",
        "_state",
        "sloppy",
        "tail",
        "trailers",
    )

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._state = _State.SIZE
        self._buffer = b""
        self._left = 0
        self._dropped = 0
        self._extra = 0
        self._section: TrailerSection | None = None
        self.sloppy = False
        self.tail = b""
        self.trailers: list[tuple[str, str]] = []

    @property
    def done(self) -> bool:
        """Whether the body is complete."""
        return self._state is _State.DONE

    @property
    def expected(self) -> str:
        """What would have to come next, in words."""
        return self._state.value

    def feed(self, data: bytes, emit: Callable[[bytes], None]) -> None:
        """Decode *data*; call *emit* with what is body of it, in one piece if it can be.

        Raises `TransferEncodingError` for what is not well-formed, after the good data
        before it has been given out.
        """
        if self._buffer:
            data = self._buffer + data  # a few bytes, whatever has come of a line
            self._buffer = b""
        pieces: list[bytes] = []
        try:
            self._decode(data, pieces)
        finally:
            if pieces:
                emit(pieces[0] if len(pieces) == 1 else b"".join(pieces))

    def _decode(self, data: bytes, pieces: list[bytes]) -> None:
        at = 0
        end = len(data)
        if self._state is _State.DATA:
            at = self._left
            if at > end:
                self._left = at - end
                pieces.append(data)
                return
            pieces.append(data[:at])
            self._state = _State.DATA_END
        while at < end:
            if self._state is _State.SIZE:
                match = CHUNK_LINE.match(data, at)
                if match is None:
                    self._keep_partial_line(data, at)
                    return
                size = int(match[1], 16)
                if match.end() - at > len(match[1]) + 2:
                    self._account_for_extension(match[2], match.end() - at)
                at = match.end()
                if not size:
                    self._state = _State.TRAILERS
                    continue
                stop = at + size
                if stop >= end:
                    self._take_incomplete(data, at, stop, pieces)
                    return
                pieces.append(data[at:stop])
                at = stop
                self._state = _State.DATA_END
            elif self._state is _State.DATA_END:
                if not data.startswith(b"\r\n", at):
                    self._keep_partial_end(data, at)
                    return
                at += 2
                self._state = _State.SIZE
            else:
                self._read_trailers(data, at)
                return

    def _take_incomplete(self, data: bytes, at: int, stop: int, pieces: list[bytes]) -> None:
        if at < len(data):
            pieces.append(data[at:])
        self._left = stop - len(data)
        self._state = _State.DATA if self._left else _State.DATA_END

    def _keep_partial_line(self, data: bytes, at: int) -> None:
        length = len(data) - at + self._dropped
        line = data[at : at + self._limits.chunk_line + 1]
        # Complete it if it can be: what no ending would make right is refused at once.
        cr = b"\r" if line.endswith(b"\r") else b""
        match = CHUNK_LINE.fullmatch(line.removesuffix(b"\r") + b"\r\n")
        if match is None:
            raise TransferEncodingError(
                "A chunk's size line is not 1 to 16 hexadecimal digits and CRLF",
                excerpt=line[:100],
            )
        self._check_line_length(length)
        # Blanks and extensions count, but mean nothing: what has been looked at is not kept,
        # so that a line that comes byte by byte is not looked at over and over.
        self._buffer = match[1] + match[2][:1] + match[3][:1] + cr
        self._dropped = length - len(self._buffer)

    def _check_line_length(self, length: int) -> None:
        if length > self._limits.chunk_line:
            raise TransferEncodingError(
                f"A chunk's size line is longer than {self._limits.chunk_line} bytes"
            )

    def _account_for_extension(self, blanks: bytes, line_length: int) -> None:
        line_length += self._dropped
        self._dropped = 0
        self._check_line_length(line_length)
        if blanks:
            self.sloppy = True
        self._extra += line_length
        if self._extra > self._limits.head:
            raise TransferEncodingError(
                f"The chunk extensions of one body exceed {self._limits.head} bytes"
            )

    def _keep_partial_end(self, data: bytes, at: int) -> None:
        if data[at:] != b"\r":
            raise TransferEncodingError(
                "A chunk's data is not followed by CRLF", excerpt=data[at : at + 100]
            )
        self._buffer = b"\r"

    def _read_trailers(self, data: bytes, at: int) -> None:
        section = self._section
        if section is None:
            if data.startswith(b"\r\n", at):
                self._finish(data, at + 2)
                return
            section = self._section = TrailerSection(self._limits)
            self.trailers = section.fields
        end = section.feed(data, at)
        if end >= 0:
            self._finish(data, end)

    def _finish(self, data: bytes, at: int) -> None:
        self._state = _State.DONE
        self.tail = data[at:]
