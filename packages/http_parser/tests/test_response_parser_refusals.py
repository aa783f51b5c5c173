"""What the parser raises: class, message, place, excerpt."""

import pytest

from martlet_exceptions import (
    BadHttpMessage,
    BadStatusLine,
    ClientError,
    ClientPayloadError,
    ClientResponseError,
    ContentLengthError,
    InvalidHeader,
    LineTooLong,
    ServerDisconnectedError,
    TransferEncodingError,
)
from martlet_http_parser import DEFAULT_LIMITS, Limits, ResponseParser

from .recording import Recorder, bytewise

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


def feed_all(parser: ResponseParser, pieces: list[bytes], *, eof: bool) -> None:
    for piece in pieces:
        parser.feed(piece)
    if eof:
        parser.feed_eof()


def failure(
    pieces: list[bytes],
    method: str = "GET",
    *,
    eof: bool = False,
    limits: Limits = DEFAULT_LIMITS,
    recorder: Recorder | None = None,
) -> ClientError:
    parser = ResponseParser(limits)
    parser.expect(method, (recorder or Recorder()).on_head)
    with pytest.raises(ClientError) as caught:
        feed_all(parser, pieces, eof=eof)
    assert not parser.done
    assert not parser.reusable
    return caught.value


BOTH = "Both Transfer-Encoding and Content-Length are present"
HeadError = tuple[bytes, type[BadHttpMessage], str, int | None, bytes]

REFUSED_HEADS: list[HeadError] = [
    (
        OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        BadHttpMessage,
        BOTH,
        36,
        b"chunked",
    ),
    (
        OK + b"Content-Length: 5\r\nContent-Length: 6\r\n",
        BadHttpMessage,
        "Content-Length is given twice, differing",
        17,
        b"5, 6",
    ),
    (
        OK + b"Content-Length: +5\r\n",
        BadHttpMessage,
        "Content-Length is not a number of at most 19 digits",
        17,
        b"+5",
    ),
    (
        OK + b"Transfer-Encoding: xchunked\r\n",
        BadHttpMessage,
        "Transfer-Encoding is not exactly 'chunked'",
        17,
        b"xchunked",
    ),
    (
        OK + b"Transfer-Encoding: chun\xe2\x84\xaaed\r\n",
        BadHttpMessage,
        "Transfer-Encoding is not exactly 'chunked'",
        17,
        b"chun\xe2\x84\xaaed",
    ),
    (
        b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n",
        BadHttpMessage,
        "Transfer-Encoding in an HTTP/1.0 message",
        17,
        b"chunked",
    ),
    (
        OK + b"Transfer-Encoding: \x0bchunked\r\n",
        InvalidHeader,
        "The value of a field has a control character",
        17,
        b"Transfer-Encoding: \x0bchunked",
    ),
    (
        OK + b"Content-Length : 5\r\n",
        InvalidHeader,
        "The name of a field is followed by a space",
        17,
        b"Content-Length : 5",
    ),
    (
        OK + b" Content-Length: 5\r\n",
        InvalidHeader,
        "The first field line is folded",
        17,
        b" Content-Length: 5",
    ),
    (
        OK + b"A: b\r\nCon tent: 5\r\n",
        InvalidHeader,
        "The name of a field is no token",
        23,
        b"Con tent: 5",
    ),
    (
        b"HTTP/1.1 200 O\0K\r\n",
        BadStatusLine,
        "The status line has a control character",
        0,
        b"HTTP/1.1 200 O\0K",
    ),
    (
        b"HTTP/1.1 OK\r\n",
        BadStatusLine,
        "The status line has no status code of three digits",
        0,
        b"HTTP/1.1 OK",
    ),
    (
        b"HTTP/1.1 101 Switching Protocols\r\n",
        BadHttpMessage,
        "The server switches protocols, unasked (101)",
        0,
        b"",
    ),
    (
        OK + b"A: b\r\n" * 257,
        BadHttpMessage,
        "More than 256 header fields",
        17 + 256 * 6,
        b"",
    ),
    (
        OK + b"A: " + b"x" * 65534 + b"\r\n",
        LineTooLong,
        "A field line is longer than 65536 bytes",
        17,
        b"A: " + b"x" * 97,
    ),
    (
        b"HTTP/1.1 200 " + b"x" * 65524 + b"\r\n",
        LineTooLong,
        "The first line is longer than 65536 bytes",
        0,
        b"HTTP/1.1 200 " + b"x" * 87,
    ),
]


@pytest.mark.parametrize(("head", "kind", "message", "offset", "excerpt"), REFUSED_HEADS)
def test_a_head_is_refused(
    head: bytes, kind: type[BadHttpMessage], message: str, offset: int | None, excerpt: bytes
) -> None:
    # The last cut lets all of it but the last byte come before.
    for pieces in ([head + b"\r\n"], bytewise(head + b"\r\n"), [head + b"\r", b"\n"]):
        recorder = Recorder()
        error = failure(pieces, recorder=recorder)
        assert type(error) is kind
        assert isinstance(error, ClientResponseError)
        assert error.status == 400
        assert (error.message, error.offset, error.excerpt) == (message, offset, excerpt)
        assert not recorder.heads


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\r\n" + OK, "The response does not begin with 'HTTP/'"),
        (b"\n", "The response does not begin with 'HTTP/'"),
        (b"<html>", "The response does not begin with 'HTTP/'"),
        (b"HTTP/2", "The response's version is neither HTTP/1.0 nor HTTP/1.1"),
        (b"\r\n" * 100_000, "The response does not begin with 'HTTP/'"),
        (b"x" * 300_000, "The response does not begin with 'HTTP/'"),
    ],
)
def test_what_is_no_response_is_refused_at_once(data: bytes, message: str) -> None:
    for pieces in ([data], bytewise(data[:8])):
        error = failure(pieces)
        assert type(error) is BadStatusLine
        assert (error.message, error.offset) == (message, 0)
        assert error.excerpt
        assert data.startswith(error.excerpt)


