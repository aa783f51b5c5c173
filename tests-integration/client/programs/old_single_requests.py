"""Old style: requests without a session, with timeouts of one's own."""

import asyncio
import sys
from types import TracebackType
from typing import Self

import aiohttp


class Timeout:
    """Cancels the block after some seconds."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.expired = False

    async def __aenter__(self) -> Self:
        task = asyncio.current_task()
        assert task is not None
        self.task = task
        self.handle = asyncio.get_running_loop().call_later(self.seconds, self.expire)
        return self

    def expire(self) -> None:
        self.expired = True
        self.task.cancel()

    async def __aexit__(
        self,
        kind: "type[BaseException] | None",
        exc: "BaseException | None",
        trace: "TracebackType | None",
    ) -> None:
        self.handle.cancel()
        if self.expired and kind is asyncio.CancelledError:
            self.task.uncancel()
            raise TimeoutError


async def main(base: str) -> None:
    async with aiohttp.request("GET", base + "/hello") as resp:
        assert resp.status == 200
        print((await resp.text()).strip())
    cookies = {"theme": "dark"}
    async with aiohttp.request("post", base + "/echo", json=[1, 2], cookies=cookies) as resp:
        seen = await resp.json()
        print(seen["method"], seen["body"], seen["headers"]["cookie"])
    try:
        async with Timeout(0.05):
            async with aiohttp.request("GET", base + "/silence") as resp:
                print("never", resp.status)
    except TimeoutError:
        print("too slow for the block")
    try:
        async with aiohttp.request(
            "GET", base + "/silence", timeout=aiohttp.ClientTimeout(total=0.05)
        ) as resp:
            print("never", resp.status)
    except TimeoutError:
        print("too slow for the request")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
