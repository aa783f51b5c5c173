"""Reading the responses of one connection, one after the other, without I/O.

The parser is told what was asked (`expect`), then fed whatever arrives. It calls back
with the head, pushes the body to the sink that it gets in return, and raises at the
first byte that is wrong. It never looks past the end of a message: what is there is
`tail`, and it is the caller's to judge.
"""

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Final

from martlet_exceptions import (
    BadHttpMessage,
    ContentLengthError,
    LineTooLong,
    ServerDisconnectedError,
    TransferEncodingError,
)
from martlet_interfaces import BodySink, ResponseHead

from ._chunked import ChunkedDecoder
from ._framing import UNTIL_CLOSE, Open, body_length, is_persistent
from ._head import bad_status_line, find_head_end, parse_head, parse_head_slowly
from ._limits import DEFAULT_LIMITS, Limits

__all__ = ["OnHead", "ResponseParser"]

OnHead = Callable[[ResponseHead], BodySink]

_PREFIX: Final = b"HTTP/1."
_MAX_END: Final = len(b"\r\n\r")
"""How much of the end of a head may be there without the whole of it."""


class _State(Enum):
    IDLE = 0
    HEAD = 1
    LENGTH = 2
    CHUNKED = 3
    UNTIL_CLOSE = 4
    DONE = 5
    FAILED = 6


# Looking a member up in its class is slow, and this is done for every packet.
_IDLE: Final = _State.IDLE
_HEAD: Final = _State.HEAD
_LENGTH: Final = _State.LENGTH
_CHUNKED: Final = _State.CHUNKED
_UNTIL_CLOSE: Final = _State.UNTIL_CLOSE
_DONE: Final = _State.DONE
_FAILED: Final = _State.FAILED


class _Nowhere:
    """The sink between responses."""

    def feed(self, data: bytes, /) -> None: ...
    def eof(self) -> None: ...
    def fail(self, exc: BaseException, /) -> None: ...


_NOWHERE: Final = _Nowhere()


def _nobody(_head: ResponseHead) -> BodySink:
    return _NOWHERE


