"""What a peer sends is looked at a bounded number of times, however it is cut."""

import gzip
from collections.abc import Callable

import pytest

from linear_time import Work, grows_linearly
from martlet_exceptions import ClientError
from martlet_http_parser import (
    Limits,
    RequestParser,
    ResponseParser,
    content_decoders,
    parse_media_type,
    serialize_fields,
)
from martlet_http_parser._zlib_decoder import ZlibDecoder

from .recording import Recorder, bytewise

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
EMPTY = OK + b"Content-Length: 0\r\n\r\n"
GET = b"GET / HTTP/1.1\r\nHost: a\r\n"
POSTED = GET + b"Transfer-Encoding: chunked\r\n\r\n"
HUGE = 1 << 40
NO_LIMITS = Limits(
    line=HUGE, fields=HUGE, field=HUGE, trailers=HUGE, head=HUGE, chunk_line=HUGE, interim=HUGE
)


def parsing(pieces: list[bytes], *, strict: bool = False) -> Work:
    """Read *pieces* as responses, each of which is expected when the one before is done."""

    def work() -> None:
        parser = ResponseParser(NO_LIMITS, strict=strict)
        parser.expect("GET", Recorder().on_head)
        try:
            for piece in pieces:
                parser.feed(piece)
            while parser.done and not parser.reusable:
                parser.expect("GET", Recorder().on_head, pipelined=True)
        except (ClientError, RuntimeError):
            pass

    return work


def parsing_requests(pieces: list[bytes], *, strict: bool = False) -> Work:
    """Read *pieces* as requests, each of which is expected when all has come."""

    def work() -> None:
        parser = RequestParser(NO_LIMITS, strict=strict)
        parser.expect(Recorder().on_request)
        try:
            for piece in pieces:
                parser.feed(piece)
            while parser.done:
                parser.expect(Recorder().on_request)
        except ClientError:
            pass

    return work


def unasked(pieces: list[bytes]) -> Work:
    def work() -> None:
        parser = ResponseParser(NO_LIMITS)
        for piece in pieces:
            parser.feed(piece)

    return work


def decoding(pieces: list[bytes]) -> Work:
    def work() -> None:
        decoder = ZlibDecoder("gzip")
        for piece in pieces:
            decoder.feed(piece)
            while decoder.read(65536):
                pass

    return work


