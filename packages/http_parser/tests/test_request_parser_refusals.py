"""What the parser of requests raises: class, message, place, excerpt."""

import pytest

from martlet_exceptions import (
    BadHttpMessage,
    ClientError,
    ContentLengthError,
    InvalidHeader,
    LineTooLong,
    TransferEncodingError,
)
from martlet_http_parser import DEFAULT_LIMITS, Limits, RequestParser

from .recording import Recorder, bytewise, feed_all

GET = b"GET / HTTP/1.1\r\nHost: a\r\n"
CHUNKED = GET + b"Transfer-Encoding: chunked\r\n\r\n"
AT = len(GET)


def failure(
    pieces: list[bytes],
    *,
    eof: bool = False,
    strict: bool = False,
    limits: Limits = DEFAULT_LIMITS,
    recorder: Recorder | None = None,
) -> ClientError:
    def reading() -> None:
        feed_all(parser, pieces)
        if eof:
            parser.feed_eof()

    parser = RequestParser(limits, strict=strict)
    parser.expect((recorder or Recorder()).on_request)
    with pytest.raises(ClientError) as caught:
        reading()
    assert not parser.done
    assert not parser.reusable
    assert not parser.closed
    assert parser.tail == b""
    # Nothing that follows is taken for a request.
    parser.feed(GET + b"\r\n")
    with pytest.raises(RuntimeError, match="another request"):
        parser.expect(Recorder().on_request)
    return caught.value


PARTS = "The request line is not a method, a target and a version, with one space between"
NO_METHOD = "The request does not begin with a method"
TLS = "The request does not begin with a method, but like a TLS handshake"
VERSION = "The request's version is neither HTTP/1.0 nor HTTP/1.1"
HEADS: list[tuple[bytes, type[BadHttpMessage], str, int, bytes]] = [
    (b"GET /\r\nHost: a\r\n", BadHttpMessage, PARTS, 0, b"GET /"),
    (b"GET  / HTTP/1.1\r\nHost: a\r\n", BadHttpMessage, PARTS, 0, b"GET  / HTTP/1.1"),
    (b"GET / HTTP/1.1 \r\nHost: a\r\n", BadHttpMessage, VERSION, 0, b"GET / HTTP/1.1 "),
    (b"GET / HTTP/2.0\r\nHost: a\r\n", BadHttpMessage, VERSION, 0, b"GET / HTTP/2.0"),
    (
        b"CONNECT / HTTP/1.1\r\nHost: a\r\n",
        BadHttpMessage,
        "The request's target has no form that CONNECT may have",
        0,
        b"CONNECT / HTTP/1.1",
    ),
    (
        b"GET /\xff HTTP/1.1\r\nHost: a\r\n",
        BadHttpMessage,
        "The request's target is not visible ASCII",
        0,
        b"GET /\xff HTTP/1.1",
    ),
    (
        b"GET / HTTP/1.1\r\nA: b\r\n",
        InvalidHeader,
        "The Host field of an HTTP/1.1 request is missing",
        0,
        b"",
    ),
    (GET + b"host: a\r\n", InvalidHeader, "The Host field is given twice", 16, b""),
    (
        b"GET / HTTP/1.0\r\nA: b\r\nHost: a\r\nHost: b\r\n",
        InvalidHeader,
        "The Host field is given twice",
        22,
        b"",
    ),
    (
        b"GET / HTTP/1.1\r\nA: b\r\nHost: a/b\r\n",
        InvalidHeader,
        "The Host field is no host with an optional port",
        22,
        b"",
    ),
    (
        b"GET / HTTP/1.0\r\nHost: u@a\r\n",
        InvalidHeader,
        "The Host field is no host with an optional port",
        16,
        b"",
    ),
    (GET + b"A : b\r\n", InvalidHeader, "The name of a field is followed by a space", AT, b"A : b"),
    (
        b"GET / HTTP/1.1\r\n Host: a\r\n",
        InvalidHeader,
        "The first field line is folded",
        16,
        b" Host: a",
    ),
    (
        GET + b"A: b\0\r\n",
        InvalidHeader,
        "The value of a field has a control character",
        AT,
        b"A: b\0",
    ),
    (
        GET + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        BadHttpMessage,
        "Both Transfer-Encoding and Content-Length are present",
        AT + 19,
        b"chunked",
    ),
    (
        GET + b"A: b\r\nContent-Length: -5\r\n",
        BadHttpMessage,
        "Content-Length is not a number of at most 19 digits",
        AT + 6,
        b"-5",
    ),
    (
        b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n",
        BadHttpMessage,
        "Transfer-Encoding in an HTTP/1.0 message",
        17,
        b"chunked",
    ),
    (GET + b"A: b\r\n" * 256, BadHttpMessage, "More than 256 header fields", AT + 255 * 6, b""),
    (
        GET + b"A: " + b"x" * 65534 + b"\r\n",
        LineTooLong,
        "A field line is longer than 65536 bytes",
        AT,
        b"A: " + b"x" * 97,
    ),
    (
        b"GET /" + b"x" * 65523 + b" HTTP/1.1\r\n",
        LineTooLong,
        "The first line is longer than 65536 bytes",
        0,
        b"GET /" + b"x" * 95,
    ),
]


