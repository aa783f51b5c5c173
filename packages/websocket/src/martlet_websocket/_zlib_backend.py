"""Which library compresses and decompresses: the standard one, or another of its shape."""

import zlib
from typing import TYPE_CHECKING, Final, Protocol, cast

if TYPE_CHECKING:
    from zlib_ng import zlib_ng


class ZlibCompressor(Protocol):
    """What `zlib.compressobj` returns."""

    def compress(self, data: bytes, /) -> bytes:
        """Compress data; perhaps nothing comes of it yet."""
        ...

    def flush(self, mode: int, /) -> bytes:
        """Give what is left."""
        ...


class ZlibDecompressor(Protocol):
    """What `zlib.decompressobj` returns; it has to have ``copy()`` as well.

    (The stubs of zlib-ng do not know that it has.)
    """

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
        """Decompress data, to so many octets at most."""
        ...


class ZlibBackend(Protocol):
    """What of a module like `zlib` is used. `zlib_ng.zlib_ng` has it, too, and is faster.

    (`isal.isal_zlib` has not: its decompressors cannot be copied, and its compressors do not mind
    the size of the window.)
    """

    # The stubs of zlib-ng say that they have an instance here.
    @property
    def error(self) -> type[Exception] | Exception:
        """The class of the errors that decompressing raises."""
        ...

    def compressobj(self, *, level: int, wbits: int) -> ZlibCompressor:
        """Make a compressor."""
        ...

    def decompressobj(self, *, wbits: int) -> ZlibDecompressor:
        """Make a decompressor."""
        ...


def error_class(backend: ZlibBackend, /) -> type[Exception]:
    """Give the class of a backend's errors, and look whether it is a backend.

    Raises:
        TypeError: It is none.
    """
    if backend is zlib:
        return zlib.error
    error = getattr(backend, "error", None)
    if isinstance(error, type) and issubclass(error, Exception) and can_deflate(backend):
        return error
    text = "zlib_backend has to be a module like zlib, whose decompressors have copy()"
    raise TypeError(f"{text}, not {backend!r:.200}")


def copy_of(decompressor: ZlibDecompressor, /) -> ZlibDecompressor:
    """Give another, of the same state."""
    return cast("_Copyable", decompressor).copy()


class _Copyable(Protocol):
    def copy(self) -> ZlibDecompressor: ...


def can_deflate(backend: object, /) -> bool:
    """Tell whether a module like ``zlib`` can be the ``zlib_backend``: copy decompressors."""
    try:
        made = backend.decompressobj(wbits=-15)  # type: ignore[attr-defined]  # what is asked here
    except (AttributeError, TypeError):
        return False
    return hasattr(made, "copy") and hasattr(backend, "compressobj")


if TYPE_CHECKING:
    # The type checker's proof that both are backends.
    _BACKENDS: Final[tuple[ZlibBackend, ...]] = (zlib, zlib_ng)
