"""However requests are cut, the same things happen."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_http_parser import DEFAULT_LIMITS, Limits, serialize_chunk

from .corpus import REQUEST_PIECES, REQUESTS, SMALL, cut_randomly
from .recording import bytewise, read_requests

GET = b"GET / HTTP/1.1\r\nHost: a\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize("limits", [DEFAULT_LIMITS, SMALL])
@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("data", REQUESTS)
def test_every_cut_in_two_gives_the_same(data: bytes, strict: bool, limits: Limits) -> None:
    for eof in (False, True):
        for most in (1, 9):

            def reading(pieces: list[bytes], eof: bool = eof, most: int = most) -> object:
                return read_requests(pieces, eof=eof, limits=limits, strict=strict, most=most)

            whole = reading([data])
            for at in range(1, len(data)):
                assert reading([data[:at], data[at:]]) == whole
            assert reading(bytewise(data)) == whole


@pytest.mark.parametrize("data", REQUESTS)
def test_every_beginning_gives_the_same_whole_and_byte_by_byte(data: bytes) -> None:
    for length in range(len(data)):
        beginning = data[:length]
        for eof in (False, True):
            whole = read_requests([beginning] if beginning else [], eof=eof, limits=SMALL)
            assert read_requests(bytewise(beginning), eof=eof, limits=SMALL) == whole


PIECES = st.sampled_from(REQUEST_PIECES)
STARTS = st.sampled_from([GET, CHUNKED, GET + b"Content-Length: 5\r\n\r\n", b"\r\n" + GET, b""])
LIKELY = st.tuples(STARTS, st.lists(PIECES, max_size=12)).map(
    lambda parts: parts[0] + b"".join(parts[1])
)


@given(st.one_of(LIKELY, LIKELY, st.binary()), st.booleans(), st.booleans(), st.integers())
def test_any_cut_of_any_bytes_gives_the_same(
    data: bytes, eof: bool, strict: bool, seed: int
) -> None:
    # What is raised beside a ClientError would come out of `read_requests`.
    for limits in (DEFAULT_LIMITS, SMALL):
        for most in (1, 9):
            whole, *others = (
                read_requests(pieces, eof=eof, limits=limits, strict=strict, most=most)
                for pieces in (
                    [data] if data else [],
                    bytewise(data),
                    cut_randomly(data, random.Random(seed)),
                )
            )
            assert all(other == whole for other in others)


@given(LIKELY, st.booleans())
def test_a_reading_makes_sense(data: bytes, eof: bool) -> None:
    readings = read_requests([data] if data else [], eof=eof)
    *before, last = readings
    assert all(reading.done and reading.error is None for reading in before)
    assert all(len(reading.heads) == reading.ends == 1 for reading in before)
    assert last.ends == (1 if last.done else 0)
    assert not (last.done and last.error)
    assert last.heads or not last.body
    size = sum(len(reading.body) for reading in readings) + len(last.tail)
    assert size <= len(data)
    assert not last.done or data.endswith(last.tail)


@given(LIKELY, st.booleans())
def test_a_strict_parser_reads_what_the_other_reads_or_refuses_it(data: bytes, eof: bool) -> None:
    pieces = [data] if data else []
    (default,) = read_requests(pieces, eof=eof, most=1)
    (strict,) = read_requests(pieces, eof=eof, strict=True, most=1)
    if strict.error is None:
        assert strict == default
    elif default.error is None:
        # It is refused for what forbids reuse, and for nothing else.
        assert not default.reusable


@given(st.lists(st.lists(st.binary(max_size=30), max_size=4), max_size=5), st.integers())
def test_what_was_pipelined_in_chunks_is_read_back(bodies: list[list[bytes]], seed: int) -> None:
    data = b"".join(
        CHUNKED + b"".join(map(serialize_chunk, body)) + b"0\r\n\r\n" for body in bodies
    )
    *readings, last = read_requests(cut_randomly(data, random.Random(seed)))
    assert [reading.body for reading in readings] == [b"".join(body) for body in bodies]
    assert (last.error, last.heads, last.done) == (None, (), False)
