"""What `ws_connect` returns: to be awaited, or entered."""

from collections.abc import Coroutine, Generator
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._client_ws_response import ClientWebSocketResponse

__all__ = ["WebSocketContext"]


class WebSocketContext(Coroutine[Any, Any, "ClientWebSocketResponse"]):
    """A WebSocket that is not open yet: ``await`` it, or ``async with`` it to have it closed at
    the end. It can be used once, and be made a task of.
    """

    __slots__ = ("_coroutine", "_ws")

    def __init__(self, coroutine: "Coroutine[Any, Any, ClientWebSocketResponse]") -> None:
        self._coroutine = coroutine

    def __await__(self) -> "Generator[Any, Any, ClientWebSocketResponse]":
        return self._coroutine.__await__()

    def send(self, value: Any, /) -> Any:
        """Resume the handshake (`collections.abc.Coroutine`)."""
        return self._coroutine.send(value)

    def throw(
        self,
        typ: Any,
        val: BaseException | object | None = None,
        tb: TracebackType | None = None,
        /,
    ) -> Any:
        """Raise inside the handshake (`collections.abc.Coroutine`)."""
        # Coroutines take but one argument in future Pythons.
        if isinstance(val, BaseException):
            typ = val
        elif val is not None:
            typ = typ(val)
        if tb is not None:
            typ = (typ() if isinstance(typ, type) else typ).with_traceback(tb)
        return self._coroutine.throw(typ)

    def close(self) -> None:
        """Give the handshake up (`collections.abc.Coroutine`)."""
        self._coroutine.close()

    async def __aenter__(self) -> "ClientWebSocketResponse":
        self._ws = ws = await self._coroutine
        return ws

    async def __aexit__(self, *_exc: object) -> None:
        await self._ws.close()
