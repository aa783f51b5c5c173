"""A dial that can be given up from outside."""

import asyncio

__all__ = ["Dial"]


class Dial:
    """A connection being made, which can be given up from outside.

    It cancels the task and owns up to that, as `asyncio.timeout` does, but takes less
    memory: thousands may be under way at once.
    """

    __slots__ = ("_cancelling", "_giving_up", "_loop", "_task", "began", "given_up")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        task = asyncio.current_task(loop)
        assert task is not None
        self._task = task
        self._loop = loop
        self._cancelling = task.cancelling()
        self._giving_up: asyncio.Handle | None = None
        self.began = loop.time()
        self.given_up = False

    def on_deadline(self) -> None:
        """Give it up."""
        # Not here: in the task's own step the cancellation would wait for the next await,
        # and that may be somebody else's.
        if self._giving_up is None:
            self._giving_up = self._loop.call_soon(self._give_up)

    def _give_up(self) -> None:
        self.given_up = True
        self._task.cancel()

    def end(self) -> None:
        """Be too late to be given up."""
        if self._giving_up is not None:
            self._giving_up.cancel()
        if self.given_up:  # and yet there is a connection
            self._task.uncancel()

    def brought(self, exc: BaseException) -> bool:
        """Tell whether *exc*, which ended the dial, is the cancellation made here."""
        if not self.given_up:
            return False
        self.given_up = False
        others = self._task.uncancel() > self._cancelling
        return isinstance(exc, asyncio.CancelledError) and not others