# How to make the work of a size; the size; sizes are such that a quadratic part shows.
CASES: dict[str, tuple[Callable[[int], Work], int]] = {
    "head byte by byte": (lambda n: parsing(bytewise(OK + b"A: " + b"x" * n)), 30_000),
    "head of line ends, byte by byte": (lambda n: parsing(bytewise(OK + b"A\r" * n)), 15_000),
    "line ends before a head": (lambda n: parsing([b"\r\n" * n + OK]), 100_000),
    "fields": (lambda n: parsing([OK + b"A: b\r\n" * n + b"\r\n"]), 2_000),
    "fields with lone line feeds": (lambda n: parsing([OK + b"A: b\n" * n + b"\n"]), 2_000),
    "folded lines": (lambda n: parsing([OK + b"A: b\r\n" + b" c\r\n" * n + b"\r\n"]), 8_000),
    "wide folded lines": (
        lambda n: parsing([OK + b"A: b\r\n" + b" \xf0\x9f\x98\x80\r\n" * n + b"\r\n"]),
        8_000,
    ),
    "a long line that is bad at its end": (
        lambda n: parsing([OK + b"A: " + b"x" * n + b"\0\r\n\r\n"]),
        500_000,
    ),
    "chunks": (lambda n: parsing([CHUNKED + b"1\r\nx\r\n" * n]), 4_000),
    "chunks byte by byte": (lambda n: parsing(bytewise(CHUNKED + b"1\r\nx\r\n" * n)), 2_000),
    "chunk extension byte by byte": (
        lambda n: parsing(bytewise(CHUNKED + b"1;" + b"x" * n)),
        30_000,
    ),
    "blanks after a chunk size, byte by byte": (
        lambda n: parsing(bytewise(CHUNKED + b"1" + b" " * n)),
        30_000,
    ),
    "trailers byte by byte": (
        lambda n: parsing(bytewise(CHUNKED + b"0\r\n" + b"A: b\r\n" * n)),
        3_000,
    ),
    "a trailer byte by byte": (
        lambda n: parsing(bytewise(CHUNKED + b"0\r\nA: " + b"x" * n)),
        30_000,
    ),
    "chunk extensions, strictly read": (
        lambda n: parsing([CHUNKED + b"1" + b';a="b"' * n + b"\r\n"], strict=True),
        10_000,
    ),
    "a chunk extension that is malformed at its end, strictly read": (
        lambda n: parsing([CHUNKED + b"1;a" + b"\\" * n + b'"\r\n'], strict=True),
        200_000,
    ),
    "fields, strictly read": (
        lambda n: parsing([OK + b"A: b\r\n" * n + b"\n"], strict=True),
        2_000,
    ),
    "tabs beside a transfer coding": (
        lambda n: parsing([OK + b"Transfer-Encoding:" + b"\t" * n + b"chunked\r\n\r\n"]),
        100_000,
    ),
    "fields like a transfer coding, one of them with a tab": (
        lambda n: parsing(
            [OK + b"A:\t\r\n" + b"X: y\r\n" * n + b"Transfer-Encoding: chunked\r\n\r\n"]
        ),
        2_000,
    ),
    "interim heads, byte by byte": (
        lambda n: parsing(bytewise(b"HTTP/1.1 100 A\r\n\r\n" * n)),
        500,
    ),
    "bytes after the end, byte by byte": (lambda n: parsing(bytewise(EMPTY + b"x" * n)), 50_000),
    "bytes that nobody asked for": (lambda n: unasked(bytewise(b"x" * n)), 50_000),
    "pipelined responses": (lambda n: parsing([EMPTY * n]), 2_000),
    "pipelined responses, byte by byte": (lambda n: parsing(bytewise(EMPTY * n)), 1_000),
    "a large response that comes before it is expected": (
        lambda n: parsing(
            [EMPTY, OK + b"Content-Length: %d\r\n\r\n" % (1000 * n), *[b"x" * 1000] * n]
        ),
        500,
    ),
    "a request's head byte by byte": (
        lambda n: parsing_requests(bytewise(GET + b"A: " + b"x" * n)),
        30_000,
    ),
    "a target byte by byte": (lambda n: parsing_requests(bytewise(b"GET /" + b"x" * n)), 30_000),
    "a target": (
        lambda n: parsing_requests([b"GET /" + b"x" * n + b" HTTP/1.1\r\nHost: a\r\n\r\n"]),
        500_000,
    ),
    "an authority that is none at its end": (
        lambda n: parsing_requests([b"CONNECT " + b"a" * n + b":/ HTTP/1.1\r\n\r\n"]),
        500_000,
    ),
    "a target with a scheme and userinfo": (
        lambda n: parsing_requests([b"GET http://" + b":" * n + b"@ HTTP/1.1\r\n\r\n"]),
        500_000,
    ),
    "a method without end": (lambda n: parsing_requests([b"x" * n + b"\r\n\r\n"]), 500_000),
    "a host": (
        lambda n: parsing_requests([b"GET / HTTP/1.1\r\nHost: " + b"a" * n + b" b\r\n\r\n"]),
        500_000,
    ),
    "hosts": (
        lambda n: parsing_requests([b"GET / HTTP/1.1\r\n" + b"Host: a\r\n" * n + b"\r\n"]),
        2_000,
    ),
    "line ends before a request": (lambda n: parsing_requests([b"\r\n" * n + GET]), 100_000),
    "a request's folded lines": (
        lambda n: parsing_requests([GET + b"A: b\r\n" + b" c\r\n" * n + b"\r\n"]),
        8_000,
    ),
    "a request's fields, strictly read": (
        lambda n: parsing_requests([GET + b"A: b\r\n" * n + b"\r\n"], strict=True),
        2_000,
    ),
    "a request's chunks byte by byte": (
        lambda n: parsing_requests(bytewise(POSTED + b"1\r\nx\r\n" * n), strict=True),
        2_000,
    ),
    "pipelined requests": (lambda n: parsing_requests([(GET + b"\r\n") * n]), 4_000),
    "pipelined requests byte by byte": (
        lambda n: parsing_requests(bytewise((GET + b"\r\n") * n)),
        1_000,
    ),
    "pipelined requests in chunks": (
        lambda n: parsing_requests([(POSTED + b"1\r\nx\r\n0\r\n\r\n") * n]),
        2_000,
    ),
    "gzip members": (lambda n: decoding([gzip.compress(b"", mtime=0) * n]), 3_000),
    "gzip members byte by byte": (
        lambda n: decoding(bytewise(gzip.compress(b"", mtime=0) * n)),
        300,
    ),
    "padding after gzip": (
        lambda n: decoding([gzip.compress(b"", mtime=0) + b"\0" * n]),
        500_000,
    ),
    "padding after gzip, byte by byte": (
        lambda n: decoding(bytewise(gzip.compress(b"", mtime=0) + b"\0" * n)),
        10_000,
    ),
    "a gzip bomb": (lambda n: decoding([gzip.compress(bytes(n * 1000), 1)]), 1_000),
    "parameters of a media type": (lambda n: lambda: parse_media_type(";a=b" * n), 5_000),
    "open quotes in a media type": (lambda n: lambda: parse_media_type(';a="' * n), 5_000),
    "backslashes in a media type": (
        lambda n: lambda: parse_media_type(';a="' + "\\" * n),
        100_000,
    ),
    "blanks in a media type": (lambda n: lambda: parse_media_type(";" + " " * n), 100_000),
    "empty content codings": (lambda n: lambda: content_decoders("," * n), 10_000),
    "fields to be sent": (
        lambda n: lambda: serialize_fields({f"A{i}": "b" for i in range(n)}),
        5_000,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_time_grows_no_faster_than_what_was_sent(case: str) -> None:
    assert grows_linearly(*CASES[case])


def test_pipelined_messages_cost_the_same_however_many_wait() -> None:
    # To cut one message off a tail must not copy all that is behind it.
    def work(count: int) -> Work:
        return parsing_requests([(GET + b"\r\n") * count])

    assert grows_linearly(work, 2_000, factor=16, bound=16 * 2.3)


def test_interim_responses_in_one_piece_do_not_nest() -> None:
    parser = ResponseParser(NO_LIMITS)
    parser.expect("GET", Recorder().on_head)
    parser.feed(b"HTTP/1.1 100 Continue\r\n\r\n" * 5_000)
    assert parser.reading_head
