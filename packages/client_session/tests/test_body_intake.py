"""What a reader is fed by hand, and what it tells without being read."""

import asyncio
from unittest import mock

import pytest

from martlet_client_session import StreamReader
from martlet_exceptions import ClientPayloadError

from .scripted import FlowRecorder, reader_with, turn

BROKEN = ClientPayloadError("broken")


@pytest.mark.parametrize(
    "protocol", [mock.Mock(), mock.Mock(_reading_paused=False), None, object()]
)
async def test_reader_is_made_by_hand_with_any_protocol(protocol: object) -> None:
    loop = asyncio.get_running_loop()
    reader = StreamReader(protocol, 4, timer=None, loop=loop)
    assert reader.feed_data(b"abcdef", 6) is False
    reader.feed_data(b"")
    assert await reader.read(5) == b"abcde"
    reader.feed_eof()
    assert await reader.read() == b"f"


async def test_mock_is_paused_and_resumed() -> None:
    protocol = mock.Mock()
    reader = StreamReader(protocol=protocol, limit=4)
    reader.feed_data(b"abcdef")
    reader.read_nowait()
    assert protocol.mock_calls == [mock.call.pause_reading(), mock.call.resume_reading()]
    assert reader.total_compressed_bytes is None


def test_reader_needs_no_loop_to_be_made_and_fed() -> None:
    reader = StreamReader(None, 100)
    reader.feed_data(b"abc")
    reader.feed_eof()
    assert reader.read_nowait() == b"abc"


class Subclass(StreamReader):
    """As libraries make them, which set what they like on it."""


async def test_subclass_may_have_more() -> None:
    reader = Subclass(mock.Mock(), 100, loop=asyncio.get_running_loop())
    reader.more = 1  # type: ignore[attr-defined]  # what is tested
    reader.feed_data(b"a")
    assert repr(reader) == "<Subclass open, 1 bytes waiting>"


@pytest.mark.parametrize("data", [bytearray(b"abc"), memoryview(b"abc")])
async def test_what_is_fed_may_be_bytes_like(data: "bytearray | memoryview") -> None:
    reader, _ = reader_with()
    reader.feed_data(data)
    reader.feed_eof()
    taken = await reader.read()
    assert taken == b"abc"
    assert type(taken) is bytes


@pytest.mark.parametrize("data", ["abc", 5, None])
async def test_what_is_fed_has_to_be_bytes(data: object) -> None:
    reader, _ = reader_with()
    with pytest.raises(TypeError, match=r"^A body cannot be fed \w+: give bytes$"):
        reader.feed_data(data)  # type: ignore[arg-type]  # what is tested


async def test_nothing_can_be_fed_after_the_end() -> None:
    reader, _ = reader_with()
    reader.feed_eof()
    with pytest.raises(RuntimeError, match="feed_data cannot follow feed_eof"):
        reader.feed_data(b"a")


async def test_exception_may_have_a_cause() -> None:
    reader, _ = reader_with()
    cause = OSError("cause")
    reader.set_exception(BROKEN, cause)
    assert reader.exception() is BROKEN
    assert BROKEN.__cause__ is cause


async def test_callbacks_are_called_at_the_end_once_or_at_once() -> None:
    reader, _ = reader_with(b"a")
    called: list[int] = []
    reader.on_eof(lambda: called.append(1))
    reader.on_eof(lambda: called.append(2))
    assert called == []
    reader.feed_eof()
    reader.feed_eof()
    assert called == [1, 2]
    reader.on_eof(lambda: called.append(3))
    assert called == [1, 2, 3]


@pytest.mark.parametrize("how", ["fail", "set_exception"])
async def test_callbacks_are_not_called_for_a_body_that_fails(how: str) -> None:
    reader, _ = reader_with(b"a")
    called: list[int] = []
    reader.on_eof(lambda: called.append(1))
    getattr(reader, how)(BROKEN)
    reader.on_eof(lambda: called.append(2))
    assert called == []


