"""What is to be read as one request here and as two elsewhere: it is refused, or the last one.

Each vector is a request with another one hidden in or behind it. Whatever a reader in front
made of it, this one either refuses it, or believes nothing that comes after it, or (where
there is one reading only) reads exactly what the RFC says.
"""

import pytest

from martlet_exceptions import ClientError, HttpProcessingError

from .recording import Reading, bytewise, read_requests

POST = b"POST / HTTP/1.1\r\nHost: a\r\n"
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
LENGTH = b"Content-Length: %d\r\n" % (5 + len(HIDDEN))
AS_CHUNK = b"%x\r\n" % len(HIDDEN) + HIDDEN + b"\r\n0\r\n\r\n"

CL_TE = {
    "a length, then chunked": POST + LENGTH + CHUNKED + b"\r\n0\r\n\r\n" + HIDDEN,
    "chunked, then a length": POST + CHUNKED + LENGTH + b"\r\n0\r\n\r\n" + HIDDEN,
    "a length of zero": POST + b"Content-Length: 0\r\n" + CHUNKED + b"\r\n" + AS_CHUNK,
    "a short length": POST + b"Content-Length: 4\r\n" + CHUNKED + b"\r\n" + AS_CHUNK,
    "a malformed length": POST + b"Content-Length: x\r\n" + CHUNKED + b"\r\n0\r\n\r\n" + HIDDEN,
    "an empty coding": POST + LENGTH + b"Transfer-Encoding:\r\n\r\n0\r\n\r\n" + HIDDEN,
    "a folded coding": POST + LENGTH + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "in HTTP/1.0": POST.replace(b"1.1", b"1.0") + CHUNKED + b"\r\n0\r\n\r\n" + HIDDEN,
}
CODINGS = [
    b"Transfer-Encoding: xchunked",
    b"Transfer-Encoding: chunkedx",
    b"Transfer-Encoding: chunked, identity",
    b"Transfer-Encoding: identity, chunked",
    b"Transfer-Encoding: chunked, chunked",
    b"Transfer-Encoding: gzip, chunked",
    b"Transfer-Encoding: identity",
    b"Transfer-Encoding: cow",
    b"Transfer-Encoding: chunked;q=1",
    b"Transfer-Encoding: 'chunked'",
    b'Transfer-Encoding: "chunked"',
    b"Transfer-Encoding: chunked,",
    b"Transfer-Encoding: ,chunked",
    b"Transfer-Encoding:",
    b"Transfer-Encoding: \x0bchunked",
    b"Transfer-Encoding: \x0cchunked",
    b"Transfer-Encoding: chunked\x0b",
    b"Transfer-Encoding: chunked\0",
    b"Transfer-Encoding: \xa0chunked",
    b"Transfer-Encoding: chun\xe2\x84\xaaed",
    b"Transfer-Encoding: chunked\xff",
    b"Transfer-Encoding : chunked",
    b"Transfer-Encoding\t: chunked",
    b"Transfer-Encoding\x0b: chunked",
    b"\x00Transfer-Encoding: chunked",
    b"Transfer-Encoding: chunked\r",
    b"\rTransfer-Encoding: chunked",
    b"X: y\rTransfer-Encoding: chunked",
    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
    b"Transfer-Encoding: chunked\r\nTransfer-encoding: cow",
    b"Transfer-Encoding: cow\r\nTransfer-encoding: chunked",
    b"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
    b"Transfer Encoding: chunked",
]
SLOPPY = [
    b"Transfer-Encoding:\tchunked",
    b"Transfer-Encoding: chunked\t",
    b"Transfer-Encoding: \t chunked",
    b"Transfer-Encoding:\r\n chunked",
    b"Transfer-Encoding:\r\n\tchunked",
    b"X: y\nTransfer-Encoding: chunked",
    b"Transfer-Encoding: chunked\nX: y",
    b"X: y\r\n z\r\nTransfer-Encoding: chunked",
]
LENGTHS = [
    b"Content-Length: +5",
    b"Content-Length: -5",
    b"Content-Length: 0x5",
    b"Content-Length: 5_0",
    b"Content-Length: 5 5",
    b'Content-Length: "5"',
    b"Content-Length: 5;",
    b"Content-Length: 5.0",
    b"Content-Length: 5e0",
    b"Content-Length:",
    b"Content-Length: ,",
    b"Content-Length: 5,",
    b"Content-Length: 5, 6",
    b"Content-Length: 5\r\nContent-Length: 0",
    b"Content-Length: 0\r\nContent-Length: 5",
    b"Content-Length: 5\r\ncontent-length: 05",
    b"Content-Length: \xd9\xa5",
    b"Content-Length: \xc2\xb2",
    b"Content-Length: 18446744073709551621",
    b"Content-Length : 5",
    b"Content-Length\0: 5",
    b"Content-Length: 5\0",
    b"Content-Length: \x0b5",
    b"Content-Length: 5\r",
]
CHUNKS = [
    b"-1\r\n",
    b"+0\r\n\r\n",
    b"0x0\r\n\r\n",
    b"0_0\r\n\r\n",
    b" 0\r\n\r\n",
    b"\r\n0\r\n\r\n",
    b"0\n\r\n",
    b"0\r\n\n",
    b"0\r\r\n\r\n",
    b"0;\n\r\n\r\n",
    b"0;a\nb\r\n\r\n",
    b"0;a\rb\r\n\r\n",
    b"0;a\0\r\n\r\n",
    b"1\r\nx0\r\n\r\n",
    b"1\r\nx\n0\r\n\r\n",
    b"1\r\nx\r0\r\n\r\n",
    b"1\r\nx\r\r\n0\r\n\r\n",
    b"2\r\nx\r\n0\r\n\r\n",
    b"10000000000000000\r\n",
    b"00000000000000000\r\n\r\n",
    b"0\r\nA: b\n\r\n",
    b"0\r\nA: b\r\n c\r\n\r\n",
    b"0\r\n A: b\r\n\r\n",
    b"0\r\nA b\r\n\r\n",
    b"0\r\nA: b\0\r\n\r\n",
    b"0\r\nContent-Length: 5\r\n\r\n",
    b"0\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"0\r\nHost: b\r\n\r\n",
]
SLOPPY_CHUNKS = [
    b"0 \r\n\r\n",
    b"0\t\r\n\r\n",
    b"0;\r\n\r\n",
    b"0; a\r\n\r\n",
    b"0;a =b\r\n\r\n",
    b"0;a=\r\n\r\n",
    b'0;a="\r\n\r\n',
]
HOSTS = [
    b"Host: b",
    b"Host: a",
    b"Host : b",
    b" Host: b",
    b"X: y\rHost: b",
]


