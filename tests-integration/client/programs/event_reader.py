"""Today: server-sent events, read by lines."""

import asyncio
import sys
from collections.abc import AsyncIterator

import aiohttp


async def events(response: aiohttp.ClientResponse) -> AsyncIterator[tuple[str, str]]:
    name, data = "message", list[str]()
    async for raw in response.content:
        line = raw.decode().rstrip("\r\n")
        if not line:
            if data:
                yield name, "\n".join(data)
            name, data = "message", []
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            name = value
        elif field == "data":
            data.append(value)


async def main(url: str) -> None:
    timeout = aiohttp.ClientTimeout(total=None, sock_read=60)
    headers = {"Accept": "text/event-stream", "Cache-Control": "no-store"}
    async with aiohttp.ClientSession(timeout=timeout, headers=headers) as session:
        async with session.get(f"{url}/events") as response:
            print(response.status, response.content_type, response.headers.get("Transfer-Encoding"))
            async for name, data in events(response):
                print(name, data)
            print(response.content.at_eof())
        async with session.get(f"{url}/events") as response:
            async for name, data in events(response):
                print("only the first:", name, data)
                break
        async with session.get(f"{url}/log") as response:
            while line := await response.content.readline():
                if line.startswith(b"007"):
                    print(line)
                    break


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
