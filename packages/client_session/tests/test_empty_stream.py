import asyncio
from collections.abc import Awaitable, Callable

import pytest

from martlet_client_session import EMPTY_PAYLOAD, EmptyStreamReader, StreamReader

EMPTY = EmptyStreamReader()


@pytest.mark.parametrize(
    "read",
    [
        lambda r: r.read(),
        lambda r: r.read(5),
        lambda r: r.readany(),
        lambda r: r.readline(),
        lambda r: r.readuntil(b"x"),
        lambda r: r.readexactly(0),
    ],
)
async def test_every_read_gives_nothing(read: Callable[[StreamReader], Awaitable[bytes]]) -> None:
    for _ in range(2):
        assert await read(EMPTY) == b""


async def test_it_is_at_its_end() -> None:
    assert EMPTY.is_eof()
    assert EMPTY.at_eof()
    assert EMPTY.exception() is None
    assert EMPTY.total_bytes == EMPTY.total_raw_bytes == 0
    assert EMPTY.read_nowait() == EMPTY.peek(3) == b""
    await EMPTY.wait_eof()
    for _ in range(2):
        assert await EMPTY.readchunk() == (b"", False)
    with pytest.raises(asyncio.IncompleteReadError):
        await EMPTY.readexactly(1)
    called: list[int] = []
    EMPTY.on_eof(lambda: called.append(1))
    assert called == [1]


async def test_iterating_ends_at_once() -> None:
    assert [line async for line in EMPTY] == []
    assert [piece async for piece in EMPTY.iter_any()] == []
    assert [piece async for piece in EMPTY.iter_chunked(3)] == []
    assert [pair async for pair in EMPTY.iter_chunks()] == []


async def test_nothing_changes_it() -> None:
    limits = EMPTY.get_read_buffer_limits()
    EMPTY.begin_http_chunk_receiving()
    EMPTY.feed(b"a")
    assert EMPTY.feed_data(b"a") is False
    EMPTY.feed_chunks([b"a"], False)
    EMPTY.end_http_chunk_receiving()
    EMPTY.set_exception(ValueError("a"), ValueError("b"))
    EMPTY.fail(ValueError("a"))
    EMPTY.feed_eof()
    EMPTY.set_read_chunk_size(10_000_000)
    with pytest.raises(RuntimeError, match="Nothing was read"):
        EMPTY.unread_data(b"a")
    assert EMPTY.at_eof()
    assert await EMPTY.read() == b""
    assert EMPTY.get_read_buffer_limits() == limits


def test_one_is_shared() -> None:
    assert isinstance(EMPTY_PAYLOAD, EmptyStreamReader)
    assert isinstance(EMPTY_PAYLOAD, StreamReader)
    assert repr(EMPTY_PAYLOAD) == "<EmptyStreamReader>"
