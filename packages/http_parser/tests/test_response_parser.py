from collections.abc import Callable

import pytest

from martlet_exceptions import BadHttpMessage
from martlet_http_parser import Limits, ResponseParser
from martlet_interfaces import HttpVersion11

from .recording import Recorder, bytewise, read

Cut = Callable[[bytes], list[bytes]]

OK = b"HTTP/1.1 200 OK\r\n"
EMPTY = OK + b"Content-Length: 0\r\n\r\n"
FIVE = OK + b"Content-Length: 5\r\n\r\nhello"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
UNTIL_CLOSE = OK + b"\r\nhello"


@pytest.mark.parametrize("cut", [lambda data: [data], bytewise])
@pytest.mark.parametrize("data", [FIVE, CHUNKED, OK + b"Content-Length: 5, 5\r\n\r\nhello"])
def test_a_response_that_says_its_length_ends_there(data: bytes, cut: Cut) -> None:
    reading = read(cut(data))
    assert reading.error is None
    assert [head[:3] for head in reading.heads] == [(HttpVersion11, 200, "OK")]
    assert reading.body == b"hello"
    assert reading.done
    assert reading.ends == 1
    assert reading.tail == b""
    assert reading.reusable is (b", 5" not in data)


@pytest.mark.parametrize("cut", [lambda data: [data], bytewise])
def test_a_response_that_does_not_say_ends_with_the_connection(cut: Cut) -> None:
    reading = read(cut(UNTIL_CLOSE))
    assert (reading.body, reading.done, reading.ends) == (b"hello", False, 0)
    reading = read(cut(UNTIL_CLOSE), eof=True)
    assert reading.error is None
    assert (reading.body, reading.done, reading.ends) == (b"hello", True, 1)
    assert not reading.reusable


