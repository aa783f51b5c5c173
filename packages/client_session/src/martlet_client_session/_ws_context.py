"""What `ws_connect` returns: to be awaited, or entered."""

from typing import TYPE_CHECKING

from ._call_context import CallContext

if TYPE_CHECKING:
    from ._client_ws_response import ClientWebSocketResponse

__all__ = ["WebSocketContext"]


class WebSocketContext(CallContext["ClientWebSocketResponse"]):
    """A WebSocket that is not open yet: ``await`` it, or ``async with`` it to have it closed at
    the end. It can be used once, and be made a task of.
    """

    __slots__ = ()

    _result: "ClientWebSocketResponse"

    async def __aexit__(self, *_exc: object) -> None:
        await self._result.close()
