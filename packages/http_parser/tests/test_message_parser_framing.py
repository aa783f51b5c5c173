"""The rules of framing as a table: each row of what a peer may send, for both parsers.

Rejected: a documented error, and nothing that follows is read. Accepted: it is read, and
where a rule was broken, the connection carries nothing more.
"""

import random
from collections.abc import Callable, Iterable

import pytest

from martlet_exceptions import (
    BadHttpMessage,
    BadStatusLine,
    ClientPayloadError,
    LineTooLong,
    TransferEncodingError,
)
from martlet_http_parser import DEFAULT_LIMITS, ResponseParser

from .corpus import REQUESTS, RESPONSES, cut_randomly
from .recording import Reading, Recorder, bytewise, read, read_requests, read_responses

Readings = Callable[[Iterable[bytes]], list[Reading]]

OK = b"HTTP/1.1 200 OK\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
NEXT = b"Content-Length: 0\r\n\r\n"

BOTH = pytest.mark.parametrize(
    ("start", "read_all"),
    [(OK, read_responses), (POST, read_requests)],
    ids=["response", "request"],
)


def rejected(read_all: Readings, data: bytes) -> Reading:
    cuts = [[data], [data[:9], data[9:]]]
    if len(data) < 2000:
        cuts.append(bytewise(data))
    (reading,) = read_all(cuts[0])
    for pieces in cuts[1:]:
        assert read_all(pieces) == [reading]
    assert reading.error is not None
    assert issubclass(reading.error, BadHttpMessage | TransferEncodingError)
    assert reading.offset is not None
    assert (reading.ends, reading.done, reading.reusable, reading.tail) == (0, False, False, b"")
    return reading


def accepted(read_all: Readings, data: bytes, body: bytes, *, reusable: bool) -> None:
    for pieces in ([data], bytewise(data)):
        reading = read_all(pieces)[0]
        assert (reading.error, reading.body, reading.ends) == (None, body, 1)
        assert reading.reusable is reusable


@BOTH
def test_content_length_and_transfer_encoding_together(start: bytes, read_all: Readings) -> None:
    for fields in (b"Content-Length: 3\r\n" + CHUNKED, CHUNKED[:-2] + b"Content-Length: 3\r\n\r\n"):
        assert rejected(read_all, start + fields + b"0\r\n\r\n").error is BadHttpMessage


@BOTH
def test_differing_content_lengths(start: bytes, read_all: Readings) -> None:
    for fields in (
        b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"Content-Length: 1, 2\r\n\r\n",
    ):
        assert rejected(read_all, start + fields + b"ab").error is BadHttpMessage


@BOTH
@pytest.mark.parametrize(
    "value",
    [b"+5", b"-5", b"5_0", b"0x5", b'"5"', b"5 5", b"", "\u0665".encode(), b"9" * 20, b"0" * 20],
)
def test_content_length_that_is_no_number(start: bytes, read_all: Readings, value: bytes) -> None:
    rejected(read_all, start + b"Content-Length: " + value + b"\r\n\r\nhello")


@BOTH
def test_equal_repeated_content_lengths_are_accepted_but_the_last(
    start: bytes, read_all: Readings
) -> None:
    for fields in (b"Content-Length: 2\r\n" * 2 + b"\r\n", b"Content-Length: 2 , 2\r\n\r\n"):
        accepted(read_all, start + fields + b"ab", b"ab", reusable=False)


@BOTH
@pytest.mark.parametrize(
    "coding",
    [b"xchunked", b"chunked, identity", b"chunked\x0b", b"\x01chunked", b"gzip", b"chunked\0"],
)
def test_transfer_encoding_that_is_not_exactly_chunked(
    start: bytes, read_all: Readings, coding: bytes
) -> None:
    rejected(read_all, start + b"Transfer-Encoding: " + coding + b"\r\n\r\n0\r\n\r\n")


@BOTH
@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"+1",
        b"-1",
        b"0x1",
        b"1_0",
        b" 1",
        b"\t1",
        b"g",
        b"1" * 17,
        b"0" * 17,
        b"1.",
        b"\xd9\xa1",
    ],
)
def test_a_chunk_size_that_is_not_1_to_16_hex_digits(
    start: bytes, read_all: Readings, line: bytes
) -> None:
    data = start + CHUNKED + line + b"\r\nx\r\n0\r\n\r\n"
    assert rejected(read_all, data).error is TransferEncodingError


