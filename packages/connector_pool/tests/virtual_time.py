"""An event loop whose clock moves only when there is nothing else to do.

A wait of an hour takes no time, and a wait without end is an error instead of a hang.
"""

import asyncio
import selectors
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

__all__ = ["StuckError", "VirtualLoop"]


class StuckError(AssertionError):
    """Everything waits, and nothing is ever going to happen."""


class _Selector(selectors.SelectSelector):
    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0
        self.on_idle: list[Callable[[], object]] = []

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or (timeout is not None and timeout <= 0):
            return ready
        if self.on_idle:
            callbacks, self.on_idle = self.on_idle, []
            for callback in callbacks:
                callback()
        elif timeout is None:
            raise StuckError("everything waits, and nothing is ever going to happen")
        else:
            self.now += timeout
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """The loop; `complaints` is what its exception handler was told."""

    def __init__(self) -> None:
        self._virtual = _Selector()
        super().__init__(self._virtual)
        self.complaints: list[Mapping[str, Any]] = []
        self.set_exception_handler(lambda _, context: self.complaints.append(context))

    def time(self) -> float:
        return self._virtual.now

    async def quiet(self) -> None:
        """Return when nothing can happen any more without time passing."""
        reached = self.create_future()
        self._virtual.on_idle.append(partial(_reach, reached))
        await reached

    async def until(self, when: float) -> None:
        """Return when the clock shows *when*, and all that was due by then has happened."""
        reached = self.create_future()
        self.call_at(when, _reach, reached)
        await reached
        await self.quiet()


def _reach(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
