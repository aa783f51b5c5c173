"""Where the chunks of a body end (RFC 9112 section 7.1), for who reads them one by one.

Positions are counted from the beginning of the body. What is kept are the lengths of the
chunks, because those can be taken down at C speed: most bodies that come in chunks are
read by somebody who does not care.
"""

from collections import deque

__all__ = ["ChunkEnds"]


class ChunkEnds:
    """The ends of those chunks that have not been read; `len` is how many are kept."""

    __slots__ = ("_begin", "_last", "_lengths")

    def __init__(self) -> None:
        self._lengths: deque[int] = deque()
        self._begin = 0  # where the first chunk in `_lengths` begins
        self._last = 0  # where the last one ends

    def __len__(self) -> int:
        return len(self._lengths)

    def add(self, pieces: list[bytes], open_end: bool, before: int, after: int) -> None:
        """Take down *pieces* (see `ChunkSink`), which lie between two positions."""
        lengths = self._lengths
        rest = iter(pieces)
        lengths.append(before - self._last + len(next(rest)))
        lengths.extend(map(len, rest))
        self._last = after - lengths.pop() if open_end else after

    def end(self, position: int) -> None:
        """Take down that the chunk which is open ends at *position*, unless it is empty."""
        if position > self._last:
            self._lengths.append(position - self._last)
            self._last = position

    def next(self, position: int) -> int | None:
        """Tell the first end at *position* or after it, and forget those before it."""
        lengths = self._lengths
        while lengths:
            end = self._begin + lengths[0]
            if end >= position:
                return end
            self._begin = end
            lengths.popleft()
        return None

    def passed(self, position: int) -> None:
        """Forget the ends up to *position*, and the one that is there."""
        self.next(position + 1)

    def settle(self) -> None:
        """Forget all but the last end: everything that has come has been read."""
        if self._lengths:
            self._keep_last()

    def skip(self, pieces: list[bytes], open_end: bool, after: int) -> None:
        """Settle, and of *pieces*, which go up to a position, take down but the last end."""
        if len(pieces) > 1 or not open_end:
            self._last = after - len(pieces[-1]) if open_end else after
            self._keep_last()
        else:
            self.settle()

    def _keep_last(self) -> None:
        self._lengths.clear()
        self._lengths.append(0)
        self._begin = self._last