@BOTH
@pytest.mark.parametrize(
    "chunks",
    [
        b"1\nx\r\n0\r\n\r\n",
        b"1\rx\r\n0\r\n\r\n",
        b"1;a\nx\r\n0\r\n\r\n",
        b"1;a\rb\r\nx\r\n0\r\n\r\n",
        b"1\r\nx\n0\r\n\r\n",
        b"1\r\nx\r0\r\n\r\n",
        b"1\r\nx\r\n0\n\r\n",
        b"1\r\nx\r\n0\r\n\n",
        b"0\r\nA: b\n\r\n",
        b"0\r\nA: b\rc\r\n\r\n",
    ],
)
def test_a_bare_lf_or_cr_anywhere_around_chunks(
    start: bytes, read_all: Readings, chunks: bytes
) -> None:
    assert rejected(read_all, start + CHUNKED + chunks).error is TransferEncodingError


@BOTH
@pytest.mark.parametrize(
    "chunks",
    [
        b"1;" + b"x" * DEFAULT_LIMITS.chunk_line,
        b"1;%b\r\nx\r\n" % (b"a" * 8000) * 33,
        b"0\r\n" + b"A: b\r\n" * (DEFAULT_LIMITS.fields + 1),
        b"0\r\nA: " + b"x" * DEFAULT_LIMITS.field + b"\r\n\r\n",
        b"0\r\n" + b"A: %b\r\n" % (b"x" * 60_000) * 5,
    ],
    ids=["a long extension", "extensions", "trailers", "a long trailer", "large trailers"],
)
def test_chunk_extensions_and_trailers_have_caps(
    start: bytes, read_all: Readings, chunks: bytes
) -> None:
    assert rejected(read_all, start + CHUNKED + chunks).error is TransferEncodingError


@BOTH
@pytest.mark.parametrize("name", [b"Content-Length", b"TRANSFER-ENCODING", b"Host", b"trailer"])
def test_fields_of_framing_in_trailers(start: bytes, read_all: Readings, name: bytes) -> None:
    assert rejected(read_all, start + CHUNKED + b"0\r\n" + name + b": 5\r\n\r\n").error


CONTROLS = [bytes([code]) for code in (*range(0x20), 0x7F) if code not in b"\t\r\n"]


@BOTH
def test_control_characters_in_a_value(start: bytes, read_all: Readings) -> None:
    for control in (*CONTROLS, b"\r"):
        rejected(read_all, start + b"A: b" + control + b"c\r\n" + NEXT)
    accepted(read_all, start + b"A: b\tc\r\n" + NEXT, b"", reusable=True)


def test_control_characters_in_a_reason() -> None:
    for control in (*CONTROLS, b"\r"):
        reading = rejected(read_responses, b"HTTP/1.1 200 O" + control + b"K\r\n" + NEXT)
        assert (reading.error, reading.offset) == (BadStatusLine, 0)
    accepted(read_responses, b"HTTP/1.1 200 O\tK\r\n" + NEXT, b"", reusable=True)


@BOTH
@pytest.mark.parametrize(
    "line", [b"A : b", b"A\t: b", b": b", b"A B: c", b"A(: b", b"\xe9: b", b"A", b"A\0: b"]
)
def test_a_name_that_is_no_token(start: bytes, read_all: Readings, line: bytes) -> None:
    assert rejected(read_all, start + line + b"\r\n" + NEXT).offset == len(start)


@BOTH
def test_a_fold_on_the_first_line(start: bytes, read_all: Readings) -> None:
    first, _, fields = start.partition(b"\r\n")
    reading = rejected(read_all, first + b"\r\n A: b\r\n" + fields + NEXT)
    assert reading.offset == len(first) + 2


@BOTH
def test_a_fold_on_a_later_line_is_joined_and_the_last(start: bytes, read_all: Readings) -> None:
    data = start + b"A: b\r\n \t c\r\n" + NEXT
    accepted(read_all, data, b"", reusable=False)
    assert ("A", "b c") in read_all([data])[0].heads[0][3]


@pytest.mark.parametrize("data", [OK + b"Content-Length: 2\r\n\r\nab", OK + CHUNKED + b"0\r\n\r\n"])
@pytest.mark.parametrize("later", [b"\r\n", b"\0", OK + NEXT])
def test_a_byte_on_an_idle_connection(data: bytes, later: bytes) -> None:
    parser = ResponseParser()
    recorder = Recorder()
    parser.expect("GET", recorder.on_head)
    parser.feed(data)
    # Two properties, seen before and after: mypy believes that a property stays as it was.
    states = [parser.reusable]
    parser.feed(later[:1])
    states.append(parser.reusable)
    assert states == [True, False]
    with pytest.raises(RuntimeError, match="another response"):
        parser.expect("GET", recorder.on_head)


