import pytest

from martlet_client_session._event_stream import EventStreamParser, ServerSentEvent
from martlet_exceptions import ClientPayloadError

LINE = "A line of the event stream has more than 10 bytes"
EVENT = "An event of the stream has more than 10 bytes of data"


@pytest.mark.parametrize("limits", [(0, 1), (1, 0), (-1, 1)])
def test_limits_are_at_least_one_byte(limits: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        EventStreamParser(*limits)


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_line_may_be_as_long_as_the_limit(end: bytes) -> None:
    parser = EventStreamParser(max_line=10)
    assert parser.feed(b"data: 7890" + end + end) == [ServerSentEvent("7890")]
    assert parser.feed(b"data: 789") == []
    assert parser.feed(b"0") == []
    assert parser.feed(end + end) == [ServerSentEvent("7890")]


@pytest.mark.parametrize("line", [b"data: 78901", b":2345678901", b"other678901"])
def test_longer_line_is_an_error(line: bytes) -> None:
    for start, rest in ((b"", line), (b"", line + b"\n"), (line[:4], line[4:])):
        parser = EventStreamParser(max_line=10)
        assert parser.feed(start) == []
        with pytest.raises(ClientPayloadError, match=LINE):
            parser.feed(rest)


def test_byte_order_mark_does_not_count() -> None:
    parser = EventStreamParser(max_line=1)
    for byte in b"\xef\xbb\xbfa\n":
        assert parser.feed(bytes([byte])) == []
    parser = EventStreamParser(max_line=1)
    assert parser.feed(b"\xef\xbb") == []
    with pytest.raises(ClientPayloadError):
        parser.feed(b"a")


def test_data_of_an_event_may_be_as_long_as_the_limit() -> None:
    parser = EventStreamParser(max_event=10)
    expected = [ServerSentEvent("1234\n67890")]
    for _ in range(2):
        assert parser.feed(b"data: 1234\nevent\nid\n:a comment\ndata: 67890\n\n") == expected


def test_more_data_is_an_error() -> None:
    parser = EventStreamParser(max_event=10)
    parser.feed(b"data: 1234\n")
    with pytest.raises(ClientPayloadError, match=EVENT):
        parser.feed(b"data: 678901\n")


def test_empty_lines_of_data_count() -> None:
    parser = EventStreamParser(max_event=10)
    assert parser.feed(b"data\n" * 11) == []
    with pytest.raises(ClientPayloadError, match=EVENT):
        parser.feed(b"data\n")


def test_events_before_the_error_come_first() -> None:
    parser = EventStreamParser(max_line=10)
    stream = b"id: 1\nretry: 5\n\ndata: a\n\n" + b"x" * 11 + b"\nid: 2\ndata: b\n\n"
    assert parser.feed(stream) == [ServerSentEvent("a", id="1")]
    assert parser.failure is not None
    assert parser.last_event_id == "1"
    assert parser.retry == 5


def test_error_comes_again_at_each_call() -> None:
    parser = EventStreamParser(max_line=10)
    parser.feed(b"data: a\n\n" + b"x" * 11)
    for data in (b"", b"data: b\n\n", b""):
        with pytest.raises(ClientPayloadError, match=LINE) as caught:
            parser.feed(data)
        assert caught.value is parser.failure


def test_nothing_is_kept_after_an_error() -> None:
    parser = EventStreamParser(max_line=10)
    with pytest.raises(ClientPayloadError):
        parser.feed(b"data: abc\n" + b"x" * 100)
    assert repr(parser) == "<EventStreamParser failed, 0 bytes waiting>"


def test_default_limits_are_1_and_16_mebibytes() -> None:
    parser = EventStreamParser()
    line = b"data:" + b"x" * (2**20 - 5) + b"\n"
    size = len(line) - 5
    for _ in range(16):
        assert parser.feed(line) == []
    rest = 2**24 - 16 * size
    assert parser.feed(b"data:" + b"y" * rest + b"\n") == []
    (event,) = parser.feed(b"\n")
    assert len(event.data) == 2**24
    with pytest.raises(ClientPayloadError):
        parser.feed(b"x" * (2**20 + 1))
