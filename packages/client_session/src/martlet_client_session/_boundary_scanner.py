"""Where the parts of a multipart body begin and end (RFC 2046 section 5.1.1), without I/O.

Strategy: the body is taken as it comes, and of what has come only the few bytes that may
be the beginning of a delimiter are kept. Each byte is searched once, at C speed, and data
is given out in pieces as large as those that came.

A body shall have one reading only, whoever reads it. So

- a delimiter begins with CRLF, also in a body whose other lines end in LF alone; only at
  the very beginning of the body, or of a part's data, it needs none;
- a line that begins with the delimiter, and goes on with anything but ``--`` and blanks,
  is refused, as it is a delimiter by the RFC's rule and data to many readers;
- in the preamble, a delimiter after a lone LF is refused for the same reason;
- that the line of a delimiter, or of a header field, ends in a lone LF is accepted: it
  cannot be taken for anything else.

What follows the closing delimiter is passed over.
"""

import re
from enum import Enum, auto
from typing import Final

from martlet_exceptions import ClientPayloadError, PayloadEncodingError

__all__ = ["MAX_HEAD", "BoundaryScanner"]

MAX_HEAD: Final = 64 * 1024
"""How many bytes the header of a part may have."""

_MAX_PREAMBLE: Final = 64 * 1024
_MAX_PADDING: Final = 1024
_EXCERPT: Final = 100
# From the end of the line before on.
_BLANK_LINE: Final = re.compile(rb"\n\r?\n")


class _State(Enum):
    PREAMBLE = auto()
    DELIMITER = auto()  # behind its boundary
    HEAD = auto()  # at the LF that ends the delimiter's line
    DATA = auto()
    CLOSED = auto()


