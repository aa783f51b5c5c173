"""A program of a strict user: a body read as it comes."""

import asyncio
from typing import reveal_type

import martlet


async def size_of(session: martlet.ClientSession, url: str) -> int:
    size = 0
    async with session.get(url) as response:
        reveal_type(response.content)
        reveal_type(await response.content.read(10))
        reveal_type(await response.content.readany())
        async for piece in response.content.iter_chunked(65536):
            reveal_type(piece)
            size += len(piece)
    return size


async def main(url: str) -> None:
    async with martlet.ClientSession() as session:
        reveal_type(await size_of(session, url))


if __name__ == "__main__":
    asyncio.run(main("http://example.org/"))
