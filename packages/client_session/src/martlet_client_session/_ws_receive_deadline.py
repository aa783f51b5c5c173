"""The limit on the wait for a message."""

from typing import TYPE_CHECKING

from martlet_exceptions import ServerTimeoutError

if TYPE_CHECKING:
    import asyncio

    from martlet_interfaces import Deadlines

__all__ = ["ReceiveDeadline"]


class ReceiveDeadline:
    """Fails *waiter* after *limit* seconds, unless it is cancelled before."""

    __slots__ = ("_deadlines", "_limit", "_waiter")

    def __init__(
        self, waiter: "asyncio.Future[None]", limit: float, deadlines: "Deadlines"
    ) -> None:
        self._waiter = waiter
        self._limit = limit
        self._deadlines = deadlines
        deadlines.set(self, limit)

    def cancel(self) -> None:
        """Forget it."""
        self._deadlines.cancel(self, self._limit)

    def on_deadline(self) -> None:
        """Learn that the time is up."""
        if not self._waiter.done():
            limit = self._limit
            text = f"No message came for {limit:g} s"
            error = ServerTimeoutError(text, phase="ws_receive", limit=limit)
            self._waiter.set_exception(error)
