import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from martlet_client_session import AsyncStreamIterator, StreamReader
from martlet_exceptions import ClientPayloadError

from .scripted import reader_with, turn

BROKEN = ClientPayloadError("broken")


async def started(awaitable: Awaitable[bytes]) -> "asyncio.Future[bytes]":
    """Begin to read, and let it come to its wait."""
    task = asyncio.ensure_future(awaitable)
    await turn()
    assert not task.done()
    return task


async def test_read_waits_for_the_end_and_joins() -> None:
    reader, _ = reader_with(b"ab")
    task = await started(reader.read())
    reader.feed(b"cd")
    await turn()
    assert not task.done()
    reader.eof()
    assert await task == b"abcd"
    assert reader.at_eof()


async def test_read_of_a_complete_body_in_one_piece_copies_nothing() -> None:
    piece = bytes(1000)
    reader, _ = reader_with(piece, limit=10_000)
    reader.eof()
    assert await reader.read() is piece


@pytest.mark.parametrize(
    ("pieces", "n", "expected"),
    [
        ((b"abcd",), 2, [b"ab", b"cd"]),
        ((b"abcd",), 4, [b"abcd"]),
        ((b"abcd",), 9, [b"abcd"]),
        ((b"abc", b"d"), 2, [b"ab", b"cd"]),
        ((b"ab", b"cd"), 3, [b"abc", b"d"]),
        ((b"a", b"b", b"c", b"d"), 3, [b"abc", b"d"]),
        ((b"ab", b"cdef"), 1, [b"a", b"b", b"c", b"d", b"e", b"f"]),
        ((b"ab", b"cdef"), 4, [b"abcd", b"ef"]),
    ],
)
async def test_read_n_gives_up_to_n_bytes(
    pieces: tuple[bytes, ...], n: int, expected: list[bytes]
) -> None:
    reader, _ = reader_with(*pieces)
    reader.eof()
    assert [await reader.read(n) for _ in expected] == expected
    assert await reader.read(n) == b""


async def test_read_n_waits_for_a_byte_not_for_n() -> None:
    reader, _ = reader_with()
    task = await started(reader.read(10))
    reader.feed(b"a")
    assert await task == b"a"


async def test_read_0_gives_nothing_and_does_not_wait() -> None:
    reader, _ = reader_with()
    assert await reader.read(0) == b""


class Counted(bytes):
    """Bytes that count what is copied out of them."""

    copied = 0

    def __getitem__(self, key: Any) -> Any:
        piece = super().__getitem__(key)
        Counted.copied += len(piece)
        return piece


async def test_reading_a_large_piece_little_by_little_copies_each_byte_once() -> None:
    Counted.copied = 0
    reader, _ = reader_with(Counted(10_000), limit=100_000)
    for _ in range(1000):
        assert len(await reader.read(10)) == 10
    assert Counted.copied == 10_000


@pytest.mark.parametrize("rest", [lambda r: r.readany(), lambda r: r.read(), lambda r: r.read(100)])
async def test_rest_of_a_piece_follows_what_was_read_of_it(
    rest: Callable[[StreamReader], Awaitable[bytes]],
) -> None:
    reader, _ = reader_with(b"abcd", b"ef")
    assert await reader.read(1) == b"a"
    reader.eof()
    assert reader.peek(3) == b"bcd"
    assert await rest(reader) == b"bcdef"


async def test_readany_gives_all_that_is_there() -> None:
    reader, _ = reader_with(b"ab", b"cd")
    assert await reader.readany() == b"abcd"
    task = await started(reader.readany())
    reader.feed(b"e")
    assert await task == b"e"
    reader.eof()
    assert await reader.readany() == b""


async def test_waiting_readany_ends_with_the_body() -> None:
    reader, _ = reader_with()
    task = await started(reader.readany())
    reader.eof()
    assert await task == b""


async def test_read_nowait_gives_what_is_there_and_never_waits() -> None:
    reader, _ = reader_with(b"abc", b"d")
    assert reader.read_nowait(2) == b"ab"
    assert reader.read_nowait() == b"cd"
    assert reader.read_nowait() == reader.read_nowait(5) == b""
    reader.fail(BROKEN)
    with pytest.raises(ClientPayloadError):
        reader.read_nowait()


async def test_iter_chunked_gives_pieces_of_at_most_n() -> None:
    reader, _ = reader_with(b"abcde")
    reader.eof()
    assert [piece async for piece in reader.iter_chunked(2)] == [b"ab", b"cd", b"e"]


@pytest.mark.parametrize("n", [0, -1])
async def test_iter_chunked_of_no_bytes_is_a_value_error(n: int) -> None:
    reader, _ = reader_with(b"abcde")
    with pytest.raises(ValueError, match=f"Pieces of {n} bytes cannot be read"):
        reader.iter_chunked(n)


async def test_iter_any_gives_pieces_as_they_come() -> None:
    reader, _ = reader_with(b"abcde")
    pieces = reader.iter_any()
    assert isinstance(pieces, AsyncStreamIterator)
    assert await anext(pieces) == b"abcde"
    reader.feed(b"f")
    assert await anext(pieces) == b"f"
    reader.eof()
    assert [piece async for piece in pieces] == []


READS = [
    lambda reader: reader.read(),
    lambda reader: reader.read(1),
    lambda reader: reader.readany(),
    lambda reader: anext(reader.iter_any()),
]
Read = Callable[[StreamReader], Awaitable[bytes]]


