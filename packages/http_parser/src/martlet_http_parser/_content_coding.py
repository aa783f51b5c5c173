"""Removing content codings (RFC 9110 section 8.4), a bounded step at a time.

A few bytes can inflate to gigabytes, so a decoder never gives more than it is asked
for: it keeps what it has not looked at yet, and the caller comes back for more.
"""

import re
import zlib
from collections.abc import Callable
from typing import Final, Literal

from martlet_exceptions import ContentEncodingError

__all__ = ["MAX_CODINGS", "ContentDecoder", "content_decoders"]

MAX_CODINGS: Final = 5
"""How many codings may be applied to one body."""

_GZIP_WINDOW: Final = 16 + zlib.MAX_WBITS
_GZIP_MAGIC: Final = b"\x1f\x8b"
_NOT_ZERO: Final = re.compile(rb"[^\0]")
# zlib copies what it leaves of its input. So it gets little at a time, or a million tiny
# members would cost their number times the size of what is waiting.
_STEP: Final = 16384


class ContentDecoder:
    """Decodes one content coding: gzip (of any number of members), or deflate.

    Deflate is accepted with the zlib wrapper, as RFC 9110 section 8.4.1.2 says, and
    without it, as some servers send it; what follows its end is passed over. Zeros that
    pad gzip are passed over, too.
    """

    __slots__ = ("_at", "_coding", "_decompressor", "_pending", "_started")

    def __init__(self, coding: Literal["gzip", "deflate"]) -> None:
        if coding not in ("gzip", "deflate"):
            raise ValueError(f"Not a content coding that is known here: {coding!r:.100}")
        self._coding = coding
        self._pending = b""
        self._at = 0
        self._started = False
        self._decompressor = zlib.decompressobj(
            _GZIP_WINDOW if coding == "gzip" else zlib.MAX_WBITS
        )

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
            decompressor = self._decompressor
            data = self._pending[self._at : self._at + _STEP]
            try:
                output = decompressor.decompress(data, size)
            except zlib.error as exc:
                raise ContentEncodingError(
                    f"The body is not valid {self._coding}: {exc}", excerpt=data[:100]
                ) from exc
            rest = decompressor.unused_data if decompressor.eof else decompressor.unconsumed_tail
            self._at += len(data) - len(rest)
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
                self._decompressor = zlib.decompressobj(-zlib.MAX_WBITS)
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
        self._decompressor = zlib.decompressobj(_GZIP_WINDOW)
        return True


_CODINGS: Final[dict[str, Callable[[], ContentDecoder]]] = {
    "gzip": lambda: ContentDecoder("gzip"),
    "x-gzip": lambda: ContentDecoder("gzip"),
    "deflate": lambda: ContentDecoder("deflate"),
}


def content_decoders(field: str) -> list[ContentDecoder] | None:
    """Make the decoders for a Content-Encoding *field*, in the order to apply them.

    Returns ``None`` if one of its codings is not known here: the body then stays as it
    is. Raises `ContentEncodingError` for more than `MAX_CODINGS` codings.
    """
    codings = [coding.strip(" \t").lower() for coding in field.split(",")]
    codings = [coding for coding in codings if coding not in ("", "identity")]
    if len(codings) > MAX_CODINGS:
        raise ContentEncodingError(
            f"More than {MAX_CODINGS} content codings",
            excerpt=field.encode("utf-8", "surrogateescape")[:100],
        )
    if not all(coding in _CODINGS for coding in codings):
        return None
    return [_CODINGS[coding]() for coding in reversed(codings)]
