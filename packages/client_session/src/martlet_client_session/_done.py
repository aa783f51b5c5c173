"""For what is effective at once, and may be awaited all the same."""

from collections.abc import Generator
from typing import Final, cast

__all__ = ["DONE", "Done"]


class Done:
    """Something that may be awaited, or ignored: there is nothing to wait for."""

    __slots__ = ()

    def __await__(self) -> Generator[None, None, None]:
        # An iterator that ends at once, and is cheaper than a generator that does.
        return cast("Generator[None, None, None]", iter(()))


DONE: Final = Done()
