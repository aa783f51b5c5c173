"""A body that is read chunk by chunk."""

import asyncio

import pytest

from martlet_client_session import StreamReader
from martlet_exceptions import ClientPayloadError

from .scripted import reader_with, turn

BROKEN = ClientPayloadError("broken")


def reader_of(*chunks: bytes, limit: int = 1000) -> StreamReader:
    """Make a reader in which *chunks* wait."""
    reader, _ = reader_with(limit=limit)
    reader.feed_chunks(list(chunks), False)
    return reader


async def rest_of(reader: StreamReader) -> list[tuple[bytes, bool]]:
    if not reader.is_eof():
        reader.eof()
    return [pair async for pair in reader.iter_chunks()]


async def test_chunks_are_given_as_they_were_sent() -> None:
    assert await rest_of(reader_of(b"ab", b"c", b"def")) == [
        (b"ab", True),
        (b"c", True),
        (b"def", True),
    ]


async def test_chunk_that_comes_in_parts_is_one_if_it_was_not_read_before() -> None:
    reader, _ = reader_with()
    reader.feed_chunks([b"a"], True)
    reader.feed_chunks([b"b"], True)
    reader.feed_chunks([b"c", b"d"], False)
    assert await rest_of(reader) == [(b"abc", True), (b"d", True)]


async def test_part_of_a_chunk_does_not_end_it() -> None:
    reader, _ = reader_with()
    reader.feed_chunks([b"ab", b"c"], True)
    assert await reader.readchunk() == (b"ab", True)
    assert await reader.readchunk() == (b"c", False)
    reader.feed_chunks([b"d"], True)
    assert await reader.readchunk() == (b"d", False)
    reader.feed_chunks([b"e"], False)
    assert await reader.readchunk() == (b"e", True)
    assert await rest_of(reader) == []


async def test_readchunk_waits_for_what_comes() -> None:
    reader, _ = reader_with()
    task = asyncio.create_task(reader.readchunk())
    await turn()
    assert not task.done()
    reader.feed_chunks([b"ab", b"c"], False)
    assert await task == (b"ab", True)


async def test_end_of_a_chunk_that_was_read_before_it_ended_is_told_when_it_comes() -> None:
    reader, _ = reader_with()
    reader.begin_http_chunk_receiving()
    reader.feed_data(b"ab")
    assert await reader.readchunk() == (b"ab", False)
    task = asyncio.create_task(reader.readchunk())
    await turn()
    assert not task.done()
    reader.end_http_chunk_receiving()
    assert await task == (b"", True)
    assert await rest_of(reader) == []


@pytest.mark.parametrize(
    ("n", "rest"),
    [
        (1, [(b"b", True), (b"cd", True), (b"ef", True)]),
        (2, [(b"", True), (b"cd", True), (b"ef", True)]),
        (3, [(b"d", True), (b"ef", True)]),
        (4, [(b"", True), (b"ef", True)]),
        (5, [(b"f", True)]),
        (6, [(b"", True)]),
        (-1, [(b"", True)]),
    ],
)
async def test_chunks_go_on_after_other_reads(n: int, rest: list[tuple[bytes, bool]]) -> None:
    reader = reader_of(b"ab", b"cd", b"ef")
    if n < 0:
        await reader.readany()
    else:
        await reader.read(n)
    assert await rest_of(reader) == rest


async def test_chunks_go_on_after_a_line() -> None:
    reader = reader_of(b"a\nb", b"cd")
    assert await reader.readline() == b"a\n"
    assert await rest_of(reader) == [(b"b", True), (b"cd", True)]


async def test_what_is_put_back_belongs_to_the_chunk_that_follows() -> None:
    reader = reader_of(b"abc", b"def")
    assert await reader.readchunk() == (b"abc", True)
    reader.unread_data(b"bc")
    assert await rest_of(reader) == [(b"bcdef", True)]


async def test_body_without_chunks_has_no_ends() -> None:
    reader, _ = reader_with(b"ab", b"cd")
    await reader.read(1)
    assert await rest_of(reader) == [(b"b", False), (b"cd", False)]
    assert await reader.readchunk() == (b"", False)


async def test_chunks_before_a_failure_are_given_first() -> None:
    reader = reader_of(b"ab")
    reader.fail(BROKEN)
    assert await reader.readchunk() == (b"ab", True)
    with pytest.raises(ClientPayloadError):
        await reader.readchunk()


async def test_nothing_comes_after_a_failure() -> None:
    reader = reader_of(b"ab")
    reader.set_exception(BROKEN)
    reader.feed_chunks([b"cd"], False)
    with pytest.raises(ClientPayloadError):
        await reader.readchunk()


async def test_cancelled_read_of_all_keeps_the_bytes_but_not_the_ends() -> None:
    reader = reader_of(b"ab")
    task = asyncio.create_task(reader.read())
    await turn()
    reader.feed_chunks([b"cd", b"ef"], True)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    reader.feed_chunks([b"g"], False)
    assert await rest_of(reader) == [(b"abcd", True), (b"efg", True)]


async def test_all_can_be_read_after_a_chunk() -> None:
    reader = reader_of(b"ab", b"cd", b"ef")
    assert await reader.readchunk() == (b"ab", True)
    reader.eof()
    assert await reader.read() == b"cdef"
    assert reader.at_eof()


# By hand


async def test_empty_chunk_does_not_count() -> None:
    reader, _ = reader_with()
    for data in (b"", b"ab", b""):
        reader.begin_http_chunk_receiving()
        reader.feed_data(data)
        reader.end_http_chunk_receiving()
    assert await rest_of(reader) == [(b"ab", True)]


async def test_chunk_cannot_end_before_one_began() -> None:
    reader, _ = reader_with(b"ab")
    with pytest.raises(RuntimeError, match="begin_http_chunk_receiving has to be called first"):
        reader.end_http_chunk_receiving()
    with pytest.raises(RuntimeError, match="did not begin with a chunk"):
        reader.begin_http_chunk_receiving()


async def test_end_of_a_chunk_does_not_disturb_who_reads_all_of_it() -> None:
    reader, _ = reader_with()
    reader.begin_http_chunk_receiving()
    task = asyncio.create_task(reader.read())
    await turn()
    reader.feed_data(b"ab")
    reader.end_http_chunk_receiving()
    await turn()
    assert not task.done()
    reader.feed_eof()
    assert await task == b"ab"


async def test_end_of_a_chunk_wakes_nobody_who_waits_for_bytes() -> None:
    reader, _ = reader_with()
    reader.begin_http_chunk_receiving()
    reader.feed_data(b"ab")
    await reader.readany()
    task = asyncio.create_task(reader.readany())
    await turn()
    reader.end_http_chunk_receiving()
    await turn()
    assert not task.done()
    reader.feed_data(b"c")
    assert await task == b"c"
