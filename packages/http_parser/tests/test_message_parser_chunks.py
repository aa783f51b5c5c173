"""Handing the chunks of a body to a sink that wants them apart."""

import gc
import weakref

import pytest

from martlet_exceptions import TransferEncodingError
from martlet_http_parser import IncomingRequest, RequestParser, ResponseParser
from martlet_interfaces import ResponseHead

from .recording import Recorder

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
BODY = b"2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n"


class ChunkRecorder(Recorder):
    """A sink that has the method for chunks, and writes down its calls."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[list[bytes], bool]] = []

    def on_head(self, head: ResponseHead) -> "ChunkRecorder":
        super().on_head(head)
        return self

    def on_request(self, request: IncomingRequest) -> "ChunkRecorder":
        super().on_request(request)
        return self

    def feed_chunks(self, pieces: list[bytes], open_end: bool, /) -> None:
        assert not self.ends
        self.calls.append((pieces, open_end))


def fed(*pieces: bytes) -> tuple[ResponseParser, ChunkRecorder]:
    parser, recorder = ResponseParser(), ChunkRecorder()
    parser.expect("GET", recorder.on_head)
    for piece in pieces:
        parser.feed(piece)
    return parser, recorder


def test_chunks_of_a_response_come_apart() -> None:
    parser, recorder = fed(CHUNKED + BODY)
    assert recorder.calls == [([b"ab", b"cde"], False)]
    assert recorder.pieces == []
    assert recorder.ends == 1
    assert parser.reusable


def test_chunk_that_comes_in_parts_is_open() -> None:
    _, recorder = fed(CHUNKED, BODY[:11], BODY[11:])
    assert recorder.calls == [([b"ab", b"c"], True), ([b"de"], False)]


def test_chunks_of_a_request_come_apart() -> None:
    parser, recorder = RequestParser(), ChunkRecorder()
    parser.expect(recorder.on_request)
    parser.feed(b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + BODY)
    assert recorder.calls == [([b"ab", b"cde"], False)]
    assert recorder.ends == 1


@pytest.mark.parametrize(
    "response", [OK + b"Content-Length: 5\r\n\r\nabcde", OK + b"\r\nab", OK + b"\r\n"]
)
def test_body_that_is_not_chunked_is_fed_as_ever(response: bytes) -> None:
    _, recorder = fed(response)
    assert recorder.calls == []
    assert recorder.body == response.partition(b"\r\n\r\n")[2]


def test_sink_without_the_method_gets_the_chunks_in_one_piece() -> None:
    parser, recorder = ResponseParser(), Recorder()
    parser.expect("GET", recorder.on_head)
    parser.feed(CHUNKED + BODY)
    assert recorder.pieces == [b"abcde"]


def test_sinks_of_both_kinds_follow_one_another() -> None:
    parser, first = fed(CHUNKED + BODY)
    second = Recorder()
    parser.expect("GET", second.on_head)
    parser.feed(CHUNKED + BODY)
    assert first.calls == [([b"ab", b"cde"], False)]
    assert second.pieces == [b"abcde"]


@pytest.mark.parametrize("fault", [b"", b"3\r\ncdex\r\n"])
def test_parser_holds_on_to_no_sink_after_the_body(fault: bytes) -> None:
    parser, recorder = fed(CHUNKED + b"2\r\nab\r\n")
    if fault:
        with pytest.raises(TransferEncodingError):
            parser.feed(fault)
        assert recorder.calls[1:] == [([b"cde"], False)]
    else:
        parser.feed(b"0\r\n\r\n")
    gone = weakref.ref(recorder)
    del recorder
    gc.collect()
    assert gone() is None
