import gzip
import tracemalloc
import zlib
from collections.abc import Callable
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_client_session import StreamReader
from martlet_client_session._decoding import DecodingSink
from martlet_exceptions import ClientConnectionError, ClientPayloadError, ContentEncodingError
from martlet_http_parser import content_decoder

from .scripted import FlowRecorder

MIB = 1024 * 1024


def bare_deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush()


CODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "DEFLATE": bare_deflate,
}


def encode(data: bytes, codings: list[str]) -> bytes:
    return reduce(lambda coded, coding: CODERS[coding](coded), codings, data)


def chain(codings: list[str], limit: int = 10 * MIB) -> tuple[DecodingSink, StreamReader]:
    """Put a decoder before a reader, as a response does; the flow is ``sink._flow``."""
    decoder = content_decoder(", ".join(codings))
    assert decoder is not None
    sink = DecodingSink(decoder, FlowRecorder())
    sink.sink = reader = StreamReader(sink, limit)
    return sink, reader


def calls(sink: DecodingSink) -> list[str]:
    assert isinstance(sink._flow, FlowRecorder)
    return sink._flow.calls


DATA = bytes(range(256)) * 50


@pytest.mark.parametrize(
    "codings",
    [["gzip"], ["x-gzip"], ["deflate"], ["DEFLATE"], ["gzip", "deflate"], ["deflate"] * 5],
)
@pytest.mark.parametrize("step", [1, 100, 1_000_000])
async def test_body_is_decoded_however_it_is_cut(codings: list[str], step: int) -> None:
    sink, reader = chain(codings)
    coded = encode(DATA, codings)
    for start in range(0, len(coded), step):
        sink.feed(coded[start : start + step])
    sink.eof()
    assert await reader.read() == DATA


@pytest.mark.parametrize("codings", [["gzip"], ["gzip", "gzip"]])
async def test_body_that_is_empty_needs_no_coding(codings: list[str]) -> None:
    sink, reader = chain(codings)
    sink.eof()
    assert await reader.read() == b""


@pytest.mark.parametrize("codings", [["gzip"], ["deflate"], ["gzip", "deflate"]])
async def test_body_that_is_cut_short_is_a_payload_error_after_what_came(
    codings: list[str],
) -> None:
    sink, reader = chain(codings)
    sink.feed(encode(DATA, codings)[:-5])
    sink.eof()
    with pytest.raises(ClientPayloadError, match="cut short"):
        await reader.read()
    assert isinstance(reader.exception(), ContentEncodingError)


async def test_body_that_is_not_in_its_coding_is_a_payload_error_and_stops_the_peer() -> None:
    sink, reader = chain(["gzip"])
    sink.feed(gzip.compress(DATA)[:100])
    sink.feed(b"\xff" * 100)
    sink.feed(b"more")
    sink.eof()
    with pytest.raises(ClientPayloadError, match="not valid gzip"):
        await reader.read()
    assert calls(sink) == ["pause"]


async def test_failure_of_the_connector_is_passed_on() -> None:
    sink, reader = chain(["gzip"])
    broken = ClientConnectionError("broken")
    sink.fail(broken)
    sink.feed(b"x")
    assert reader.exception() is broken


