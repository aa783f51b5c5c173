"""Today: what is an error is for the program to say."""

import asyncio
import sys

import aiohttp


class NotFoundError(Exception):
    pass


async def check(response: aiohttp.ClientResponse) -> None:
    if response.status == 404:
        problem = await response.json(content_type=None)
        raise NotFoundError(problem["error"])
    if response.status >= 500:
        response.raise_for_status()


async def main(url: str) -> None:
    async with aiohttp.ClientSession(url, raise_for_status=check) as session:
        async with session.get("/item/1") as response:
            print(response.status, await response.json())
        try:
            await session.get("/item/20")
        except NotFoundError as error:
            print("NotFound:", error)
        try:
            await session.get("/status/500")
        except aiohttp.ClientResponseError as error:
            print(repr(error.status), error.message, str(error.request_info.real_url))
        async with session.get("/status/418") as response:
            print(response.status, response.reason, await response.text())
        async with session.get("/status/404", raise_for_status=False) as response:
            print(response.status, response.ok)
        try:
            await session.get("/status/418", raise_for_status=True)
        except aiohttp.ClientResponseError as error:
            print(error)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
