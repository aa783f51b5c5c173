"""However responses are cut, the same things happen."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_http_parser import DEFAULT_LIMITS, Limits, serialize_chunk

from .corpus import RESPONSE_PIECES, RESPONSES, SMALL, cut_randomly
from .recording import bytewise, read, read_responses

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize("limits", [DEFAULT_LIMITS, SMALL])
@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("data", RESPONSES)
def test_every_cut_in_two_gives_the_same(data: bytes, strict: bool, limits: Limits) -> None:
    for method in ("GET", "HEAD", "CONNECT"):
        for eof in (False, True):

            def reading(pieces: list[bytes], method: str = method, eof: bool = eof) -> list[object]:
                return [
                    read_responses(
                        pieces,
                        method,
                        upgrade=True,
                        eof=eof,
                        limits=limits,
                        strict=strict,
                        most=most,
                    )
                    for most in (1, 9)
                ]

            whole = reading([data])
            for at in range(1, len(data)):
                assert reading([data[:at], data[at:]]) == whole
            assert reading(bytewise(data)) == whole


@pytest.mark.parametrize("data", RESPONSES)
def test_every_beginning_gives_the_same_whole_and_byte_by_byte(data: bytes) -> None:
    for length in range(len(data)):
        beginning = data[:length]
        for eof in (False, True):
            whole = read_responses([beginning] if beginning else [], eof=eof, limits=SMALL)
            assert read_responses(bytewise(beginning), eof=eof, limits=SMALL) == whole


PIECES = st.sampled_from(RESPONSE_PIECES)
STARTS = st.sampled_from([OK, CHUNKED, OK + b"Content-Length: 5\r\n\r\n", CHUNKED + b"0\r\n", b""])
LIKELY = st.tuples(STARTS, st.lists(PIECES, max_size=12)).map(
    lambda parts: parts[0] + b"".join(parts[1])
)
METHODS = st.sampled_from(["GET", "GET", "HEAD", "CONNECT"])


@given(
    st.one_of(LIKELY, LIKELY, st.binary()),
    METHODS,
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.integers(),
)
def test_any_cut_of_any_bytes_gives_the_same(
    data: bytes, method: str, upgrade: bool, eof: bool, strict: bool, seed: int
) -> None:
    # What is raised beside a ClientError would come out of `read_responses`.
    for limits in (DEFAULT_LIMITS, SMALL):
        for most in (1, 9):
            whole, *others = (
                read_responses(
                    pieces,
                    method,
                    upgrade=upgrade,
                    eof=eof,
                    limits=limits,
                    strict=strict,
                    most=most,
                )
                for pieces in (
                    [data] if data else [],
                    bytewise(data),
                    cut_randomly(data, random.Random(seed)),
                )
            )
            assert all(other == whole for other in others)


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


@given(LIKELY, METHODS, st.booleans())
def test_a_strict_parser_reads_what_the_other_reads_or_refuses_it(
    data: bytes, method: str, eof: bool
) -> None:
    pieces = [data] if data else []
    default = read(pieces, method, eof=eof)
    strict = read(pieces, method, eof=eof, strict=True)
    if strict.error is None:
        assert strict == default
    elif default.error is None:
        # It is refused for what forbids reuse, and for nothing else.
        assert not default.reusable


@given(st.lists(st.binary(max_size=30), max_size=8), st.integers())
def test_what_was_written_in_chunks_is_read_back(body: list[bytes], seed: int) -> None:
    data = CHUNKED + b"".join(map(serialize_chunk, body)) + b"0\r\n\r\n"
    reading = read(cut_randomly(data, random.Random(seed)))
    assert reading.error is None
    assert reading.body == b"".join(body)
    assert reading.reusable