@pytest.mark.parametrize("first", READS)
@pytest.mark.parametrize("second", READS)
async def test_second_reader_that_would_wait_gets_an_error_and_the_first_goes_on(
    first: Read, second: Read
) -> None:
    reader, flow = reader_with(limit=4)
    task = await started(first(reader))
    with pytest.raises(RuntimeError, match="Another task is already waiting to read this body"):
        await second(reader)
    reader.feed(b"a")
    await turn()
    for _ in range(10):
        if not flow.paused:
            reader.feed(b"bcde")
        await turn()
    reader.eof()
    assert (await task).startswith(b"a")


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("fed_first", [True, False])
async def test_cancellation_of_a_waiting_read_loses_no_byte(read: Read, fed_first: bool) -> None:
    reader, _ = reader_with()
    task = await started(read(reader))
    if fed_first:
        reader.feed(b"a")
    task.cancel()
    if not fed_first:
        reader.feed(b"a")
    with pytest.raises(asyncio.CancelledError):
        await task
    reader.feed(b"b")
    reader.eof()
    assert await reader.read() == b"ab"


async def test_cancelled_read_of_all_keeps_what_had_come_and_pauses_again() -> None:
    reader, flow = reader_with(limit=4)
    task = await started(reader.read())
    reader.feed(b"0123456789")
    assert flow.calls == []
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    reader.feed(b"x")
    assert flow.calls == ["pause"]
    assert reader.read_nowait() == b"0123456789x"
    assert flow.calls == ["pause", "resume"]


@pytest.mark.parametrize("read", READS)
async def test_failure_wakes_who_waits(read: Read) -> None:
    reader, _ = reader_with()
    task = await started(read(reader))
    reader.fail(BROKEN)
    with pytest.raises(ClientPayloadError) as caught:
        await task
    assert caught.value is BROKEN


@pytest.mark.parametrize(
    "read", [lambda r: r.read(1), lambda r: r.readany(), lambda r: anext(r.iter_any())]
)
async def test_what_had_come_before_a_failure_is_given_out_first(read: Read) -> None:
    reader, _ = reader_with(b"a")
    reader.fail(BROKEN)
    assert reader.exception() is BROKEN
    assert await read(reader) == b"a"
    with pytest.raises(ClientPayloadError):
        await read(reader)
    with pytest.raises(ClientPayloadError):
        await read(reader)


async def test_read_of_all_gives_no_part_of_a_failed_body() -> None:
    reader, _ = reader_with(b"a")
    reader.fail(BROKEN)
    with pytest.raises(ClientPayloadError):
        await reader.read()


async def test_failure_after_the_end_is_ignored() -> None:
    reader, _ = reader_with(b"a")
    reader.eof()
    reader.fail(BROKEN)
    assert reader.exception() is None
    assert await reader.read() == b"a"


async def test_first_failure_counts_and_nothing_comes_after_it() -> None:
    reader, _ = reader_with()
    reader.fail(BROKEN)
    reader.fail(ClientPayloadError("second"))
    reader.feed(b"a")
    reader.eof()
    assert reader.exception() is BROKEN
    assert not reader.is_eof()
    assert reader.total_bytes == 0
    with pytest.raises(ClientPayloadError, match="broken"):
        await reader.readany()


@pytest.mark.parametrize("complete", [False, True])
@pytest.mark.parametrize("read", READS)
async def test_set_exception_drops_what_waits_and_makes_every_read_raise(
    read: Read, complete: bool
) -> None:
    reader, _ = reader_with(b"abc")
    await reader.read(1)
    if complete:
        reader.eof()
    reader.set_exception(BROKEN)
    assert reader.peek(10) == b""
    assert not reader.at_eof()
    for _ in range(2):
        with pytest.raises(ClientPayloadError):
            await read(reader)
    with pytest.raises(ClientPayloadError):
        reader.read_nowait()


async def test_set_exception_drops_what_a_read_of_all_has_gathered() -> None:
    reader, _ = reader_with(b"ab")
    task = await started(reader.read())
    reader.feed(b"cd")
    reader.set_exception(BROKEN)
    with pytest.raises(ClientPayloadError):
        await task
    with pytest.raises(ClientPayloadError):
        await reader.readany()


async def test_peek_takes_nothing() -> None:
    reader, _ = reader_with(b"ab", b"cd")
    assert [reader.peek(n) for n in (0, 1, 3, 9)] == [b"", b"a", b"abc", b"abcd"]
    assert reader.read_nowait() == b"abcd"
    assert reader.peek(5) == b""


async def test_end_of_what_has_come_and_of_what_was_read_are_told_apart() -> None:
    reader, _ = reader_with(b"ab")
    assert (reader.is_eof(), reader.at_eof()) == (False, False)
    reader.eof()
    assert (reader.is_eof(), reader.at_eof()) == (True, False)
    reader.read_nowait()
    assert (reader.is_eof(), reader.at_eof()) == (True, True)


async def test_total_bytes_counts_what_has_come_read_or_not() -> None:
    reader, _ = reader_with(b"ab")
    await reader.read(1)
    task = await started(reader.read())
    reader.feed(b"cde")
    reader.eof()
    await task
    assert reader.total_bytes == 5


async def test_repr_tells_the_state_and_what_waits() -> None:
    reader, _ = reader_with(b"ab")
    assert repr(reader) == "<StreamReader open, 2 bytes waiting>"
    reader.eof()
    assert repr(reader) == "<StreamReader eof, 2 bytes waiting>"
    failed, _ = reader_with()
    failed.fail(BROKEN)
    assert repr(failed) == "<StreamReader failed, 0 bytes waiting>"