@pytest.mark.parametrize(
    ("method", "data"),
    [
        ("GET", OK + b"Content-Length: 2\r\n\r\nab"),
        ("GET", OK + CHUNKED + b"0\r\n\r\n"),
        ("HEAD", OK + b"Content-Length: 2\r\n\r\n"),
        ("GET", b"HTTP/1.1 204 No Content\r\n\r\n"),
        ("GET", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\n"),
    ],
)
def test_bytes_after_a_complete_response(method: str, data: bytes) -> None:
    for more in (b"x", OK + NEXT):
        reading = read([data + more], method)
        assert (reading.done, reading.tail, reading.reusable) == (True, more, False)
        assert len(reading.heads) == 1


def test_more_than_64_interim_responses() -> None:
    assert read([b"HTTP/1.1 103 A\r\n\r\n" * 64 + OK + NEXT]).error is None
    assert read([b"HTTP/1.1 103 A\r\n\r\n" * 65 + OK + NEXT]).error is BadHttpMessage


def test_100_without_expect_is_ignored() -> None:
    reading = read([b"HTTP/1.1 100 Continue\r\n\r\n" + OK + NEXT])
    assert ([head[1] for head in reading.heads], reading.reusable) == ([200], True)


def test_101_only_where_it_was_asked_for() -> None:
    data = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"
    assert read([data]).error is BadHttpMessage
    assert read([data], upgrade=True).upgraded


def test_a_final_status_before_the_body_was_sent_is_an_answer() -> None:
    reading = read([b"HTTP/1.1 417 Expectation Failed\r\n" + NEXT], "POST")
    assert ([head[1] for head in reading.heads], reading.done) == ([417], True)


def test_100_000_leading_line_ends() -> None:
    for data in (b"\r\n" * 100_000, b"\n" * 100_000):
        assert rejected(read_responses, data + OK).error is BadStatusLine
        assert rejected(read_requests, data + POST).error is BadHttpMessage


@BOTH
def test_a_line_of_1_mb(start: bytes, read_all: Readings) -> None:
    first = start.partition(b"\r\n")[0].split(b" ")
    lines = (b" ".join([first[0], b"x" * 1_000_000, *first[2:]]), start + b"A: " + b"x" * 1_000_000)
    assert rejected(read_all, lines[1] + b"\r\n\r\n").error is LineTooLong
    assert rejected(read_all, lines[1]).error is LineTooLong
    assert rejected(read_all, lines[0] + b"\r\n\r\n").error is LineTooLong
    for byte_by_byte in (bytewise(lines[1]), bytewise(lines[0])):
        assert read_all(byte_by_byte)[0].error is LineTooLong


@BOTH
def test_100_000_fields(start: bytes, read_all: Readings) -> None:
    data = start + b"A: b\r\n" * 100_000 + b"\r\n"
    assert rejected(read_all, data).error is LineTooLong
    assert read_all(bytewise(data))[0].error is LineTooLong
    assert rejected(read_all, start + b"A: b\r\n" * 1000 + b"\r\n").error is BadHttpMessage


@pytest.mark.parametrize(
    ("examples", "read_all"), [(RESPONSES, read_responses), (REQUESTS, read_requests)]
)
def test_every_case_cut_at_every_place_and_randomly(
    examples: list[bytes], read_all: Readings
) -> None:
    source = random.Random(9112)
    for data in examples:
        whole = read_all([data])
        assert read_all(bytewise(data)) == whole
        for at in range(1, len(data)):
            assert read_all([data[:at], data[at:]]) == whole
        for _ in range(20):
            assert read_all(cut_randomly(data, source)) == whole


@BOTH
@pytest.mark.parametrize(
    "sent", [b"Content-Length: 5\r\n\r\nhell", CHUNKED + b"5\r\nhello\r\n", CHUNKED + b"5\r\nhe"]
)
def test_an_end_short_of_what_was_announced(start: bytes, read_all: Readings, sent: bytes) -> None:
    read_to_end = read_responses if start == OK else read_requests
    (reading,) = read_to_end([start + sent], eof=True)
    assert reading.error is not None
    assert issubclass(reading.error, ClientPayloadError)
    assert (reading.ends, reading.done) == (0, False)
    assert reading.offset == len(start + sent)
