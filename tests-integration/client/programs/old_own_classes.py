"""Old style: sessions and responses of one's own."""

import asyncio
import sys
from typing import Any

import aiohttp


class ApiError(Exception):
    pass


class ApiResponse(aiohttp.ClientResponse):
    async def data(self) -> Any:
        if self.status >= 400:
            raise ApiError(self.status, (await self.json(content_type=None))["error"])
        return await self.json()

    @property
    def next_page(self) -> "str | None":
        link = self.links.get("next")
        return None if link is None else str(link["url"])


class ApiSession(aiohttp.ClientSession):
    def __init__(self, base: str, **kwargs: Any) -> None:
        super().__init__(response_class=ApiResponse, **kwargs)
        self.base = base
        self.count = 0

    async def _request(self, method: str, str_or_url: Any, *args: Any, **kwargs: Any) -> Any:
        self.count += 1
        if str(str_or_url).startswith("/"):
            str_or_url = self.base + str(str_or_url)
        return await super()._request(method, str_or_url, *args, **kwargs)

    async def load(self, path: str) -> Any:
        async with self.get(path) as resp:
            assert isinstance(resp, ApiResponse)
            return await resp.data()


async def main(base: str) -> None:
    async with ApiSession(base, headers={"X-Client": "mine"}) as session:
        print(await session.load("/item/2"))
        try:
            await session.load("/item/50")
        except ApiError as exc:
            print("ApiError", *exc.args)
        async with session.post("/echo", json={}) as resp:
            print((await resp.json())["headers"]["x-client"], type(resp).__name__)
        async with session.get(base + "/items") as resp:
            assert isinstance(resp, ApiResponse)
            print(resp.next_page)
        print(session.count, "requests")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
