import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_client_session import StreamReader
from martlet_exceptions import ClientPayloadError

from .scripted import FlowRecorder, reader_with, turn


async def test_reader_pauses_once_at_its_limit_and_resumes_once_at_half_of_it() -> None:
    reader, flow = reader_with(b"123", limit=4)
    assert flow.calls == []
    reader.feed(b"4")
    assert flow.calls == ["pause"]
    reader.feed(b"5")
    assert flow.calls == ["pause"]
    await reader.read(2)
    assert flow.calls == ["pause"]
    await reader.read(1)
    assert flow.calls == ["pause", "resume"]
    await reader.read(2)
    assert flow.calls == ["pause", "resume"]


async def test_readany_resumes_at_once() -> None:
    reader, flow = reader_with(b"12345", limit=4)
    await reader.readany()
    assert flow.calls == ["pause", "resume"]


async def test_body_in_tiny_pieces_pauses_by_their_number() -> None:
    reader, flow = reader_with(limit=1_000_000)
    for _ in range(4095):
        reader.feed(b"x")
    assert flow.calls == []
    reader.feed(b"x")
    assert flow.calls == ["pause"]
    await reader.read(2047)
    assert flow.calls == ["pause"]
    await reader.read(1)
    assert flow.calls == ["pause", "resume"]


async def test_read_of_all_resumes_and_holds_back_nothing() -> None:
    reader, flow = reader_with(b"12345", limit=4)
    task = asyncio.create_task(reader.read())
    await turn()
    for _ in range(10):
        reader.feed(b"12345")
    assert flow.calls == ["pause", "resume"]
    reader.eof()
    assert await task == b"12345" * 11


async def test_limit_of_zero_lets_one_piece_in_at_a_time() -> None:
    reader, flow = reader_with(b"1", limit=0)
    assert flow.calls == ["pause"]
    assert await reader.read(1) == b"1"
    assert flow.calls == ["pause", "resume"]


@pytest.mark.parametrize("how", ["fail", "set_exception"])
async def test_failed_reader_asks_for_no_more(how: str) -> None:
    reader, flow = reader_with(b"12345", limit=4)
    getattr(reader, how)(ClientPayloadError("broken"))
    reader._take_all()
    assert flow.calls == ["pause"]


class _Peer(FlowRecorder):
    """Has as much to send as is asked for: it feeds within `resume`."""

    reader: StreamReader

    def __init__(self, pieces: list[bytes]) -> None:
        super().__init__()
        self.pieces = pieces

    def resume(self) -> None:
        super().resume()
        while self.pieces and not self.paused:
            self.reader.feed(self.pieces.pop(0))
        if not self.pieces:
            self.reader.eof()


@pytest.mark.parametrize("n", [1, 3, 5, 100])
async def test_peer_that_feeds_within_resume_is_read_to_the_end(n: int) -> None:
    pieces = [bytes([65 + index]) * 3 for index in range(20)]
    expected = b"".join(pieces)
    peer = _Peer(pieces)
    peer.reader = reader = StreamReader(peer, 4)
    peer.resume()
    assert b"".join([piece async for piece in reader.iter_chunked(n)]) == expected


_SIZES = st.integers(min_value=1, max_value=12)
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("feed"), _SIZES),
        st.tuples(st.just("read"), _SIZES),
        st.tuples(st.just("nowait"), _SIZES),
        st.tuples(st.just("peek"), _SIZES),
        st.tuples(st.just("any"), st.just(0)),
    ),
    max_size=60,
)


@given(_STEPS, st.integers(min_value=0, max_value=20))
def test_any_interleaving_gives_the_bytes_back_in_order_and_keeps_to_the_limit(
    steps: list[tuple[str, int]], limit: int
) -> None:
    asyncio.run(_interleave(steps, limit))


async def _interleave(steps: list[tuple[str, int]], limit: int) -> None:
    reader, flow = reader_with(limit=limit)
    fed, read = bytearray(), bytearray()
    for step, n in steps:
        waiting = len(fed) - len(read)
        if step == "feed":
            piece = bytes((len(fed) + index) % 256 for index in range(n))
            fed += piece
            reader.feed(piece)
            waiting += n
            if waiting >= limit:
                assert flow.paused
        elif step == "peek":
            assert reader.peek(n) == fed[len(read) : len(read) + n]
        elif step == "nowait":
            read += reader.read_nowait(n)
        elif waiting:
            read += await (reader.read(n) if step == "read" else reader.readany())
        if len(read) == len(fed) or len(fed) - len(read) < limit // 2:
            assert not flow.paused or (step == "feed" and limit == 0)
        assert flow.calls == ["pause", "resume"] * (len(flow.calls) // 2) + ["pause"] * flow.paused
    reader.eof()
    read += await reader.read()
    assert read == fed
    assert reader.total_bytes == len(fed)
    assert not flow.paused
