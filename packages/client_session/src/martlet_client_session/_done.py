"""For what is effective at once, and may be awaited all the same."""

from collections.abc import Callable, Generator
from typing import Final, cast

__all__ = ["DONE", "Done"]


class Done(tuple[()]):
    """Something that may be awaited, or ignored: there is nothing to wait for."""

    __slots__ = ()

    # An iterator that ends at once, without a frame of Python's to get at it.
    __await__ = cast("Callable[[object], Generator[None, None, None]]", tuple.__iter__)


DONE: Final = Done()
