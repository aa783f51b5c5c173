"""However a message is cut, the same things happen, in time that is linear in its size."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_http_parser import DEFAULT_LIMITS, Limits, serialize_chunk

from .recording import bytewise, read

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
# Small enough for generated messages to reach them.
SMALL = Limits(line=60, fields=4, head=120, chunk_line=24, interim=2)

MESSAGES = [
    OK + b"Server: x\r\nContent-Length: 5\r\n\r\nhello",
    OK + b"Content-Length: 0\r\n\r\nrest",
    OK + b"Content-Length: 5, 5\r\n\r\nhellorest",
    OK + b"Connection: close\r\n\r\nhello\r\n\r\n",
    b"HTTP/1.0 200 OK\nA: b\n c\n\nhello",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103\n\nHTTP/1.1 204 No\r\n\r\nx",
    b"HTTP/1.1 101 Switching Protocols\r\n\r\n\x81\x05",
    CHUNKED + b"5;a=b\r\nhello\r\n1 \r\n!\r\n0\r\nA: b\r\nC: d\r\n\r\nrest",
    CHUNKED + b"5\r\nhello\r\n0\r\n\r\n",
    CHUNKED + b"5\r\nhello\n0\r\n\r\n",
    CHUNKED + b"5\nhello\r\n0\r\n\r\n",
    CHUNKED + b"5;\x00\r\nhello\r\n0\r\n\r\n",
    CHUNKED + b"0\r\nA: b\n\r\n",
    CHUNKED + b"0\r\nContent-Length: 5\r\n\r\n",
    OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
    OK + b"A : b\r\n\r\n",
    OK + b"A: \x00\r\n\r\n",
    OK + b" A: b\r\n\r\n",
    b"\r\n" + OK + b"\r\n",
    b"HTTP/2 200 OK\r\n\r\n",
    b"HTTP/1.1 99 OK\r\n\r\n",
    OK + b"A: " + b"x" * 58 + b"\r\n\r\n",
    OK + b"A: b\r\n" * 5 + b"\r\n",
    OK + b"A: " + b"x" * 100 + b"\r\n\r\n",
    OK + b"A: " + b"x" * 47 + b"\r\nB: " + b"x" * 48 + b"\r\n\r\n",
    OK + b"A: " + b"x" * 47 + b"\r\nB: " + b"x" * 49 + b"\r\n\r\n",
    OK + b"A: " + b"x" * 47 + b"\nB: " + b"x" * 49 + b"\n\n",
    b"x" * 200 + b"\r\n\r\n",
    OK + b"A: " + b"x" * 100 + b"y\r\n\r\n",
    CHUNKED + b"1;" + b"x" * 20 + b"\r\nx\r\n0\r\n\r\n",
    CHUNKED + b"1;" + b"x" * 21 + b"\r\nx\r\n0\r\n\r\n",
    CHUNKED + b"1;0123456789\r\nx\r\n" * 8 + b"0\r\n\r\n",
    CHUNKED + b"1;012345678\r\nx\r\n" * 10 + b"0\r\n\r\n",
    CHUNKED + b"0\r\n" + b"A: b\r\n" * 4 + b"\r\n",
    CHUNKED + b"0\r\n" + b"A: b\r\n" * 5 + b"\r\n",
    CHUNKED + b"0\r\n" + b"A: " + b"x" * 57 + b"\r\n" + b"B: " + b"x" * 50 + b"\r\n\r\n",
    CHUNKED + b"0\r\n" + b"A: " + b"x" * 57 + b"\r\n" + b"B: " + b"x" * 52 + b"\r\n\r\n",
    CHUNKED + b"0\r\n" + b"A: " + b"x" * 57 + b"\r\n" + b"B: " + b"x" * 51 + b"\r\n\r\n",
]


@pytest.mark.parametrize("limits", [DEFAULT_LIMITS, SMALL])
@pytest.mark.parametrize("data", MESSAGES)
def test_every_cut_in_two_gives_the_same(data: bytes, limits: Limits) -> None:
    for method in ("GET", "HEAD", "CONNECT"):
        for eof in (False, True):
            whole = read([data], method, upgrade=True, eof=eof, limits=limits)
            for at in range(1, len(data)):
                pieces = [data[:at], data[at:]]
                assert read(pieces, method, upgrade=True, eof=eof, limits=limits) == whole
            assert read(bytewise(data), method, upgrade=True, eof=eof, limits=limits) == whole


@pytest.mark.parametrize("data", MESSAGES)
def test_every_beginning_gives_the_same_whole_and_byte_by_byte(data: bytes) -> None:
    for length in range(len(data)):
        beginning = data[:length]
        for eof in (False, True):
            whole = read([beginning] if beginning else [], eof=eof, limits=SMALL)
            assert read(bytewise(beginning), eof=eof, limits=SMALL) == whole


PIECES = st.sampled_from(
    [
        OK,
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.0 304 x\n",
        b"HTTP/1.1 200",
        b"\r\n",
        b"\r\n",
        b"\r\n\r\n",
        b"\n",
        b"\n\n",
        b"\r",
        b" ",
        b"\t",
        b";",
        b"A: b\r\n",
        b"A: b",
        b" c",
        b"\0",
        b"\xff",
        b"Content-Length: 5\r\n",
        b"Content-Length: 3, 3\r\n",
        b"Content-Length: x\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Connection: close\r\n",
        b"5\r\nhello\r\n",
        b"0\r\n",
        b"5",
        b"a",
        b"1;x=y\r\nz\r\n",
        b"1 \r\nz\r\n",
        b"f" * 17,
        b"x" * 30,
        b"0\r\n\r\n",
    ],
)
STARTS = st.sampled_from([OK, CHUNKED, OK + b"Content-Length: 5\r\n\r\n", CHUNKED + b"0\r\n", b""])
LIKELY = st.tuples(STARTS, st.lists(PIECES, max_size=12)).map(
    lambda parts: parts[0] + b"".join(parts[1])
)


def cut_randomly(data: bytes, seed: int) -> list[bytes]:
    source = random.Random(seed)
    count = source.randrange(1, 12)
    cuts = sorted({0, len(data), *(source.randrange(len(data) + 1) for _ in range(count))})
    return [data[start:end] for start, end in pairwise(cuts)]


METHODS = st.sampled_from(["GET", "GET", "HEAD", "CONNECT"])


@given(st.one_of(LIKELY, LIKELY, st.binary()), METHODS, st.booleans(), st.booleans(), st.integers())
def test_any_cut_of_any_bytes_gives_the_same(
    data: bytes, method: str, upgrade: bool, eof: bool, seed: int
) -> None:
    # What is raised beside a ClientError would come out of `read`.
    for limits in (DEFAULT_LIMITS, SMALL):
        pieces = [data] if data else []
        whole = read(pieces, method, upgrade=upgrade, eof=eof, limits=limits)
        for cut in (bytewise(data), cut_randomly(data, seed)):
            assert read(cut, method, upgrade=upgrade, eof=eof, limits=limits) == whole


@given(LIKELY, METHODS, st.booleans())
def test_a_reading_makes_sense(data: bytes, method: str, upgrade: bool) -> None:
    reading = read([data] if data else [], method, upgrade=upgrade, eof=True)
    assert reading.ends == (1 if reading.done else 0)
    assert reading.done == (reading.error is None)
    assert len(reading.heads) <= 1
    assert not reading.reusable  # the peer has closed
    assert reading.heads or not reading.body
    if reading.done:
        # No byte is given out twice.
        assert data.endswith(reading.tail)
        assert len(reading.body) + len(reading.tail) < len(data)


@given(st.lists(st.binary(max_size=30), max_size=8), st.integers())
def test_what_was_written_in_chunks_is_read_back(body: list[bytes], seed: int) -> None:
    data = CHUNKED + b"".join(map(serialize_chunk, body)) + b"0\r\n\r\n"
    reading = read(cut_randomly(data, seed))
    assert reading.error is None
    assert reading.body == b"".join(body)
    assert reading.reusable
