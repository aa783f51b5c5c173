"""WebSockets of a client, where code that was written for aiohttp looks for them."""

from martlet_client_session import ClientWebSocketResponse, ClientWSTimeout

__all__ = [
    "ClientWSTimeout",
    "ClientWebSocketResponse",
]