@pytest.mark.parametrize(("head", "kind", "message", "offset", "excerpt"), HEADS)
def test_a_head_is_refused(
    head: bytes, kind: type[BadHttpMessage], message: str, offset: int, excerpt: bytes
) -> None:
    # The last cut lets all of it but the last byte come before.
    for pieces in ([head + b"\r\n"], bytewise(head + b"\r\n"), [head + b"\r", b"\n"]):
        for strict in (False, True):
            recorder = Recorder()
            error = failure(pieces, strict=strict, recorder=recorder)
            assert type(error) is kind
            assert (error.message, error.offset, error.excerpt) == (message, offset, excerpt)
            assert not recorder.requests


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500, TLS),
        (b"\x16\x03\x01\x02\x00\n\n", TLS),
        (b"\x80\x2e\x01\x00\x02\x00", NO_METHOD),
        (b"\0" * 10, NO_METHOD),
        (b" GET / HTTP/1.1\r\n", NO_METHOD),
        (b"{}", NO_METHOD),
        (b"\xff\xfb", NO_METHOD),
    ],
)
def test_what_is_no_request_is_refused_at_its_first_byte(data: bytes, message: str) -> None:
    for pieces in ([data], bytewise(data[:1]), [data[:3]]):
        error = failure(pieces)
        assert isinstance(error, BadHttpMessage)
        assert (error.message, error.offset) == (message, 0)
        assert error.excerpt
        assert data.startswith(error.excerpt)
        assert str(error).isprintable()


def test_the_preface_of_http_2_is_refused_with_a_clear_text() -> None:
    preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    for pieces in (
        [preface],
        bytewise(preface),
        [preface + b"\0\0\x12\x04\0\0\0\0\0" + b"\0" * 18],
    ):
        error = failure(pieces)
        assert str(error) == f"{VERSION} at byte 0: b'PRI * HTTP/2.0'"


LINE_END = "The request begins with a line end"


@pytest.mark.parametrize(
    ("data", "message", "excerpt"),
    [
        (b"\r\n\r\n" + GET, LINE_END, b"\r"),
        (b"\r\n\n" + GET, LINE_END, b"\n"),
        (b"\n" + GET, LINE_END, b"\n"),
        (b"\r\r\n" + GET, LINE_END, b"\r"),
        (b"\n\r" + GET, LINE_END, b"\n"),
        (b"\r\n" * 100_000, LINE_END, b"\r"),
        (b"\rGET / HTTP/1.1\r\n", "The request begins with a lone CR", b"G"),
        (b"\r\0", "The request begins with a lone CR", b"\0"),
        (b"\r\n GET / HTTP/1.1\r\n", NO_METHOD, b" "),
    ],
)
def test_line_ends_before_a_request_are_refused_but_for_one_empty_line(
    data: bytes, message: str, excerpt: bytes
) -> None:
    for pieces in ([data], bytewise(data[:20])):
        error = failure(pieces)
        assert type(error) is BadHttpMessage
        assert (error.message, error.offset) == (message, 0)
        assert error.excerpt.startswith(excerpt)
        assert len(error.excerpt) <= 100


def test_a_head_without_end_is_refused() -> None:
    for line in (b"x", b"\r", b"A: b\r\n", b"A: b\r\n c\r\n"):
        error = failure([GET + line * (DEFAULT_LIMITS.head // len(line) + 1)])
        assert type(error) is LineTooLong
        assert (error.message, error.offset) == ("The head is longer than 262144 bytes", 0)


@pytest.mark.parametrize("sent", [b"G", b"\r\nG", GET, GET + b"\r", b"GET / HTTP/1.1"])
def test_an_end_inside_a_head_is_an_error(sent: bytes) -> None:
    for pieces in ([sent], bytewise(sent)):
        error = failure(pieces, eof=True)
        assert type(error) is BadHttpMessage
        assert error.message == "The connection was closed inside the request's head"
        assert error.offset == len(sent.lstrip())
        assert error.status == 400


def test_an_end_inside_a_body_is_an_error_of_the_body() -> None:
    recorder = Recorder()
    error = failure([GET + b"Content-Length: 5\r\n\r\nhell"], eof=True, recorder=recorder)
    assert type(error) is ContentLengthError
    assert (recorder.body, recorder.ends) == (b"hell", 0)
    error = failure([CHUNKED + b"5\r\nhello\r\n"], eof=True, recorder=recorder)
    assert type(error) is TransferEncodingError
    assert error.offset == len(CHUNKED) + 10


@pytest.mark.parametrize(
    ("sent", "at", "message"),
    [
        (b"5\nhello", 0, "A chunk's size line is not 1 to 16 hexadecimal digits and CRLF"),
        (b"1\r\nx\r\n-1\r\n", 6, "A chunk's size line is not 1 to 16 hexadecimal digits and CRLF"),
        (b"1\r\nxy\r\n", 4, "A chunk's data is not followed by CRLF"),
        (b"0\r\nA: b\r\nHost: b\r\n", 9, "Host is not allowed in a trailer section"),
    ],
)
def test_a_malformed_chunk_is_an_error_of_the_body(sent: bytes, at: int, message: str) -> None:
    for pieces in ([CHUNKED + sent], bytewise(CHUNKED + sent), [CHUNKED, sent]):
        error = failure(pieces)
        assert type(error) is TransferEncodingError
        assert (error.message, error.offset) == (message, len(CHUNKED) + at)


def test_the_places_of_a_later_request_count_from_its_own_beginning() -> None:
    for pieces in (
        [CHUNKED + b"0\r\n\r\n", GET + b"A\r\n\r\n"],
        [CHUNKED + b"0\r\n\r\n" + GET + b"A\r\n\r\n"],
    ):
        parser = RequestParser()
        parser.expect(Recorder().on_request)
        feed_all(parser, pieces)
        with pytest.raises(InvalidHeader) as caught:
            parser.expect(Recorder().on_request)
        assert caught.value.offset == AT


@pytest.mark.parametrize("name", [b"Cookie", b"Authorization", b"Proxy-Authorization"])
def test_the_text_of_an_error_shows_no_secret(name: bytes) -> None:
    error = failure([GET + name + b": s3cret\0\r\n\r\n"])
    assert "s3cret" not in str(error)
    assert name.decode() in str(error)
