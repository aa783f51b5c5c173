"""Bodies: each does what it is there for."""

import asyncio

import pytest

from martlet_interfaces.testing._request_bodies import FailingBody, PiecesBody, StuckBody


class Keeper:
    """Keeps what it is given, as it must not."""

    def __init__(self) -> None:
        self.kept: list[bytes | bytearray | memoryview] = []
        self.seen: list[bytes] = []

    async def write(self, data: bytes | bytearray | memoryview, /) -> None:
        self.kept.append(data)
        self.seen.append(bytes(data))


async def test_pieces_are_written_and_their_buffers_spoiled() -> None:
    out = Keeper()
    await PiecesBody([b"one", b"three"], length=8).write_to(out)
    assert out.seen == [b"one", b"three"]
    assert [bytes(data) for data in out.kept] == [bytes(3), bytes(5)]


@pytest.mark.parametrize("length", [None, 3])
def test_pieces_tell_their_length_if_they_are_to(length: int | None) -> None:
    assert PiecesBody([b"one"], length=length).length == length


async def test_a_failing_body_writes_something_first() -> None:
    out, error = Keeper(), LookupError("lost")
    with pytest.raises(LookupError) as caught:
        await FailingBody(error).write_to(out)
    assert caught.value is error
    assert out.seen == [b"something"]


async def test_a_failing_body_waits_until_it_may() -> None:
    go = asyncio.Event()
    writing = asyncio.create_task(FailingBody(LookupError("lost"), go).write_to(Keeper()))
    await asyncio.sleep(0)
    assert not writing.done()
    go.set()
    with pytest.raises(LookupError, match="lost"):
        await writing


async def test_a_stuck_body_tells_when_it_began_and_when_it_was_stopped() -> None:
    body = StuckBody()
    writing = asyncio.create_task(body.write_to(Keeper()))
    await body.started.wait()
    assert not body.ended.is_set()
    writing.cancel()
    await body.ended.wait()
