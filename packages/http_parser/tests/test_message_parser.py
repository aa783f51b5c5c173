"""What reading responses and reading requests have in common: tails, ends, what is held on to."""

import gc
import weakref
from collections.abc import Callable

import pytest

from martlet_exceptions import (
    BadHttpMessage,
    ClientError,
    ContentLengthError,
    TransferEncodingError,
)
from martlet_http_parser import DEFAULT_LIMITS, Limits, RequestParser, ResponseParser
from martlet_http_parser._chunked import ChunkedDecoder
from martlet_http_parser._message_parser import _PIECE, NOWHERE, MessageParser

from .recording import Recorder, bytewise, feed_all

Parser = ResponseParser | RequestParser
Make = Callable[..., Parser]

BOTH = pytest.mark.parametrize("make", [ResponseParser, RequestParser])

STARTS = {
    ResponseParser: b"HTTP/1.1 200 OK\r\n",
    RequestParser: b"POST / HTTP/1.1\r\nHost: a\r\n",
}
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"


def start_of(parser: Parser) -> bytes:
    return STARTS[type(parser)]


def expect(parser: Parser, recorder: Recorder | None = None) -> Recorder:
    """Expect a message that may be in the tail already."""
    recorder = recorder or Recorder()
    if isinstance(parser, ResponseParser):
        parser.expect("GET", recorder.on_head, pipelined=True)
    else:
        parser.expect(recorder.on_request)
    return recorder


@BOTH
def test_its_state_can_be_seen(make: Make) -> None:
    parser = make()
    name = make.__name__
    seen = [repr(parser)]
    expect(parser)
    for piece in (start_of(parser), b"Content-Length: 2\r\n\r\n", b"ab"):
        parser.feed(piece)
        seen.append(repr(parser))
    assert seen == [f"<{name} IDLE>", f"<{name} HEAD>", f"<{name} LENGTH>", f"<{name} DONE>"]


@BOTH
def test_a_parser_has_no_attribute_that_is_not_its_own(make: Make) -> None:
    assert not hasattr(make(), "__dict__")


def test_what_both_share_is_no_parser_by_itself() -> None:
    with pytest.raises(TypeError, match="abstract"):
        MessageParser()  # type: ignore[abstract]  # that is what is tested


@BOTH
def test_what_are_no_limits_is_refused_at_once(make: Make) -> None:
    with pytest.raises(TypeError, match=r"^limits is no Limits: 65536$"):
        make(65536)


def test_what_stands_for_a_receiver_between_messages_keeps_nothing() -> None:
    NOWHERE.feed(b"x")
    NOWHERE.eof()
    NOWHERE.fail(ClientError())
    assert not hasattr(NOWHERE, "__dict__")
    assert gc.get_referents(NOWHERE) == [type(NOWHERE)]


# -- The tail.


@BOTH
def test_all_that_follows_a_message_is_the_tail_in_order(make: Make) -> None:
    parser = make()
    expect(parser)
    parser.feed(start_of(parser) + b"Content-Length: 2\r\n\r\nabc")
    assert parser.tail == b"c"
    for piece in (b"d", b"ef", b"g" * 100_000):
        parser.feed(piece)
    assert parser.tail == b"cdef" + b"g" * 100_000
    assert isinstance(parser.tail, bytes)


@BOTH
@pytest.mark.parametrize("size", [1, 100, _PIECE, _PIECE + 1, 3 * _PIECE])
def test_a_tail_of_any_size_is_read_up_to_the_end_of_a_message(make: Make, size: int) -> None:
    parser = make()
    message = start_of(parser) + b"Content-Length: %d\r\n\r\n" % size + b"x" * size
    rest = start_of(parser) + b"Content-Length: 9\r\n\r\n123"
    for cuts in ([message * 3 + rest], [message, message[:-1], message[-1:] + message, rest]):
        parser = make()
        recorders = [expect(parser)]
        feed_all(parser, cuts)
        while parser.done:
            recorders.append(expect(parser))
        assert [recorder.body for recorder in recorders] == [b"x" * size] * 3 + [b"123"]
        assert [recorder.ends for recorder in recorders] == [1, 1, 1, 0]
        assert parser.tail == b""
        parser.feed(b"456789")
        assert recorders[-1].body == b"123456789"
        assert recorders[-1].ends == 1


@BOTH
def test_the_whole_tail_can_be_seen_when_a_message_ends(make: Make) -> None:
    # A receiver that switches protocols takes it then, however it is read.
    parser = make()
    tails: list[bytes] = []

    class Watching(Recorder):
        def eof(self) -> None:
            super().eof()
            tails.append(parser.tail)

    message = start_of(parser) + b"Content-Length: 2\r\n\r\nab"
    rest = b"z" * 3 * _PIECE
    expect(parser, Watching())
    parser.feed(message + message + rest)
    parser.feed(b"!")
    expect(parser, Watching())
    assert tails == [message + rest, rest + b"!"]
    assert parser.tail == rest + b"!"


