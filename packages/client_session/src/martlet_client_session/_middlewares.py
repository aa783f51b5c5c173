"""What stands between a session and the connector: middlewares, and how they are chained."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from ._client_request import ClientRequest
    from ._response import ClientResponse

__all__ = ["ClientHandlerType", "ClientMiddlewareType", "chained"]

ClientHandlerType: TypeAlias = "Callable[[ClientRequest], Awaitable[ClientResponse]]"
"""Sends a request, as often as it is called, and gives the response."""
ClientMiddlewareType: TypeAlias = (
    "Callable[[ClientRequest, ClientHandlerType], Awaitable[ClientResponse]]"
)
"""Is given a request and what sends it; gives the response, or another one."""


def chained(
    handler: ClientHandlerType, middlewares: Sequence[ClientMiddlewareType]
) -> ClientHandlerType:
    """Put *middlewares* before *handler*; the first of them sees a request first."""
    for middleware in reversed(middlewares):
        handler = _before(handler, middleware)
    return handler


def _before(handler: ClientHandlerType, middleware: ClientMiddlewareType) -> ClientHandlerType:
    def handle(request: "ClientRequest") -> "Awaitable[ClientResponse]":
        return middleware(request, handler)

    return handle
