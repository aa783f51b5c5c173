"""The optional library for zstd: Python's own from 3.14 on, or its backport."""

import sys
from collections.abc import Callable
from functools import cache, partial
from importlib import import_module
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from backports.zstd import ZstdCompressor, ZstdDecompressor

__all__ = ["ZstdLibrary", "zstd_library"]

_MODULE: Final = "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"
# RFC 9659: a body needs no window larger than 8 MiB, and no decoder has to take one.
_WINDOW_LOG: Final = 23
# From this level on, zstd would choose a larger one.
_LEVEL_WITH_LARGE_WINDOW: Final = 20


class ZstdLibrary(NamedTuple):
    """What is used of the library, with windows as RFC 9659 has them."""

    error: type[Exception]
    compressor: "Callable[[int | None], ZstdCompressor]"
    decompressor: "Callable[[], ZstdDecompressor]"


@cache
def zstd_library() -> ZstdLibrary | None:
    """Find a library for zstd, once; ``None`` if there is none."""
    try:
        zstd = import_module(_MODULE)
    except ImportError:
        return None

    def compressor(level: int | None) -> "ZstdCompressor":
        parameter = zstd.CompressionParameter
        made: ZstdCompressor
        if level is None or level < _LEVEL_WITH_LARGE_WINDOW:
            made = zstd.ZstdCompressor(level)
        else:
            options = {parameter.compression_level: level, parameter.window_log: _WINDOW_LOG}
            made = zstd.ZstdCompressor(options=options)
        return made

    options = {zstd.DecompressionParameter.window_log_max: _WINDOW_LOG}
    decompressor = partial(zstd.ZstdDecompressor, options=options)
    return ZstdLibrary(zstd.ZstdError, compressor, decompressor)
