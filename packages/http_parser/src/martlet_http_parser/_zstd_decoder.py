"""Decoding zstd (RFC 8878), with windows as RFC 9659 allows them."""

from typing import TYPE_CHECKING, Final

from martlet_exceptions import ContentEncodingError

from ._zstd_library import ZstdLibrary

if TYPE_CHECKING:
    from backports.zstd import ZstdDecompressor

__all__ = ["ZstdDecoder"]

_MAGIC: Final = b"\x28\xb5\x2f\xfd"
_SKIPPABLE: Final = b"\x2a\x4d\x18"  # after a byte of 50 to 5F
# What follows a frame is copied. So the library gets little at a time, or a million tiny
# frames would cost their number times the size of what is waiting.
_STEP: Final = 16384


def _size_field(frame: bytes) -> slice | None:
    """Find the size that a frame announces (RFC 8878 section 3.1.1.1).

    Gives where the field stands, empty if there is none; ``None`` if more of the frame has
    to come first.
    """
    if len(frame) < 5:
        return None
    descriptor = frame[4]
    single_segment = descriptor >> 5 & 1
    start = 5 + (1 - single_segment) + (0, 1, 2, 4)[descriptor & 3]
    length = (single_segment, 2, 4, 8)[descriptor >> 6]
    return slice(start, start + length) if start + length <= len(frame) else None


class ZstdDecoder:
    """Decodes zstd, of any number of frames: a `ContentDecoder`.

    Skippable frames are passed over. Beside what it is asked for, it takes the window that
    the peer has chosen; one of more than 8 MiB is an error (RFC 9659 section 3).
    """

    __slots__ = (
        "_announced",
        "_at",
        "_decompressor",
        "_excerpt",
        "_held",
        "_library",
        "_message",
        "_pending",
    )

    def __init__(self, library: ZstdLibrary) -> None:
        self._library = library
        self._decompressor: ZstdDecompressor | None = None  # there is none between frames
        self._announced: int | None = None
        self._held = 0
        self._message = "The body is not valid zstd: it begins with no frame"
        self._pending = b""
        self._at = 0
        self._excerpt = b""

    def feed(self, data: bytes) -> None:
        """Add *data*, which is not empty, to what is to be decoded."""
        self._pending = self._pending[self._at :] + data
        self._at = 0

    def read(self, size: int) -> bytes:
        """Decode up to *size* bytes, at least 1; ``b""`` when more has to be fed first.

        Raises `ContentEncodingError` for what is not in the coding.
        """
        if size < 1:
            raise ValueError(f"Cannot read {size} bytes")
        while True:
            decompressor = self._decompressor
            begun = 0
            if decompressor is None:
                if not self._pending:
                    return b""
                decompressor = self._next_frame()
                if decompressor is None:
                    return b""
                begun = 1
            # It may have more to give from what it has been given before.
            data = b""
            if decompressor.needs_input:
                data = self._pending[self._at : self._at + _STEP]
                self._excerpt = self._pending[self._at - begun : self._at + 99]
            try:
                output = decompressor.decompress(data, size)
            except self._library.error as exc:
                raise ContentEncodingError(
                    f"The body is not valid zstd: {exc}", excerpt=self._excerpt
                ) from exc
            self._at += len(data)
            self._held += len(output)
            if decompressor.eof:
                self._check_size()
                self._end_frame(decompressor.unused_data)
            if self._at == len(self._pending):
                self._pending = b""
                self._at = 0
            if output or not self._pending:
                return output

    def finish(self) -> None:
        """Learn that nothing more will be fed, after `read` gave ``b""``.

        Raises `ContentEncodingError` if the coding has not come to its end.
        """
        if self._decompressor is not None or self._pending:
            raise ContentEncodingError("The zstd body is cut short")

    def _next_frame(self) -> "ZstdDecompressor | None":
        """Begin a frame, or a skippable one (RFC 8878 section 3.1), when its header is there."""
        start = self._pending[self._at : self._at + 100]
        magic = start[:4]
        is_frame = _MAGIC.startswith(magic) or (
            magic[0] & 0xF0 == 0x50 and _SKIPPABLE.startswith(magic[1:])
        )
        if not is_frame:
            raise ContentEncodingError(self._message, excerpt=start)
        self._held = 0
        self._announced = None
        if start.startswith(_MAGIC):
            size = _size_field(start)
            if size is None:
                return None
            if size.stop > size.start:
                self._announced = int.from_bytes(start[size], "little")
                # A field of two bytes begins at 256 (RFC 8878 section 3.1.1.1.4).
                self._announced += 256 if size.stop - size.start == 2 else 0
        elif len(start) < len(_MAGIC):
            return None
        self._decompressor = decompressor = self._library.decompressor()
        # What it makes of a whole frame at once differs from what it makes of pieces, if the
        # frame is damaged. So it never gets a whole one.
        decompressor.decompress(start[:1])
        self._at += 1
        return decompressor

    def _check_size(self) -> None:
        # The library does so only where it has the whole frame at once.
        if self._announced is not None and self._announced != self._held:
            raise ContentEncodingError(
                f"A zstd frame announces {self._announced} bytes, and holds {self._held}"
            )

    def _end_frame(self, rest: bytes) -> None:
        self._decompressor = None
        self._message = "There is something after the end of the zstd body"
        self._at -= len(rest)
        if self._at < 0:  # some of it was given before the last feed
            self._pending = rest + self._pending[self._at + len(rest) :]
            self._at = 0