def bomb(size: int, codings: list[str]) -> bytes:
    """Encode *size* zeros without ever holding them."""
    compressor = zlib.compressobj(9, wbits=16 + zlib.MAX_WBITS)
    piece = bytes(MIB)
    coded = b"".join(compressor.compress(piece) for _ in range(size // MIB)) + compressor.flush()
    return encode(coded, codings[1:])


@pytest.mark.parametrize("codings", [["gzip"], ["gzip", "gzip"], ["gzip"] * 5])
async def test_bomb_takes_no_more_than_a_mebibyte_while_nobody_reads(codings: list[str]) -> None:
    coded = bomb(64 * MIB, codings)
    tracemalloc.start()
    try:
        sink, reader = chain(codings, limit=262144)
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        sink.feed(coded)
        sink.eof()
        assert tracemalloc.get_traced_memory()[1] - before <= MIB
        for _ in range(10):
            await reader.read(1000)
        await reader.readany()
        assert tracemalloc.get_traced_memory()[1] - before <= MIB
    finally:
        tracemalloc.stop()
    assert not reader.is_eof()
    # Given up, it inflates no further.
    came = reader.total_bytes
    reader.set_exception(ClientConnectionError("closed"))
    sink.resume()
    assert reader.total_bytes == came


async def test_bomb_can_be_read_to_its_end_a_bounded_piece_at_a_time() -> None:
    sink, reader = chain(["gzip"], limit=262144)
    sink.feed(bomb(8 * MIB, ["gzip"]))
    sink.eof()
    sizes = [len(piece) async for piece in reader.iter_any()]
    assert sum(sizes) == 8 * MIB
    assert max(sizes) <= 2 * 262144


async def test_body_that_inflates_to_nothing_is_given_up() -> None:
    # A gzip file's name may be of any length, and is no output.
    header = b"\x1f\x8b\x08\x08\0\0\0\0\0\0"
    name = zlib.compressobj(9, wbits=16 + zlib.MAX_WBITS)
    coded = name.compress(header)
    coded += b"".join(name.compress(b"a" * MIB) for _ in range(66)) + name.flush()
    sink, reader = chain(["gzip", "gzip"])
    sink.feed(coded)
    with pytest.raises(ClientPayloadError, match="inflates again and again, to nothing"):
        await reader.read()
    assert calls(sink) == ["pause"]


async def test_body_that_gives_something_may_be_of_any_length(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("martlet_http_parser._decoder_chain._MAX_BARREN", 100_000)
    sink, reader = chain(["gzip", "gzip"])
    sink.feed(gzip.compress(gzip.compress(bytes(MIB), compresslevel=0)))
    sink.eof()
    assert await reader.read() == bytes(MIB)


async def test_flow_is_paused_and_resumed_in_order() -> None:
    sink, reader = chain(["gzip"], limit=1000)
    compressor = zlib.compressobj(wbits=16 + zlib.MAX_WBITS)
    sink.feed(compressor.compress(DATA) + compressor.flush(zlib.Z_SYNC_FLUSH))
    assert calls(sink) == ["pause"]
    assert await reader.readany() == DATA
    assert calls(sink) == ["pause", "resume"]
    sink.feed(compressor.compress(DATA) + compressor.flush())
    sink.eof()
    assert calls(sink) == ["pause", "resume", "pause"]
    assert not reader.is_eof()
    assert await reader.readany() == DATA
    # The body has ended meanwhile: nobody is asked for more.
    assert calls(sink) == ["pause", "resume", "pause"]
    assert reader.at_eof()


async def test_flow_stays_paused_while_what_is_left_fills_the_reader_again() -> None:
    sink, reader = chain(["gzip"], limit=1000)
    sink.feed(bomb(MIB, ["gzip"]))
    for _ in range(5):
        await reader.readany()
    assert calls(sink) == ["pause"] * 6


async def test_what_comes_while_paused_is_decoded_later() -> None:
    sink, reader = chain(["gzip"], limit=10)
    first, second = gzip.compress(b"a" * 20), gzip.compress(b"b" * 20)
    sink.feed(first)
    sink.feed(second)
    assert reader.total_bytes == 20
    assert await reader.readany() == b"a" * 20
    assert await reader.readany() == b"b" * 20


async def test_error_that_is_found_within_resume_goes_to_the_reader() -> None:
    sink, reader = chain(["gzip"], limit=10)
    sink.feed(gzip.compress(b"a" * 20) + b"garbage")
    assert await reader.readany() == b"a" * 20
    assert calls(sink) == ["pause", "pause"]
    with pytest.raises(ClientPayloadError, match="after the end of the gzip body"):
        await reader.readany()


class _Impatient:
    """A sink that pauses and resumes within each feed."""

    def __init__(self, decoding: DecodingSink) -> None:
        self.decoding = decoding
        self.got = b""
        self.ended = False

    def feed(self, data: bytes) -> None:
        self.got += data
        self.decoding.pause()
        self.decoding.resume()

    def eof(self) -> None:
        self.ended = True

    def fail(self, exc: BaseException) -> None:
        raise exc


def test_pause_and_resume_within_a_feed_lose_and_repeat_nothing() -> None:
    data = bytes(range(256)) * 2000
    sink, _ = chain(["gzip"])
    sink.sink = impatient = _Impatient(sink)
    sink.feed(gzip.compress(data))
    sink.eof()
    assert impatient.got == data
    assert impatient.ended


@given(
    st.binary(max_size=3000),
    st.lists(st.sampled_from(sorted(CODERS)), min_size=1, max_size=5),
    st.lists(st.integers(min_value=1, max_value=50), max_size=20),
    st.integers(min_value=0, max_value=3000),
)
def test_any_cut_of_any_coded_body_gives_it_back_in_order(
    data: bytes, codings: list[str], cuts: list[int], limit: int
) -> None:
    sink, reader = chain(codings, limit)
    coded = encode(data, codings)
    got = b""
    for cut in cuts:
        piece, coded = coded[:cut], coded[cut:]
        if piece:
            sink.feed(piece)
        got += reader.read_nowait(cut)
    if coded:
        sink.feed(coded)
    sink.eof()
    while not reader.at_eof():
        got += reader.read_nowait(100)
    assert got == data


def test_reader_tells_how_much_came_and_what_became_of_it() -> None:
    sink, reader = chain(["gzip"])
    assert reader.total_compressed_bytes == reader.total_raw_bytes == 0
    coded = gzip.compress(DATA)
    sink.feed(coded)
    sink.eof()
    assert reader.total_compressed_bytes == reader.total_raw_bytes == len(coded)
    assert reader.total_bytes == len(DATA)


def test_chunks_of_a_coded_body_are_nobodys_business() -> None:
    sink, _ = chain(["gzip"])
    assert not hasattr(sink, "feed_chunks")
