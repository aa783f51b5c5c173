"""Notices that the peer of a WebSocket has gone silent.

One timer a connection, and only where it is asked for. What comes is noted by the time it came at;
the timer looks at that when it fires, so that a message costs nothing more.
"""

import asyncio
from typing import TYPE_CHECKING

from martlet_exceptions import ServerTimeoutError

if TYPE_CHECKING:
    from ._ws_link import WebSocketLink

__all__ = ["Heartbeat"]


class Heartbeat:
    """Sends a PING after *interval* seconds of silence, and fails *link* if that stays unanswered.

    Anything that comes within half of the interval is an answer. While the application does not
    read, nothing can come: PINGs are sent, and no answer is expected.
    """

    __slots__ = ("_awaiting", "_heard", "_interval", "_link", "_loop", "_timer")

    def __init__(
        self, link: "WebSocketLink", interval: float, loop: asyncio.AbstractEventLoop
    ) -> None:
        self._link = link
        self._interval = interval
        self._loop = loop
        self._awaiting = False
        self._heard = loop.time()
        self._timer: asyncio.TimerHandle | None = loop.call_at(self._heard + interval, self._look)

    def hear(self) -> None:
        """Learn that something has come."""
        self._heard = self._loop.time()
        self._awaiting = False

    def stop(self) -> None:
        """Look no more."""
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()

    def _look(self) -> None:
        now = self._loop.time()
        if self._awaiting:
            if not self._link.paused:
                self._timer = None
                self._link.give_up(self._error())
                return
            self._awaiting = False
            self._heard = now
        when = self._heard + self._interval
        if when <= now:
            self._link.ping()
            # If the application does not read, the answer does not get through.
            self._awaiting = not self._link.paused
            self._heard = now
            when = now + (self._interval / 2 if self._awaiting else self._interval)
        self._timer = self._loop.call_at(when, self._look)

    def _error(self) -> ServerTimeoutError:
        wait = self._interval / 2
        text = f"No PONG received after {wait:g} seconds"
        return ServerTimeoutError(text, phase="heartbeat", limit=wait)
