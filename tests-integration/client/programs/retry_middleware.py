"""Today: a middleware that tries again, and one that logs."""

import asyncio
import sys
from uuid import uuid4

from aiohttp import ClientHandlerType, ClientRequest, ClientResponse, ClientSession


class Retry:
    def __init__(self, attempts: int) -> None:
        self.attempts = attempts

    async def __call__(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        response = await handler(request)
        for _ in range(self.attempts - 1):
            if response.status not in {429, 503}:
                break
            delay = float(response.headers.get("Retry-After", "0"))
            response.close()
            print("  again, after", delay)
            response = await handler(request)
        return response


async def logging(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    print("  ->", request.method, request.url.path)
    response = await handler(request)
    print("  <-", response.status)
    return response


async def identify(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    request.headers.setdefault("X-Request-ID", uuid4().hex)
    return await handler(request)


async def main(url: str) -> None:
    async with ClientSession(url, middlewares=[identify, Retry(3), logging]) as session:
        async with session.get("/flaky") as response:
            print("GET", response.status, await response.text())
        async with session.post("/flaky", data={"name": "Ann"}) as response:
            print("POST", response.status, await response.text())
        async with session.get("/flaky", middlewares=[identify]) as response:
            print("without", response.status, await response.text())
        async with session.get("/hello", middlewares=()) as response:
            print("none", response.status)
        async with session.get("/redirect/1") as response:
            print("redirected", response.status, len(response.history))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
