"""Each target passes its own examples, and finds what is planted."""

from collections.abc import Callable, Sequence
from typing import NoReturn

import pytest

from fuzz import _coding_targets, _field_targets, _message_targets, _serializer_target
from fuzz._reading import Record, check_reading, read
from fuzz._target import FindingError, Target
from fuzz._targets import TARGETS
from martlet_exceptions import BadHttpMessage
from martlet_http_parser import ContentDecoder, ResponseParser

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab"


@pytest.mark.parametrize("target", TARGETS.values(), ids=list(TARGETS))
def test_examples_pass(target: Target) -> None:
    assert target.seeds
    for seed in target.seeds:
        assert target.run(seed) >= 0
    # Also the empty input, and one that is too short for all choices.
    assert target.run(b"") >= 0
    assert target.run(b"\x01") >= 0


def test_there_is_a_target_for_each_part() -> None:
    wanted = {"response", "request", "serializer", "decode-gzip", "decode-deflate"}
    assert wanted | {"long-codings", "parse_media_type", "long-fields"} <= TARGETS.keys()


class Tale:
    """Does what it is told when it is fed."""

    done = True
    reusable = False
    tail = b""
    trailers: Sequence[tuple[str, str]] = ()

    def __init__(self, told: Callable[[Record], object]) -> None:
        self.told = told
        self.record = Record()

    def expect(self, record: Record) -> None:
        self.record = record

    def feed(self, data: bytes) -> None:
        self.told(self.record)

    def feed_eof(self) -> None: ...


def run(told: Callable[[Record], object], **facts: object) -> None:
    tale = Tale(told)
    vars(tale).update(facts)
    check_reading(read(tale, tale.expect, [b"data"], eof=True, several=True), b"data")


class WordyError(BadHttpMessage):
    def __init__(self) -> None:
        super().__init__("short")

    def __str__(self) -> str:
        return "long" * 300


def raise_(exc: Exception) -> NoReturn:
    raise exc


def whole(record: Record) -> Record:
    record.take_head(200)
    record.feed(b"a")
    record.eof()
    return record


def test_a_reading_that_makes_sense() -> None:
    run(whole)
    run(lambda _: raise_(BadHttpMessage("no")), done=False)


@pytest.mark.parametrize(
    ("told", "facts", "finding"),
    [
        (lambda record: record.feed(b"a"), {}, "a sink is fed"),
        (lambda record: whole(record).feed(b"a"), {}, "a sink is fed"),
        (lambda record: (record.take_head(), record.feed(b"")), {}, "a sink is fed"),
        (lambda record: whole(record).eof(), {}, "a body ends twice"),
        (lambda record: whole(record).take_head(), {}, "two heads"),
        (lambda record: record.fail(OSError()), {}, "calls fail"),
        (lambda _: raise_(WordyError()), {}, "text of an error is long"),
        (whole, {"tail": b"data"}, "5 bytes come out of 4"),
        (whole, {"tail": b"xx"}, "the tail b'xx' after the end"),
        (whole, {"done": False}, "done is False"),
        (lambda record: record.take_head(), {}, "done is True"),
        (lambda _: raise_(BadHttpMessage("no")), {}, "after the end"),
    ],
)
def test_a_reading_that_makes_none(
    told: Callable[[Record], object], facts: dict[str, object], finding: str
) -> None:
    with pytest.raises(FindingError, match=finding):
        run(told, **facts)


def test_what_is_undocumented_comes_out() -> None:
    with pytest.raises(IndexError):
        run(lambda _: raise_(IndexError()))


def test_several_messages_are_read_until_the_last() -> None:
    parser = ResponseParser()

    def expect(record: Record) -> None:
        parser.expect("GET", lambda head: record.take_head(head.status), pipelined=True)

    last = OK.replace(b"Content", b"Connection: close\r\nContent")
    for pieces in ([OK + OK + last + b"rest"], [OK, OK, last, b"re", b"st"]):
        parser = ResponseParser()
        reading = read(parser, expect, pieces, eof=True, several=True)
        assert reading.messages == (((200,), b"ab", True, ()),) * 3
        assert (reading.error, reading.tail, reading.done) == (None, b"rest", True)


