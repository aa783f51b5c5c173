"""Reading the messages of a connection, and writing down all that can be seen."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Protocol

from martlet_exceptions import ClientError
from martlet_interfaces import BodySink

from ._target import FindingError

__all__ = ["Parser", "Reading", "Record", "check_reading", "read"]

_MOST_MESSAGES = 8
# The longest texts show 100 bytes, each escaped as four characters.
_LONGEST_TEXT = 1_000


class Parser(Protocol):
    """What the parsers of responses and of requests have in common."""

    @property
    def done(self) -> bool:
        """Whether the message is complete."""

    @property
    def reusable(self) -> bool:
        """Whether another message may follow."""

    @property
    def tail(self) -> bytes:
        """What came after the message."""

    @property
    def trailers(self) -> Sequence[tuple[str, str]]:
        """The fields after a chunked body."""

    def feed(self, data: bytes) -> object:
        """Take the next bytes."""

    def feed_eof(self) -> None:
        """Learn that there are no more."""


class Record:
    """The sink of one message: writes down its head and gathers its body."""

    def __init__(self) -> None:
        self.head: tuple[object, ...] | None = None
        self.body = bytearray()
        self.ended = False
        self.trailers: tuple[tuple[str, str], ...] = ()

    def take_head(self, *head: object) -> BodySink:
        """Write down what was in the head."""
        if self.head is not None:
            raise FindingError("a message has two heads")
        self.head = head
        return self

    def feed(self, data: bytes, /) -> None:
        """Take a piece of the body."""
        if not data or self.ended or self.head is None:
            raise FindingError(
                f"a sink is fed {data!r:.100} after head {self.head} and end {self.ended}"
            )
        self.body += data

    def eof(self) -> None:
        """Learn that the body is complete."""
        if self.ended:
            raise FindingError("a body ends twice")
        self.ended = True

    def fail(self, exc: BaseException, /) -> None:
        """Never called by a parser: it raises."""
        raise FindingError(f"a parser calls fail({exc!r})")

    def facts(self) -> tuple[object, ...]:
        """All that can be seen, but for how the body was cut."""
        return self.head, bytes(self.body), self.ended, self.trailers


class Reading(NamedTuple):
    """All that can be seen of a parser and its sinks."""

    error: type[ClientError] | None
    messages: tuple[tuple[object, ...], ...]
    done: bool
    reusable: bool
    tail: bytes


def read(
    parser: Parser,
    expect: Callable[[Record], None],
    pieces: Iterable[bytes],
    *,
    eof: bool,
    several: bool,
) -> Reading:
    """Feed *pieces* until one is refused; *several*: expect another message after each."""
    records = [Record()]
    error: type[ClientError] | None = None
    try:
        expect(records[-1])
        for piece in pieces:
            parser.feed(piece)
            while several and parser.done and len(records) < _MOST_MESSAGES:
                records[-1].trailers = tuple(parser.trailers)
                if not _go_on(parser, expect, records):
                    break
        if eof:
            parser.feed_eof()
    except ClientError as exc:
        error = type(exc)
        if max(len(str(exc)), len(repr(exc))) > _LONGEST_TEXT:
            raise FindingError(f"the text of an error is long: {exc!r:.2000}") from exc
    if parser.done:
        records[-1].trailers = tuple(parser.trailers)
    facts = tuple(record.facts() for record in records)
    return Reading(error, facts, parser.done, parser.reusable, parser.tail)


def _go_on(parser: Parser, expect: Callable[[Record], None], records: list[Record]) -> bool:
    """Expect another message if the connection can carry it."""
    tail = parser.tail
    if not tail and not parser.reusable:
        return False
    records.append(Record())
    try:
        expect(records[-1])
    except RuntimeError:
        # That is what it says of a connection that has to be closed, and nothing has happened.
        if not tail or not parser.done or parser.tail != tail:
            raise
        records.pop()
        return False
    return True


def check_reading(reading: Reading, data: bytes) -> None:
    """Raise `FindingError` for a reading of *data* that makes no sense by itself."""
    size = len(reading.tail)
    for head, body, _ended, _trailers in reading.messages:
        assert isinstance(body, bytes)
        size += len(body)
        if body and head is None:
            raise FindingError("a body without a head")
    if size > len(data):
        raise FindingError(f"{size} bytes come out of {len(data)}")
    if reading.done and (reading.error or not data.endswith(reading.tail)):
        raise FindingError(f"{reading.error} and the tail {reading.tail!r:.100} after the end")
    if reading.done != bool(reading.messages[-1][2]) and reading.error is None:
        raise FindingError(f"done is {reading.done}, but the sink knows of another end")
