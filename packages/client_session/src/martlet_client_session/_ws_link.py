"""A WebSocket between its protocol, its stream of bytes, and whoever receives.

What comes is parsed in the call that brings it; messages wait in a deque, and one future wakes the
one who waits for them. While too much waits, the stream is paused. Nothing here is a task.
"""

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Final, Protocol

from martlet_exceptions import ClientConnectionError, ServerTimeoutError
from martlet_websocket import WSMessage, WSMsgType, WSState

if TYPE_CHECKING:
    from martlet_exceptions import ClientConnectionResetError
    from martlet_interfaces import Connector, Deadlines, Duplex
    from martlet_websocket import WebSocketConnection

    from ._ws_heartbeat import Heartbeat

__all__ = ["Abortable", "WebSocketLink"]

# What may wait to be received before the stream is paused: bytes, and messages.
_MOST_BYTES: Final = 128 * 1024
_MOST_MESSAGES: Final = 1024
# What may be written before one waits for the peer to take it.
_MOST_WRITTEN: Final = 64 * 1024
# Compressed bytes may become a thousand times as many, so they are taken a few at a time.
_SLICE: Final = 4096
# How many seconds what was written last may take to leave, where nothing is said of that.
_LINGER: Final = 10.0
_OPEN: Final = WSState.OPEN


class Abortable(Protocol):
    """The part of an asyncio transport that a stream cannot do."""

    def abort(self) -> object:
        """Close now, whatever has not been sent."""

    def get_write_buffer_size(self) -> int:
        """Tell how many bytes have not been sent."""


