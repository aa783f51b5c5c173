"""Compresses messages (RFC 7692 section 7.2.1)."""

import zlib
from typing import Final

from ._zlib_backend import ZlibBackend, ZlibCompressor, error_class

# zlib ends each flush with it; it is not sent.
_TAIL: Final = b"\x00\x00\xff\xff"
# A block of no octets without its tail, for a message of none (7.2.3.6).
_EMPTY: Final = b"\x00"


class Deflater:
    """Compresses the messages of a connection, one after the other.

    Args:
        bits: How far it may look back, as a power of two, 8 to 15.
        fresh: Whether each message is compressed by itself; then no memory is kept in between.
        level: zlib's, 1 (fastest) to 9 (smallest).
        backend: What makes the streams.

    Raises:
        TypeError: The backend is none.
    """

    __slots__ = ("_backend", "_bits", "_fresh", "_level", "_stream")

    def __init__(self, bits: int, *, fresh: bool, level: int, backend: ZlibBackend = zlib) -> None:
        error_class(backend)
        self._backend = backend
        # zlib makes no raw stream with a window of 256 octets; with its window of 512 it looks
        # back 250 at most, which is as good.
        self._bits = max(9, bits)
        self._fresh = fresh
        self._level = level
        self._stream: ZlibCompressor | None = None

    def deflate(self, data: bytes, level: int | None = None, /) -> bytes:
        """Compress a message, with a level of its own if one is given."""
        if not data:
            return _EMPTY
        stream = self._stream
        if level is not None and level != self._level:
            # The next message must not refer to what came before this one: distances count what
            # the peer has got in between. A level of its own is therefore a new beginning.
            self._stream = None
            stream = self._backend.compressobj(level=level, wbits=-self._bits)
        elif stream is None:
            stream = self._backend.compressobj(level=self._level, wbits=-self._bits)
            self._stream = None if self._fresh else stream
        packed = stream.compress(data) + stream.flush(zlib.Z_SYNC_FLUSH)
        return packed.removesuffix(_TAIL)
