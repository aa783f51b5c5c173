"""Reading the messages of one connection, one after the other, without I/O.

What reading a response and reading a request have in common: waiting for a whole head,
then the body in one of the framings, never looking past its end.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import ClassVar, Final, Generic, TypeVar

from martlet_exceptions import (
    BadHttpMessage,
    ContentLengthError,
    LineTooLong,
    TransferEncodingError,
)
from martlet_interfaces import BodySink

from ._chunked import ChunkedDecoder
from ._framing import UNTIL_CLOSE, Open
from ._head import find_head_end
from ._limits import DEFAULT_LIMITS, Limits, check_limits
from ._states import Event, Moves, State

__all__ = ["NOWHERE", "MessageParser"]

_MAX_END: Final = len(b"\r\n\r")
"""How much of the end of a head may be there without the whole of it."""
_SHORT: Final = 2048
_MAX_START: Final = 8
"""How much of the beginning of a head is enough to refuse what is none."""
_PIECE: Final = 16384
"""How much of a tail is read at once: what is left of it is copied for every message."""

# Looking a member up in its class is slow, and this is done for every packet.
_IDLE: Final = State.IDLE
_HEAD: Final = State.HEAD
_LENGTH: Final = State.LENGTH
_CHUNKED: Final = State.CHUNKED
_UNTIL_CLOSE: Final = State.UNTIL_CLOSE
_DONE: Final = State.DONE
_EXPECTED: Final = Event.EXPECTED
_WITHOUT_BODY: Final = Event.HEAD_WITHOUT_BODY
_WITH_LENGTH: Final = Event.HEAD_WITH_LENGTH
_BODY_END: Final = Event.BODY_END
_FAULT: Final = Event.FAULT


class _Nowhere:
    """The sink between messages."""

    __slots__ = ()

    def feed(self, data: bytes, /) -> None: ...
    def eof(self) -> None: ...
    def fail(self, exc: BaseException, /) -> None: ...


NOWHERE: Final = _Nowhere()
_NO_CHUNKS: Final = ChunkedDecoder(DEFAULT_LIMITS)
"""The decoder between chunked bodies."""

_Head = TypeVar("_Head")


class MessageParser(ABC, Generic[_Head]):
    """What `ResponseParser` and `RequestParser` share."""

    __slots__ = (
        "_body_end",
        "_buffer",
        "_chunked",
        "_ended",
        "_feed_apart",
        "_later",
        "_left",
        "_limits",
        "_max_partial",
        "_max_plain",
        "_persistent",
        "_sink",
        "_sloppy",
        "_state",
        "_strict",
        "_tail",
        "started",
        "trailers",
    )

    _moves: ClassVar[Moves]
    _kind: ClassVar[str]

    _body_end: int
    """Where in the message a body of announced length ends."""
    started: bool
    """Whether any byte of a message has come."""
    trailers: Sequence[tuple[str, str]]
    """The fields after a chunked body, once it is `done`."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS, *, strict: bool = False) -> None:
        check_limits(limits)
        self._strict = strict
        self._keep_to(limits)
        self._state = _IDLE
        self._sink: BodySink = NOWHERE
        self._buffer: bytearray | None = None
        self._chunked = _NO_CHUNKS
        self._feed_apart: Callable[[list[bytes], bool], None] | None = None
        self._left = 0
        self._sloppy = False
        self._persistent = False
        self._ended = False
        self._tail = b""
        self._later: bytearray | None = None  # what is beyond `_tail`
        self.started = False
        self.trailers = ()

    def _keep_to(self, limits: Limits) -> None:
        """Read what comes next within *limits*."""
        self._limits = limits
        self._max_partial = limits.head + _MAX_END
        self._max_plain = min(limits.line, limits.field, limits.head)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._state.name}>"

    @property
    def done(self) -> bool:
        """Whether the message is complete."""
        return self._state is _DONE

    @property
    def reading_head(self) -> bool:
        """Whether the head is still awaited."""
        return self._state is _HEAD

    @property
    def tail(self) -> bytes:
        """What was fed beyond the end of the message; a copy, where it is large.

        It has no limit: who does not take it does well to read no more from the peer.
        """
        return self._tail + self._later if self._later else self._tail

    @property
    def _another_may_follow(self) -> bool:
        return self._state is _DONE and self._persistent and not self._sloppy

    def _begin(self, may_have_come: bool) -> bytes | bytearray | None:
        """Await another message, of which something *may have come*: some of it, if it has."""
        moves = self._moves[self._state]
        has_come = self._tail or self._later
        # Nothing comes after the end but what had come before.
        if _EXPECTED not in moves or (not may_have_come if has_come else self._ended):
            raise RuntimeError(f"The connection cannot carry another {self._kind}")
        self._state = moves[_EXPECTED]
        self.started = False
        if self.trailers:
            self.trailers = ()
        return has_come

    def _read_tail(self) -> None:
        """Read what has come already, up to the end of a message."""
        piece, self._tail = self._tail, b""
        if len(piece) > _PIECE:
            later = bytearray(memoryview(piece)[_PIECE:])
            self._later = later + self._later if self._later else later
            piece = piece[:_PIECE]
        if piece:
            self.feed(piece)
        while self._later and self._state is not _DONE:
            piece = bytes(self._later[:_PIECE])
            del self._later[:_PIECE]
            self.feed(piece)
        if self._ended:
            self.feed_eof()

    @abstractmethod
    def feed_eof(self) -> None:
        """Learn that the peer will send nothing more."""

    def feed(self, data: bytes) -> bool:
        """Take the next bytes that came from the peer, at least one; tell whether it is `done`.

        Raises `BadHttpMessage` (or what the callback for the head raises) while the head
        is read, `TransferEncodingError` in a chunked body. After an exception the parser
        is of no further use: it holds on to nothing and passes over what it is fed.
        """
        state = self._state
        try:
            if state is _HEAD:
                buffer = self._buffer
                if buffer is not None and b"\n" not in data:
                    # Nothing can end here, so it need not be looked at: it may be one byte.
                    seen = len(buffer)
                    if seen >= _MAX_START and seen + len(data) <= self._max_partial:
                        buffer += data
                        return False
                self.started = True
                while data:
                    data = self._feed_head(data)
            elif state is _LENGTH:
                self._feed_length(data)
            elif state is _CHUNKED:
                self._feed_chunked(data)
            elif state is _UNTIL_CLOSE:
                self._sink.feed(data)
            elif state is _DONE or state is _IDLE:
                if self._later is None:
                    self._later = bytearray()
                self._later += data
        except BaseException:
            self._fail()
            raise
        return self._state is _DONE

    def _feed_head(self, data: bytes) -> bytes:
        """Read up to the end of one head; give what is to be read as another one."""
        buffer = self._buffer
        if buffer is None:
            # From its end a short message is searched sooner. What this finds may be in its
            # body, and a lone LF may end the head earlier: then a line of it is bad.
            short = len(data) <= _SHORT
            end = data.rfind(b"\r\n\r\n") if short else data.find(b"\r\n\r\n")
            if 0 <= end <= self._max_plain:
                block = data[:end]
                head = self._parse_head(block)
                if head is not None:
                    return self._take_head(head, block, end + 4, data[end + 4 :])
            buffer = self._buffer = bytearray()
        return self._feed_head_slowly(buffer, data)

    def _feed_head_slowly(self, buffer: bytearray, data: bytes) -> bytes:
        seen = len(buffer)
        buffer += data
        if seen < _MAX_START:
            self._check_start(buffer)
        span = find_head_end(buffer, max(0, seen - _MAX_END))
        # Without an end, the last bytes may be the beginning of it.
        if (len(buffer) - _MAX_END if span is None else span[0]) > self._limits.head:
            raise LineTooLong(f"The head is longer than {self._limits.head} bytes", offset=0)
        if span is None:
            return b""
        block, rest = bytes(buffer[: span[0]]), bytes(buffer[span[1] :])
        end = bytes(buffer[span[0] : span[1]])
        lone = end != b"\r\n\r\n"
        self._buffer = None
        head, sloppy = self._parse_head_slowly(block)
        if lone and self._strict:
            # The line that ends in it is the empty one, or the one before.
            at = span[0] + 2 if end.startswith(b"\r\n") else block.rfind(b"\n") + 1
            raise BadHttpMessage("The head ends in a lone LF", offset=at)
        self._sloppy = self._sloppy or sloppy or lone
        return self._take_head(head, block, span[1], rest)

    @abstractmethod
    def _check_start(self, start: bytearray) -> None:
        """Raise if nothing that begins with *start* is a head."""

    @abstractmethod
    def _parse_head(self, block: bytes) -> _Head | None:
        """Read a head in which nothing is unusual."""

    @abstractmethod
    def _parse_head_slowly(self, block: bytes) -> tuple[_Head, bool]:
        """Read any other head, and tell whether it broke a rule."""

    @abstractmethod
    def _take_head(self, head: _Head, block: bytes, size: int, rest: bytes) -> bytes:
        """Hand the head over, *size* bytes with its end; give what is another one."""

    def _begin_body(self, sink: BodySink, length: int | Open, head_size: int, rest: bytes) -> None:
        """Go on with the body, after a head that was *head_size* bytes long."""
        moves = self._moves[_HEAD]
        if isinstance(length, int):
            if length == len(rest):
                # A small message is there as a whole.
                if rest:
                    sink.feed(rest)
                self._state = moves[_WITHOUT_BODY]
                sink.eof()
                return
            if not length:
                self._end(sink, moves[_WITHOUT_BODY], rest)
                return
            self._left = length
            self._body_end = head_size + length
            self._state = moves[_WITH_LENGTH]
        elif length is UNTIL_CLOSE:
            self._state = moves[Event.HEAD_UNTIL_CLOSE]
        else:
            self._chunked = ChunkedDecoder(self._limits, strict=self._strict, offset=head_size)
            # Most sinks have no use for where a chunk ends (`martlet_interfaces.ChunkSink`).
            self._feed_apart = getattr(sink, "feed_chunks", None)
            self._state = moves[Event.HEAD_OF_CHUNKED]
        self._sink = sink
        if rest:
            self.feed(rest)

    def _feed_length(self, data: bytes) -> None:
        left = self._left - len(data)
        if left > 0:
            self._left = left
            self._sink.feed(data)
        elif left == 0:
            self._sink.feed(data)
            self._finish(b"")
        else:
            self._sink.feed(data[:left])
            self._finish(data[left:])

    def _feed_chunked(self, data: bytes) -> None:
        decoder = self._chunked
        if self._feed_apart is None:
            decoder.feed(data, self._sink.feed)
        else:
            decoder.feed_apart(data, self._feed_apart)
        if decoder.done:
            self._chunked = _NO_CHUNKS
            self._feed_apart = None
            self._sloppy = self._sloppy or decoder.sloppy
            self.trailers = decoder.trailers
            self._finish(decoder.tail)

    def _finish(self, tail: bytes) -> None:
        self._end(self._sink, self._moves[self._state][_BODY_END], tail)

    def _end(self, sink: BodySink, state: State, tail: bytes) -> None:
        self._state = state
        self._tail = tail
        # An idle connection must not keep its last message alive.
        self._sink = NOWHERE
        sink.eof()

    def _fail(self) -> None:
        # A message that is over has no fault, even if its sink did not take the end of it.
        self._state = self._moves[self._state].get(_FAULT, self._state)
        self._persistent = False
        self._buffer = None
        self._chunked = _NO_CHUNKS
        self._feed_apart = None
        self._sink = NOWHERE
        self._tail = b""
        self._later = None

    def _close_body(self) -> None:
        """Learn that the peer sends no more, while a body is read."""
        state, decoder = self._state, self._chunked
        if state is _UNTIL_CLOSE:
            self._end(self._sink, self._moves[state][Event.CLOSE], b"")
            return
        self._fail()
        if state is _LENGTH:
            raise ContentLengthError(
                f"The connection was closed {self._left} bytes before the end of the body"
                " that Content-Length announced",
                offset=self._body_end - self._left,
            )
        raise TransferEncodingError(
            f"The connection was closed inside a chunked body: expected {decoder.expected}",
            offset=decoder.position,
        )
