"""What a verb returns: to be awaited, or entered."""

from collections.abc import Awaitable, Coroutine, Generator
from types import TracebackType
from typing import Any

from ._response import ClientResponse

__all__ = ["RequestContext"]


class RequestContext(Coroutine[Any, Any, ClientResponse]):
    """A request that has not begun: ``await`` it, or ``async with`` it to have the
    response released at the end. It can be used once, and be made a task of.
    """

    __slots__ = ("_coroutine", "_response")

    def __init__(self, coroutine: Coroutine[Any, Any, ClientResponse]) -> None:
        self._coroutine = coroutine

    def __await__(self) -> Generator[Any, Any, ClientResponse]:
        return self._coroutine.__await__()

    def send(self, value: Any, /) -> Any:
        """Resume the request (`collections.abc.Coroutine`)."""
        return self._coroutine.send(value)

    def throw(
        self,
        typ: Any,
        val: BaseException | object | None = None,
        tb: TracebackType | None = None,
        /,
    ) -> Any:
        """Raise inside the request (`collections.abc.Coroutine`)."""
        # Coroutines take but one argument in future Pythons.
        if isinstance(val, BaseException):
            typ = val
        elif val is not None:
            typ = typ(val)
        if tb is not None:
            typ = (typ() if isinstance(typ, type) else typ).with_traceback(tb)
        return self._coroutine.throw(typ)

    def close(self) -> None:
        """Give the request up (`collections.abc.Coroutine`)."""
        self._coroutine.close()

    async def __aenter__(self) -> ClientResponse:
        self._response = response = await self._coroutine
        return response

    def __aexit__(self, *_exc: object) -> Awaitable[None]:
        # At once, so there is no coroutine to make.
        return self._response.release()
