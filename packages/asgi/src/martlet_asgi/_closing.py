"""The end of a connector, which may be awaited."""

import asyncio
from collections.abc import Generator

__all__ = ["Closing"]


class Closing:
    """What `ASGIConnector.close` returns: may be awaited, or ignored."""

    __slots__ = ("_task",)

    def __init__(self, task: "asyncio.Task[None] | None") -> None:
        self._task = task

    def __await__(self) -> Generator[object, None, None]:
        if self._task is not None:
            # Others may await it too.
            yield from asyncio.shield(self._task).__await__()
