import re

from hypothesis import given
from hypothesis import strategies as st

from martlet_client_session._event_stream import EventStreamParser, ServerSentEvent
from martlet_exceptions import ClientPayloadError


class Told:
    """What the standard's algorithm, followed to the letter, makes of a whole stream."""

    def __init__(self, stream: bytes, *, max_line: int = 10**9, max_event: int = 10**9) -> None:
        self.events: list[ServerSentEvent] = []
        self.last_event_id = ""
        self.retry: int | None = None
        self.failed = False
        self._data = self._event = self._id = ""
        self._retry_of_event: int | None = None
        text = stream.decode("utf-8", "replace").removeprefix("\ufeff")
        *lines, rest = re.split("\r\n|\n|\r", text)
        for line in lines:
            self.failed = len(line) > max_line
            if self.failed:
                return
            self._process(line)
            self.failed = len(self._data) - 1 > max_event
            if self.failed:
                return
        self.failed = len(rest) > max_line

    def _process(self, line: str) -> None:
        if line == "":
            self._dispatch()
        elif line.startswith(":"):
            pass
        elif ":" in line:
            colon = line.index(":")
            value = line[colon + 1 :]
            self._field(line[:colon], value[1:] if value[:1] == " " else value)
        else:
            self._field(line, "")

    def _field(self, name: str, value: str) -> None:
        if name == "event":
            self._event = value
        elif name == "data":
            self._data = self._data + value + "\n"
        elif name == "id" and "\0" not in value:
            self._id = value
        elif name == "retry" and re.fullmatch("[0-9]{1,18}", value):
            self.retry = self._retry_of_event = int(value, 10)

    def _dispatch(self) -> None:
        self.last_event_id = self._id
        if self._data != "":
            event = ServerSentEvent(
                self._data[:-1], self._event or "message", self._id, self._retry_of_event
            )
            self.events.append(event)
        self._data = self._event = ""
        self._retry_of_event = None


PIECES = [
    *(b"\n", b"\r", b"\r\n", b"\n\n", b"\r\r", b"\r\n\r\n"),
    *(b"data", b"data:", b"data: ", b"event:", b"id: ", b"id", b"retry:", b": ", b":", b" "),
    *(b"0", b"15", b"\0", b"abc", b"\xef\xbb\xbf", b"\xef", b"\xbb", b"\xff", b"\x85", b"\x1c"),
    *("€".encode(), "\u2028".encode(), "𝄞".encode(), b"\xf0\x9d", b"\xe2\x82", b"DATA: "),
]
streams = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join),
    st.binary(max_size=100),
)
ascii_streams = st.lists(
    st.sampled_from([piece for piece in PIECES if piece.isascii()]), max_size=60
).map(b"".join)
cuts = st.lists(st.integers(0, 120), max_size=12).map(sorted)
limits = st.integers(1, 12)


def feed_cut(
    parser: EventStreamParser, stream: bytes, at: list[int]
) -> tuple[list[ServerSentEvent], bool]:
    events: list[ServerSentEvent] = []
    try:
        for start, end in zip([0, *at], [*at, len(stream)], strict=True):
            events += parser.feed(stream[start:end])
        parser.feed(b"")
    except ClientPayloadError:
        return events, True
    return events, False


@given(streams, cuts)
def test_events_are_those_of_the_standard_however_the_stream_is_cut(
    stream: bytes, at: list[int]
) -> None:
    told = Told(stream)
    parser = EventStreamParser()
    assert feed_cut(parser, stream, at) == (told.events, False)
    assert parser.last_event_id == told.last_event_id
    assert parser.retry == told.retry


@given(streams)
def test_stream_may_come_byte_by_byte(stream: bytes) -> None:
    at = list(range(len(stream)))
    assert feed_cut(EventStreamParser(), stream, at) == (Told(stream).events, False)


@given(ascii_streams, cuts, limits, limits)
def test_limits_count_the_same_however_the_stream_is_cut(
    stream: bytes, at: list[int], max_line: int, max_event: int
) -> None:
    told = Told(stream, max_line=max_line, max_event=max_event)
    parser = EventStreamParser(max_line, max_event)
    assert feed_cut(parser, stream, at) == (told.events, told.failed)
    assert parser.last_event_id == told.last_event_id
    assert parser.retry == told.retry


@given(streams, cuts, limits, limits)
def test_any_bytes_under_any_limits_end_the_same_way(
    stream: bytes, at: list[int], max_line: int, max_event: int
) -> None:
    whole = EventStreamParser(max_line, max_event)
    cut = EventStreamParser(max_line, max_event)
    assert feed_cut(cut, stream, at) == feed_cut(whole, stream, [])
    assert (cut.last_event_id, cut.retry) == (whole.last_event_id, whole.retry)


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"])),
            st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"])),
        )
    ),
    st.sampled_from(["\n", "\r", "\r\n"]),
)
def test_what_is_written_is_read(sent: list[tuple[str, str]], end: str) -> None:
    lines: list[str] = []
    for data, kind in sent:
        lines += [f"data: {line}" for line in data.split("\n")]
        lines += [f"event: {kind}", ""]
    stream = "".join(line + end for line in lines)
    received = EventStreamParser().feed(stream.encode())
    assert received == [ServerSentEvent(data, kind or "message") for data, kind in sent]