def read(data: bytes, *, strict: bool = False) -> list[Reading]:
    readings = read_requests([data], strict=strict)
    assert read_requests(bytewise(data), strict=strict) == readings
    assert not any("/hidden" in str(head) for reading in readings for head in reading.heads[1:])
    return readings


def check_refused(data: bytes) -> type[ClientError]:
    """Check that *data* is refused with the first request, whichever parser reads it."""
    kinds: list[type[ClientError]] = []
    for strict in (False, True):
        (reading,) = read(data, strict=strict)
        assert reading.error is not None
        assert issubclass(reading.error, HttpProcessingError)
        kinds.append(reading.error)
        assert (reading.ends, reading.done, reading.reusable, reading.tail) == (
            0,
            False,
            False,
            b"",
        )
    return kinds[-1]


def check_last(data: bytes, tail: bytes = HIDDEN) -> None:
    """Check that one request is read, and nothing after it; and that strict refuses it."""
    (reading,) = read(data)
    assert (reading.error, reading.ends, reading.done) == (None, 1, True)
    assert (reading.reusable, reading.tail) == (False, tail)
    (reading,) = read(data, strict=True)
    assert reading.error is not None
    assert (reading.done, reading.tail) == (False, b"")


@pytest.mark.parametrize("data", CL_TE.values(), ids=CL_TE)
def test_a_length_beside_a_coding_is_refused(data: bytes) -> None:
    check_refused(data)


