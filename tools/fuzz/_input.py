"""The bytes from the fuzzer: choices come first, then what is parsed."""

from collections.abc import Iterator, Sequence
from itertools import cycle

__all__ = ["Input", "cut"]

_LARGEST = 65_536


class Input:
    """Takes bytes from the front, each a choice; when there are none left, all choices are 0."""

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def byte(self) -> int:
        """The next choice."""
        at = self._at
        self._at = at + 1
        return self._data[at] if at < len(self._data) else 0

    def flags(self) -> Iterator[bool]:
        """The next choice as eight of two, the lowest bit first."""
        choice = self.byte()
        return iter([bool(choice >> bit & 1) for bit in range(8)])

    def take(self, size: int) -> bytes:
        """The next bytes, as many as there are of *size*."""
        at = self._at
        self._at = at + size
        return self._data[at : at + size]

    def rest(self) -> bytes:
        """What is left."""
        return self._data[self._at :]

    def swollen_rest(self) -> bytes:
        """What is left, with a part of it repeated as three choices say, to at most 64 KiB.

        So a few bytes reach what takes more than linear time: no fuzzer gets there by
        itself, since it prefers short inputs.
        """
        power, start, size = self.byte() % 16, self.byte(), self.byte()
        rest = self.rest()
        part = rest[start : start + size]
        if not part:
            return rest
        times = min(2 << power, max(1, (_LARGEST - len(rest)) // len(part)))
        return rest[:start] + part * times + rest[start + len(part) :]


def cut(data: bytes, lengths: Sequence[int]) -> list[bytes]:
    """Cut *data* into pieces of these lengths, again and again."""
    pieces, at = [], 0
    for length in cycle(lengths):
        if at >= len(data):
            break
        pieces.append(data[at : at + length])
        at += length
    return pieces
