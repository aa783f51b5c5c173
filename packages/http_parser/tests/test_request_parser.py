from collections.abc import Callable

import pytest

from martlet_http_parser import RequestParser
from martlet_interfaces import BodySink, HttpVersion10, HttpVersion11

from .recording import Reading, Recorder, bytewise, feed_all, read_requests

Cut = Callable[[bytes], list[bytes]]
CUTS = pytest.mark.parametrize("cut", [lambda data: [data], bytewise])

GET = b"GET / HTTP/1.1\r\nHost: a\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
FIVE = POST + b"Content-Length: 5\r\n\r\nhello"
IN_CHUNKS = CHUNKED + b"5\r\nhello\r\n0\r\n\r\n"


def read(pieces: list[bytes], *, eof: bool = False, strict: bool = False) -> Reading:
    (reading,) = read_requests(pieces, eof=eof, strict=strict, most=1)
    return reading


@CUTS
def test_a_request_without_a_body_is_its_head(cut: Cut) -> None:
    reading = read(cut(b"GET /a?b HTTP/1.1\r\nHost: a\r\nA: b\r\na:c\r\n\r\n"))
    assert reading.error is None
    assert reading.heads == (
        (HttpVersion11, "GET", "/a?b", (("Host", "a"), ("A", "b"), ("a", "c"))),
    )
    assert (reading.body, reading.ends, reading.done) == (b"", 1, True)
    assert reading.reusable


@CUTS
@pytest.mark.parametrize("data", [FIVE, IN_CHUNKS])
def test_a_request_with_a_body_says_its_length(data: bytes, cut: Cut) -> None:
    reading = read(cut(data))
    assert (reading.error, reading.body, reading.ends) == (None, b"hello", 1)
    assert (reading.done, reading.reusable, reading.tail) == (True, True, b"")


@pytest.mark.parametrize("method", [b"GET", b"HEAD", b"DELETE", b"OPTIONS", b"X"])
def test_any_method_may_have_a_body(method: bytes) -> None:
    data = FIVE.replace(b"POST", method)
    assert read([data]).body == b"hello"


@pytest.mark.parametrize("method", [b"GET", b"POST", b"PUT"])
def test_without_a_length_there_is_no_body(method: bytes) -> None:
    # RFC 9112 section 6.3: unlike a response, it does not last until the close.
    reading = read([GET.replace(b"GET", method) + b"\r\nhello"])
    assert (reading.done, reading.body, reading.tail) == (True, b"", b"hello")


def test_trailers_are_those_of_the_last_request() -> None:
    parser = RequestParser()
    parser.expect(Recorder().on_request)
    parser.feed(CHUNKED + b"0\r\nA: b\r\n\r\n")
    assert list(parser.trailers) == [("A", "b")]
    parser.expect(Recorder().on_request)
    assert list(parser.trailers) == []


@pytest.mark.parametrize(
    ("head", "reusable"),
    [
        (GET, True),
        (GET + b"Connection: keep-alive\r\n", True),
        (GET + b"Connection: close\r\n", False),
        (GET + b"Connection: x, Close\r\n", False),
        (b"GET / HTTP/1.0\r\n", False),
        (b"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n", True),
        (b"GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n", True),
    ],
)
def test_another_request_may_follow_if_the_client_wants_it(head: bytes, reusable: bool) -> None:
    for pieces in ([head + b"\r\n"], bytewise(head + b"\r\n")):
        assert read(pieces).reusable is reusable


def test_a_request_in_http_10_has_no_host() -> None:
    reading = read([b"GET / HTTP/1.0\r\n\r\n"])
    assert reading.error is None
    assert reading.heads[0][:3] == (HttpVersion10, "GET", "/")


@pytest.mark.parametrize("value", [b"", b"a", b"a.example:8080", b"[::1]:80", b"a%20b", b"x_y"])
def test_a_host_may_be_anything_that_is_one(value: bytes) -> None:
    data = b"GET / HTTP/1.1\r\nhOST: " + value + b" \r\n\r\n"
    assert read([data]).heads[0][3] == (("hOST", value.decode()),)


def test_a_target_may_name_another_host_than_the_field() -> None:
    # RFC 9112 section 3.2.2: then the target counts, which the caller sees, too.
    reading = read([b"GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n"])
    assert (reading.error, reading.heads[0][2]) == (None, "http://b/")