@pytest.mark.parametrize("fields", CODINGS)
@pytest.mark.parametrize("length", [b"", LENGTH, b"Content-Length: 4\r\n"])
def test_a_coding_that_some_take_for_chunked_is_refused(fields: bytes, length: bytes) -> None:
    check_refused(POST + length + fields + b"\r\n\r\n0\r\n\r\n" + HIDDEN)
    check_refused(POST + fields + b"\r\n" + length + b"\r\n0\r\n\r\n" + HIDDEN)


@pytest.mark.parametrize("fields", SLOPPY)
def test_after_a_coding_that_some_do_not_see_nothing_is_read(fields: bytes) -> None:
    check_last(POST + fields + b"\r\n\r\n0\r\n\r\n" + HIDDEN)
    # A reader who does not see it would find the hidden one in the body.
    check_last(POST + fields + b"\r\n\r\n" + AS_CHUNK, b"")
    for length in (LENGTH, b"Content-Length: 0\r\n"):
        check_refused(POST + length + fields + b"\r\n\r\n0\r\n\r\n" + HIDDEN)


@pytest.mark.parametrize("fields", LENGTHS)
def test_a_length_that_can_be_read_in_two_ways_is_refused(fields: bytes) -> None:
    check_refused(POST + fields + b"\r\n\r\n" + HIDDEN)


@pytest.mark.parametrize(
    "fields",
    [
        b"Content-Length: 5\r\nContent-Length: 5",
        b"Content-Length: 5, 5",
        b"Content-Length:\r\n 5",
        b"X: y\nContent-Length: 5",
        b"Content-Length: 5\nX: y",
    ],
)
def test_after_a_length_that_some_refuse_nothing_is_read(fields: bytes) -> None:
    check_last(POST + fields + b"\r\n\r\nhello" + HIDDEN)


@pytest.mark.parametrize("chunks", CHUNKS)
def test_chunks_that_can_be_read_in_two_ways_are_refused(chunks: bytes) -> None:
    check_refused(POST + CHUNKED + b"\r\n" + chunks + HIDDEN)
    check_refused(POST + CHUNKED + b"\r\n" + b"1\r\nx\r\n" + chunks + HIDDEN)


@pytest.mark.parametrize("chunks", SLOPPY_CHUNKS)
def test_after_chunks_that_some_refuse_nothing_is_read(chunks: bytes) -> None:
    check_last(POST + CHUNKED + b"\r\n" + chunks + HIDDEN)


@pytest.mark.parametrize("fields", HOSTS)
def test_a_second_host_is_refused_however_it_is_hidden(fields: bytes) -> None:
    check_refused(POST + fields + b"\r\n\r\n" + HIDDEN)
    check_refused(POST.replace(b"Host: a", fields + b"\r\nHost: a") + b"\r\n" + HIDDEN)


@pytest.mark.parametrize("before", [b"\r\n"])
def test_after_an_empty_line_before_a_request_nothing_more_is_read(before: bytes) -> None:
    check_last(before + POST + b"\r\n" + HIDDEN)


@pytest.mark.parametrize(
    "data",
    [
        POST + b"\r\nrest of a body",
        POST + b"Content-Length: 5\r\n\r\nhelloand more",
        POST + CHUNKED + b"\r\n0\r\n\r\nmore",
    ],
)
def test_what_follows_a_request_has_to_be_one(data: bytes) -> None:
    first, second = read(data)
    assert (first.error, first.ends) == (None, 1)
    # No line has come to its end yet, so it may still become one.
    assert (second.error, second.heads) == (None, ())
    assert read(data + b"\r\n\r\n" + HIDDEN)[-1].error is not None


def test_a_request_in_a_body_is_no_request() -> None:
    for data in (
        POST + b"Content-Length: %d\r\n\r\n" % len(HIDDEN) + HIDDEN,
        POST + CHUNKED + b"\r\n" + AS_CHUNK,
    ):
        first, second = read(data)
        assert (first.body, first.ends) == (HIDDEN, 1)
        assert (second.heads, second.tail) == ((), b"")
