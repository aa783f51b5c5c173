"""A chunked body whose chunks are given out apart."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_exceptions import TransferEncodingError
from martlet_http_parser import DEFAULT_LIMITS, LAST_CHUNK, serialize_chunk
from martlet_http_parser._chunked import ChunkedDecoder

from .recording import bytewise


class Chunks:
    """What `feed_apart` gives out, put together again, and each call as it was."""

    def __init__(self) -> None:
        self.calls: list[tuple[list[bytes], bool]] = []
        self.whole: list[bytes] = []
        self.open = b""

    def take(self, pieces: list[bytes], open_end: bool) -> None:
        assert pieces
        assert all(pieces), "no piece is empty"
        self.calls.append((pieces, open_end))
        ended = pieces[:-1] if open_end else pieces
        for piece in ended:
            self.whole.append(self.open + piece)
            self.open = b""
        if open_end:
            self.open += pieces[-1]


def decode(*data: bytes) -> tuple[ChunkedDecoder, Chunks]:
    decoder, chunks = ChunkedDecoder(DEFAULT_LIMITS), Chunks()
    for piece in data:
        decoder.feed_apart(piece, chunks.take)
    return decoder, chunks


def test_each_chunk_is_a_piece() -> None:
    decoder, chunks = decode(b"2\r\nab\r\n3\r\ncde\r\n0\r\n\r\nx")
    assert chunks.calls == [([b"ab", b"cde"], False)]
    assert decoder.done
    assert decoder.tail == b"x"


@pytest.mark.parametrize("sizes", [[2, 2, 2], [2, 2, 3], [2, 3, 3], [2, 3, 2, 2, 4], [1], [3, 3]])
def test_chunks_of_sizes_that_were_met_before_are_pieces_too(sizes: list[int]) -> None:
    expected = [bytes([65 + index]) * size for index, size in enumerate(sizes)]
    data = b"".join(map(serialize_chunk, expected)) + LAST_CHUNK
    for _ in range(2):
        decoder, chunks = decode(data)
        assert chunks.calls == [(expected, False)]
        assert decoder.done


def test_last_piece_is_open_until_its_chunk_has_all_come() -> None:
    _, chunks = decode(b"2\r\nab\r\n3\r\nc", b"d", b"e", b"\r", b"\n1\r\nf\r\n0\r\n", b"\r\n")
    assert chunks.calls == [
        ([b"ab", b"c"], True),
        ([b"d"], True),
        ([b"e"], False),
        ([b"f"], False),
    ]


def test_size_of_the_next_chunk_does_not_open_the_last_piece() -> None:
    _, chunks = decode(b"2\r\nab\r\n3\r\n", b"cde\r\n")
    assert chunks.calls == [([b"ab"], False), ([b"cde"], False)]


def test_good_data_is_given_out_before_an_error_is_raised() -> None:
    decoder, chunks = ChunkedDecoder(DEFAULT_LIMITS), Chunks()
    with pytest.raises(TransferEncodingError) as caught:
        decoder.feed_apart(b"2\r\nab\r\n3\r\ncde\r\nx", chunks.take)
    assert chunks.calls == [([b"ab", b"cde"], False)]
    assert caught.value.offset == 15


@given(
    st.lists(st.binary(min_size=1, max_size=20) | st.sampled_from([b"ab", b"\r\n", b"2\r\n"])),
    st.lists(st.integers(min_value=0, max_value=200), max_size=10),
)
def test_chunks_are_the_same_however_they_are_cut(body: list[bytes], cuts: list[int]) -> None:
    data = b"".join(map(serialize_chunk, body)) + LAST_CHUNK
    places = sorted({min(cut, len(data)) for cut in cuts} | {0, len(data)})
    cut_up = [data[start:stop] for start, stop in pairwise(places)]
    for way in (cut_up, bytewise(data), [data]):
        decoder, chunks = decode(*way)
        assert chunks.whole == body
        assert not chunks.open
        assert decoder.done
        assert decoder.position == len(data)


def test_each_feed_gives_out_no_more_than_its_own_chunks() -> None:
    decoder = ChunkedDecoder(DEFAULT_LIMITS)
    most = 0

    def take(pieces: list[bytes], open_end: bool) -> None:
        nonlocal most
        most = max(most, len(pieces))

    for _ in range(100):
        decoder.feed_apart(b"1\r\nx\r\n" * 100, take)
    assert most == 100
