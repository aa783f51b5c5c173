"""What is sloppy but safe: by default it is read as the last message, and strict refuses it."""

import pytest

from martlet_exceptions import ClientError
from martlet_http_parser import RequestParser, ResponseParser

from .recording import Recorder, bytewise, feed_all, read_requests, read_responses

OK = b"HTTP/1.1 200 OK\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\n"
LENGTH = b"Content-Length: 5\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
# A well-formed message that must not be read after a sloppy one.
NEXT = {
    ResponseParser: OK + b"Content-Length: 0\r\n\r\n",
    RequestParser: POST + b"\r\n",
}

# What comes after the first line; where the faulty line begins in it; what strict says.
FIELDS = {
    "obs-fold": (
        b"A: b\r\n c\r\n" + LENGTH + b"\r\nhello",
        b" c",
        "A field line is folded",
    ),
    "obs-fold with a tab": (
        b"A:\r\n\t\r\n" + LENGTH + b"\r\nhello",
        b"\t\r\n",
        "A field line is folded",
    ),
    "bare LF after a field": (
        b"A: b\n" + LENGTH + b"\r\nhello",
        b"A: b",
        "A field line ends in a lone LF",
    ),
    "bare LF after the last field": (
        b"A: b\r\nContent-Length: 5\n\r\nhello",
        b"Content-Length",
        "The head ends in a lone LF",
    ),
    "bare LF as the empty line": (LENGTH + b"\nhello", b"\nhello", "The head ends in a lone LF"),
    "blanks after a chunk's size": (
        CHUNKED + b"5 \r\nhello\r\n0\r\n\r\n",
        b"5 \r\n",
        "Blanks follow a chunk's size",
    ),
    "blanks before an extension": (
        CHUNKED + b"5\r\nhello\r\n0 \t;a\r\n\r\n",
        b"0 \t;a",
        "Blanks follow a chunk's size",
    ),
    "malformed extension": (
        CHUNKED + b"5;a=\r\nhello\r\n0\r\n\r\n",
        b"5;a=",
        "An extension is malformed",
    ),
    "blank in an extension": (
        CHUNKED + b"5\r\nhello\r\n0; a\r\n\r\n",
        b"0; a",
        "An extension is malformed",
    ),
    "repeated equal Content-Length": (
        b"A: b\r\n" + LENGTH + LENGTH + b"\r\nhello",
        b"Content-Length",
        "Content-Length is given twice",
    ),
    "Content-Length as a list of equals": (
        b"A: b\r\nContent-Length: 5, 5\r\n\r\nhello",
        b"Content-Length",
        "Content-Length is given twice",
    ),
    "tab beside chunked": (
        b"Transfer-Encoding:\tchunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        b"Transfer-Encoding",
        "Transfer-Encoding has a tab beside its value",
    ),
}
Case = tuple[type[ResponseParser | RequestParser], bytes, int, str]


def cases() -> dict[str, Case]:
    result: dict[str, Case] = {}
    kinds: list[tuple[type[ResponseParser | RequestParser], bytes, str]] = [
        (ResponseParser, OK, "response"),
        (RequestParser, POST, "request"),
    ]
    for kind, start, word in kinds:
        for name, (rest, faulty, message) in FIELDS.items():
            at = len(start) + rest.index(faulty)
            result[f"{word}: {name}"] = (kind, start + rest, at, message)
        lone = start.replace(b"\r\n", b"\n", 1) + LENGTH + b"\r\nhello"
        result[f"{word}: bare LF after the first line"] = (
            kind,
            lone,
            0,
            "The first line ends in a lone LF",
        )
    spaceless = b"HTTP/1.1 200\r\n" + LENGTH + b"\r\nhello"
    result["response: no reason and no space"] = (
        ResponseParser,
        spaceless,
        0,
        "The space after the status code is missing",
    )
    interim = b"HTTP/1.1 103 A\r\nX: y\r\nContent-Length: 5\r\n\r\n" + OK + LENGTH + b"\r\nhello"
    result["response: a length in an interim head"] = (
        ResponseParser,
        interim,
        interim.index(b"Content-Length"),
        "An interim response frames a body",
    )
    coding = b"HTTP/1.1 102 A\r\nTransfer-Encoding: x\r\n\r\n" + OK + LENGTH + b"\r\nhello"
    result["response: a coding in an interim head"] = (
        ResponseParser,
        coding,
        coding.index(b"Transfer"),
        "An interim response frames a body",
    )
    result["request: an empty line before it"] = (
        RequestParser,
        b"\r\n" + POST + LENGTH + b"\r\nhello",
        0,
        "The request begins with a line end",
    )
    return result


