"""Which library does gzip and deflate: the standard one, or another of its shape."""

import zlib
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from isal import isal_zlib
    from zlib_ng import zlib_ng

__all__ = [
    "ZlibBackend",
    "ZlibCompressor",
    "ZlibDecompressor",
    "ZlibLibrary",
    "set_zlib_backend",
    "zlib_backend",
    "zlib_library",
]


class ZlibCompressor(Protocol):
    """What `zlib.compressobj` returns."""

    def compress(self, data: bytes, /) -> bytes:
        """Compress *data*; perhaps nothing comes of it yet."""
        ...

    def flush(self, mode: int = ..., /) -> bytes:
        """Give what is left; without *mode*, the end of the stream, too."""
        ...


class ZlibDecompressor(Protocol):
    """What `zlib.decompressobj` returns."""

    @property
    def eof(self) -> bool:
        """Whether the end of the stream has been reached."""
        ...

    @property
    def unused_data(self) -> bytes:
        """What was given beyond the end of the stream."""
        ...

    @property
    def unconsumed_tail(self) -> bytes:
        """What of the last input has not been looked at, because of the limit."""
        ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Decompress *data* to at most *max_length* bytes."""
        ...


class ZlibBackend(Protocol):
    """What of a module like `zlib` is used; `isal.isal_zlib` and `zlib_ng.zlib_ng` have it, too."""

    # The stubs of isal and zlib-ng say that they have an instance here.
    @property
    def error(self) -> type[Exception] | Exception:
        """The class of the errors that decompressing raises."""
        ...

    def compressobj(self, *, level: int = ..., wbits: int = ...) -> ZlibCompressor:
        """Make a compressor; `ValueError` for a level that there is not."""
        ...

    def decompressobj(self, *, wbits: int = ...) -> ZlibDecompressor:
        """Make a decompressor."""
        ...


class ZlibLibrary(NamedTuple):
    """A `ZlibBackend` that has been looked at."""

    error: type[Exception]
    reads_headers: bool
    """Whether a gzip header may come to it in pieces; isal gets lost in some of them."""
    compressobj: "Callable[..., ZlibCompressor]"
    decompressobj: "Callable[..., ZlibDecompressor]"


_NAMES: Final = ("compressobj", "decompressobj", "error")
_COMPRESSOR_NAMES: Final = ("compress", "flush")
_DECOMPRESSOR_NAMES: Final = ("decompress", "eof", "unconsumed_tail", "unused_data")

# A member with all that a header can have, and its text.
_HEADER: Final = b"\x1f\x8b\x08\x1e\0\0\0\0\0\3\2\0exname\0comment\0"
_TEXT: Final = b"text"

_backend: ZlibBackend = zlib
_library = ZlibLibrary(zlib.error, True, zlib.compressobj, zlib.decompressobj)


def zlib_library() -> ZlibLibrary:
    """Return the library that gzip and deflate are to be made with."""
    return _library


def zlib_backend() -> ZlibBackend:
    """Return what was given to `set_zlib_backend` last: `zlib`, to begin with."""
    return _backend


def set_zlib_backend(new_zlib_backend: ZlibBackend) -> None:
    """Do gzip and deflate with *new_zlib_backend*, a module of the shape of `zlib`.

    That is `isal.isal_zlib` or `zlib_ng.zlib_ng`, which are faster, or `zlib` itself, with
    which things begin. It holds for the decoders and encoders that are made from then on,
    in the whole process. What a level means is the backend's business: isal has 0 to 3.

    Raises `TypeError` that names what *new_zlib_backend* lacks.
    """
    global _backend, _library  # noqa: PLW0603 - one setting for the process is what this is about
    missing = [name for name in _NAMES if not hasattr(new_zlib_backend, name)]
    if not missing:
        error = new_zlib_backend.error
        if not (isinstance(error, type) and issubclass(error, Exception)):
            raise TypeError(f"Its error is no class of exceptions: {new_zlib_backend!r:.200}")
        compressobj, decompressobj = new_zlib_backend.compressobj, new_zlib_backend.decompressobj
        missing = [
            *_lacking(compressobj(wbits=zlib.MAX_WBITS), _COMPRESSOR_NAMES),
            *_lacking(decompressobj(wbits=zlib.MAX_WBITS), _DECOMPRESSOR_NAMES),
        ]
        if not missing:
            reads_headers = _reads_headers(decompressobj(wbits=16 + zlib.MAX_WBITS), error)
            _backend = new_zlib_backend
            _library = ZlibLibrary(error, reads_headers, compressobj, decompressobj)
            return
    lacking = ", ".join(missing)
    raise TypeError(f"Not of the shape of zlib, it lacks {lacking}: {new_zlib_backend!r:.200}")


def _lacking(made: object, names: tuple[str, ...]) -> list[str]:
    return [name for name in names if not hasattr(made, name)]


def _reads_headers(decompressor: ZlibDecompressor, error: type[Exception]) -> bool:
    """Try it: does it read a header that comes a byte at a time?"""
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    member = (
        _HEADER
        + (zlib.crc32(_HEADER) & 0xFFFF).to_bytes(2, "little")
        + compressor.compress(_TEXT)
        + compressor.flush()
        + zlib.crc32(_TEXT).to_bytes(4, "little")
        + len(_TEXT).to_bytes(4, "little")
    )
    try:
        text = b"".join(decompressor.decompress(bytes((byte,)), len(_TEXT)) for byte in member)
    except error:
        return False
    return text == _TEXT and decompressor.eof


if TYPE_CHECKING:
    # The type checker's proof that each of the three is a backend.
    _BACKENDS: Final[tuple[ZlibBackend, ...]] = (zlib, isal_zlib, zlib_ng)
