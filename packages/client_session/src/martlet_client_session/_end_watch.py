"""Those who wait for the end of a body without reading it."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

__all__ = ["EndWatch", "call_back"]

_log: Final = logging.getLogger(__name__)


class EndWatch:
    """Calls *callbacks* at the end of a body, and wakes who awaits `over`."""

    __slots__ = ("callbacks", "over")

    callbacks: list[Callable[[], None]]
    over: asyncio.Event

    def __init__(self) -> None:
        self.callbacks = []
        self.over = asyncio.Event()

    def end(self, *, complete: bool) -> None:
        """Wake who waits; call back if the body is *complete*, once."""
        self.over.set()
        if complete:
            callbacks, self.callbacks = self.callbacks, []
            for callback in callbacks:
                call_back(callback)


def call_back(callback: Callable[[], None]) -> None:
    """Call *callback*; what it raises is logged, for it is no fault of the body."""
    try:
        callback()
    except Exception:  # noqa: BLE001  # it is the application's, whatever it is
        _log.exception("Exception in eof callback")
