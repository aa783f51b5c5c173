"""Calls that belong into the thread in which an event loop runs."""

import asyncio
from collections.abc import Callable

__all__ = ["call_in_its_thread"]


def call_in_its_thread(loop: asyncio.AbstractEventLoop, callback: Callable[[], None]) -> None:
    """Call *callback* at once, or soon if *loop* runs in another thread."""
    if loop.is_running():
        try:
            elsewhere = asyncio.get_running_loop() is not loop
        except RuntimeError:
            elsewhere = True
        if elsewhere:
            loop.call_soon_threadsafe(callback)
            return
    callback()
