"""Encoding brotli (RFC 7932)."""

from typing import Final

from ._brotli_library import BrotliLibrary
from ._content_coding import ContentEncoder
from ._slicing_encoder import SlicingEncoder

__all__ = ["brotli_encoder"]

# The library's own default, 11, is for files that are made once: it is some hundred times slower.
_DEFAULT_LEVEL: Final = 5
_BEST_LEVEL: Final = 11


def brotli_encoder(library: BrotliLibrary, level: int | None) -> ContentEncoder:
    """Make an encoder of *level*, 0 to 11, by default 5; `ValueError` for another."""
    if level is None:
        level = _DEFAULT_LEVEL
    if not 0 <= level <= _BEST_LEVEL:
        raise ValueError(f"There is no level {level!r:.100} of br: it is 0 to {_BEST_LEVEL}")
    compressor = library.compressor(quality=level)
    return SlicingEncoder(compressor.process, compressor.flush, compressor.finish)
