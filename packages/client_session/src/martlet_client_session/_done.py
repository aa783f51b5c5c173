"""For what is effective at once, and may be awaited all the same."""

from collections.abc import Callable, Coroutine, Generator
from typing import TYPE_CHECKING, Any, ClassVar, Final, Never, cast

__all__ = ["DONE", "Done"]

if TYPE_CHECKING:
    _Coroutine = Coroutine[Any, Any, None]
else:
    # A tuple, as which it is awaited without a frame of Python's, has no room for that base.
    _Coroutine = tuple


class Done(_Coroutine):
    """Something that may be awaited, or ignored: there is nothing to wait for.

    It is a coroutine (`collections.abc.Coroutine`), of which a task can be made.
    """

    __slots__ = ()

    if not TYPE_CHECKING:
        __await__: ClassVar[Callable[[object], Generator[None, None, None]]] = tuple.__iter__

    def send(self, _value: object, /) -> Never:
        """End."""
        raise StopIteration

    def throw(self, typ: Any, val: Any = None, tb: Any = None, /) -> Never:
        """Raise it."""
        raise typ if val is None else val

    def close(self) -> None:
        """Do nothing."""


if not TYPE_CHECKING:
    Coroutine.register(Done)

DONE: Final = cast("Callable[[], Done]", Done)()
