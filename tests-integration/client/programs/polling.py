"""Today: polling, with entity tags, and until something is done."""

import asyncio
import sys
from uuid import uuid4

import aiohttp
from aiohttp import hdrs


class Watched:
    """A document that is fetched again only if it has changed."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.session = session
        self.url = url
        self.etag: str | None = None
        self.text = ""

    async def poll(self) -> bool:
        headers = {hdrs.IF_NONE_MATCH: self.etag} if self.etag else {}
        async with self.session.get(self.url, headers=headers) as response:
            if response.status == 304:
                assert await response.read() == b""
                return False
            response.raise_for_status()
            self.etag = response.headers[hdrs.ETAG]
            self.text = await response.text()
            return True


async def main(url: str) -> None:
    async with aiohttp.ClientSession(url) as session:
        path = f"/document/{uuid4().hex}"
        watched = Watched(session, path)
        for body in (b"first", None, b"second", b"second", None):
            if body is not None:
                async with session.put(path, data=body) as response:
                    print(response.status, response.headers[hdrs.ETAG] == watched.etag)
            print(" ", await watched.poll(), watched.text)
        async with session.patch(path, data=b", third") as response:
            print(await response.read(), await watched.poll(), watched.text)
        async with session.delete(path) as response:
            print(response.status)
        try:
            await watched.poll()
        except aiohttp.ClientResponseError as error:
            print(error.status)

        job = f"/jobs/{uuid4().hex}"
        for _ in range(10):
            async with session.get(job) as response:
                state = await response.json()
            print(state)
            if state["state"] == "done":
                break


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