class Deaf(ResponseParser):
    """Loses a byte when a body comes in several pieces."""

    def _feed_length(self, data: bytes) -> None:
        super()._feed_length(data[:1] + data[2:])


def test_a_difference_by_cutting_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"\0\0\0\0" + OK
    assert _message_targets.read_responses(data) == 2 * len(OK)
    monkeypatch.setattr(_message_targets, "ResponseParser", Deaf)
    with pytest.raises(FindingError, match="whole: "):
        _message_targets.read_responses(b"\0\x25\x01\x01" + OK)


def test_what_is_written_wrongly_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    (seed, *_) = [one for one in _serializer_target.SERIALIZER.seeds if b"X-Empty" in one]
    for name, wrong in (
        ("serialize_request_line", b"POST /other HTTP/1.1\r\n"),
        ("serialize_fields", b"Host: other\r\n"),
        ("serialize_chunk", b"1\r\nx\r\n"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(_serializer_target, name, lambda *_args, wrong=wrong: wrong)
            with pytest.raises(FindingError, match="is read as"):
                _serializer_target.write_and_read(seed)


def test_a_path_has_to_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_serializer_target, "serialize_request_line", lambda *_: b"GET\r\n")
    with pytest.raises(BadHttpMessage):
        _serializer_target.write_and_read(b"\0\0\0GET\xff/")
    assert _serializer_target.write_and_read(b"\0\0\0GET\xff*") == 4 * 8


class Echo:
    """A decoder that gives back what it is fed, or more, or too much at a time."""

    def __init__(self, times: int = 1, sized: bool = True) -> None:
        self.times = times
        self.sized = sized
        self.data = b""

    def feed(self, data: bytes, /) -> None:
        self.data += data + b"+" * (self.times - 1)

    def read(self, size: int, /) -> bytes:
        step = self.data[:size] if self.sized else self.data
        self.data = self.data[len(step) :]
        return step

    def finish(self) -> None: ...


@pytest.mark.parametrize(
    ("decoder", "finding"),
    [
        (lambda: Echo(times=2), "whole: b'hello"),
        (lambda: Echo(sized=False), "2 bytes are read in place of 1"),
        (lambda: None, "cannot be decoded"),
    ],
)
def test_faults_of_a_decoder_are_found(
    monkeypatch: pytest.MonkeyPatch, decoder: Callable[[], ContentDecoder | None], finding: str
) -> None:
    monkeypatch.setattr(_coding_targets, "content_decoder", lambda _coding: decoder())
    with pytest.raises(FindingError, match=finding):
        _coding_targets.try_coding("gzip", b"\0\x01\x01\x01\0hello")


def test_a_sound_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_coding_targets, "content_decoder", lambda _coding: Echo())
    # Read twice, and given out twice.
    assert _coding_targets.try_coding("gzip", b"\0\x01\x01\x01\0hello") == 4 * 5
    with pytest.raises(FindingError, match="encoded and decoded, it is complete"):
        _coding_targets.try_coding("gzip", b"\x01\x01\x01\x01\0hello")


def test_an_end_that_depends_on_cutting_is_found() -> None:
    same = _coding_targets._check_same
    same((b"ab", "stopped"), (b"ab", "complete"))
    same((b"ab", "refused"), (b"a", "refused"))
    with pytest.raises(FindingError, match="whole: refused, split: complete"):
        same((b"ab", "refused"), (b"ab", "complete"))
    with pytest.raises(FindingError, match="whole: b'ab'"):
        same((b"ab", "refused"), (b"x", "refused"))


def test_a_field_parser_raises_nothing() -> None:
    def parse(text: str) -> object:
        return text.encode()

    assert _field_targets.try_field(parse, b"abc") == 3
    with pytest.raises(UnicodeEncodeError):
        _field_targets.try_field(parse, b"\xff")


def test_filenames_are_looked_for_in_the_parameters() -> None:
    assert _field_targets.filename("attachment; filename=../a") == "a"
    assert _field_targets.filename("inline") is None


def test_to_wait_is_reckoned_from_now() -> None:
    assert _field_targets.retry_after("120") == 120.0
