"""A program of a strict user: middlewares, as functions, as made by functions, as objects."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar, assert_type

import martlet

T = TypeVar("T")


async def authorized(
    request: martlet.ClientRequest, handler: martlet.ClientHandlerType
) -> martlet.ClientResponse:
    assert_type(request.headers.get("Authorization"), str | None)
    request.headers["Authorization"] = "Bearer token"
    response = await handler(request)
    assert_type(response, martlet.ClientResponse)
    if response.status == 401:
        response.release()
        return await handler(request)
    return response


def tagged(name: str, value: str) -> martlet.ClientMiddlewareType:
    async def tag(
        request: martlet.ClientRequest,
        handler: Callable[[martlet.ClientRequest], Awaitable[martlet.ClientResponse]],
    ) -> martlet.ClientResponse:
        request.headers[name] = value
        return await handler(request)

    return tag


class Watching(Generic[T]):
    """Keeps what a function makes of each response."""

    def __init__(self, fact: Callable[[martlet.ClientResponse], T]) -> None:
        self._fact = fact
        self.facts: list[T] = []

    async def __call__(
        self, request: martlet.ClientRequest, handler: martlet.ClientHandlerType
    ) -> martlet.ClientResponse:
        response = await handler(request)
        self.facts.append(self._fact(response))
        return response


async def main(url: str) -> None:
    watching = Watching(lambda response: (response.method, response.status))
    digest = martlet.DigestAuthMiddleware("ada", "secret")
    retry = martlet.RetryMiddleware(attempts=3, backoff=martlet.ExponentialBackoff())
    chain: list[martlet.ClientMiddlewareType] = [authorized, tagged("X-Id", "1"), watching, retry]
    async with martlet.ClientSession(middlewares=chain) as session:
        async with session.get(url) as response:
            assert_type(response.ok, bool)
        async with session.get(url, middlewares=(digest, authorized)) as response:
            assert_type(await response.read(), bytes)
    assert_type(watching.facts, list[tuple[str, int]])


if __name__ == "__main__":
    asyncio.run(main("http://example.org/"))