class WebSocketLink:
    """The `BodySink` of a WebSocket's stream, and its writer.

    *transport* is what *duplex* writes to, if that is known: it is aborted where closing would
    wait for the peer for more than *limit* seconds.
    """

    __slots__ = (
        "_closing",
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
        "owner",
        "paused",
        "silent",
        "waiter",
    )

    failure: BaseException | None
    """What the stream broke with, if it did."""
    heartbeat: "Heartbeat | None"
    """Told of all that comes, if there is one."""
    messages: deque[WSMessage]
    """What has come, and was not received yet."""
    over: bool
    """Whether no other message will come."""
    owner: "Connector | None"
    """What goes with the stream, if anything does: it is closed when that is gone."""
    paused: bool
    """Whether the stream is held back, because too much waits."""
    silent: bool
    """Whether the peer was given up for its silence, with nothing left to be received."""
    waiter: "asyncio.Future[None] | None"
    """Done when something has come; set by who waits for it."""

    def __init__(
        self,
        connection: "WebSocketConnection",
        duplex: "Duplex",
        deadlines: "Deadlines",
        transport: Abortable | None = None,
        *,
        limit: float | None = _LINGER,
        compressed: bool = False,
    ) -> None:
        self.connection: WebSocketConnection = connection
        self.deadlines: Deadlines = deadlines
        self.messages = deque()
        self.waiter = None
        self.heartbeat = None
        self.failure = None
        self.owner = None
        self.over = self.paused = self.silent = False
        self._duplex = duplex
        self._transport = transport
        self._limit = limit
        self._sliced = compressed
        self._closing: asyncio.Future[None] | None = None
        self._delay: float | None = None
        self._discarding = self._finished = self._lost = False
        self._fed = self._written = 0
        self._rest = b""

    def open(self) -> None:
        """Begin to take what comes, which may be something at once."""
        self._duplex.set_reader(self)

    # What comes: BodySink

    def feed(self, data: bytes) -> None:
        """Take what has come."""
        if self.heartbeat is not None:
            self.heartbeat.hear()
        waiter = self.waiter
        if waiter is not None and not self._sliced and not waiter.done():
            # Nothing else waits, and this is neither the end nor too much.
            message = self.connection.receive_whole(data)
            if message is not None:
                self._fed = len(data)
                self.messages.append(message)
                waiter.set_result(None)
                return
        if self._sliced and (self._rest or len(data) > _SLICE):
            self._feed_slices(self._rest + data)
            return
        connection = self.connection
        came = connection.receive_data(data)
        messages = self.messages
        size = _size(came) if self._sliced else len(data)
        # What has come of one message alone must not keep the rest of it away.
        fed = self._fed = self._fed + size if messages else size
        if came and not self._discarding:
            messages.extend(came)
            if waiter is not None and not waiter.done():
                waiter.set_result(None)
        if (fed > _MOST_BYTES and messages) or len(messages) > _MOST_MESSAGES:
            self.paused = True
            self._duplex.pause()
        if connection.eventful:
            self._respond()

    def eof(self) -> None:
        """Learn that nothing more will come."""
        self._lost = True
        if not self._rest:
            self._conclude()

    def fail(self, exc: BaseException) -> None:
        """Learn that the stream broke."""
        if self.failure is None:
            self.failure = exc
        self.eof()

    def _feed_slices(self, data: bytes) -> None:
        self._rest = b""
        for start in range(0, len(data), _SLICE):
            if self.paused:
                self._rest = data[start:]
                return
            self.feed(data[start : start + _SLICE])
            if self.over:
                return

    def _respond(self) -> None:
        connection = self.connection
        state = connection.state
        if state is _OPEN:
            answers = connection.answers()
            # One who sends PINGs and reads no PONGs is owed none.
            if answers and not self._is_clogged():
                self._duplex.write(answers)
        elif state is not WSState.CLOSE_SENT:
            self._come_to_the_end()
            # A close frame is answered when what came before it has been received, and maybe
            # replied to.
            if state is WSState.CLOSED or len(self.messages) < 2:
                self.settle()

    def _is_clogged(self) -> bool:
        transport = self._transport
        return transport is not None and transport.get_write_buffer_size() > _MOST_WRITTEN

    def settle(self) -> None:
        """Give the answers that are due; close the stream if all is said."""
        answers = self.connection.answers()
        if answers:
            self._duplex.write(answers)
        if self.connection.state is WSState.CLOSED:
            self.finish()

    def resume(self) -> None:
        """Let come what was held back: everything has been received."""
        self.paused = False
        if self._rest:
            self._feed_slices(self._rest)
        if self.paused:
            return
        if self._lost:
            self._conclude()
        else:
            self._duplex.resume()

    # What is sent

    def write(self, frames: bytes) -> bool:
        """Write *frames*; tell whether it is time to `drain`."""
        self._duplex.write(frames)
        written = self._written = self._written + len(frames)
        return written > _MOST_WRITTEN

    async def drain(self) -> None:
        """Wait until the stream has room; raises `ClientConnectionResetError` if it has ended."""
        self._written = 0
        try:
            await self._duplex.drain()
        except ClientConnectionError as exc:
            raise self.gone() from exc

    def gone(self) -> "ClientConnectionResetError":
        """Make the error of what cannot be sent any more."""
        # Only here: it takes `ssl` with it.
        from martlet_exceptions import ClientConnectionResetError

        return ClientConnectionResetError("Cannot write to a WebSocket that is closed")

    def ping(self) -> None:
        """Send a PING."""
        self._duplex.write(self.connection.ping())

    # The end

    def begin_close(self, frame: bytes) -> None:
        """Send *frame*, the close frame; give up all that waits, and what comes."""
        self._discarding = True
        self.messages.clear()
        if frame:
            self._duplex.write(frame)
        self._stop_heartbeat()
        self._wake()
        if self.paused:
            self.resume()

    async def until_over(self) -> None:
        """Wait for the peer's close frame, or its end; no longer than the limit.

        After that, or if this is cancelled, the stream is aborted.
        """
        if self.over:
            return
        self._closing = asyncio.get_running_loop().create_future()
        if self._limit is not None:
            self._set_deadline(self._limit)
        try:
            await self._closing
        except BaseException:
            self.abort()
            raise
        finally:
            self._closing = None

    def finish(self) -> None:
        """Close the stream, in which nothing is to be sent any more."""
        if self._finished:
            return
        self._finished = True
        self._duplex.close()
        if not self._lost:
            # What was written has to leave, and a peer may not let it.
            self._set_deadline(_LINGER if self._limit is None else self._limit)

    def give_up(self, error: BaseException) -> None:
        """End it with *error*, without asking the peer."""
        self.failure = error
        self.silent = not self.messages
        self.messages.append(WSMessage(WSMsgType.ERROR, error, None))
        self.abort()

    def abort(self) -> None:
        """Close the stream at once, whatever has not been sent."""
        self._rest = b""
        if self._transport is not None:
            self._transport.abort()
        self._finished = self._lost = True
        self._duplex.close()
        self._conclude()

    def on_deadline(self) -> None:
        """Learn that the peer has taken too long to close."""
        self._delay = None
        if not self.over and self.failure is None:
            limit = self._limit
            text = f"The peer did not answer the close frame within {limit:g} s"
            self.failure = ServerTimeoutError(text, phase="ws_close", limit=limit)
        self.abort()

    def _conclude(self) -> None:
        """Come to the end, with the stream gone."""
        self._cancel_deadline()
        if self.connection.state is _OPEN and self.failure is None:
            self.failure = ClientConnectionError("The connection ended without a close frame")
        self.connection.receive_eof()
        self._come_to_the_end()
        self.finish()
        owner, self.owner = self.owner, None
        if owner is not None:
            owner.close()

    def _come_to_the_end(self) -> None:
        self.over = True
        self._stop_heartbeat()
        self._wake()
        if self._closing is not None and not self._closing.done():
            self._closing.set_result(None)

    def _wake(self) -> None:
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_result(None)

    def _stop_heartbeat(self) -> None:
        if self.heartbeat is not None:
            self.heartbeat.stop()
            self.heartbeat = None

    def _set_deadline(self, delay: float) -> None:
        self._cancel_deadline()
        self._delay = delay
        self.deadlines.set(self, delay)

    def _cancel_deadline(self) -> None:
        delay, self._delay = self._delay, None
        if delay is not None:
            self.deadlines.cancel(self, delay)


def _size(messages: list[WSMessage]) -> int:
    """Tell how large *messages* are, decompressed."""
    size = 0
    for _, data, _ in messages:
        if data.__class__ is str or data.__class__ is bytes:
            size += len(data)
    return size
