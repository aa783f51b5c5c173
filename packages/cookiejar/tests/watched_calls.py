"""The calls by which a file is written, seen one by one, so that each can fail or be the last."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Protocol
from unittest import mock

__all__ = ["Calls", "watched"]

NAMES = ("open", "write", "fsync", "close", "replace", "unlink")


class Watcher(Protocol):
    """Is told of each call, right before and right after it; may raise."""

    def __call__(self, number: int, name: str, *, done: bool) -> None: ...


class Calls:
    """What was called so far.

    Args:
        watcher: Is told.
        most: How many bytes `os.write` takes at once.
    """

    def __init__(self, watcher: Watcher, most: int) -> None:
        self.names: list[str] = []
        self.open: set[int] = set()
        self._watcher = watcher
        self._most = most

    def wrap(self, name: str) -> Callable[..., object]:
        real: Callable[..., object] = getattr(os, name)

        def call(*args: object, **keywords: object) -> object:
            number = len(self.names)
            self.names.append(name)
            if name == "write":
                args = (args[0], memoryview(args[1])[: self._most])  # type: ignore[arg-type]  # bytes
            self._watcher(number, name, done=False)
            result = real(*args, **keywords)
            if name == "open":
                assert isinstance(result, int)
                self.open.add(result)
            elif name == "close":
                assert isinstance(args[0], int)
                self.open.discard(args[0])
            self._watcher(number, name, done=True)
            return result

        return call


@contextmanager
def watched(watcher: Watcher, *, most: int = 1 << 30) -> Iterator[Calls]:
    """Watch the calls of whatever runs inside."""
    calls = Calls(watcher, most)
    with ExitStack() as stack:
        for name in NAMES:
            stack.enter_context(mock.patch.object(os, name, calls.wrap(name)))
        yield calls
