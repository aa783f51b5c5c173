"""The end of a connector, which may be awaited."""

import asyncio
from collections.abc import Generator

from ._leases import Leases

__all__ = ["Closing", "running_loop"]


class Closing:
    """What `BaseConnector.close` returns: may be awaited, or ignored."""

    __slots__ = ("_leases",)

    def __init__(self, leases: Leases | None) -> None:
        self._leases = leases

    def __await__(self) -> Generator[object, None, None]:
        if self._leases is not None:
            yield from self._leases.drained().__await__()


def running_loop() -> asyncio.AbstractEventLoop | None:
    """Give the event loop that runs here, if one does."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
