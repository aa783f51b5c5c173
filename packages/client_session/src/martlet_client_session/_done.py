"""For what is effective at once, and may be awaited all the same."""

from collections.abc import Generator
from typing import Final

__all__ = ["DONE", "Done"]


class Done:
    """Something that may be awaited, or ignored: there is nothing to wait for."""

    __slots__ = ()

    def __await__(self) -> Generator[None, None, None]:
        yield from ()


DONE: Final = Done()
