"""The end of a connector, which may be awaited."""

import asyncio
from collections.abc import Callable, Coroutine, Generator
from typing import Any

from ._leases import Leases

__all__ = ["Closing", "call_in_its_thread"]


class Closing(Coroutine[object, Any, None]):
    """What `BaseConnector.close` returns: may be awaited, made a task of, or ignored.

    There is nothing to wait for in any but *loop*, to which *leases* belong.
    """

    __slots__ = ("_leases", "_loop", "_waiting")

    def __init__(self, leases: Leases | None, loop: asyncio.AbstractEventLoop | None) -> None:
        self._leases = leases
        self._loop = loop
        self._waiting: Generator[object, Any, None] | None = None

    def __await__(self) -> Generator[object, Any, None]:
        if self._leases is not None and self._loop is _running_loop():
            yield from self._leases.drained().__await__()

    # What tasks do, which take nothing but coroutines.

    def send(self, value: Any, /) -> object:
        """Wait, or wait on (`collections.abc.Coroutine`)."""
        if self._waiting is None:
            self._waiting = self.__await__()
        return self._waiting.send(value)

    def throw(self, typ: Any, val: Any = None, tb: Any = None, /) -> object:
        """Raise where it waits (`collections.abc.Coroutine`)."""
        if self._waiting is None:
            self._waiting = self.__await__()
        return self._waiting.throw(typ if val is None else val)

    def close(self) -> None:
        """Wait no more (`collections.abc.Coroutine`)."""
        if self._waiting is not None:
            self._waiting.close()


def call_in_its_thread(loop: asyncio.AbstractEventLoop, callback: Callable[[], None]) -> None:
    """Call *callback* at once, or soon if *loop* runs in another thread."""
    if loop.is_running() and loop is not _running_loop():
        loop.call_soon_threadsafe(callback)
    else:
        callback()


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
