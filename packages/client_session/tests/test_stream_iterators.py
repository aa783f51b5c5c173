from collections import deque

from martlet_client_session import (
    AsyncStreamIterator,
    ChunkTupleAsyncStreamIterator,
    EofStream,
    StreamReader,
)


async def test_iteration_ends_at_no_bytes() -> None:
    pieces = deque([b"a", b"b", b"", b"c"])

    async def read() -> bytes:
        return pieces.popleft()

    iterator = AsyncStreamIterator(read)
    assert aiter(iterator) is iterator
    assert [piece async for piece in iterator] == [b"a", b"b"]


async def test_what_is_empty_but_no_bytes_does_not_end_it() -> None:
    items: deque[object] = deque([0, "", [], None])

    async def read() -> object:
        if not items:
            raise EofStream
        return items.popleft()

    assert [item async for item in AsyncStreamIterator(read)] == [0, "", [], None]


async def test_pairs_end_at_the_end_and_not_at_the_end_of_a_chunk() -> None:
    reader = StreamReader(None, 100)
    reader.feed_chunks([b"ab", b"c"], True)
    iterator = reader.iter_chunks()
    assert isinstance(iterator, ChunkTupleAsyncStreamIterator)
    assert aiter(iterator) is iterator
    assert await anext(iterator) == (b"ab", True)
    assert await anext(iterator) == (b"c", False)
    reader.end_http_chunk_receiving()
    reader.eof()
    assert [pair async for pair in iterator] == [(b"", True)]
