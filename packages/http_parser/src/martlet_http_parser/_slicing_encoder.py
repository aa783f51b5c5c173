"""An encoder made of a library's functions: large inputs in slices, and an end that is kept."""

from collections.abc import Callable
from io import BytesIO
from typing import Final, NoReturn

__all__ = ["SlicingEncoder"]

_SLICE: Final = 64 * 1024


class SlicingEncoder:
    """A `ContentEncoder` that hands *compress* at most 64 KiB at a time."""

    __slots__ = ("_compress", "_finish", "_flush")

    def __init__(
        self,
        compress: Callable[[bytes], bytes],
        flush: Callable[[], bytes],
        finish: Callable[[], bytes],
    ) -> None:
        self._compress = compress
        self._flush = flush
        self._finish = finish

    def encode(self, data: bytes | bytearray | memoryview) -> bytes:
        """Encode *data*, and give what is ready: perhaps nothing yet."""
        if type(data) is bytes and len(data) <= _SLICE:
            return self._compress(data)
        with memoryview(data) as view:
            if view.nbytes <= _SLICE and view.c_contiguous:
                return self._compress(view.tobytes())
            # Grows in place, and gives its buffer away, where a join would hold all twice.
            output = BytesIO()
            with view.cast("B") as octets:
                for at in range(0, len(octets), _SLICE):
                    output.write(self._compress(octets[at : at + _SLICE].tobytes()))
            return output.getvalue()

    def flush(self) -> bytes:
        """Give all that is needed for the peer to decode what has been encoded so far."""
        return self._flush()

    def finish(self) -> bytes:
        """Give what is left, and the end of the coding."""
        finish = self._finish
        self._compress = self._flush = self._finish = _refuse
        return finish()


def _refuse(_data: bytes = b"") -> NoReturn:
    raise RuntimeError("The encoder has been finished")
