"""The body of what has none."""

from typing import Final

from ._stream_reader import StreamReader

__all__ = ["EMPTY_PAYLOAD", "EmptyStreamReader"]

_LIMIT: Final = 65536


class EmptyStreamReader(StreamReader):
    """A body that is at its end from the beginning: many may read it, and none changes it."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(None, _LIMIT)
        self.complete = True

    def __repr__(self) -> str:
        return "<EmptyStreamReader>"

    def feed(self, data: bytes) -> None:
        """Take nothing."""

    def feed_chunks(self, pieces: list[bytes], open_end: bool) -> None:
        """Take nothing."""

    def feed_data(self, data: "bytes | bytearray | memoryview", size: int = 0) -> bool:
        """Take nothing."""
        return False

    def unread_data(self, data: bytes) -> None:
        """Take nothing back: raises `RuntimeError`."""
        raise RuntimeError("Nothing was read of this body that could be put back")

    def begin_http_chunk_receiving(self) -> None:
        """Take nothing."""

    def end_http_chunk_receiving(self) -> None:
        """Take nothing."""

    def set_exception(self, exc: BaseException, exc_cause: BaseException | None = None) -> None:
        """Do not fail: others may read this body too."""

    def set_read_chunk_size(self, n: int) -> None:
        """Change nothing."""


EMPTY_PAYLOAD: Final = EmptyStreamReader()
"""The one that is enough for all."""
