"""An ASGI application that sends back what comes over a WebSocket; for uvicorn."""

from typing import Any

__all__ = ["app"]


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Echo; close with 3001 when asked to; refuse at ``/refused``."""
    assert scope["type"] == "websocket"
    await receive()
    if scope["path"] == "/refused":
        await send({"type": "websocket.close"})
        return
    subprotocol = next(iter(scope["subprotocols"]), None)
    await send({"type": "websocket.accept", "subprotocol": subprotocol})
    while (event := await receive())["type"] == "websocket.receive":
        text, data = event.get("text"), event.get("bytes")
        if text == "close":
            await send({"type": "websocket.close", "code": 3001, "reason": "why"})
            return
        answer = {"bytes": data} if text is None else {"text": text}
        await send({"type": "websocket.send", **answer})
