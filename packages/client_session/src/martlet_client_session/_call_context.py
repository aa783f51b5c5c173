"""What has not begun yet: to be awaited, or entered."""

from collections.abc import Coroutine, Generator
from types import TracebackType
from typing import Any, TypeVar

__all__ = ["CallContext"]

T = TypeVar("T")


class CallContext(Coroutine[Any, Any, T]):
    """A coroutine that may also be entered; what leaving it does, those say that derive.

    It can be used once, and be made a task of.
    """

    __slots__ = ("_coroutine", "_result")

    _result: T

    def __init__(self, coroutine: Coroutine[Any, Any, T]) -> None:
        self._coroutine = coroutine

    def __await__(self) -> Generator[Any, Any, T]:
        return self._coroutine.__await__()

    def send(self, value: Any, /) -> Any:
        """Resume it (`collections.abc.Coroutine`)."""
        return self._coroutine.send(value)

    def throw(
        self,
        typ: Any,
        val: BaseException | object | None = None,
        tb: TracebackType | None = None,
        /,
    ) -> Any:
        """Raise inside of it (`collections.abc.Coroutine`)."""
        # Coroutines take but one argument in future Pythons.
        if isinstance(val, BaseException):
            typ = val
        elif val is not None:
            typ = typ(val)
        if tb is not None:
            typ = (typ() if isinstance(typ, type) else typ).with_traceback(tb)
        return self._coroutine.throw(typ)

    def close(self) -> None:
        """Give it up (`collections.abc.Coroutine`)."""
        self._coroutine.close()

    async def __aenter__(self) -> T:
        self._result = result = await self._coroutine
        return result
