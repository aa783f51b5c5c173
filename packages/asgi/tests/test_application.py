from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypedDict

from martlet_asgi import ASGIApplication, ASGIConnector, Receive, Scope, Send

from .applications import fetch, hello


class TypedScope(TypedDict):
    """As asgiref has them: no MutableMapping."""

    type: str


async def typed(
    _scope: TypedScope,
    _receive: Callable[[], Awaitable[TypedScope]],
    send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
) -> None:
    await send({"type": "http.response.start", "status": 204})
    await send({"type": "http.response.body"})


class Framework:
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await hello(scope, receive, send)


async def test_functions_and_objects_with_types_of_their_own_are_applications() -> None:
    applications: list[ASGIApplication] = [typed, hello, Framework()]
    statuses = []
    for application in applications:
        async with ASGIConnector(application, lifespan="off") as connector:
            statuses.append((await fetch(connector)).status)
    assert statuses == [204, 200, 200]
