"""Removing content codings (RFC 9110 section 8.4), a bounded step at a time.

A few bytes can inflate to gigabytes, so a decoder never gives more than it is asked
for: it keeps what it has not looked at yet, and the caller comes back for more.
"""

import zlib
from collections.abc import Callable
from typing import Final

from martlet_exceptions import ContentEncodingError

__all__ = ["MAX_CODINGS", "ContentDecoder", "content_decoders"]

MAX_CODINGS: Final = 5
"""How many codings may be applied to one body."""

_GZIP_WINDOW: Final = 16 + zlib.MAX_WBITS
_GZIP_MAGIC: Final = b"\x1f\x8b"


class ContentDecoder:
    """Decodes one content coding: gzip (of any number of members), or deflate.

    Deflate is accepted with the zlib wrapper, as RFC 9110 section 8.4.1.2 says, and
    without it, as some servers send it.
    """

    __slots__ = ("_coding", "_decompressor", "_pending", "_started")

    def __init__(self, coding: str) -> None:
        self._coding = coding
        self._pending = b""
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
        self._pending += data

    def read(self, size: int) -> bytes:
        """Decode up to *size* bytes; ``b""`` when more has to be fed first.

        Raises `ContentEncodingError` for what is not in the coding.
        """
        while self._started:
            decompressor = self._decompressor
            if decompressor.eof and not self._next_member():
                return b""
            decompressor = self._decompressor
            data = self._pending
            try:
                output = decompressor.decompress(data, size)
            except zlib.error as exc:
                raise ContentEncodingError(
                    f"The body is not valid {self._coding}: {exc}", excerpt=data[:100]
                ) from exc
            self._pending = (
                decompressor.unused_data if decompressor.eof else decompressor.unconsumed_tail
            )
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
        self._pending = b""
        return True

    def _next_member(self) -> bool:
        """Go on to the next gzip member, if there is one (RFC 1952 section 2.2)."""
        if self._coding != "gzip" or not self._pending.strip(b"\0"):
            self._pending = b""  # padding with zeros is common, and harmless
            return False
        if not self._pending.startswith(_GZIP_MAGIC[: len(self._pending)]):
            raise ContentEncodingError(
                "There is something after the end of the gzip body", excerpt=self._pending[:100]
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
