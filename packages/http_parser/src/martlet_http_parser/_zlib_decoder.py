"""Decoding gzip (RFC 1952) and deflate (RFC 1950, 1951)."""

import re
import zlib
from typing import TYPE_CHECKING, Final, Literal

from martlet_exceptions import ContentEncodingError

from ._zlib_backend import zlib_library

if TYPE_CHECKING:
    from ._gzip_header import GzipHeader

__all__ = ["ZlibDecoder"]

_GZIP_WINDOW: Final = 16 + zlib.MAX_WBITS
_GZIP_MAGIC: Final = b"\x1f\x8b"
_PLAIN_HEADER: Final = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
_NOT_ZERO: Final = re.compile(rb"[^\0]")
# zlib copies what it leaves of its input. So it gets little at a time, or a million tiny
# members would cost their number times the size of what is waiting.
_STEP: Final = 16384


class ZlibDecoder:
    """Decodes gzip (of any number of members), or deflate: a `ContentDecoder`.

    Deflate is accepted with the zlib wrapper, as RFC 9110 section 8.4.1.2 says, and
    without it, as some servers send it; what follows its end is passed over. Zeros that
    pad gzip are passed over, too.
    """

    __slots__ = (
        "_at",
        "_coding",
        "_decompressor",
        "_header",
        "_library",
        "_pending",
        "_started",
    )

    def __init__(self, coding: Literal["gzip", "deflate"]) -> None:
        if coding not in ("gzip", "deflate"):
            raise ValueError(f"Not a content coding that is known here: {coding!r:.100}")
        self._coding = coding
        self._library = zlib_library()
        self._pending = b""
        self._at = 0
        self._started = False
        # What reads the header of a member, where the library cannot.
        self._header: GzipHeader | None = None
        if coding == "gzip":
            self._begin_member()
        else:
            self._decompressor = self._library.decompressobj(wbits=zlib.MAX_WBITS)

    def feed(self, data: bytes) -> None:
        """Add *data*, which is not empty, to what is to be decoded."""
        if not self._started:
            data = self._pending + data
            if not self._start(data):
                self._pending = data
                return
        self._pending = self._pending[self._at :] + data
        self._at = 0

    def read(self, size: int) -> bytes:
        """Decode up to *size* bytes, at least 1; ``b""`` when more has to be fed first.

        Raises `ContentEncodingError` for what is not in the coding.
        """
        if size < 1:
            raise ValueError(f"Cannot read {size} bytes")
        while self._started:
            if self._decompressor.eof and not self._next_member():
                return b""
            if self._header is not None and not self._read_header(self._header):
                return b""
            decompressor = self._decompressor
            data = self._pending[self._at : self._at + _STEP]
            try:
                output = decompressor.decompress(data, size)
            except self._library.error as exc:
                raise ContentEncodingError(
                    f"The body is not valid {self._coding}: {exc}", excerpt=data[:100]
                ) from exc
            rest = decompressor.unused_data if decompressor.eof else decompressor.unconsumed_tail
            self._at += len(data) - len(rest)
            if self._at < 0:
                # isal looks ahead: some of what it gives back, it was given before the last feed.
                self._pending = rest[: -self._at] + self._pending
                self._at = 0
            if self._at == len(self._pending):
                self._drop_pending()
            if output or not self._pending:
                return output
        return b""

    def finish(self) -> None:
        """Learn that nothing more will be fed, after `read` gave ``b""``.

        Raises `ContentEncodingError` if the coding has not come to its end.
        """
        if not self._decompressor.eof and (self._started or self._pending):
            raise ContentEncodingError(f"The {self._coding} body is cut short")

    def _start(self, data: bytes) -> bool:
        """Look at the first two bytes: is it a zlib wrapper, or bare deflate?"""
        if self._coding == "deflate":
            if len(data) < 2:
                return False
            is_zlib = (
                data[0] & 0x0F == 8 and data[0] >> 4 <= 7 and (data[0] << 8 | data[1]) % 31 == 0
            )
            if not is_zlib:
                self._decompressor = self._library.decompressobj(wbits=-zlib.MAX_WBITS)
        self._started = True
        self._drop_pending()
        return True

    def _drop_pending(self) -> None:
        self._pending = b""
        self._at = 0

    def _next_member(self) -> bool:
        """Go on to the next gzip member, if there is one (RFC 1952 section 2.2)."""
        found = _NOT_ZERO.search(self._pending, self._at)
        if self._coding != "gzip" or found is None:
            self._drop_pending()
            return False
        self._at = found.start()
        start = self._pending[self._at : self._at + 100]
        if not start.startswith(_GZIP_MAGIC[: len(start)]):
            raise ContentEncodingError(
                "There is something after the end of the gzip body", excerpt=start
            )
        self._begin_member()
        return True

    def _begin_member(self) -> None:
        self._decompressor = self._library.decompressobj(wbits=_GZIP_WINDOW)
        if not self._library.reads_headers:
            from ._gzip_header import GzipHeader

            self._header = GzipHeader()

    def _read_header(self, header: "GzipHeader") -> bool:
        """Read the header in the library's place, which gets a plain one; is it through?"""
        while not header.done:
            if self._at == len(self._pending):
                self._drop_pending()
                return False
            self._at += header.feed(self._pending[self._at : self._at + _STEP])
        self._header = None
        self._decompressor.decompress(_PLAIN_HEADER, 1)
        return True