# -- The empty line before a request (RFC 9112 section 2.2).


@CUTS
def test_an_empty_line_before_a_request_is_passed_over_but_forbids_reuse(cut: Cut) -> None:
    reading = read(cut(b"\r\n" + FIVE))
    assert (reading.error, reading.body, reading.done) == (None, b"hello", True)
    assert not reading.reusable


def test_an_empty_line_may_come_between_requests() -> None:
    # Old clients send one after a body; what follows the request after it is not believed.
    first, second = read_requests([FIVE + b"\r\n" + GET + b"\r\n" + GET + b"\r\n"])
    assert (first.body, first.done) == (b"hello", True)
    assert (second.done, second.reusable, second.tail) == (True, False, GET + b"\r\n")


# -- What is spoken instead of HTTP from some request on.


@CUTS
def test_what_comes_after_connect_is_the_tail(cut: Cut) -> None:
    recorder = Recorder()
    parser = RequestParser()
    parser.expect(recorder.on_request)
    feed_all(parser, cut(b"CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n\x16\x03\x01"))
    assert recorder.requests[0].asks_to_upgrade
    assert (parser.done, parser.tail) == (True, b"\x16\x03\x01")


@CUTS
def test_what_comes_after_an_upgrade_is_the_tail(cut: Cut) -> None:
    recorder = Recorder()
    parser = RequestParser()
    parser.expect(recorder.on_request)
    feed_all(parser, cut(GET + b"Connection: Upgrade\r\nUpgrade: x\r\n\r\n\x81\x05hello"))
    assert recorder.requests[0].asks_to_upgrade
    assert (parser.done, parser.tail) == (True, b"\x81\x05hello")


def test_an_upgrade_comes_after_the_body() -> None:
    recorder = Recorder()
    parser = RequestParser()
    parser.expect(recorder.on_request)
    upgrade = b"Connection: upgrade\r\nUpgrade: x\r\n"
    parser.feed(POST + upgrade + b"Content-Length: 5\r\n\r\nhello\x81\x05")
    assert (recorder.body, parser.tail) == (b"hello", b"\x81\x05")


def test_an_upgrade_that_is_declined_is_a_request_like_any_other() -> None:
    upgrade = GET + b"Connection: upgrade\r\nUpgrade: x\r\n\r\n"
    first, second, last = read_requests([upgrade + FIVE])
    assert (first.done, second.body) == (True, b"hello")
    assert (last.heads, last.error) == ((), None)


