"""Decoding brotli (RFC 7932)."""

from typing import Final

from martlet_exceptions import ContentEncodingError

from ._brotli_library import BrotliLibrary

__all__ = ["BrotliDecoder"]

# The library copies what it leaves of its input, too.
_STEP: Final = 16384
# It rounds the limit up to whole blocks of output. The first one is 32 KiB long (but for
# what the object itself takes), and one that is asked for more takes a far longer second.
_OUTPUT: Final = 32000


class BrotliDecoder:
    """Decodes one brotli stream: a `ContentDecoder`.

    Beside what it is asked for, it takes the window that the peer has chosen, of 16 MiB
    at most (RFC 7932 section 9.1); it grows with what is decoded. Anything after the
    end of the stream is an error.
    """

    __slots__ = (
        "_at",
        "_decompressor",
        "_error",
        "_finished",
        "_output",
        "_output_at",
        "_pending",
        "_step",
    )

    def __init__(self, library: BrotliLibrary) -> None:
        self._error = library.error
        self._decompressor = library.decompressor()
        self._pending = b""
        self._at = 0
        self._step = b""
        self._output = b""
        self._output_at = 0
        self._finished = False

    def feed(self, data: bytes) -> None:
        """Add *data*, which is not empty, to what is to be decoded."""
        self._pending = self._pending[self._at :] + data
        self._at = 0

    def read(self, size: int) -> bytes:
        """Decode up to *size* bytes, at least 1; ``b""`` when more has to be fed first.

        Raises `ContentEncodingError` for what is not in the coding.
        """
        if size < 1:
            raise ValueError(f"Cannot read {size} bytes")
        if self._output_at == len(self._output):
            self._output = b""  # not kept while the next is made
            self._output = self._decode()
            self._output_at = 0
        start = self._output_at
        self._output_at = min(start + size, len(self._output))
        return self._output[start : self._output_at]

    def finish(self) -> None:
        """Learn that nothing more will be fed, after `read` gave ``b""``.

        Raises `ContentEncodingError` if the coding has not come to its end.
        """
        if not self._finished and (self._step or self._pending):
            raise ContentEncodingError("The br body is cut short")

    def _decode(self) -> bytes:
        """Decode as much as comes out of the library at once."""
        decompressor = self._decompressor
        while True:
            if self._finished and self._pending:
                raise ContentEncodingError(
                    "There is something after the end of the br body",
                    excerpt=self._pending[self._at : self._at + 100],
                )
            try:
                data = b""
                if self._pending and decompressor.can_accept_more_data():
                    data = self._step = self._pending[self._at : self._at + _STEP]
                output = decompressor.process(data, output_buffer_limit=_OUTPUT)
                self._finished = decompressor.is_finished()
            except self._error as exc:
                raise ContentEncodingError(
                    f"The body is not valid br: {exc}", excerpt=self._step[:100]
                ) from exc
            self._at += len(data)
            if self._at == len(self._pending):
                self._pending = b""
                self._at = 0
            if output or not self._pending:
                return output
