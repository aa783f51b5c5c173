import pytest

from martlet_client_session._coalescing import GATHERED, CoalescingWriter
from martlet_client_session._stream_writer import BodyStreamWriter

from .part_recording import Recorder


async def test_small_pieces_are_passed_on_as_one() -> None:
    recorder = Recorder()
    out = CoalescingWriter(BodyStreamWriter(recorder))
    out.keep(b"a")
    await out.write(b"b")
    await out.write(b"")
    await out.write(b"c")
    assert recorder.pieces == []
    await out.flush()
    assert recorder.pieces == [b"abc"]
    await out.flush()
    assert recorder.pieces == [b"abc"]
    await out.write(b"d")
    await out.flush()
    assert recorder.pieces == [b"abc", b"d"]
    assert out.output_size == 4


async def test_they_are_as_soon_as_there_is_enough_of_them() -> None:
    recorder = Recorder()
    out = CoalescingWriter(BodyStreamWriter(recorder))
    for _ in range(129):
        await out.write(bytes(GATHERED // 64))
    assert [len(piece) for piece in recorder.pieces] == [GATHERED, GATHERED]
    await out.flush()
    assert len(recorder.data) == 129 * GATHERED // 64


async def test_what_may_change_is_copied() -> None:
    recorder = Recorder()
    out = CoalescingWriter(BodyStreamWriter(recorder))
    data = bytearray(b"before")
    await out.write(data)
    await out.write(memoryview(data))
    await out.write(memoryview(data)[::2])
    data[:] = b"after!"
    await out.flush()
    assert recorder.data == b"beforebeforebfr"


async def test_a_failure_comes_out() -> None:
    class Broken:
        async def write(self, data: bytes | bytearray | memoryview, /) -> None:
            raise OSError("broken")

    out = CoalescingWriter(BodyStreamWriter(Broken()))
    await out.write(b"a")
    with pytest.raises(OSError, match="broken"):
        await out.flush()
