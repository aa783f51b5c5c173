import asyncio
import sys

import pytest

from martlet_client_session import StreamReader, _large_body
from martlet_client_session._large_body import LARGE, room_for

from .scripted import FlowRecorder, turn


@pytest.mark.parametrize("size", [1, LARGE - 1, LARGE, LARGE + 5_000_000])
def test_room_is_empty_and_takes_the_size_without_growing(size: int) -> None:
    room = room_for(size)
    assert room.tell() == 0
    capacity = sys.getsizeof(room)
    room.write(bytes(size))
    assert room.tell() == size
    assert abs(sys.getsizeof(room) - capacity) <= 1


def test_what_is_in_the_room_is_given_away_without_a_copy() -> None:
    room = room_for(LARGE)
    room.write(b"abc")
    room.truncate()
    assert room.getvalue() == b"abc"
    assert room.getvalue() is room.getvalue()


def test_absurd_size_makes_no_room() -> None:
    assert sys.getsizeof(room_for(10**15)) < 1000


def test_size_that_there_is_no_memory_for_makes_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr(_large_body, "bytes", refuse, raising=False)
    assert sys.getsizeof(room_for(LARGE)) < 1000


@pytest.mark.parametrize("lacking", ["Linux", "ctypes", "madvise"])
def test_room_is_made_also_where_nothing_can_be_advised(
    lacking: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if lacking == "Linux":
        monkeypatch.setattr(sys, "platform", "darwin")
    elif lacking == "ctypes":
        monkeypatch.setitem(sys.modules, "ctypes", None)
    else:
        monkeypatch.setattr("ctypes.CDLL", lambda _: object())
    room = room_for(LARGE)
    room.write(b"abc")
    room.truncate()
    assert room.getvalue() == b"abc"


@pytest.mark.parametrize("announced", [LARGE, LARGE - 1])
@pytest.mark.parametrize("surplus", [-1000, 0, 1000])
async def test_body_that_is_not_as_long_as_announced_is_read_all_the_same(
    announced: int, surplus: int
) -> None:
    reader = StreamReader(FlowRecorder(), 1000)
    reader.expected_size = announced
    reader.feed(b"begin")
    task = asyncio.create_task(reader.read())
    await turn()
    reader.feed(bytes(announced + surplus))
    reader.feed(b"end")
    reader.eof()
    assert await task == b"begin" + bytes(announced + surplus) + b"end"
