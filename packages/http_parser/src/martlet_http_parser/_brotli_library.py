"""The optional library for brotli: `brotli`, or `brotlicffi` where that is installed."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple, Protocol

__all__ = ["BrotliCompressor", "BrotliDecompressor", "BrotliLibrary", "brotli_library"]


class BrotliCompressor(Protocol):
    """What `brotli.Compressor` makes."""

    def process(self, data: bytes, /) -> bytes:
        """Compress *data*; perhaps nothing comes of it yet."""
        ...

    def flush(self) -> bytes:
        """Give what is needed to decompress what was given so far."""
        ...

    def finish(self) -> bytes:
        """Give what is left, and the end of the stream."""
        ...


class BrotliDecompressor(Protocol):
    """What `brotli.Decompressor` makes. After an error every method raises."""

    def process(self, data: bytes, /, output_buffer_limit: int) -> bytes:
        """Decompress *data*, to a bit more than the limit at most; keep what is left of it."""
        ...

    def can_accept_more_data(self) -> bool:
        """Whether *data* may be given again, because nothing is left of the last."""
        ...

    def is_finished(self) -> bool:
        """Whether the end of the stream has been reached, and all output been given."""
        ...


class BrotliLibrary(NamedTuple):
    """What is used of the library."""

    error: type[Exception]
    compressor: Callable[..., BrotliCompressor]
    decompressor: Callable[[], BrotliDecompressor]


@cache
def brotli_library() -> BrotliLibrary | None:
    """Find a library for brotli, once; ``None`` if there is none that can be used.

    One that cannot bound its output, as all before version 1.2, is no use: a body of some
    hundred bytes would take any amount of memory.
    """
    for load in (_load_brotli, _load_brotlicffi):
        try:
            library = load()
        except ImportError:
            continue
        if hasattr(library.Decompressor, "can_accept_more_data"):  # came with the bound
            return BrotliLibrary(library.error, library.Compressor, library.Decompressor)
    return None


# A module without types is `Any`.


def _load_brotli() -> Any:
    import brotli

    return brotli


def _load_brotlicffi() -> Any:
    return import_module("brotlicffi")  # nobody has to have it: it is in no extra
