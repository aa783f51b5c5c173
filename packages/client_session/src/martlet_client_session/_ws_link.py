"""A WebSocket between its protocol, its stream of bytes, and whoever receives.

What comes is parsed in the call that brings it; messages wait in a deque, and one future wakes the
one who waits for them. While too much waits, the stream is paused. Nothing here is a task.
"""

from collections import deque
from typing import TYPE_CHECKING, Final, Protocol

from martlet_websocket import WSMessage, WSState

if TYPE_CHECKING:
    import asyncio

    from martlet_websocket import WebSocketConnection


__all__ = ["WebSocketLink"]

# What may wait to be received before the stream is paused: bytes, and messages.
_MOST_BYTES: Final = 128 * 1024
_MOST_MESSAGES: Final = 1024
# What may be written before one looks whether the peer takes it.
_MOST_WRITTEN: Final = 64 * 1024
# Compressed bytes may become a thousand times as many, so they are taken a few at a time.
_SLICE: Final = 4096
# How long what was written may take to leave, once all is said, if nothing else was asked for.
_LINGER: Final = 10.0
_OPEN: Final = WSState.OPEN
_WITH_SIZE: Final = (str, bytes)


class _Abortable(Protocol):
    def abort(self) -> object: ...

    def get_write_buffer_size(self) -> int: ...


class WebSocketLink:
    """The `BodySink` of a WebSocket's stream, and its writer.

    *transport* is what *duplex* writes to, if that is known: it is aborted where closing would have
    to wait for the peer. *limit* is how many seconds that may wait; ``None``: any.
    """

    __slots__ = (
        "_closing",
        "_deadlines",
        "_delay",
        "_discarding",
        "_duplex",
        "_fed",
        "_finished",
        "_limit",
        "_lost",
        "_rest",
        "_sliced",
        "_transport",
        "_written",
        "connection",
        "deadlines",
        "failure",
        "heartbeat",
        "messages",
        "over",
        "paused",
        "waiter",
    )

    connection: "WebSocketConnection"
    """The protocol."""
    messages: deque[WSMessage]
    """What waits to be received."""
    waiter: "asyncio.Future[None]" + " | None" if False else "asyncio.Future[None] | None"
    over: bool
    paused: bool
    failure: BaseException | None
