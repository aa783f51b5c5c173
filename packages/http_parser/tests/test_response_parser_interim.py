"""Interim responses (RFC 9110 section 15.2)."""

from collections.abc import Callable

import pytest

from martlet_exceptions import BadHttpMessage
from martlet_http_parser import Limits, ResponseParser
from martlet_interfaces import HttpVersion11, ResponseHead

from .recording import Recorder, bytewise, feed_all, read, read_responses

FIVE = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nLink: </b>\r\n\r\n"

Cut = Callable[[bytes], list[bytes]]
CUTS = pytest.mark.parametrize("cut", [lambda data: [data], bytewise])


@CUTS
def test_interim_heads_are_handed_over_in_order(cut: Cut) -> None:
    reading = read(cut(CONTINUE + HINTS + b"HTTP/1.1 199 \r\n\r\n" + FIVE))
    assert reading.interim == (
        (HttpVersion11, 100, "Continue", ()),
        (HttpVersion11, 103, "Early Hints", (("Link", "</a>"), ("Link", "</b>"))),
        (HttpVersion11, 199, "", ()),
    )
    assert [head[1] for head in reading.heads] == [200]
    assert (reading.body, reading.reusable) == (b"hello", True)


@CUTS
def test_sloppy_interim_heads_are_handed_over_too(cut: Cut) -> None:
    reading = read(cut(b"HTTP/1.1 103\nLink: </a>\n x\n\n" + FIVE))
    assert reading.interim == ((HttpVersion11, 103, "", (("Link", "</a> x"),)),)
    assert (reading.done, reading.reusable) == (True, False)


def test_each_is_handed_over_when_it_has_come() -> None:
    seen: list[int] = []
    parser = ResponseParser(on_interim=lambda head: seen.append(head.status))
    parser.expect("GET", Recorder().on_head)
    parser.feed(CONTINUE[:-1])
    assert seen == []
    parser.feed(CONTINUE[-1:] + HINTS)
    assert seen == [100, 103]
    assert parser.reading_head
    assert parser.started


def test_they_belong_to_the_response_that_they_precede() -> None:
    first, second = read_responses([CONTINUE + FIVE + HINTS + FIVE], most=2)
    assert [head[1] for head in first.interim] == [100]
    assert [head[1] for head in second.interim] == [103]


def test_101_that_was_asked_for_is_no_interim_one() -> None:
    reading = read([CONTINUE + b"HTTP/1.1 101 Switching Protocols\r\n\r\n"], upgrade=True)
    assert [head[1] for head in reading.interim] == [100]
    assert [head[1] for head in reading.heads] == [101]


@pytest.mark.parametrize(("limit", "limits"), [(64, Limits()), (2, Limits(interim=2))])
def test_more_than_the_limit_are_refused(limit: int, limits: Limits) -> None:
    assert len(read([CONTINUE * limit + FIVE], limits=limits).interim) == limit
    for data in (CONTINUE * (limit + 1), CONTINUE * (limit + 1) + FIVE):
        for pieces in ([data], bytewise(data), [CONTINUE] * (limit + 1)):
            reading = read(pieces, limits=limits)
            assert reading.error is BadHttpMessage
            assert reading.offset == 0
            assert len(reading.interim) == limit
            assert not reading.heads


def test_no_interim_head_may_be_allowed_at_all() -> None:
    assert read([CONTINUE], limits=Limits(interim=0)).error is BadHttpMessage


def test_the_count_begins_anew_with_each_response() -> None:
    readings = read_responses([(CONTINUE * 2 + FIVE) * 3], limits=Limits(interim=2), most=3)
    assert [len(reading.interim) for reading in readings] == [2, 2, 2]
    assert readings[-1].error is None


def test_what_on_interim_raises_comes_out_and_ends_the_parser() -> None:
    class Unwanted(Exception):  # noqa: N818 - it is no error
        pass

    def on_interim(_head: ResponseHead) -> None:
        raise Unwanted

    parser = ResponseParser(on_interim=on_interim)
    recorder = Recorder()
    parser.expect("GET", recorder.on_head)
    with pytest.raises(Unwanted):
        feed_all(parser, [CONTINUE + FIVE])
    parser.feed(FIVE)
    assert not recorder.heads
    assert not parser.reusable
