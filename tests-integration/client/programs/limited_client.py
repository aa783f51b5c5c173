"""Today: a client that keeps to the server's limits: of requests at a time, and of their rate."""

import asyncio
import contextlib
import sys
from uuid import uuid4

import aiohttp


class Limiter:
    """Lets *burst* requests go at once, and others when the server says so."""

    def __init__(self, burst: int) -> None:
        self.free = asyncio.Semaphore(burst)
        self.waits: list[float] = []

    async def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await asyncio.get_running_loop().create_future()

    async def __call__(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        async with self.free:
            while True:
                response = await handler(request)
                if response.status not in {429, 503}:
                    return response
                response.release()
                await self.wait(float(response.headers["Retry-After"]))


async def gauge(session: aiohttp.ClientSession, url: str) -> int:
    async with session.get(url) as response:
        return int(await response.text())


async def main(url: str) -> None:
    limiter = Limiter(3)
    async with aiohttp.ClientSession(middlewares=[limiter]) as session:
        headers = {"X-Request-ID": uuid4().hex}
        async with session.post(f"{url}/flaky", headers=headers, data=b"sent") as response:
            print(response.status, await response.text(), limiter.waits)
        here = f"{url}/gauge/{uuid4().hex}?size=3"
        most = await asyncio.gather(*(gauge(session, here) for _ in range(9)))
        print("by a semaphore:", max(most))
    connector = aiohttp.TCPConnector(limit_per_host=4)
    async with aiohttp.ClientSession(connector=connector) as session:
        here = f"{url}/gauge/{uuid4().hex}?size=4"
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(gauge(session, here)) for _ in range(12)]
        print("by the connector:", max(task.result() for task in tasks), connector.limit_per_host)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
