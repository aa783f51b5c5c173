"""Encoding gzip (RFC 1952) and deflate (RFC 1950, 1951)."""

import zlib
from functools import partial
from typing import Literal

from ._content_coding import ContentEncoder
from ._slicing_encoder import SlicingEncoder
from ._zlib_backend import zlib_library

__all__ = ["zlib_encoder"]


def zlib_encoder(coding: Literal["gzip", "deflate"], level: int | None) -> ContentEncoder:
    """Make an encoder of the *level* that the library has, or of its default one.

    The same bytes are encoded to the same bytes: gzip's header has no time in it. Deflate
    has the zlib wrapper (RFC 9110 section 8.4.1.2). Raises `ValueError` for a level that
    the library does not have.
    """
    library = zlib_library()
    options = {"wbits": zlib.MAX_WBITS + 16 if coding == "gzip" else zlib.MAX_WBITS}
    if level is not None:
        options["level"] = level
    try:
        compressor = library.compressobj(**options)
    except (ValueError, OverflowError, library.error) as exc:
        raise ValueError(f"There is no level {level!r:.100} of {coding}: {exc}") from exc
    return SlicingEncoder(
        compressor.compress, partial(compressor.flush, zlib.Z_SYNC_FLUSH), compressor.flush
    )
