"""Today: pages, one after the other, by their links."""

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
from yarl import URL


async def pages(session: aiohttp.ClientSession, url: URL | None) -> AsyncIterator[list[Any]]:
    while url is not None:
        async with session.get(url, raise_for_status=True) as response:
            yield await response.json()
            link = response.links.get("next")
            url = None if link is None else URL(str(link["url"]))


async def main(url: str) -> None:
    async with aiohttp.ClientSession() as session:
        start = (URL(url) / "items").with_query(page=1)
        count = 0
        async for page in pages(session, start):
            count += 1
            print(count, [item["name"] for item in page])
        async with session.get(start) as response:
            for rel, link in response.links.items():
                print(rel, link["url"], link["rel"])
            print(URL(str(response.links["next"]["url"])).query["page"])
        async with session.get(start.update_query(page=3)) as response:
            print(sorted(response.links), response.headers.getall("Link"))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
