"""Cancels a scenario at one of its points: after so many iterations, or in the tick of an event."""

import asyncio
from collections.abc import Callable, Coroutine, Generator
from typing import Any

import uvloop

__all__ = ["LeapingLoop", "LeapingUvLoop", "Stepped", "cancel_after", "leap"]


class Stepped(Coroutine[Any, Any, Any]):
    """Cancels its task in the very tick in which its *target*-th wait is over.

    *act*: what is done then instead of that.
    """

    def __init__(
        self,
        inner: Coroutine[Any, Any, Any],
        target: int,
        act: Callable[[], object] | None = None,
    ) -> None:
        self._inner = inner
        self._target = target
        self._act = act
        self.steps = 0
        self.cancelled = False

    def send(self, value: Any) -> Any:
        waits_for = self._inner.send(value)
        task = asyncio.current_task()
        if self.steps == self._target and task is not None:
            if isinstance(waits_for, asyncio.Future):
                # Before the task's own callback, which it adds after this.
                waits_for.add_done_callback(lambda _: self._interrupt(task))
            else:
                asyncio.get_running_loop().call_soon(self._interrupt, task)
        self.steps += 1
        return waits_for

    def _interrupt(self, task: "asyncio.Task[Any]") -> None:
        if self._act is not None:
            self._act()
        else:
            self.cancelled = task.cancel()

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


class LeapingLoop(asyncio.SelectorEventLoop):
    """A loop whose clock can be put forward."""

    leapt = 0.0

    def time(self) -> float:
        return super().time() + self.leapt

    def leap(self, seconds: float) -> None:
        self.leapt += seconds


class LeapingUvLoop(uvloop.Loop):
    """The same of uvloop, for what is set with `call_at`."""

    def __init__(self) -> None:
        super().__init__()
        self.leapt = 0.0
        self._timers: list[tuple[float, asyncio.TimerHandle, Callable[[], object]]] = []

    def time(self) -> float:
        return super().time() + self.leapt

    def call_at(
        self, when: float, callback: Callable[..., Any], *args: Any, context: Any = None
    ) -> asyncio.TimerHandle:
        handle = super().call_later(when - self.time(), callback, *args, context=context)
        self._timers.append((when, handle, lambda: callback(*args)))
        return handle

    def leap(self, seconds: float) -> None:
        self.leapt += seconds
        now = self.time()
        due = [timer for timer in self._timers if timer[0] <= now]
        self._timers = [timer for timer in self._timers if timer[0] > now]
        for _, handle, callback in due:
            if not handle.cancelled():
                handle.cancel()
                self.call_soon(callback)


def leap(seconds: float) -> None:
    """Put the clock of the running loop forward, so that timers are due."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, LeapingLoop | LeapingUvLoop)
    loop.leap(seconds)