@BOTH
def test_the_next_message_may_be_expected_when_one_ends(make: Make) -> None:
    parser = make()
    bodies: list[bytes] = []

    class Eager(Recorder):
        def eof(self) -> None:
            super().eof()
            bodies.append(self.body)
            expect(parser, Eager())

    def message(size: int) -> bytes:
        return start_of(parser) + b"Content-Length: %d\r\n\r\n" % size + b"x" * size

    sizes = [0, 1, _PIECE - 100, 5, 2 * _PIECE, 0, 7]
    expect(parser, Eager())
    parser.feed(b"".join(map(message, sizes)))
    assert [len(body) for body in bodies] == sizes
    assert parser.reading_head
    assert parser.tail == b""


@BOTH
def test_bytes_in_a_tail_may_be_wrong_too(make: Make) -> None:
    parser = make()
    expect(parser)
    parser.feed(start_of(parser) + b"Content-Length: 0\r\n\r\n" + b"\0" * 3 * _PIECE)
    with pytest.raises(BadHttpMessage):
        expect(parser)
    assert not parser.done
    assert not parser.reusable
    assert parser.tail == b""
    with pytest.raises(RuntimeError, match="cannot carry another"):
        expect(parser)


# -- Ends.


@BOTH
def test_what_came_before_the_end_is_read_after_it(make: Make) -> None:
    parser = make()
    message = start_of(parser) + b"Content-Length: 2\r\n\r\nab"
    expect(parser)
    parser.feed(message * 3)
    parser.feed_eof()
    for left in (message, b""):
        recorder = expect(parser)
        assert (recorder.body, recorder.ends, parser.tail) == (b"ab", 1, left)
    assert not parser.reusable
    with pytest.raises(RuntimeError, match="cannot carry another"):
        expect(parser)


@BOTH
@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        (b"Content-Length: 2\r\n\r\na", ContentLengthError),
        (CHUNKED + b"2\r\na", TransferEncodingError),
    ],
)
def test_what_the_end_cuts_short_in_the_tail_is_an_error(
    make: Make, fields: bytes, kind: type[ClientError]
) -> None:
    parser = make()
    expect(parser)
    parser.feed(start_of(parser) + b"Content-Length: 0\r\n\r\n" + start_of(parser) + fields)
    parser.feed_eof()
    recorder = Recorder()
    with pytest.raises(kind):
        expect(parser, recorder)
    assert (recorder.body, recorder.ends) == (b"a", 0)
    assert not parser.reusable


@BOTH
def test_nothing_is_expected_after_the_end(make: Make) -> None:
    parser = make()
    expect(parser)
    parser.feed(start_of(parser) + b"Content-Length: 0\r\n\r\n")
    assert parser.reusable
    for _ in range(2):
        parser.feed_eof()
        assert (parser.done, parser.reusable) == (True, False)
    with pytest.raises(RuntimeError, match="cannot carry another"):
        expect(parser)


@BOTH
@pytest.mark.parametrize(("sent", "left"), [(b"", 5), (b"hell", 1)])
def test_an_end_before_the_announced_length_says_where_it_was(
    make: Make, sent: bytes, left: int
) -> None:
    parser = make()
    for pieces in ([sent], bytewise(sent)):
        parser = make()
        head = start_of(parser) + b"Content-Length: 5\r\n\r\n"
        recorder = expect(parser)
        feed_all(parser, [head, *filter(None, pieces)])
        with pytest.raises(ContentLengthError, match=f"closed {left} bytes before") as caught:
            parser.feed_eof()
        assert caught.value.offset == len(head) + len(sent)
        assert (recorder.body, recorder.ends) == (sent, 0)
        parser.feed_eof()  # it has been said


@BOTH
def test_an_end_inside_chunks_says_where_it_was(make: Make) -> None:
    parser = make()
    data = start_of(parser) + CHUNKED + b"5\r\nhel"
    for pieces in ([data], bytewise(data)):
        parser = make()
        expect(parser)
        feed_all(parser, pieces)
        with pytest.raises(TransferEncodingError, match="expected a chunk's data") as caught:
            parser.feed_eof()
        assert caught.value.offset == len(data)


# -- What sinks and callbacks raise.


class Unwilling(Recorder):
    """Raises when it is told of the end."""

    def eof(self) -> None:
        raise BufferError("no")


@BOTH
@pytest.mark.parametrize(
    "rest",
    [
        b"Content-Length: 2\r\n\r\nab",
        CHUNKED + b"2\r\nab\r\n0\r\n\r\n",
        b"Content-Length: 0\r\n\r\n",
    ],
)
@pytest.mark.parametrize("tail", [b"", b"rest"])
def test_what_a_sink_raises_at_the_end_forbids_reuse(make: Make, rest: bytes, tail: bytes) -> None:
    parser = make()
    expect(parser, Unwilling())
    with pytest.raises(BufferError):
        parser.feed(start_of(parser) + rest + tail)
    assert not parser.reusable
    assert parser.tail == b""
    assert parser._sink is NOWHERE


