"""When a parser may be used, and what it holds on to."""

import gc
import weakref

import pytest
from multidict import CIMultiDict

from martlet_exceptions import ClientError, ServerDisconnectedError
from martlet_http_parser import IncomingRequest, RequestParser, ResponseParser
from martlet_interfaces import BodySink, HttpVersion11, ResponseHead

from .recording import Recorder

OK = b"HTTP/1.1 200 OK\r\n"
EMPTY = OK + b"Content-Length: 0\r\n\r\n"
FIVE = OK + b"Content-Length: 5\r\n\r\nhello"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
UNTIL_CLOSE = OK + b"\r\nhello"


def state_of(parser: ResponseParser) -> str:
    facts = {
        "started": parser.started,
        "reading head": parser.reading_head,
        "done": parser.done,
        "reusable": parser.reusable,
    }
    return " ".join(name for name, is_so in facts.items() if is_so)


def test_bytes_that_nobody_asked_for_are_never_a_response() -> None:
    parser = ResponseParser()
    recorder = Recorder()
    parser.feed(FIVE)
    assert parser.tail == FIVE
    with pytest.raises(RuntimeError, match=r"^The connection cannot carry another response$"):
        parser.expect("GET", recorder.on_head)
    assert not recorder.heads


def test_bytes_after_a_response_are_never_the_next_one() -> None:
    parser = ResponseParser()
    parser.expect("GET", Recorder().on_head)
    parser.feed(FIVE + FIVE)
    with pytest.raises(RuntimeError, match="another response"):
        parser.expect("GET", Recorder().on_head)


@pytest.mark.parametrize(
    "begun",
    [b"", b"HTTP/1.1", FIVE[:-1], CHUNKED[:-1], UNTIL_CLOSE, OK + b"Content-Length: 1\r\n\r\n"],
)
def test_a_response_is_not_expected_before_the_one_before_is_done(begun: bytes) -> None:
    parser = ResponseParser()
    parser.expect("GET", Recorder().on_head)
    if begun:
        parser.feed(begun)
    with pytest.raises(RuntimeError, match="another response"):
        parser.expect("GET", Recorder().on_head)


def test_a_new_parser_awaits_nothing() -> None:
    parser = ResponseParser()
    assert state_of(parser) == ""
    assert not parser.upgraded
    assert list(parser.trailers) == []
    parser.feed_eof()
    with pytest.raises(RuntimeError, match="another response"):
        parser.expect("GET", Recorder().on_head)


def test_a_connection_that_the_peer_has_closed_is_not_reusable() -> None:
    parser = ResponseParser()
    parser.expect("GET", Recorder().on_head)
    parser.feed(FIVE)
    assert state_of(parser) == "started done reusable"
    parser.feed_eof()
    assert state_of(parser) == "started done"


class Sink(Recorder):
    """One that can be watched for being forgotten."""


def watched(parser: ResponseParser) -> "tuple[weakref.ref[Sink], weakref.ref[object]]":
    sink = Sink()

    def on_head(_head: ResponseHead) -> BodySink:
        return sink

    parser.expect("GET", on_head)
    return weakref.ref(sink), weakref.ref(on_head)


@pytest.mark.parametrize("data", [EMPTY, FIVE, CHUNKED, UNTIL_CLOSE])
def test_nothing_of_a_response_is_held_when_it_is_done(data: bytes) -> None:
    parser = ResponseParser()
    references = watched(parser)
    parser.feed(data)
    parser.feed_eof()
    assert parser.done
    gc.collect()
    assert [reference() for reference in references] == [None, None]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"HTTP/1.1",
        OK + b"A",
        FIVE[:-1],
        CHUNKED[:-1],
        b"nonsense",
        OK + b"\0\r\n\r\n",
        OK + b"Content-Length: x\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\nx",
    ],
)
def test_nothing_of_a_response_is_held_when_it_has_failed(data: bytes) -> None:
    parser = ResponseParser()
    references = watched(parser)
    try:
        if data:
            parser.feed(data)
        parser.feed_eof()
    except ClientError:
        failed = True
    else:
        failed = False
    assert failed
    gc.collect()
    assert [reference() for reference in references] == [None, None]
    assert parser._buffer is None


def test_what_stands_for_a_receiver_between_responses_keeps_nothing() -> None:
    parser = ResponseParser()
    parser.expect("GET", Recorder().on_head)
    parser.feed(FIVE)
    sink = parser._on_head(ResponseHead(HttpVersion11, 200, "OK", CIMultiDict()))
    assert sink is parser._sink
    sink.feed(b"x")
    sink.eof()
    sink.fail(ClientError())
    assert not gc.get_referents(sink)[:-1]  # but for its class


def test_what_stands_for_a_receiver_between_requests_keeps_nothing() -> None:
    parser = RequestParser()
    parser.expect(lambda _request: Recorder())
    parser.feed(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    sink = parser._on_request(IncomingRequest("GET", "/", HttpVersion11, CIMultiDict()))
    assert sink is parser._sink


@pytest.mark.parametrize("data", [b"nonsense", OK + b"A\r\n\r\n"])
def test_a_parser_that_has_failed_takes_nothing_more_in(data: bytes) -> None:
    parser = ResponseParser()
    recorder = Recorder()
    parser.expect("GET", recorder.on_head)
    with pytest.raises(ClientError):
        parser.feed(data)
    parser.feed(FIVE)
    parser.feed_eof()
    assert not recorder.heads
    assert parser.tail == b""
    assert state_of(parser) == "started"
    with pytest.raises(RuntimeError, match="another response"):
        parser.expect("GET", recorder.on_head)


def test_what_on_head_raises_comes_out_and_ends_the_parser() -> None:
    class Unwanted(Exception):  # noqa: N818 - it is no error
        pass

    def on_head(_head: ResponseHead) -> BodySink:
        raise Unwanted

    parser = ResponseParser()
    parser.expect("GET", on_head)
    with pytest.raises(Unwanted):
        parser.feed(FIVE)
    assert not parser.done
    with pytest.raises(RuntimeError, match="another response"):
        parser.expect("GET", on_head)


def test_started_tells_whether_a_byte_has_come_for_this_request() -> None:
    parser = ResponseParser()
    for _ in range(2):
        parser.expect("GET", Recorder().on_head)
        assert state_of(parser) == "reading head"
        parser.feed(FIVE[:1])
        assert state_of(parser) == "started reading head"
        parser.feed(FIVE[1:])
    parser.expect("GET", Recorder().on_head)
    with pytest.raises(ServerDisconnectedError):
        parser.feed_eof()
    assert not parser.started