async def test_any_number_of_tasks_may_wait_for_the_end_while_one_reads() -> None:
    reader, _ = reader_with()
    waiting = [asyncio.create_task(reader.wait_eof()) for _ in range(3)]
    await turn()
    waiting.pop().cancel()
    reading = asyncio.create_task(reader.read())
    await turn()
    assert not any(task.done() for task in waiting)
    reader.feed(b"a")
    reader.eof()
    await asyncio.gather(*waiting)
    await reader.wait_eof()
    assert await reading == b"a"


@pytest.mark.parametrize("how", ["fail", "set_exception"])
async def test_wait_for_the_end_raises_what_the_body_fails_with(how: str) -> None:
    reader, _ = reader_with()
    waiting = asyncio.create_task(reader.wait_eof())
    await turn()
    getattr(reader, how)(BROKEN)
    for _ in range(2):
        with pytest.raises(ClientPayloadError):
            await waiting
        waiting = asyncio.create_task(reader.wait_eof())


async def test_limits_are_told_and_can_be_raised_but_not_lowered() -> None:
    reader, flow = reader_with(b"x" * 10, limit=10)
    assert reader.get_read_buffer_limits() == (5, 10)
    reader.set_read_chunk_size(9)
    assert reader.get_read_buffer_limits() == (5, 10)
    assert flow.calls == ["pause"]
    reader.set_read_chunk_size(19)
    assert flow.calls == ["pause"]
    reader.set_read_chunk_size(20)
    assert flow.calls == ["pause", "resume"]
    reader.set_read_chunk_size(30)
    assert reader.get_read_buffer_limits() == (15, 30)


async def test_without_a_coding_raw_bytes_are_the_bytes() -> None:
    reader, _ = reader_with(b"abc")
    assert reader.total_raw_bytes == reader.total_bytes == 3
    assert reader.total_compressed_bytes is None


# Back-pressure by the number of chunks


def test_tiny_chunks_pause_by_their_number_and_resume_at_half_of_it() -> None:
    reader, flow = reader_with(limit=1_000_000)
    reader.feed_chunks([b"x"] * 4095, False)
    assert flow.calls == []
    reader.feed_chunks([b"x"], False)
    reader.feed_chunks([b"x"], False)
    assert flow.calls == ["pause"]
    assert reader.read_nowait(2048) == b"x" * 2048
    assert flow.calls == ["pause"]
    reader.read_nowait(2)
    assert flow.calls == ["pause", "resume"]


def test_chunks_that_were_read_do_not_count() -> None:
    reader, flow = reader_with(limit=1_000_000)
    for _ in range(100):
        reader.feed_chunks([b"x"] * 1000, False)
        reader.read_nowait(999)
    assert flow.calls == []
    ends = reader._ends
    assert ends is not None
    assert len(ends) < 4096


async def test_a_million_tiny_chunks_are_not_kept_while_all_of_them_is_wanted() -> None:
    reader, flow = reader_with(limit=4)
    task = asyncio.create_task(reader.read())
    await turn()
    for _ in range(100):
        reader.feed_chunks([b"x"] * 10_000, False)
    ends = reader._ends
    assert ends is not None
    assert len(ends) == 1
    assert flow.calls == []
    reader.eof()
    assert len(await task) == 1_000_000


async def test_chunks_do_not_pause_what_is_gathered() -> None:
    reader, flow = reader_with(limit=4)
    task = asyncio.create_task(reader.readexactly(10_000))
    await turn()
    reader.feed_chunks([b"x"] * 9_999, False)
    assert flow.calls == []
    reader.feed_chunks([b"x", b"y"], False)
    assert await task == b"x" * 10_000
    reader.feed_chunks([b"z"], False)
    assert await reader.readchunk() == (b"", True)
    assert await reader.readchunk() == (b"y", True)
    assert await reader.readchunk() == (b"z", True)


def test_chunks_told_by_hand_pause_by_their_number() -> None:
    flow = FlowRecorder()
    reader = StreamReader(flow, 1_000_000)
    for _ in range(4096):
        assert flow.calls == []
        reader.begin_http_chunk_receiving()
        reader.feed_data(b"xy")
        reader.read_nowait(1)
        reader.end_http_chunk_receiving()
    assert flow.calls == []
    assert reader._ends is not None
    while not flow.calls:
        reader.feed_data(b"xy")
        reader.end_http_chunk_receiving()
    assert len(reader._ends) == 4096