CASES = cases()
each = pytest.mark.parametrize(("kind", "data", "at", "message"), CASES.values(), ids=CASES)


def begin(
    kind: type[ResponseParser | RequestParser], *, strict: bool = False
) -> tuple[ResponseParser | RequestParser, Recorder]:
    parser = kind(strict=strict)
    recorder = Recorder()
    expect(parser, recorder)
    return parser, recorder


def expect(parser: ResponseParser | RequestParser, recorder: Recorder) -> None:
    if isinstance(parser, ResponseParser):
        parser.expect("GET", recorder.on_head, pipelined=True)
    else:
        parser.expect(recorder.on_request)


@each
def test_the_default_reads_it_as_the_last_message(
    kind: type[ResponseParser | RequestParser], data: bytes, at: int, message: str
) -> None:
    for pieces in ([data], bytewise(data)):
        parser, recorder = begin(kind)
        feed_all(parser, pieces)
        assert (recorder.body, recorder.ends) == (b"hello", 1)
        assert (parser.done, parser.tail, parser.reusable) == (True, b"", False)


@each
def test_what_follows_it_is_never_read(
    kind: type[ResponseParser | RequestParser], data: bytes, at: int, message: str
) -> None:
    following = NEXT[kind]
    for pieces in ([data + following], [data, following], bytewise(data + following)):
        parser, recorder = begin(kind)
        feed_all(parser, pieces)
        assert (recorder.body, recorder.ends) == (b"hello", 1)
        assert (parser.done, parser.tail, parser.reusable) == (True, following, False)
        other = Recorder()
        with pytest.raises(RuntimeError, match="cannot carry another"):
            expect(parser, other)
        assert not other.heads
        assert not other.requests
        assert parser.tail == following


@each
def test_strict_refuses_it_and_says_where(
    kind: type[ResponseParser | RequestParser], data: bytes, at: int, message: str
) -> None:
    for pieces in ([data], bytewise(data)):
        parser, recorder = begin(kind, strict=True)
        with pytest.raises(ClientError) as caught:
            feed_all(parser, pieces)
        assert getattr(caught.value, "message", None) == message
        assert getattr(caught.value, "offset", None) == at
        assert recorder.ends == 0
        assert (parser.done, parser.reusable, parser.tail) == (False, False, b"")


@pytest.mark.parametrize(
    "rest",
    [
        b"\r\n",
        b"A:b\r\nC: \td \r\n" + LENGTH + b"\r\nhello",
        b"A: caf\xc3\xa9 \xff\r\n" + LENGTH + b"\r\nhello",
        CHUNKED + b'0005;a=b;c="d e";f\r\nhello\r\n0\r\nA: b\r\n\r\n',
        b"Content-Length: 005\r\n\r\nhello",
        b"transfer-encoding:chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    ],
)
def test_strict_reads_what_breaks_no_rule_as_the_default_does(rest: bytes) -> None:
    data = POST + rest
    readings = read_requests([data])
    assert readings[0].error is None
    assert read_requests([data], strict=True) == readings
    data = OK + rest
    assert read_responses([data], eof=True, strict=True) == read_responses([data], eof=True)


def test_an_interim_head_that_ends_the_connection_makes_its_answer_the_last() -> None:
    data = b"HTTP/1.1 100 Continue\r\nConnection: close\r\n\r\n" + OK + LENGTH + b"\r\nhello"
    for strict in (False, True):
        (reading,) = read_responses([data + NEXT[ResponseParser]], strict=strict)
        assert (reading.error, reading.body, reading.reusable) == (None, b"hello", False)
        assert reading.tail == NEXT[ResponseParser]
    kept = data.replace(b"close", b"keep-alive")
    assert len(read_responses([kept])) == 2