def test_no_body_byte_is_given_out_for_an_empty_body() -> None:
    for data in (EMPTY, OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"):
        reading = read([data])
        assert (reading.body, reading.ends, reading.reusable) == (b"", 1, True)


@pytest.mark.parametrize(
    ("method", "status_line"),
    [
        ("HEAD", b"HTTP/1.1 200 OK\r\n"),
        ("HEAD", b"HTTP/1.1 404 Not Found\r\n"),
        ("GET", b"HTTP/1.1 204 No Content\r\n"),
        ("GET", b"HTTP/1.1 304 Not Modified\r\n"),
        ("DELETE", b"HTTP/1.1 204 No Content\r\n"),
    ],
)
@pytest.mark.parametrize(
    "field", [b"", b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n"]
)
def test_what_has_no_body_by_its_nature_is_done_with_its_head(
    method: str, status_line: bytes, field: bytes
) -> None:
    head = status_line + field + b"\r\n"
    reading = read([head], method)
    assert (reading.done, reading.ends, reading.body) == (True, 1, b"")
    assert reading.reusable
    # What follows belongs to nobody, least of all to the next request.
    reading = read([head + b"hello"], method)
    assert (reading.body, reading.tail, reading.reusable) == (b"", b"hello", False)


@pytest.mark.parametrize("data", [EMPTY, FIVE, CHUNKED])
@pytest.mark.parametrize("more", [b"\r\n", b"\0", FIVE])
def test_what_follows_a_response_is_the_tail_and_forbids_reuse(data: bytes, more: bytes) -> None:
    for pieces in ([data + more], [data, more], [*bytewise(data), *bytewise(more)]):
        reading = read(pieces)
        assert reading.error is None
        assert len(reading.heads) == 1
        assert reading.done
        assert reading.tail == more
        assert not reading.reusable


def state_of(parser: ResponseParser) -> str:
    facts = {
        "started": parser.started,
        "reading head": parser.reading_head,
        "done": parser.done,
        "reusable": parser.reusable,
    }
    return " ".join(name for name, is_so in facts.items() if is_so)


def test_one_response_follows_another() -> None:
    parser = ResponseParser()
    for data in (FIVE, CHUNKED, EMPTY, FIVE):
        recorder = Recorder()
        parser.expect("GET", recorder.on_head)
        assert state_of(parser) == "reading head"
        parser.feed(data)
        assert state_of(parser) == "started done reusable"
        assert recorder.ends == 1


def test_trailers_are_those_of_the_last_response() -> None:
    parser = ResponseParser()
    parser.expect("GET", Recorder().on_head)
    parser.feed(OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\n")
    assert list(parser.trailers) == []
    parser.feed(b"\r\n")
    assert list(parser.trailers) == [("A", "b")]
    parser.expect("GET", Recorder().on_head)
    assert list(parser.trailers) == []
    parser.feed(FIVE)
    assert list(parser.trailers) == []


@pytest.mark.parametrize(
    ("head", "reusable"),
    [
        (b"HTTP/1.1 200 OK\r\n", True),
        (b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n", True),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\n", False),
        (b"HTTP/1.0 200 OK\r\n", False),
        (b"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\n", True),
        # What breaks a rule but is accepted: who knows what the next one would look like.
        (b"HTTP/1.1 200\r\n", False),
        (b"HTTP/1.1 200 OK\n", False),
        (b"HTTP/1.1 200 OK\r\nA: b\n", False),
        (b"HTTP/1.1 200 OK\r\nA: b\r\n c\r\n", False),
    ],
)
def test_a_connection_is_reused_only_if_both_sides_want_it_and_no_rule_was_broken(
    head: bytes, reusable: bool
) -> None:
    data = head + b"Content-Length: 0\r\n\r\n"
    assert read([data]).reusable is reusable
    assert read(bytewise(data)).reusable is reusable


@pytest.mark.parametrize("end", [b"\n\n", b"\r\n\n", b"\n\r\n"])
def test_a_lone_line_feed_ends_a_head_but_forbids_reuse(end: bytes) -> None:
    data = b"HTTP/1.1 200 OK\r\nContent-Length: 2" + end + b"\r\n"
    for pieces in ([data], bytewise(data)):
        reading = read(pieces)
        assert (reading.error, reading.body, reading.done) == (None, b"\r\n", True)
        assert not reading.reusable


def test_the_first_empty_line_ends_a_head_however_it_is_written() -> None:
    # The body has what looks like a well-formed end of the head.
    body = b"A: b\r\n\r\nC"
    data = b"HTTP/1.1 200 OK\nContent-Length: %d\n\n" % len(body) + body
    assert read([data]).body == body


def test_a_sloppy_chunk_line_forbids_reuse() -> None:
    reading = read([OK + b"Transfer-Encoding: chunked\r\n\r\n1 \r\nx\r\n0\r\n\r\n"])
    assert (reading.body, reading.done, reading.reusable) == (b"x", True, False)


def test_a_sloppy_response_forbids_reuse_for_ever() -> None:
    parser = ResponseParser()
    for data in (b"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", FIVE):
        parser.expect("GET", Recorder().on_head)
        parser.feed(data)
        assert parser.done
        assert not parser.reusable


@pytest.mark.parametrize("cut", [lambda data: [data], bytewise])
def test_interim_responses_are_passed_over(cut: Cut) -> None:
    interim = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    reading = read(cut(interim + FIVE))
    assert [head[1] for head in reading.heads] == [200]
    assert (reading.body, reading.done, reading.reusable) == (b"hello", True, True)


def test_what_an_interim_response_says_of_a_length_means_nothing() -> None:
    interim = b"HTTP/1.1 103 A\r\nContent-Length: 5\r\nTransfer-Encoding: x\r\n\r\n"
    assert read([interim + FIVE]).body == b"hello"


def test_a_sloppy_interim_response_forbids_reuse() -> None:
    reading = read([b"HTTP/1.1 100\r\n\r\n" + FIVE])
    assert (reading.done, reading.reusable) == (True, False)


def test_interim_responses_are_counted_for_each_request() -> None:
    parser = ResponseParser(Limits(interim=2))
    for _ in range(3):
        recorder = Recorder()
        parser.expect("GET", recorder.on_head)
        parser.feed(b"HTTP/1.1 100 Continue\r\n\r\n" * 2)
        assert parser.reading_head
        parser.feed(FIVE)
        assert recorder.body == b"hello"


SWITCHING = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n"


@pytest.mark.parametrize("cut", [lambda data: [data], bytewise])
@pytest.mark.parametrize(
    ("method", "head"),
    [("GET", SWITCHING), ("CONNECT", b"HTTP/1.1 200 OK\r\n"), ("CONNECT", b"HTTP/1.0 299 x\r\n")],
)
@pytest.mark.parametrize(
    "fields",
    [
        b"",
        b"Content-Length: 5\r\n",
        b"Content-Length: five\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
    ],
)
def test_after_a_switch_all_that_comes_is_the_tail(
    method: str, head: bytes, fields: bytes, cut: Cut
) -> None:
    # RFC 9112 section 6.3: such a response has no body, whatever its fields say.
    data = head + fields + b"\r\n" + b"\x81\x05hello"
    reading = read(cut(data), method, upgrade=method == "GET")
    assert reading.error is None
    assert reading.upgraded
    assert reading.done
    assert (reading.body, reading.ends, reading.tail) == (b"", 1, b"\x81\x05hello")
    assert not reading.reusable


def test_a_switched_connection_is_not_reusable_without_a_tail_either() -> None:
    reading = read([SWITCHING + b"\r\n"], upgrade=True)
    assert (reading.upgraded, reading.tail, reading.reusable) == (True, b"", False)


def test_an_interim_response_may_come_before_a_switch() -> None:
    reading = read([b"HTTP/1.1 100 Continue\r\n\r\n" + SWITCHING + b"\r\n"], upgrade=True)
    assert [head[1] for head in reading.heads] == [101]
    assert reading.upgraded


def test_an_upgrade_may_be_declined() -> None:
    reading = read([FIVE], upgrade=True)
    assert (reading.body, reading.upgraded, reading.reusable) == (b"hello", False, True)


@pytest.mark.parametrize("status", [300, 407, 502])
def test_a_refused_connect_is_a_response_like_any_other(status: int) -> None:
    data = b"HTTP/1.1 %d No\r\nContent-Length: 5\r\n\r\nhello" % status
    reading = read([data], "CONNECT")
    assert (reading.body, reading.upgraded, reading.reusable) == (b"hello", False, True)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("head", "body", "length", "reusable"),
    [
        (b"HTTP/1.1 200 OK\r\nServer: a\r\nContent-Length: 5\r\n\r\n", b"hello", 5, True),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\n", b"hello", 5, False),
        (b"HTTP/1.0 200 OK\r\nServer: a\r\nContent-Length: 5\r\n\r\n", b"hello", 5, False),
        (
            b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\n",
            b"hello",
            5,
            True,
        ),
        (b"HTTP/1.1 200 OK\r\nServer: a\r\nContent-Length: 5, 5\r\n\r\n", b"hello", 5, False),
        (b"HTTP/1.1 200 OK\r\nServer: a\r\n\r\n", b"", 0, False),
    ],
)
def test_a_head_means_the_same_however_often_it_has_come(
    method: str, head: bytes, body: bytes, length: int, reusable: bool
) -> None:
    # From the third time on all of it is remembered.
    for _ in range(4):
        reading = read([head + (body if method == "GET" else b"")], method=method, eof=not length)
        assert reading.error is None
        assert reading.done
        assert reading.body == (body if method == "GET" else b"")
        assert reading.reusable is reusable


def test_a_head_that_is_refused_is_so_each_time() -> None:
    data = OK + b"Server: a\r\nContent-Length: 5, 6\r\n\r\nhello"
    for _ in range(4):
        assert read([data]).error is BadHttpMessage


def test_a_head_that_comes_again_is_not_what_its_receiver_made_of_it() -> None:
    for _ in range(4):
        recorder = Recorder()
        parser = ResponseParser()
        parser.expect("GET", recorder.on_head)
        parser.feed(OK + b"Server: own\r\nContent-Length: 0\r\n\r\n")
        (head,) = recorder.heads
        assert head.headers["Content-Length"] == "0"
        head.headers["Content-Length"] = "6"