def test_a_client_that_waits_for_100_is_answered_before_its_body() -> None:
    recorder = Recorder()
    parser = RequestParser()
    parser.expect(recorder.on_request)
    parser.feed(POST + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\n")
    assert recorder.requests[0].expects_continue
    assert (parser.done, parser.reading_head) == (False, False)
    parser.feed(b"hello")
    assert (recorder.body, parser.done) == (b"hello", True)


# -- When it may be used.


def state_of(parser: RequestParser) -> str:
    facts = {
        "started": parser.started,
        "reading head": parser.reading_head,
        "done": parser.done,
        "reusable": parser.reusable,
        "closed": parser.closed,
    }
    return " ".join(name for name, is_so in facts.items() if is_so)


def test_one_request_follows_another() -> None:
    parser = RequestParser()
    assert state_of(parser) == ""
    for data in (FIVE, IN_CHUNKS, GET + b"\r\n", FIVE):
        recorder = Recorder()
        parser.expect(recorder.on_request)
        assert state_of(parser) == "reading head"
        parser.feed(data[:1])
        assert state_of(parser) == "started reading head"
        parser.feed(data[1:])
        assert state_of(parser) == "started done reusable"
        assert recorder.ends == 1


@pytest.mark.parametrize("begun", [b"", b"GET", b"\r", FIVE[:-1], IN_CHUNKS[:-1]])
def test_a_request_is_not_expected_before_the_one_before_is_done(begun: bytes) -> None:
    parser = RequestParser()
    parser.expect(Recorder().on_request)
    feed_all(parser, bytewise(begun))
    with pytest.raises(RuntimeError, match=r"^The connection cannot carry another request$"):
        parser.expect(Recorder().on_request)


def test_a_client_need_not_wait_until_a_request_is_expected() -> None:
    for pieces in ([FIVE + GET + b"\r\n"], bytewise(FIVE + GET + b"\r\n")):
        parser = RequestParser()
        feed_all(parser, pieces)
        assert state_of(parser) == ""
        assert parser.tail == FIVE + GET + b"\r\n"
        first, second = Recorder(), Recorder()
        parser.expect(first.on_request)
        assert (first.body, parser.tail) == (b"hello", GET + b"\r\n")
        parser.expect(second.on_request)
        assert (second.ends, parser.tail) == (1, b"")


def test_what_on_request_raises_comes_out_and_ends_the_parser() -> None:
    class Unwanted(Exception):  # noqa: N818 - it is no error
        pass

    def on_request(_request: object) -> BodySink:
        raise Unwanted

    parser = RequestParser()
    parser.expect(on_request)
    with pytest.raises(Unwanted):
        parser.feed(FIVE)
    assert state_of(parser) == "started"
    parser.feed(FIVE)
    parser.feed_eof()
    assert state_of(parser) == "started"
    with pytest.raises(RuntimeError, match="another request"):
        parser.expect(on_request)


# -- How it ends.


@pytest.mark.parametrize("begun", [b"", b"\r", b"\r\n"])
def test_a_client_may_close_instead_of_sending_another_request(begun: bytes) -> None:
    parser = RequestParser()
    parser.expect(Recorder().on_request)
    feed_all(parser, bytewise(begun))
    for _ in range(2):
        parser.feed_eof()
        assert (parser.closed, parser.reading_head, parser.reusable) == (True, False, False)
    parser.feed(FIVE)
    assert parser.tail == b""
    with pytest.raises(RuntimeError, match="another request"):
        parser.expect(Recorder().on_request)


def test_a_client_may_close_without_having_sent_anything() -> None:
    parser = RequestParser()
    parser.feed_eof()
    assert state_of(parser) == "closed"
    with pytest.raises(RuntimeError, match="another request"):
        parser.expect(Recorder().on_request)


@pytest.mark.parametrize("data", [GET + b"\r\n", FIVE, IN_CHUNKS, b"GET / HTTP/1.0\r\n\r\n"])
def test_a_client_may_close_after_a_request(data: bytes) -> None:
    parser = RequestParser()
    parser.expect(Recorder().on_request)
    parser.feed(data)
    parser.feed_eof()
    # The request is there, and may be answered all the same.
    assert state_of(parser) == "started done closed"


def test_a_client_may_close_after_several_requests_that_wait() -> None:
    parser = RequestParser()
    parser.feed(FIVE)
    parser.feed_eof()
    parser.feed(b"")
    assert state_of(parser) == ""
    parser.expect(Recorder().on_request)
    assert state_of(parser) == "started done closed"

    parser = RequestParser()
    parser.expect(Recorder().on_request)
    parser.feed(FIVE + GET + b"\r\n")
    parser.feed_eof()
    assert state_of(parser) == "started done reusable"
    parser.expect(Recorder().on_request)
    assert state_of(parser) == "started done closed"


@pytest.mark.parametrize("rest", [b"Connection: close\r\n\r\n", b"A: b\n\n"])
def test_what_follows_the_last_request_does_not_keep_a_connection_open(rest: bytes) -> None:
    parser = RequestParser()
    parser.expect(Recorder().on_request)
    parser.feed(GET + rest + FIVE)
    parser.feed_eof()
    assert state_of(parser) == "started done closed"


def test_an_empty_line_in_the_tail_is_no_request() -> None:
    parser = RequestParser()
    parser.expect(Recorder().on_request)
    parser.feed(FIVE + b"\r\n")
    parser.feed_eof()
    recorder = Recorder()
    parser.expect(recorder.on_request)
    assert (parser.closed, recorder.requests) == (True, [])


def test_what_stands_for_a_receiver_between_requests_is_nobody() -> None:
    parser = RequestParser()
    recorder = Recorder()
    parser.expect(recorder.on_request)
    parser.feed(FIVE)
    assert parser._on_request(recorder.requests[0]) is parser._sink
    assert len(recorder.requests) == 1
