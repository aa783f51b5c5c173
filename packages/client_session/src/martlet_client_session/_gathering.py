"""Gathering a body beyond what is kept unread, until what was asked for is there.

Who wants 10 MB at once, or a long line, must not be held back at the limit of what may
wait unread: that would be for ever. So what comes goes into a buffer that grows in place
and knows when to wake its reader. Each byte is looked at once, in however small pieces it
comes.
"""

from collections.abc import Callable
from io import BytesIO

__all__ = ["Gathering", "UntilSeparator", "UntilSize"]


class Gathering(BytesIO):
    """A buffer that wakes its reader at each `write` once it has `enough`.

    What there is already is put into it with `writelines`, which does not look.
    """

    enough: bool

    def __init__(self, wake: Callable[[], None]) -> None:
        super().__init__()
        self.enough = False
        self._wake = wake


class UntilSize(Gathering):
    """Gathers *size* bytes."""

    def __init__(self, wake: Callable[[], None], size: int) -> None:
        super().__init__(wake)
        self._size = size

    def write(self, data: bytes, /) -> int:  # type: ignore[override]  # the reader's, so bytes
        """Take the next piece."""
        size = super().write(data)
        if self.tell() >= self._size:
            self.enough = True
            self._wake()
        return size


class UntilSeparator(Gathering):
    """Gathers what goes up to *separator*, or more than *limit* bytes.

    *before* is what there is already; the separator is not in it, but its beginning may
    be. `end` is where the separator ends, once it has come; else -1.
    """

    end: int

    def __init__(
        self, wake: Callable[[], None], separator: bytes, limit: int, before: bytes
    ) -> None:
        super().__init__(wake)
        self.end = -1
        self._separator = separator
        self._limit = limit
        self._overlap = len(separator) - 1
        self._seen = self._end_of(before)

    def write(self, data: bytes, /) -> int:  # type: ignore[override]  # the reader's, so bytes
        """Take the next piece."""
        size = super().write(data)
        if not self.enough:
            self._look_at(data)
        if self.enough:
            self._wake()
        return size

    def _look_at(self, data: bytes) -> None:
        seen = self._seen + data
        at = seen.find(self._separator)
        if at >= 0:
            self.end = self.tell() - len(seen) + at + len(self._separator)
        else:
            self._seen = self._end_of(seen)
        self.enough = at >= 0 or self.tell() > self._limit

    def _end_of(self, seen: bytes) -> bytes:
        return seen[max(0, len(seen) - self._overlap) :]