@BOTH
def test_what_a_sink_raises_inside_a_body_ends_the_parser(make: Make) -> None:
    class Full(Recorder):
        def feed(self, data: bytes) -> None:
            raise BufferError("full")

    for rest in (b"Content-Length: 2\r\n\r\na", b"Content-Length: 1\r\n\r\na", CHUNKED + b"1\r\na"):
        parser = make()
        expect(parser, Full())
        with pytest.raises(BufferError):
            parser.feed(start_of(parser) + rest)
        parser.feed(b"more")
        parser.feed_eof()
        assert (parser.done, parser.reusable, parser.tail) == (False, False, b"")


# -- What is held on to.


class Sink(Recorder):
    """One that can be watched for being forgotten."""


@BOTH
def test_nothing_of_a_chunked_body_is_held_when_it_is_over(make: Make) -> None:
    for rest, fails in ((b"0\r\nA: b\r\n\r\n" + b"x" * 1000, False), (b"0\r\nA: b\r\nx\r\n", True)):
        parser = make()
        before = _decoders()
        expect(parser)
        parser.feed(start_of(parser) + CHUNKED)
        assert _decoders() == before + 1
        if fails:
            with pytest.raises(TransferEncodingError):
                parser.feed(rest)
        else:
            parser.feed(rest)
        assert _decoders() == before


def _decoders() -> int:
    gc.collect()
    return sum(type(thing) is ChunkedDecoder for thing in gc.get_objects())


@BOTH
@pytest.mark.parametrize(
    ("rest", "eof"),
    [
        (b"Content-Length: 2\r\n\r\nab", False),
        (b"Content-Length: 2\r\n\r\na", True),
        (CHUNKED + b"0\r\n\r\n", False),
        (CHUNKED + b"x", False),
        (b"A", True),
        (b"A\r\n\r\n", False),
        (b"Content-Length: x\r\n\r\n", False),
    ],
)
def test_no_receiver_is_held_when_its_message_is_over(make: Make, rest: bytes, eof: bool) -> None:
    parser = make()
    reference = weakref.ref(expect(parser, Sink()))
    try:
        assert parser.feed(start_of(parser) + rest) is parser.done
        if eof:
            parser.feed_eof()
    except ClientError:
        assert not parser.done
    else:
        assert parser.done
    gc.collect()
    assert reference() is None
    assert parser._buffer is None


# -- Limits and lone line feeds.


@BOTH
@pytest.mark.parametrize("end", [b"\r\n\r\n", b"\n\n", b"\r\n\n", b"\n\r\n"])
def test_a_head_may_be_so_large_and_no_larger(make: Make, end: bytes) -> None:
    limits = Limits(head=40)
    good = start_of(make()) + b"A:".ljust(40 - len(start_of(make())), b"x")
    for pieces in ([good + end], bytewise(good + end)):
        parser = make(limits)
        recorder = expect(parser)
        feed_all(parser, pieces)
        assert len(recorder.heads) + len(recorder.requests) == 1
    for pieces in ([good + b"x" + end], bytewise(good + b"x" + end), [good + b"xxxx"]):
        parser = make(limits)
        expect(parser)
        with pytest.raises(BadHttpMessage) as caught:
            feed_all(parser, pieces)
        assert (caught.value.message, caught.value.offset) == (
            "The head is longer than 40 bytes",
            0,
        )


@BOTH
@pytest.mark.parametrize(
    ("end", "beyond"),
    # Where the line begins that ends so: the last one, or the empty one after it.
    [(b"\n\n", 0), (b"\n\r\n", 0), (b"\r\n\n", len(b"A: b\r\n"))],
)
def test_a_lone_line_feed_at_the_end_of_a_head_is_sloppy(
    make: Make, end: bytes, beyond: int
) -> None:
    begin = start_of(make()) + b"Content-Length: 0\r\n"
    data = begin + b"A: b" + end
    for pieces in ([data], bytewise(data)):
        parser = make(DEFAULT_LIMITS)
        expect(parser)
        feed_all(parser, pieces)
        assert parser.done
        assert not parser.reusable
        parser = make(DEFAULT_LIMITS, strict=True)
        expect(parser)
        with pytest.raises(BadHttpMessage) as caught:
            feed_all(parser, pieces)
        assert (type(caught.value), caught.value.message, caught.value.offset) == (
            BadHttpMessage,
            "The head ends in a lone LF",
            len(begin) + beyond,
        )


def test_a_head_of_one_line_may_end_in_a_lone_line_feed_too() -> None:
    parser = ResponseParser(strict=True)
    expect(parser)
    with pytest.raises(BadHttpMessage) as caught:
        parser.feed(b"HTTP/1.1 200 OK\n\n")
    assert (caught.value.message, caught.value.offset) == ("The head ends in a lone LF", 0)
