"""Today: a client for an API, with a base URL, over connections of its own."""

import asyncio
import sys
from types import TracebackType
from typing import Any, Self

import aiohttp


class Api:
    def __init__(self, url: str) -> None:
        timeout = aiohttp.ClientTimeout(total=20, sock_connect=5, sock_read=10)
        self.session = aiohttp.ClientSession(
            base_url=url,
            timeout=timeout,
            headers={"Accept": "application/json"},
            raise_for_status=True,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.session.close()

    async def item(self, number: int) -> Any:
        async with self.session.get(f"item/{number}") as response:
            return await response.json()

    async def items(self, **filters: str | int) -> list[Any]:
        async with self.session.get("/items", params=filters) as response:
            return list(await response.json())


async def main(url: str) -> None:
    async with Api(url + "/") as api:
        print(api.session.timeout.total, api.session.timeout.sock_read)
        print(await api.item(3))
        print([item["id"] for item in await api.items(page=2)])
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(api.item(number)) for number in range(1, 8)]
        print(", ".join(task.result()["name"] for task in tasks))
        try:
            await api.item(8)
        except aiohttp.ClientResponseError as error:
            print(error.status, error.message, error.request_info.real_url)
        async with api.session.get("echo", headers={"Accept": "text/*"}) as response:
            print((await response.json())["headers"]["accept"])


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
