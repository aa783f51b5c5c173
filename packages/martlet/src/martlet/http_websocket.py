"""Messages of WebSockets, where code that was written for aiohttp looks for them."""

from martlet_websocket import WebSocketError, WSCloseCode, WSMessage, WSMsgType

__all__ = [
    "WSCloseCode",
    "WSMessage",
    "WSMsgType",
    "WebSocketError",
]
