"""Cancels a scenario at one of its points: after so many iterations, or in the tick of an event."""

import asyncio
from collections.abc import Coroutine, Generator
from typing import Any

__all__ = ["Stepped", "cancel_after"]


class Stepped(Coroutine[Any, Any, Any]):
    """Cancels its task in the very tick in which its *target*-th wait is over."""

    def __init__(self, inner: Coroutine[Any, Any, Any], target: int) -> None:
        self._inner = inner
        self._target = target
        self.steps = 0

    def send(self, value: Any) -> Any:
        waits_for = self._inner.send(value)
        task = asyncio.current_task()
        if self.steps == self._target and task is not None:
            if isinstance(waits_for, asyncio.Future):
                # Before the task's own callback, which it adds after this.
                waits_for.add_done_callback(lambda _: task.cancel())
            else:
                asyncio.get_running_loop().call_soon(task.cancel)
        self.steps += 1
        return waits_for

    def throw(self, *exc: Any) -> Any:
        return self._inner.throw(*exc)

    def close(self) -> None:
        self._inner.close()

    def __await__(self) -> Generator[Any, Any, Any]:
        return (yield from self._inner.__await__())


async def cancel_after(task: "asyncio.Task[Any]", iterations: int) -> bool:
    """Cancel *task* unless it is done by then; tell whether that was the case."""
    for _ in range(iterations):
        if task.done():
            return False
        await asyncio.sleep(0)
    return task.cancel()
