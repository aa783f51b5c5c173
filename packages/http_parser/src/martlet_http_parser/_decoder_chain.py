"""Removing several content codings, one after the other."""

from collections.abc import Sequence
from typing import Final

from martlet_exceptions import ContentEncodingError

from ._content_coding import ContentDecoder

__all__ = ["DecoderChain"]

_STEP: Final = 64 * 1024
# What the outer of several codings may inflate to while the inner ones give nothing. It
# is reached only by a body that was made for it: one that costs time, and no memory.
_MAX_BARREN: Final = 64 * 1024 * 1024


class DecoderChain:
    """Several decoders as one `ContentDecoder`: each is fed with what the one before gives.

    Between any two of them there are 64 KiB at most. If 64 MiB of one coding yield nothing
    in the next ones, it is an error.
    """

    __slots__ = ("_barren", "_decoders")

    def __init__(self, decoders: Sequence[ContentDecoder]) -> None:
        """Chain *decoders*, at least one, in the order to apply them."""
        self._decoders = decoders
        self._barren = 0

    def feed(self, data: bytes) -> None:
        """Add *data*, which is not empty, to what is to be decoded."""
        self._decoders[0].feed(data)

    def read(self, size: int) -> bytes:
        """Decode up to *size* bytes, at least 1; ``b""`` when more has to be fed first.

        Raises `ContentEncodingError` for what is not in its coding.
        """
        data = self._read(len(self._decoders) - 1, size)
        if data:
            self._barren = 0
        return data

    def finish(self) -> None:
        """Learn that nothing more will be fed, after `read` gave ``b""``.

        Raises `ContentEncodingError` if one of the codings has not come to its end.
        """
        for decoder in self._decoders:
            decoder.finish()

    def _read(self, index: int, size: int) -> bytes:
        """Read from decoder *index*, feeding it from the one before."""
        decoder = self._decoders[index]
        while True:
            data = decoder.read(size)
            if data or index == 0:
                return data
            coded = self._read(index - 1, _STEP)
            if not coded:
                return b""
            self._barren += len(coded)
            if self._barren > _MAX_BARREN:
                raise ContentEncodingError("The body inflates again and again, to nothing")
            decoder.feed(coded)