@pytest.mark.parametrize("end", [b"\r\n\r\n", b"\n\n", b"\r\n\n", b"\n\r\n"])
def test_a_head_may_be_so_large_and_no_larger(end: bytes) -> None:
    limits = Limits(head=40)
    good = OK + b"A: " + b"x" * 20
    for pieces in ([good + end], bytewise(good + end)):
        parser = ResponseParser(limits)
        recorder = Recorder()
        parser.expect("GET", recorder.on_head)
        feed_all(parser, pieces, eof=False)
        assert len(recorder.heads) == 1
    for pieces in ([good + b"x" + end], bytewise(good + b"x" + end)):
        error = failure(pieces, limits=limits)
        assert type(error) is LineTooLong
        assert (error.message, error.offset) == ("The head is longer than 40 bytes", 0)


@pytest.mark.parametrize("line", [b"x", b"\r", b"A: b\r\n", b"A: b\r\n c\r\n"])
def test_a_head_without_end_is_refused(line: bytes) -> None:
    endless = OK + b"A: b\r\n" + line * (DEFAULT_LIMITS.head // len(line) + 1)
    error = failure([endless])
    assert type(error) is LineTooLong
    assert error.message == "The head is longer than 262144 bytes"


def test_the_caps_of_heads_hold_for_interim_ones() -> None:
    error = failure([b"HTTP/1.1 100 Continue\r\n" + b"A: b\r\n" * 9], limits=Limits(head=40))
    assert type(error) is LineTooLong


@pytest.mark.parametrize("status", [100, 102, 103, 199])
def test_interim_responses_are_limited_in_number(status: int) -> None:
    interim = b"HTTP/1.1 %d x\r\n\r\n" % status
    parser = ResponseParser()
    parser.expect("GET", Recorder().on_head)
    parser.feed(interim * 64)
    assert parser.reading_head
    for pieces in ([interim * 65], [interim] * 65, bytewise(interim * 65)):
        error = failure(pieces)
        assert type(error) is BadHttpMessage
        assert error.message == "More than 64 interim (1xx) responses"


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (b"", "Server disconnected before it answered"),
        (b"H", "Server disconnected inside the response's head"),
        (OK, "Server disconnected inside the response's head"),
        (OK + b"\r", "Server disconnected inside the response's head"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", "Server disconnected inside the response's head"),
    ],
)
def test_an_end_before_the_head_is_complete_is_a_disconnection(sent: bytes, message: str) -> None:
    error = failure([sent] if sent else [], eof=True)
    assert type(error) is ServerDisconnectedError
    assert error.message == message
    assert str(error) == message


@pytest.mark.parametrize(
    ("sent", "left", "body"), [(b"", 5, b""), (b"h", 4, b"h"), (b"hell", 1, b"hell")]
)
def test_an_end_before_the_announced_length_is_an_error(
    sent: bytes, left: int, body: bytes
) -> None:
    recorder = Recorder()
    data = OK + b"Content-Length: 5\r\n\r\n" + sent
    error = failure([data], eof=True, recorder=recorder)
    assert type(error) is ContentLengthError
    assert isinstance(error, ClientPayloadError)
    assert error.message == (
        f"The connection was closed {left} bytes before the end of the body"
        " that Content-Length announced"
    )
    assert (recorder.body, recorder.ends) == (body, 0)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (b"", "a chunk's size line"),
        (b"5;x", "a chunk's size line"),
        (b"5\r\nhell", "a chunk's data"),
        (b"5\r\nhello\r", "the line end after a chunk"),
        (b"5\r\nhello\r\n", "a chunk's size line"),
        (b"0\r\n", "the trailer section"),
        (b"0\r\nA: b\r\n", "the trailer section"),
        (b"0\r\n\r", "the trailer section"),
    ],
)
def test_an_end_inside_a_chunked_body_is_an_error(sent: bytes, expected: str) -> None:
    recorder = Recorder()
    error = failure([CHUNKED + sent], eof=True, recorder=recorder)
    assert type(error) is TransferEncodingError
    assert isinstance(error, ClientPayloadError)
    assert error.message == f"The connection was closed inside a chunked body: expected {expected}"
    assert recorder.ends == 0


def test_a_malformed_chunk_is_an_error_of_the_body() -> None:
    recorder = Recorder()
    error = failure([CHUNKED + b"2\r\nab\r\nzz\r\n"], recorder=recorder)
    assert type(error) is TransferEncodingError
    assert error.message == "A chunk's size line is not 1 to 16 hexadecimal digits and CRLF"
    assert error.excerpt == b"zz\r\n"
    assert (recorder.body, recorder.ends) == (b"ab", 0)


@pytest.mark.parametrize("name", [b"Set-Cookie", b"Authorization"])
def test_the_text_of_an_error_shows_no_secret(name: bytes) -> None:
    error = failure([OK + name + b": s3cret\0\r\n\r\n"])
    assert type(error) is InvalidHeader
    assert "s3cret" not in str(error)
    assert name.decode() in str(error)


def test_the_text_of_an_error_is_short_and_printable() -> None:
    error = failure([OK + b"A: \x1b[31m" + b"\xff" * 5000 + b"\r\n\r\n"])
    assert str(error).isprintable()
    assert len(str(error)) <= 300
