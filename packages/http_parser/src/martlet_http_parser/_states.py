"""The states of the parsers, as tables: what may happen in each, and where it leads.

The diagrams in the documentation are drawn from these tables. Rules for editors:

- A parser changes its state only by looking a move up here. A move that is not in its
  table does not exist: to make it is a `KeyError`, and a fault of the parser.
- A table knows nothing of bytes. What an event takes to happen is the parser's.
- Members are integers, because tables of those are looked up at C speed.
"""

from enum import IntEnum
from typing import Final

__all__ = [
    "CHUNKED_MOVES",
    "REQUEST_MOVES",
    "RESPONSE_MOVES",
    "ChunkedEvent",
    "ChunkedState",
    "Event",
    "Moves",
    "State",
]


class State(IntEnum):
    """Where the reading of a connection's messages is."""

    IDLE = 0
    HEAD = 1
    LENGTH = 2
    CHUNKED = 3
    UNTIL_CLOSE = 4
    DONE = 5
    FAILED = 6
    CLOSED = 7


class Event(IntEnum):
    """What happens to it."""

    EXPECTED = 0
    INTERIM_HEAD = 1
    HEAD_WITHOUT_BODY = 2
    HEAD_WITH_LENGTH = 3
    HEAD_OF_CHUNKED = 4
    HEAD_UNTIL_CLOSE = 5
    BODY_END = 6
    CLOSE = 7
    FAULT = 8


Moves = dict[State, dict[Event, State]]

# Whatever goes wrong inside a message ends the parser: nobody can tell where the next
# one begins.
_FAULT: Final = {Event.FAULT: State.FAILED}
_BODY: Final = {Event.BODY_END: State.DONE, **_FAULT}
_HEADS: Final = {
    Event.HEAD_WITHOUT_BODY: State.DONE,
    Event.HEAD_WITH_LENGTH: State.LENGTH,
    Event.HEAD_OF_CHUNKED: State.CHUNKED,
    **_FAULT,
}
_BETWEEN: Final = {Event.EXPECTED: State.HEAD, Event.CLOSE: State.CLOSED}

RESPONSE_MOVES: Final[Moves] = {
    State.IDLE: _BETWEEN,
    State.HEAD: {
        Event.INTERIM_HEAD: State.HEAD,
        Event.HEAD_UNTIL_CLOSE: State.UNTIL_CLOSE,
        **_HEADS,
    },
    State.LENGTH: _BODY,
    State.CHUNKED: _BODY,
    State.UNTIL_CLOSE: {Event.CLOSE: State.DONE, **_FAULT},
    State.DONE: {Event.EXPECTED: State.HEAD},
    State.FAILED: {},
    State.CLOSED: {},
}
"""RFC 9112 section 6.3: a response's body may last until the close."""

REQUEST_MOVES: Final[Moves] = {
    State.IDLE: _BETWEEN,
    State.HEAD: {Event.CLOSE: State.CLOSED, **_HEADS},
    State.LENGTH: _BODY,
    State.CHUNKED: _BODY,
    State.DONE: {Event.EXPECTED: State.HEAD},
    State.FAILED: {},
    State.CLOSED: {},
}
"""A client may close instead of sending another request; none is interim."""


class ChunkedState(IntEnum):
    """Where the reading of a chunked body is (RFC 9112 section 7.1)."""

    SIZE = 0
    DATA = 1
    DATA_END = 2
    TRAILERS = 3
    DONE = 4


class ChunkedEvent(IntEnum):
    """What comes next in it."""

    SIZE_LINE = 0
    LAST_SIZE_LINE = 1
    ALL_DATA = 2
    LINE_END = 3
    EMPTY_LINE = 4


CHUNKED_MOVES: Final[dict[ChunkedState, dict[ChunkedEvent, ChunkedState]]] = {
    ChunkedState.SIZE: {
        ChunkedEvent.SIZE_LINE: ChunkedState.DATA,
        ChunkedEvent.LAST_SIZE_LINE: ChunkedState.TRAILERS,
    },
    ChunkedState.DATA: {ChunkedEvent.ALL_DATA: ChunkedState.DATA_END},
    ChunkedState.DATA_END: {ChunkedEvent.LINE_END: ChunkedState.SIZE},
    ChunkedState.TRAILERS: {ChunkedEvent.EMPTY_LINE: ChunkedState.DONE},
    ChunkedState.DONE: {},
}
"""A chunk that is there as a whole takes three moves at once, from ``SIZE`` to ``SIZE``."""
