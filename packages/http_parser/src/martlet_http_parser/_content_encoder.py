"""The encoder for a Content-Encoding field (RFC 9110 section 8.4)."""

from collections.abc import Callable
from typing import Final

from ._content_coding import MAX_CODINGS, ContentEncoder, named_codings

__all__ = ["content_encoder"]


def content_encoder(coding: str, *, level: int | None = None) -> ContentEncoder:
    """Make an encoder for *coding*: ``"gzip"``, ``"deflate"``, ``"br"`` or ``"zstd"``.

    A whole Content-Encoding field with up to `MAX_CODINGS` of them makes one encoder that
    applies each, in that order. *level* is how hard each tries, in its own measure: -1 to
    9 for gzip and deflate, where -1 is the default (isal has 0 to 3, see
    `set_zlib_backend`), 0 to 11 for br (5 by default), negative to 22 for zstd (3 by
    default).

    Raises `ValueError` for a coding that is not known, or needs a library that is not
    installed, and for a level that it does not have.
    """
    codings = named_codings(coding)
    if not codings:
        raise ValueError(f"No content coding: {coding!r:.100}")
    if len(codings) > MAX_CODINGS:
        raise ValueError(f"More than {MAX_CODINGS} content codings: {coding!r:.100}")
    encoders = [_encoder(name, level) for name in codings]
    if len(encoders) == 1:
        return encoders[0]
    from ._encoder_chain import encoder_chain

    return encoder_chain(encoders)


def _encoder(coding: str, level: int | None) -> ContentEncoder:
    make = _ENCODERS.get(coding)
    if make is None:
        from ._content_decoder import available_codings

        available = ", ".join(available_codings())
        raise ValueError(
            f"Not a content coding that is known here: {coding!r:.100}; available: {available}"
        )
    encoder = make(level)
    if encoder is None:
        raise ValueError(
            f"The library for {coding} is not installed: pip install martlet-http-parser[{coding}]"
        )
    return encoder


# Most requests have no encoded body. So each family is imported by the first that has one.


def _gzip_encoder(level: int | None) -> ContentEncoder:
    from ._zlib_encoder import zlib_encoder

    return zlib_encoder("gzip", level)


def _deflate_encoder(level: int | None) -> ContentEncoder:
    from ._zlib_encoder import zlib_encoder

    return zlib_encoder("deflate", level)


def _brotli_encoder(level: int | None) -> ContentEncoder | None:
    from ._brotli_encoder import brotli_encoder
    from ._brotli_library import brotli_library

    library = brotli_library()
    return None if library is None else brotli_encoder(library, level)


def _zstd_encoder(level: int | None) -> ContentEncoder | None:
    from ._zstd_encoder import zstd_encoder
    from ._zstd_library import zstd_library

    library = zstd_library()
    return None if library is None else zstd_encoder(library, level)


_ENCODERS: Final[dict[str, Callable[[int | None], ContentEncoder | None]]] = {
    "gzip": _gzip_encoder,
    "x-gzip": _gzip_encoder,
    "deflate": _deflate_encoder,
    "br": _brotli_encoder,
    "zstd": _zstd_encoder,
}
