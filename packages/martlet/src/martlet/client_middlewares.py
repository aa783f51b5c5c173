"""The types of client middlewares, where code that was written for aiohttp looks for them."""

from martlet_client_session import ClientHandlerType, ClientMiddlewareType

__all__ = [
    "ClientHandlerType",
    "ClientMiddlewareType",
]
