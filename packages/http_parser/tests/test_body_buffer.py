import pytest

from martlet_exceptions import ClientPayloadError, ServerDisconnectedError
from martlet_http_parser import BodyBuffer, ResponseParser
from martlet_interfaces import BodySink, ResponseHead

OK = b"HTTP/1.1 200 OK\r\n"


def facts(body: BodyBuffer) -> tuple[bytes, int, bool, BaseException | None]:
    return body.data, len(body), body.complete, body.failed


def test_a_new_one_is_empty_and_not_complete() -> None:
    assert facts(BodyBuffer()) == (b"", 0, False, None)


def test_pieces_are_put_together_however_often_they_are_looked_at() -> None:
    body = BodyBuffer()
    for piece in (b"ab", b"c", b"de"):
        body.feed(piece)
    assert facts(body) == (b"abcde", 5, False, None)
    body.feed(b"f")
    body.eof()
    assert facts(body) == (b"abcdef", 6, True, None)
    assert body.data is body.data


def test_a_single_piece_is_not_copied() -> None:
    body = BodyBuffer()
    piece = b"some bytes"
    body.feed(piece)
    assert body.data is piece


def test_it_may_hold_so_much_and_no_more() -> None:
    body = BodyBuffer(5)
    body.feed(b"abc")
    body.feed(b"de")
    assert body.data == b"abcde"
    with pytest.raises(ClientPayloadError, match=r"^The body is larger than 5 bytes$"):
        body.feed(b"f")
    # What cannot be used is not kept, and no more is taken.
    assert body.data == b""
    with pytest.raises(ClientPayloadError):
        body.feed(b"g")
    assert not body.complete


def test_the_default_limit_is_16_mib() -> None:
    body = BodyBuffer()
    for _ in range(16):
        body.feed(bytes(1 << 20))
    with pytest.raises(ClientPayloadError, match="larger than 16777216 bytes"):
        body.feed(b"x")


def test_it_remembers_why_the_rest_will_not_come() -> None:
    body = BodyBuffer()
    body.feed(b"ab")
    error = ServerDisconnectedError()
    body.fail(error)
    assert facts(body) == (b"ab", 2, False, error)


def test_a_parser_fills_it() -> None:
    body: BodySink = BodyBuffer()
    heads: list[ResponseHead] = []

    def on_head(head: ResponseHead) -> BodySink:
        heads.append(head)
        return body

    parser = ResponseParser()
    parser.expect("GET", on_head)
    parser.feed(OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n")
    parser.feed(b"1\r\nc\r\n0\r\n\r\n")
    assert isinstance(body, BodyBuffer)
    assert facts(body) == (b"abc", 3, True, None)


def test_what_is_too_large_ends_the_parser_too() -> None:
    parser = ResponseParser()
    parser.expect("GET", lambda _head: BodyBuffer(4))
    with pytest.raises(ClientPayloadError):
        parser.feed(OK + b"Content-Length: 5\r\n\r\nhello")
    assert not parser.done
    assert not parser.reusable
