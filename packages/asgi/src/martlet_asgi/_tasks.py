"""The tasks of a connector."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

__all__ = ["Tasks"]

_Fail: TypeAlias = Callable[[BaseException], None]


class Tasks:
    """Keeps tasks alive until they are done, and ends them together."""

    __slots__ = ("_loop", "_running")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._running: dict[asyncio.Task[None], _Fail | None] = {}

    def __len__(self) -> int:
        return len(self._running)

    def start(
        self, work: "Coroutine[Any, Any, None]", fail: _Fail | None = None
    ) -> "asyncio.Task[None]":
        """Run *work* in a task; *fail* is told why, if it is ended before it is done."""
        task = self._loop.create_task(work)
        self._running[task] = fail
        task.add_done_callback(self._running.pop)
        return task

    def end(self, exc: BaseException) -> "set[asyncio.Task[None]]":
        """End all tasks because of *exc*, and give those that are not done yet."""
        for task, fail in [*self._running.items()]:
            if fail is not None:
                fail(exc)
            task.cancel()
        return set(self._running)
