"""The decoders for a Content-Encoding field (RFC 9110 section 8.4)."""

from collections.abc import Callable
from functools import cache
from typing import Final

from martlet_exceptions import ContentEncodingError

from ._content_coding import MAX_CODINGS, ContentDecoder, named_codings
from ._zlib_decoder import ZlibDecoder

__all__ = ["available_codings", "content_decoder", "content_decoders"]


def content_decoder(field: str) -> ContentDecoder | None:
    """Make one decoder for all codings of a Content-Encoding *field*.

    Returns ``None`` if there is nothing to decode, or if one of the codings is not known
    here, or needs a library that is not installed: the body then stays as it is. Raises
    `ContentEncodingError` for more than `MAX_CODINGS` codings.
    """
    make = _DECODERS.get(field)
    if make is not None:
        return make()
    decoders = content_decoders(field)
    if not decoders:
        return None
    if len(decoders) == 1:
        return decoders[0]
    from ._decoder_chain import DecoderChain

    return DecoderChain(decoders)


def content_decoders(field: str) -> list[ContentDecoder] | None:
    """Make the decoders for a Content-Encoding *field*, in the order to apply them.

    Returns ``None`` if one of its codings is not known here, or needs a library that is not
    installed: the body then stays as it is. Raises `ContentEncodingError` for more than
    `MAX_CODINGS` codings.
    """
    codings = named_codings(field)
    if len(codings) > MAX_CODINGS:
        raise ContentEncodingError(
            f"More than {MAX_CODINGS} content codings",
            excerpt=field.encode("utf-8", "surrogateescape")[:100],
        )
    decoders: list[ContentDecoder] = []
    for coding in reversed(codings):
        make = _DECODERS.get(coding)
        decoder = None if make is None else make()
        if decoder is None:
            return None
        decoders.append(decoder)
    return decoders


@cache
def available_codings() -> tuple[str, ...]:
    """Tell which codings can be decoded here, in the order to offer them.

    These are gzip and deflate, br if ``brotli`` (or ``brotlicffi``) 1.2 or newer is
    installed, and zstd if Python is 3.14 or newer or ``backports.zstd`` is installed. It is
    found out by the first call.
    """
    return tuple(coding for coding in ("gzip", "deflate", "br", "zstd") if content_decoder(coding))


# The optional libraries, and what needs them, are imported by the first body that does.


def _brotli_decoder() -> ContentDecoder | None:
    from ._brotli_decoder import BrotliDecoder
    from ._brotli_library import brotli_library

    library = brotli_library()
    return None if library is None else BrotliDecoder(library)


def _zstd_decoder() -> ContentDecoder | None:
    from ._zstd_decoder import ZstdDecoder
    from ._zstd_library import zstd_library

    library = zstd_library()
    return None if library is None else ZstdDecoder(library)


_DECODERS: Final[dict[str, Callable[[], ContentDecoder | None]]] = {
    "gzip": lambda: ZlibDecoder("gzip"),
    "x-gzip": lambda: ZlibDecoder("gzip"),
    "deflate": lambda: ZlibDecoder("deflate"),
    "br": _brotli_decoder,
    "zstd": _zstd_decoder,
}
