"""Reading the header of a gzip member (RFC 1952 section 2.3), for libraries that cannot."""

import zlib
from collections.abc import Callable
from typing import Final

from martlet_exceptions import ContentEncodingError

__all__ = ["GzipHeader"]

_START: Final = b"\x1f\x8b\x08"
_FIXED: Final = 10
_HCRC: Final = 0x02
_EXTRA: Final = 0x04
_NAME: Final = 0x08
_COMMENT: Final = 0x10
_RESERVED: Final = 0xE0


class GzipHeader:
    """Passes over one header, which may come in any pieces and be of any length.

    Nothing of a name, a comment or an extra field is kept. Errors are those of zlib.
    """

    __slots__ = ("_crc", "_gathered", "_left", "_parts")

    def __init__(self) -> None:
        self._crc = 0
        self._gathered = b""
        self._left = 0
        # What is still to be read. Each takes data and where to begin, and says where it
        # stopped; it takes itself from the list when it is through.
        self._parts: list[Callable[[bytes, int], int]] = [self._read_fixed]

    @property
    def done(self) -> bool:
        """Whether all of the header has been read."""
        return not self._parts

    def feed(self, data: bytes) -> int:
        """Read on, and tell how many bytes of *data* belong to the header.

        Raises `ContentEncodingError` for what is no header.
        """
        at = 0
        while self._parts and at < len(data):
            at = self._parts[0](data, at)
        return at

    def _read_fixed(self, data: bytes, at: int) -> int:
        end = self._gather(data, at, _FIXED)
        header = self._gathered
        if not header.startswith(_START[: len(header)]):
            raise _invalid("incorrect header check", data)
        if len(header) < _FIXED:
            return end
        flags = header[3]
        if flags & _RESERVED:
            raise _invalid("unknown header flags set", data)
        parts = (
            (_EXTRA, self._read_extra_length),
            (_NAME, self._read_text),
            (_COMMENT, self._read_text),
            (_HCRC, self._read_crc),
        )
        self._parts = [part for flag, part in parts if flags & flag]
        self._take_gathered()
        return end

    def _read_extra_length(self, data: bytes, at: int) -> int:
        end = self._gather(data, at, 2)
        if len(self._gathered) == 2:
            self._left = int.from_bytes(self._gathered, "little")
            self._take_gathered()
            self._parts[:1] = [self._skip_extra] if self._left else []
        return end

    def _skip_extra(self, data: bytes, at: int) -> int:
        end = min(at + self._left, len(data))
        self._left -= end - at
        self._crc = zlib.crc32(data[at:end], self._crc)
        if not self._left:
            del self._parts[0]
        return end

    def _read_text(self, data: bytes, at: int) -> int:
        end = data.find(b"\0", at) + 1
        if end:
            del self._parts[0]
        else:
            end = len(data)
        self._crc = zlib.crc32(data[at:end], self._crc)
        return end

    def _read_crc(self, data: bytes, at: int) -> int:
        end = self._gather(data, at, 2)
        if len(self._gathered) == 2:
            if int.from_bytes(self._gathered, "little") != self._crc & 0xFFFF:
                raise _invalid("header crc mismatch", data)
            del self._parts[0]
        return end

    def _gather(self, data: bytes, at: int, size: int) -> int:
        """Add to what has been gathered, until it has *size* bytes."""
        end = min(at + size - len(self._gathered), len(data))
        self._gathered += data[at:end]
        return end

    def _take_gathered(self) -> None:
        self._crc = zlib.crc32(self._gathered, self._crc)
        self._gathered = b""


def _invalid(why: str, data: bytes) -> ContentEncodingError:
    return ContentEncodingError(f"The body is not valid gzip: {why}", excerpt=data[:100])