class BoundaryScanner:
    """Splits a body at *boundary*, which has no CR and no LF in it.

    The reader asks with `take_head` and `take_data`. When they give nothing, and neither
    `closed` nor `in_part` says why, then more has to be fed: call `feed`, or `feed_eof`
    if nothing more comes, and ask again.

    Both raise `PayloadEncodingError` for what is malformed, and `ClientPayloadError` if
    the body ends before its closing delimiter; asked again, they raise it again.

    *in_part*: what is fed begins with the data of a part.
    """

    __slots__ = (
        "_at",
        "_boundary",
        "_buffer",
        "_closing",
        "_delimiter",
        "_end",
        "_eof",
        "_fresh",
        "_passed",
        "_searched",
        "_state",
    )

    def __init__(self, boundary: bytes, *, in_part: bool = False) -> None:
        self._boundary = b"--" + boundary
        self._delimiter = b"\r\n" + self._boundary
        self._state = _State.DATA if in_part else _State.PREAMBLE
        self._buffer = b""
        self._at = 0
        # Up to here it is data, and a delimiter follows if it is not the end of the buffer…
        self._end = 0
        # …once it has been searched: how many bytes have, from `_at` on.
        self._searched = 0
        # Whether `_at` is where the data, or the preamble, begins.
        self._fresh = True
        self._eof = False
        self._closing: bool | None = None
        self._passed = 0

    def __repr__(self) -> str:
        return f"<BoundaryScanner {self._state.name.lower()}, {self._boundary!r}>"

    @property
    def in_part(self) -> bool:
        """Whether the data of a part is not over yet."""
        return self._state is _State.DATA

    @property
    def closed(self) -> bool:
        """Whether the closing delimiter has come."""
        return self._state is _State.CLOSED

    def feed(self, data: bytes) -> None:
        """Add *data*; only when all that could be taken has been."""
        at = self._at
        self._buffer = self._buffer[at:] + data if at < len(self._buffer) else data
        self._at = 0
        if self._state is _State.DATA:
            self._searched = 0

    def feed_eof(self) -> None:
        """Learn that nothing more will come."""
        self._eof = True
        if self._state is _State.DATA:
            self._searched = 0

    def take_data(self, size: int) -> bytes:
        """Give up to *size* bytes of the part's data; ``b""`` if there is none now."""
        if self._state is not _State.DATA:
            return b""
        if not self._searched and self._search():
            return b""
        at, end = self._at, self._end
        stop = min(end, at + size)
        data = self._buffer[at:stop]
        self._at = stop
        if stop == end:
            self._leave_data()
        return data

    def take_head(self) -> bytes | None:
        """Pass over what is left of the part, and give the header of the next one.

        It is without the blank line that ends it. ``None``: there is none now.
        """
        while self._state is not _State.CLOSED:
            if self._state is _State.HEAD:
                return self._take_head()
            if self._state is _State.DATA:
                self.take_data(len(self._buffer))
                passed = self._state is not _State.DATA
            elif self._state is _State.PREAMBLE:
                passed = self._pass_preamble()
            else:
                passed = self._pass_delimiter()
            if not passed:
                return None
        return None

    # Data

    def _search(self) -> bool:
        """Find how far the data goes; true if it is over before it begins."""
        buffer, at = self._buffer, self._at
        opened = self._opens(buffer, at)
        if opened:
            self._enter_delimiter(at + len(self._boundary))
            return True
        if opened is None:
            self._end = at
            return False
        found = buffer.find(self._delimiter, at)
        if found >= 0:
            self._end = found
        elif self._eof:
            raise self._early("the data of a part")
        else:
            self._end = self._held(self._delimiter, b"\r")
        self._searched = len(buffer) - at
        return False

    def _opens(self, buffer: bytes, at: int) -> bool | None:
        """Tell whether a delimiter without CRLF stands at the beginning; ``None``: not yet."""
        if not self._fresh:
            return False
        start = buffer[at : at + len(self._boundary)]
        if start == self._boundary:
            return True
        if self._boundary.startswith(start) and not self._eof:
            return None
        self._fresh = False
        return False

    def _held(self, needle: bytes, first: bytes) -> int:
        # What of the end may be the beginning of a delimiter. Its first byte is in it once.
        buffer = self._buffer
        start = buffer.rfind(first, max(self._at, len(buffer) - len(needle) + 1))
        return start if start >= 0 and needle.startswith(buffer[start:]) else len(buffer)

    def _leave_data(self) -> None:
        if self._buffer.startswith(self._delimiter, self._end):
            self._enter_delimiter(self._end + len(self._delimiter))

    def _enter_delimiter(self, at: int) -> None:
        self._state = _State.DELIMITER
        self._at = at
        self._closing = None
        self._passed = 0

    # Preamble

    def _pass_preamble(self) -> bool:
        buffer, at = self._buffer, self._at
        opened = self._opens(buffer, at)
        if opened:
            self._enter_delimiter(at + len(self._boundary))
            return True
        if opened is None:
            return False
        needle = self._delimiter[1:]
        found = buffer.find(needle, at)
        # The byte before is kept: it tells whether the line before ends in CRLF.
        end = found if found >= 0 else max(at, self._held(needle, b"\n") - 1)
        if self._passed + end - at > _MAX_PREAMBLE:
            raise PayloadEncodingError(
                f"No delimiter in the first {_MAX_PREAMBLE} bytes of a multipart body,"
                f" expected {self._boundary!r}"
            )
        if found >= 0:
            if found == at or buffer[found - 1 : found] != b"\r":
                raise PayloadEncodingError(
                    "The first delimiter of a multipart body follows a lone LF",
                    excerpt=buffer[found : found + _EXCERPT],
                )
            self._enter_delimiter(found + len(needle))
            return True
        if self._eof:
            raise self._early("its first delimiter")
        self._passed += end - at
        self._at = end
        return False

    # Delimiter

    def _pass_delimiter(self) -> bool:
        buffer = self._buffer
        if self._closing is None:
            dashes = buffer[self._at : self._at + 2]
            if dashes in (b"", b"-") and not self._eof:
                return False
            self._closing = dashes == b"--"
            self._at += 2 if self._closing else 0
        ahead = buffer[self._at : self._at + _MAX_PADDING + 1]
        padding = len(ahead) - len(ahead.lstrip(b" \t"))
        if self._passed + padding > _MAX_PADDING:
            raise PayloadEncodingError(
                f"More than {_MAX_PADDING} blanks behind a delimiter of a multipart body"
            )
        self._passed += padding
        self._at = at = self._at + padding
        ending = buffer[at : at + 2]
        if ending == b"\r\n" or ending[:1] == b"\n":
            self._at = buffer.index(b"\n", at)
        elif ending in (b"", b"\r") and not self._eof:
            return False
        elif not (ending == b"" and self._closing):
            if ending in (b"", b"\r"):
                raise self._early("a delimiter")
            raise PayloadEncodingError(
                f"Neither -- nor the end of the line follows the delimiter {self._boundary!r}",
                excerpt=buffer[at : at + _EXCERPT],
            )
        self._searched = 0
        if self._closing:
            self._state = _State.CLOSED
            self._buffer = b""
            self._at = 0
        else:
            self._state = _State.HEAD
        return True

    # Head

    def _take_head(self) -> bytes | None:
        buffer, at = self._buffer, self._at
        # An LF and a CR at the end of what has been searched may belong to a blank line.
        match = _BLANK_LINE.search(buffer, at + max(0, self._searched - 2), at + MAX_HEAD + 3)
        if match is None:
            if len(buffer) - at >= MAX_HEAD + 3:
                raise PayloadEncodingError(
                    f"The header of a part is longer than {MAX_HEAD} bytes",
                    excerpt=buffer[at + 1 : at + 1 + _EXCERPT],
                )
            if self._eof:
                raise self._early("the header of a part")
            self._searched = len(buffer) - at
            return None
        self._state = _State.DATA
        self._at = match.end()
        self._searched = 0
        self._fresh = True
        return buffer[at + 1 : match.start() + 1]

    def _early(self, where: str) -> ClientPayloadError:
        return ClientPayloadError(
            f"The multipart body ended within {where}: its closing delimiter"
            f" {self._boundary + b'--'!r} was expected"
        )
