"""Encoding zstd (RFC 8878), with windows as RFC 9659 allows them."""

from functools import partial

from ._content_coding import ContentEncoder
from ._slicing_encoder import SlicingEncoder
from ._zstd_library import ZstdLibrary

__all__ = ["zstd_encoder"]


def zstd_encoder(library: ZstdLibrary, level: int | None) -> ContentEncoder:
    """Make an encoder of *level*, up to 22, by default 3, that makes one frame.

    Negative levels are faster still. Raises `ValueError` for a level that there is not.
    """
    try:
        compressor = library.compressor(level)
    except (ValueError, OverflowError, library.error) as exc:
        raise ValueError(f"There is no level {level!r:.100} of zstd: {exc}") from exc
    flush = partial(compressor.flush, compressor.FLUSH_BLOCK)
    return SlicingEncoder(compressor.compress, flush, compressor.flush)
