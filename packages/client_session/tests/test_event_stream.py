import json

import pytest

from martlet_client_session._event_stream import EventStreamParser, ServerSentEvent


def events_of(stream: bytes) -> list[ServerSentEvent]:
    return EventStreamParser().feed(stream)


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        # The examples of the standard.
        (
            b"data: YHOO\ndata: +2\ndata: 10\n\n",
            [ServerSentEvent("YHOO\n+2\n10")],
        ),
        (
            b": test\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third\n",
            [ServerSentEvent("first event", id="1"), ServerSentEvent("second event")],
        ),
        (b"data\n\ndata\ndata\n\ndata:", [ServerSentEvent(""), ServerSentEvent("\n")]),
        (b"data:test\n\ndata: test\n\n", [ServerSentEvent("test"), ServerSentEvent("test")]),
        (
            b"event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\ndata: 1\n\n",
            [
                ServerSentEvent("73857293", "add"),
                ServerSentEvent("2153", "remove"),
                ServerSentEvent("1", "message"),
            ],
        ),
        # What is not in them.
        (b"", []),
        (b"\n\r\n\r", []),
        (b"data: a", []),
        (b"data: a\n", []),
        (b"data: a\r\r", [ServerSentEvent("a")]),
        (b"data: a\r\n\r\n", [ServerSentEvent("a")]),
        (b"data: a\rdata: b\ndata: c\r\n\n", [ServerSentEvent("a\nb\nc")]),
        (b"data:   a: b \n\n", [ServerSentEvent("  a: b ")]),
        (b"data:\ta\n\n", [ServerSentEvent("\ta")]),
        (b"data: a\nother: b\nDATA: c\n data: d\nfield\n:data: e\n\n", [ServerSentEvent("a")]),
        (b"event: a\nevent: b\ndata: c\n\n", [ServerSentEvent("c", "b")]),
        (b"event: a\nevent\ndata: c\n\n", [ServerSentEvent("c")]),
        # An event without data takes its type with it.
        (b"event: a\n\ndata: b\n\n", [ServerSentEvent("b")]),
        # What ends lines elsewhere does not here.
        (
            "data: a\v\f\x1c\x85\u2028b\n\n".encode(),
            [ServerSentEvent("a\v\f\x1c\x85\u2028b")],
        ),
    ],
)
def test_events_are_taken_from_the_stream(stream: bytes, expected: list[ServerSentEvent]) -> None:
    assert events_of(stream) == expected


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (b"\xef\xbb\xbfdata: a\n\n", ["a"]),
        (b"\xef\xbb\xbf\xef\xbb\xbfdata: a\ndata: b\n\n", ["b"]),
        (b"\n\xef\xbb\xbfdata: a\ndata: b\n\n", ["b"]),
        (b"\xef\xbb\xbf\n\ndata: b\n\n", ["b"]),
        (b"\xef\xbbdata: a\ndata: b\n\n", ["b"]),
        (b"data: \xef\xbb\xbfa\n\n", ["\ufeffa"]),
    ],
)
def test_one_byte_order_mark_is_removed_at_the_start(stream: bytes, expected: list[str]) -> None:
    assert [event.data for event in events_of(stream)] == expected


def test_stream_is_utf_8_and_what_is_not_is_replaced() -> None:
    stream = "event: é\nid: €\ndata: 𝄞".encode() + b"\xff \xf0\x9d\ndata: \x84\x9e\n\n"
    assert events_of(stream) == [
        ServerSentEvent("𝄞\ufffd \ufffd\n\ufffd\ufffd", "é", "€"),
    ]


def test_carriage_return_ends_the_line_before_it_is_known_what_follows() -> None:
    parser = EventStreamParser()
    assert parser.feed(b"data: a\r\r") == [ServerSentEvent("a")]
    assert parser.feed(b"") == []
    assert parser.feed(b"\ndata: b\r") == []
    assert parser.feed(b"\ndata: c\r") == []
    assert parser.feed(b"\n") == []
    assert parser.feed(b"\n") == [ServerSentEvent("b\nc")]


def test_id_stays_until_another_comes() -> None:
    ids = [event.id for event in events_of(b"id: 1\ndata\n\ndata\n\nid: 2\ndata\n\nid\ndata\n\n")]
    assert ids == ["1", "1", "2", ""]


def test_id_with_nul_is_ignored() -> None:
    assert events_of(b"id: 1\nid: 2\0\ndata\n\n") == [ServerSentEvent("", id="1")]


def test_last_event_id_is_that_of_the_last_event_even_without_data() -> None:
    parser = EventStreamParser()
    assert parser.last_event_id == ""
    parser.feed(b"id: 1\n")
    assert parser.last_event_id == ""
    assert parser.feed(b"\n") == []
    assert parser.last_event_id == "1"
    assert parser.feed(b"data\n\nid: 3\ndata: unfinished\n") == [ServerSentEvent("", id="1")]
    assert parser.last_event_id == "1"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"0", 0),
        (b"3000", 3000),
        (b"007", 7),
        (b"9" * 18, 10**18 - 1),
        (b"9" * 19, None),
        (b"1" * 5000, None),
        (b"", None),
        (b"-1", None),
        (b"+1", None),
        (b"1.5", None),
        (b"1_0", None),
        (b" 1", None),
        (b"1 ", None),
        ("\u0661".encode(), None),
        ("\u00b2".encode(), None),
    ],
)
def test_retry_is_a_number_of_milliseconds(value: bytes, expected: int | None) -> None:
    parser = EventStreamParser()
    assert parser.feed(b"retry: " + value + b"\ndata\n\n") == [ServerSentEvent("", retry=expected)]
    assert parser.retry == expected


def test_retry_stays_but_belongs_to_one_event() -> None:
    parser = EventStreamParser()
    first = parser.retry
    events = parser.feed(b"retry: 1\n\ndata\n\nretry: 2\ndata\n\ndata\nretry: x\n\n")
    assert [first, *(event.retry for event in events)] == [None, None, 2, None]
    assert parser.retry == 2
    parser.feed(b"retry: 3\n")
    assert parser.retry == 3


def test_data_can_be_read_as_json() -> None:
    event = ServerSentEvent('{"a": 1.5}')
    assert event.json() == {"a": 1.5}
    assert event.json(loads=str.upper) == '{"A": 1.5}'
    with pytest.raises(json.JSONDecodeError):
        ServerSentEvent("").json()


def test_event_is_a_value() -> None:
    event = ServerSentEvent("a", "b", "c", 1)
    assert event == ServerSentEvent(data="a", event="b", id="c", retry=1)
    assert hash(event) == hash(ServerSentEvent("a", "b", "c", 1))
    assert not hasattr(event, "__dict__")
    with pytest.raises(AttributeError):
        event.data = "d"  # type: ignore[misc]  # what is tested


def test_repr_shows_the_state_but_no_data() -> None:
    parser = EventStreamParser(max_line=10)
    parser.feed(b"data: abc\nda")
    assert repr(parser) == "<EventStreamParser open, 6 bytes waiting>"