class ResponseParser:
    """Parses responses to requests that are announced one at a time.

    `expect`, then `feed` and at last perhaps `feed_eof`, until `done`; then `expect`
    again, if `reusable`. After an exception the parser is of no further use: it holds on
    to nothing and passes over what it is fed.
    """

    __slots__ = (
        "_buffer",
        "_chunked",
        "_interim",
        "_left",
        "_limits",
        "_method",
        "_on_head",
        "_persistent",
        "_sink",
        "_sloppy",
        "_state",
        "_upgrade",
        "started",
        "tail",
        "trailers",
        "upgraded",
    )

    _chunked: ChunkedDecoder
    _method: str
    _on_head: OnHead
    _sink: BodySink
    _upgrade: bool
    started: bool
    """Whether any byte of a response has come."""
    tail: bytes
    """What was fed beyond the end of the response."""
    trailers: Sequence[tuple[str, str]]
    """The fields after a chunked body, once it is `done`."""
    upgraded: bool
    """Whether the connection speaks something else from here on (101, CONNECT)."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self._state = _IDLE
        self._buffer: bytearray | None = None
        self._interim = 0
        self._left = 0
        self._sloppy = False
        self._persistent = False
        self.started = False
        self.tail = b""
        self.trailers = ()
        self.upgraded = False

    def expect(self, method: str, on_head: OnHead, *, upgrade: bool = False) -> None:
        """Announce the response to a request of *method*.

        *on_head* gets its head, and returns the sink for its body. *upgrade*: the
        request asked to switch protocols, so that 101 is a final answer. Raises
        `RuntimeError` before the one before is `done`, and if there is a `tail`, which
        must not be taken for an answer; whether the connection is `reusable` is the
        caller's to know.
        """
        state = self._state
        if (state is not _DONE and state is not _IDLE) or self.tail:
            raise RuntimeError("The connection cannot carry another response")
        self._state = _HEAD
        self._method = method
        self._on_head = on_head
        self._upgrade = upgrade
        self._interim = 0
        self.started = False
        if self.trailers:
            self.trailers = ()

    @property
    def done(self) -> bool:
        """Whether the response is complete."""
        return self._state is _DONE

    @property
    def reading_head(self) -> bool:
        """Whether the head is still awaited."""
        return self._state is _HEAD

    @property
    def reusable(self) -> bool:
        """Whether another response may follow on the connection."""
        return (
            self._state is _DONE
            and self._persistent
            and not self._sloppy
            and not self.tail
            and not self.upgraded
        )

    def feed(self, data: bytes) -> None:
        """Take the next bytes that came from the peer, at least one.

        Raises `BadHttpMessage` (or what *on_head* raises) while the head is read,
        `TransferEncodingError` in a chunked body.
        """
        state = self._state
        try:
            if state is _HEAD:
                self.started = True
                while data:
                    data = self._feed_head(data)
            elif state is _LENGTH:
                self._feed_length(data)
            elif state is _CHUNKED:
                self._feed_chunked(data)
            elif state is _UNTIL_CLOSE:
                self._sink.feed(data)
            elif state is not _FAILED:
                self.tail += data
        except BaseException:
            self._fail()
            raise

    def feed_eof(self) -> None:
        """Learn that the peer will send nothing more.

        Raises `ServerDisconnectedError` before the end of a head, and a
        `ClientPayloadError` before the end of a body.
        """
        state = self._state
        self._persistent = False
        if state is _UNTIL_CLOSE:
            self._finish(self._sink, b"")
            return
        if state is _DONE:
            return
        self._fail()
        if state is _HEAD:
            where = "inside the response's head" if self.started else "before it answered"
            raise ServerDisconnectedError(f"Server disconnected {where}")
        if state is _LENGTH:
            raise ContentLengthError(
                f"The connection was closed {self._left} bytes before the end of the body"
                " that Content-Length announced"
            )
        if state is _CHUNKED:
            raise TransferEncodingError(
                "The connection was closed inside a chunked body: expected"
                f" {self._chunked.expected}"
            )

    def _feed_head(self, data: bytes) -> bytes:
        """Read up to the end of one head; give what is to be read as another one."""
        if self._buffer is None:
            end = data.find(b"\r\n\r\n")
            # A lone LF makes this fail, so an earlier end of the head is not missed.
            if 0 <= end <= self._limits.head:
                head = parse_head(data[:end], self._limits)
                if head is not None:
                    return self._take_head(head, data[end + 4 :])
        return self._feed_head_slowly(data)

    def _feed_head_slowly(self, data: bytes) -> bytes:
        buffer = self._buffer
        if buffer is None:
            buffer = self._buffer = bytearray()
        seen = len(buffer)
        buffer += data
        if not buffer.startswith(_PREFIX[: len(buffer)]):
            raise bad_status_line(str(buffer[:100], "utf-8", "surrogateescape"))
        span = find_head_end(buffer, max(0, seen - _MAX_END))
        # Without an end, the last bytes may be the beginning of it.
        if (len(buffer) - _MAX_END if span is None else span[0]) > self._limits.head:
            raise LineTooLong(f"The head is longer than {self._limits.head} bytes", offset=0)
        if span is None:
            return b""
        block, rest = bytes(buffer[: span[0]]), bytes(buffer[span[1] :])
        lone = buffer[span[0] : span[1]] != b"\r\n\r\n"
        self._buffer = None
        head, sloppy = parse_head_slowly(block, self._limits)
        self._sloppy = self._sloppy or sloppy or lone
        return self._take_head(head, rest)

    def _take_head(self, head: ResponseHead, rest: bytes) -> bytes:
        if head.status < 200 and not (head.status == 101 and self._upgrade):
            self._skip_interim(head)
            return rest
        if head.status == 101 or (self._method == "CONNECT" and head.status < 300):
            # Whatever the head says of a length has no meaning (RFC 9112 section 6.3).
            self.upgraded = True
            length: int | Open = 0
        else:
            length, sloppy = body_length(head, self._method)
            if sloppy:
                self._sloppy = True
            self._persistent = is_persistent(head)
        self._sink = sink = self._on_head(head)
        if length == 0:
            self._finish(sink, rest)
            return b""
        if isinstance(length, int):
            self._left = length
            self._state = _LENGTH
        elif length is UNTIL_CLOSE:
            self._state = _UNTIL_CLOSE
        else:
            self._chunked = ChunkedDecoder(self._limits)
            self._state = _CHUNKED
        if rest:
            self.feed(rest)
        return b""

    def _skip_interim(self, head: ResponseHead) -> None:
        if head.status == 101:
            raise BadHttpMessage("The server switches protocols, unasked (101)")
        self._interim += 1
        if self._interim > self._limits.interim:
            raise BadHttpMessage(f"More than {self._limits.interim} interim (1xx) responses")

    def _feed_length(self, data: bytes) -> None:
        left = self._left - len(data)
        if left > 0:
            self._left = left
            self._sink.feed(data)
        elif left == 0:
            self._sink.feed(data)
            self._finish(self._sink, b"")
        else:
            self._sink.feed(data[:left])
            self._finish(self._sink, data[left:])

    def _feed_chunked(self, data: bytes) -> None:
        decoder = self._chunked
        decoder.feed(data, self._sink.feed)
        if decoder.done:
            self._sloppy = self._sloppy or decoder.sloppy
            self.trailers = decoder.trailers
            self._finish(self._sink, decoder.tail)

    def _finish(self, sink: BodySink, tail: bytes) -> None:
        self._state = _DONE
        self.tail = tail
        # An idle connection must not keep its last response alive.
        self._on_head = _nobody
        self._sink = _NOWHERE
        sink.eof()

    def _fail(self) -> None:
        self._state = _FAILED
        self._buffer = None
        self._on_head = _nobody
        self._sink = _NOWHERE
