"""A body that is read line by line, or in amounts that are asked for."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from martlet_client_session import StreamReader
from martlet_exceptions import ClientPayloadError, LineTooLong

from .scripted import reader_with, turn

BROKEN = ClientPayloadError("broken")
Read = Callable[[StreamReader], Awaitable[bytes]]


async def started(awaitable: Awaitable[bytes]) -> "asyncio.Future[bytes]":
    """Begin to read, and let it come to its wait."""
    task = asyncio.ensure_future(awaitable)
    await turn()
    assert not task.done()
    return task


async def test_iteration_is_over_lines_and_the_last_may_have_no_end() -> None:
    reader, _ = reader_with(b"ab\ncd", b"\n\n", b"x")
    reader.eof()
    assert [line async for line in reader] == [b"ab\n", b"cd\n", b"\n", b"x"]
    assert await reader.readline() == b""


async def test_line_is_awaited_to_its_end() -> None:
    reader, _ = reader_with(b"a")
    task = await started(reader.readline())
    reader.feed(b"b")
    await turn()
    assert not task.done()
    reader.feed(b"c\nd")
    assert await task == b"abc\n"
    assert reader.peek(5) == b"d"


@pytest.mark.parametrize(
    ("pieces", "lines"),
    [
        ([b"ab--cd--"], [b"ab--", b"cd--"]),
        ([b"ab-", b"-cd", b"--"], [b"ab--", b"cd--"]),
        ([b"a---b"], [b"a--", b"-b"]),
        ([b"a-"], [b"a-"]),
    ],
)
async def test_separator_may_be_longer_and_cut(pieces: list[bytes], lines: list[bytes]) -> None:
    reader, _ = reader_with(*pieces)
    reader.eof()
    assert [await reader.readuntil(b"--") for _ in lines] == lines
    assert await reader.readuntil(b"--") == b""


@pytest.mark.parametrize("waiting", [False, True])
async def test_line_may_be_twice_as_long_as_the_limit_and_no_longer(waiting: bool) -> None:
    for size, is_too_long in ((7, False), (8, True)):
        reader, flow = reader_with(limit=4)
        task = asyncio.ensure_future(reader.readline())
        if waiting:
            await turn()
        for byte in b"x" * size + b"\n":
            if not flow.paused:
                reader.feed(bytes([byte]))
            await turn()
        if is_too_long:
            with pytest.raises(LineTooLong):
                await task
        else:
            assert await task == b"x" * 7 + b"\n"
        assert not flow.paused


@pytest.mark.parametrize("kind", [ClientPayloadError, LineTooLong, ValueError])
async def test_line_that_is_too_long_is_an_error_of_three_kinds(kind: type[Exception]) -> None:
    reader, _ = reader_with(b"abcd\nef\n")
    with pytest.raises(kind, match="Got more than 4 bytes of a line") as caught:
        await reader.readline(max_line_length=4)
    assert isinstance(caught.value, LineTooLong)
    assert caught.value.excerpt == b"abcd\n"
    assert await reader.readline() == b"ef\n"


async def test_line_that_is_too_long_is_an_error_before_its_end_has_come() -> None:
    reader, _ = reader_with(b"abcde")
    with pytest.raises(LineTooLong):
        await reader.readline(max_line_length=4)
    task = await started(reader.readuntil(b"\n", max_size=2))
    reader.feed(b"fgh")
    with pytest.raises(LineTooLong):
        await task
    reader.feed(b"i\n")
    assert await reader.readline() == b"i\n"


async def test_last_line_without_an_end_is_too_long_as_well() -> None:
    reader, _ = reader_with(b"abcd")
    reader.eof()
    with pytest.raises(LineTooLong):
        await reader.readline(max_line_length=3)
    assert reader.at_eof()


async def test_line_may_be_longer_than_the_limit_if_that_is_asked_for() -> None:
    reader, flow = reader_with(b"ab", limit=1)
    assert flow.calls == ["pause"]
    task = await started(reader.readline(max_line_length=1000))
    assert flow.calls == ["pause", "resume"]
    for _ in range(100):
        reader.feed(b"abcde")
    reader.feed(b"\nx")
    assert await task == b"ab" + b"abcde" * 100 + b"\n"
    assert flow.calls == ["pause", "resume"]


async def test_tiny_pieces_do_not_hold_a_line_back() -> None:
    reader, flow = reader_with(*[b"x"] * 4096, limit=1_000_000)
    assert flow.calls == ["pause"]
    task = await started(reader.readline())
    assert flow.calls == ["pause", "resume"]
    for _ in range(5000):
        reader.feed(b"x")
    reader.feed(b"\n")
    assert await task == b"x" * 9096 + b"\n"


async def test_max_size_is_not_negative() -> None:
    reader, _ = reader_with(b"ab\n")
    with pytest.raises(ValueError, match="A line of -1 bytes cannot be read"):
        await reader.readline(max_line_length=-1)
    assert await reader.readline(max_line_length=0) == b"ab\n"


async def test_separator_has_to_be_bytes() -> None:
    reader, _ = reader_with(b"ab\n")
    with pytest.raises(TypeError, match="give bytes"):
        await reader.readuntil("\n")  # type: ignore[arg-type]  # what is tested
    with pytest.raises(ValueError, match="give at least one byte"):
        await reader.readuntil(b"")


async def test_lines_before_a_failure_are_given_and_no_part_of_one() -> None:
    reader, _ = reader_with(b"ab\ncd")
    reader.fail(BROKEN)
    assert await reader.readline() == b"ab\n"
    for _ in range(2):
        with pytest.raises(ClientPayloadError, match="broken"):
            await reader.readline()
    assert reader.read_nowait() == b"cd"


# Exactly


async def test_exactly_so_many_bytes_come_from_what_is_there_and_what_comes() -> None:
    reader, _ = reader_with(b"abc", b"d")
    assert await reader.readexactly(2) == b"ab"
    task = await started(reader.readexactly(4))
    reader.feed(b"e")
    await turn()
    assert not task.done()
    reader.feed(b"fgh")
    assert await task == b"cdef"
    assert await reader.readexactly(2) == b"gh"


@pytest.mark.parametrize("n", [0, -1])
async def test_no_bytes_are_there_at_once(n: int) -> None:
    reader, _ = reader_with()
    assert await reader.readexactly(n) == b""


@pytest.mark.parametrize("waiting", [False, True])
async def test_end_before_that_many_is_an_error_with_what_there_was(waiting: bool) -> None:
    reader, _ = reader_with(b"ab")
    if waiting:
        task = await started(reader.readexactly(4))
        reader.feed(b"c")
    else:
        reader.feed(b"c")
        task = asyncio.ensure_future(reader.readexactly(4))
    reader.eof()
    with pytest.raises(asyncio.IncompleteReadError) as caught:
        await task
    assert (caught.value.partial, caught.value.expected) == (b"abc", 4)
    assert reader.at_eof()


async def test_failure_before_that_many_leaves_what_there_was() -> None:
    reader, _ = reader_with(b"ab")
    task = await started(reader.readexactly(4))
    reader.fail(BROKEN)
    with pytest.raises(ClientPayloadError):
        await task
    assert await reader.readexactly(2) == b"ab"
    with pytest.raises(ClientPayloadError):
        await reader.readexactly(1)


async def test_more_than_the_limit_can_be_asked_for() -> None:
    reader, flow = reader_with(b"abcd", limit=4)
    assert flow.calls == ["pause"]
    task = await started(reader.readexactly(10_000))
    for _ in range(10_000):
        reader.feed(b"x")
    assert await task == b"abcd" + b"x" * 9996
    assert flow.calls == ["pause", "resume"]
    reader.feed(b"x")
    assert flow.calls == ["pause", "resume", "pause"]


# Both


READS = [lambda r: r.readline(), lambda r: r.readexactly(9), lambda r: r.readuntil(b"--")]
OTHERS: "list[Read]" = [
    *READS,
    lambda r: r.read(),
    lambda r: r.read(1),
    lambda r: r.readany(),
    lambda r: anext(r.iter_any()),
]


@pytest.mark.parametrize("first", READS)
@pytest.mark.parametrize("second", OTHERS)
@pytest.mark.parametrize("woken", [False, True])
async def test_second_reader_gets_an_error_and_the_first_goes_on(
    first: Read, second: Read, woken: bool
) -> None:
    reader, _ = reader_with(b"ab")
    task = await started(first(reader))
    if woken:
        reader.feed(b"cdefghi--\n")
    for read in (second, _read_nowait, _unread):
        with pytest.raises(RuntimeError, match="Another task is already waiting to read this"):
            await read(reader)
    if not woken:
        reader.feed(b"cdefghi--\n")
    assert (await task).startswith(b"abcdefghi")


async def _read_nowait(reader: StreamReader) -> bytes:
    return reader.read_nowait()


async def _unread(reader: StreamReader) -> bytes:
    reader.unread_data(b"x")
    return b""


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("fed_first", [True, False])
async def test_cancellation_loses_no_byte(read: Read, fed_first: bool) -> None:
    reader, _ = reader_with(b"a")
    task = await started(read(reader))
    if fed_first:
        reader.feed(b"b" * 10 + b"--\n")
    task.cancel()
    if not fed_first:
        reader.feed(b"b" * 10 + b"--\n")
    with pytest.raises(asyncio.CancelledError):
        await task
    reader.feed(b"c")
    reader.eof()
    assert await reader.read() == b"a" + b"b" * 10 + b"--\nc"


@pytest.mark.parametrize("read", READS)
async def test_set_exception_drops_even_what_would_have_been_enough(read: Read) -> None:
    reader, _ = reader_with(b"a")
    task = await started(read(reader))
    reader.feed(b"b" * 10 + b"--\n")
    reader.set_exception(BROKEN)
    with pytest.raises(ClientPayloadError):
        await task
    assert reader.peek(1) == b""


async def test_what_is_put_back_is_read_next() -> None:
    reader, _ = reader_with(b"abc", b"d")
    assert await reader.read(2) == b"ab"
    reader.unread_data(b"XY")
    reader.unread_data(b"")
    assert reader.total_bytes == 4
    assert await reader.read(3) == b"XYc"
    assert await reader.readany() == b"d"
    reader.eof()
    reader.unread_data(b"Z")
    assert not reader.at_eof()
    assert await reader.read() == b"Z"
