"""Responses to requests that were sent without waiting for an answer (RFC 9112 section 9.3.2)."""

import pytest

from martlet_exceptions import (
    BadStatusLine,
    ClientError,
    ContentLengthError,
    InvalidHeader,
    ServerDisconnectedError,
    TransferEncodingError,
)
from martlet_http_parser import ResponseParser

from .recording import Recorder, bytewise, feed_all, read_responses

OK = b"HTTP/1.1 200 OK\r\n"
FIVE = OK + b"Content-Length: 5\r\n\r\nhello"
EMPTY = OK + b"Content-Length: 0\r\n\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nworld\r\n0\r\n\r\n"
UNTIL_CLOSE = OK + b"\r\nhello"

NO_OTHER = r"^The connection cannot carry another response$"


def begin(data: bytes, method: str = "GET", *, upgrade: bool = False) -> ResponseParser:
    parser = ResponseParser()
    parser.expect(method, Recorder().on_head, upgrade=upgrade)
    parser.feed(data)
    return parser


def test_what_is_there_is_read_when_it_is_expected() -> None:
    parser = begin(EMPTY + FIVE + CHUNKED + FIVE[:-1])
    assert not parser.reusable
    bodies: list[tuple[bytes, int]] = []
    for _ in range(3):
        recorder = Recorder()
        parser.expect("GET", recorder.on_head, pipelined=True)
        bodies.append((recorder.body, recorder.ends))
    assert bodies == [(b"hello", 1), (b"world", 1), (b"hell", 0)]
    assert (parser.done, parser.tail) == (False, b"")
    parser.feed(b"o" + EMPTY)
    assert (parser.done, parser.tail) == (True, EMPTY)


def test_it_need_not_be_there_yet() -> None:
    for pieces in (bytewise(FIVE + CHUNKED), [FIVE, CHUNKED], [FIVE + CHUNKED]):
        *readings, last = read_responses(pieces)
        assert [reading.body for reading in readings] == [b"hello", b"world"]
        assert (last.error, last.heads, last.done) == (None, (), False)


def test_each_answers_a_request_of_its_own_method() -> None:
    parser = begin(OK + b"Content-Length: 5\r\n\r\n" + FIVE, "HEAD")
    recorder = Recorder()
    parser.expect("GET", recorder.on_head, pipelined=True)
    assert recorder.body == b"hello"
    assert parser.reusable


def test_without_being_asked_the_tail_is_no_response() -> None:
    parser = begin(FIVE + FIVE)
    recorder = Recorder()
    with pytest.raises(RuntimeError, match=NO_OTHER):
        parser.expect("GET", recorder.on_head)
    assert not recorder.heads
    # Nothing has happened, so it may still be asked.
    parser.expect("GET", recorder.on_head, pipelined=True)
    assert recorder.body == b"hello"


def test_what_came_before_anything_was_asked_is_no_response() -> None:
    parser = ResponseParser()
    feed_all(parser, bytewise(FIVE))
    with pytest.raises(RuntimeError, match=NO_OTHER):
        parser.expect("GET", Recorder().on_head, pipelined=True)
    parser.feed_eof()
    assert (parser.tail, parser.reusable) == (FIVE, False)


@pytest.mark.parametrize(
    "first",
    [
        OK + b"Connection: close\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n",
        OK + b"Content-Length: 0, 0\r\n\r\n",
    ],
)
def test_nothing_is_read_after_the_last_response(first: bytes) -> None:
    parser = begin(first + FIVE)
    recorder = Recorder()
    with pytest.raises(RuntimeError, match=NO_OTHER):
        parser.expect("GET", recorder.on_head, pipelined=True)
    assert (recorder.heads, parser.tail, parser.reusable) == ([], FIVE, False)


@pytest.mark.parametrize(
    ("first", "method"),
    [(b"HTTP/1.1 101 Switching Protocols\r\n\r\n", "GET"), (OK + b"\r\n", "CONNECT")],
)
def test_nothing_is_read_after_a_switch(first: bytes, method: str) -> None:
    parser = begin(first + FIVE, method, upgrade=True)
    with pytest.raises(RuntimeError, match=NO_OTHER):
        parser.expect("GET", Recorder().on_head, pipelined=True)
    assert (parser.upgraded, parser.tail) == (True, FIVE)
    parser.feed(b"more")
    parser.feed_eof()
    assert (parser.upgraded, parser.tail, parser.reusable) == (True, FIVE + b"more", False)


def test_a_response_is_not_expected_inside_another() -> None:
    for begun in (b"", OK, FIVE[:-1], CHUNKED[:-1], UNTIL_CLOSE):
        parser = ResponseParser()
        parser.expect("GET", Recorder().on_head)
        feed_all(parser, bytewise(begun))
        with pytest.raises(RuntimeError, match=NO_OTHER):
            parser.expect("GET", Recorder().on_head, pipelined=True)


@pytest.mark.parametrize(
    ("second", "kind", "offset"),
    [
        (b"nonsense\r\n\r\n", BadStatusLine, 0),
        (b"\r\n" + FIVE, BadStatusLine, 0),
        (OK + b"A: b\r\nC\r\n\r\n", InvalidHeader, 23),
        (CHUNKED.replace(b"5\r\n", b"x\r\n"), TransferEncodingError, 47),
    ],
)
def test_what_is_wrong_with_the_tail_is_raised_when_it_is_expected(
    second: bytes, kind: type[ClientError], offset: int
) -> None:
    parser = begin(FIVE + second)
    assert parser.done
    with pytest.raises(kind) as caught:
        parser.expect("GET", Recorder().on_head, pipelined=True)
    assert type(caught.value) is kind
    assert getattr(caught.value, "offset", None) == offset
    assert (parser.done, parser.reusable, parser.tail) == (False, False, b"")
    with pytest.raises(RuntimeError, match=NO_OTHER):
        parser.expect("GET", Recorder().on_head, pipelined=True)


def test_what_came_before_the_peer_closed_is_still_an_answer() -> None:
    parser = begin(EMPTY + FIVE + UNTIL_CLOSE)
    parser.feed_eof()
    assert not parser.reusable
    for _ in range(2):
        recorder = Recorder()
        parser.expect("GET", recorder.on_head, pipelined=True)
        assert (recorder.body, recorder.ends) == (b"hello", 1)
        assert not parser.reusable
    with pytest.raises(RuntimeError, match=NO_OTHER):
        parser.expect("GET", Recorder().on_head, pipelined=True)


@pytest.mark.parametrize(
    ("second", "kind"),
    [
        (b"H", ServerDisconnectedError),
        (OK + b"\r", ServerDisconnectedError),
        (FIVE[:-1], ContentLengthError),
        (CHUNKED[:-1], TransferEncodingError),
    ],
)
def test_what_the_peer_cut_short_is_told_when_it_is_expected(
    second: bytes, kind: type[ClientError]
) -> None:
    parser = begin(EMPTY + second)
    parser.feed_eof()
    with pytest.raises(kind):
        parser.expect("GET", Recorder().on_head, pipelined=True)
    assert not parser.done
