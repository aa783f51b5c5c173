"""Iterating over a body, in the units that one of its read functions gives."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from ._stream_reader import StreamReader

__all__ = ["AsyncStreamIterator", "ChunkTupleAsyncStreamIterator", "EofStream"]

T = TypeVar("T")


class EofStream(Exception):  # noqa: N818  # aiohttp's name
    """All that was put into a `DataQueue` has been read, and nothing more will come."""


class AsyncStreamIterator(Generic[T]):
    """Iterates over what *read_func* gives, until that is ``b""`` or it raises `EofStream`."""

    __slots__ = ("_read",)

    def __init__(self, read_func: Callable[[], Awaitable[T]]) -> None:
        self._read = read_func

    def __aiter__(self) -> AsyncIterator[T]:
        return self

    async def __anext__(self) -> T:
        try:
            piece = await self._read()
        except EofStream:
            raise StopAsyncIteration from None
        # A queue may hold a 0 or an empty list, which is not the end.
        if not piece and isinstance(piece, bytes):
            raise StopAsyncIteration
        return piece


class ChunkTupleAsyncStreamIterator:
    """Iterates over the (data, end_of_http_chunk) pairs that `StreamReader.readchunk` gives."""

    __slots__ = ("_stream",)

    def __init__(self, stream: "StreamReader") -> None:
        self._stream = stream

    def __aiter__(self) -> AsyncIterator[tuple[bytes, bool]]:
        return self

    async def __anext__(self) -> tuple[bytes, bool]:
        pair = await self._stream.readchunk()
        if pair == (b"", False):
            raise StopAsyncIteration
        return pair
