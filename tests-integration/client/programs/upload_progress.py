"""Today: a stream that is made while it is sent, and how far it has got."""

import asyncio
import io
import sys
from collections.abc import AsyncIterator

import aiohttp

PIECE = b"12345678" * 1024


async def produce(count: int, tracker: aiohttp.UploadTracker | None = None) -> AsyncIterator[bytes]:
    for number in range(count):
        if tracker is not None and number == count - 1:
            print("before the last piece, the first had been written:", tracker.bytes_written > 0)
        yield PIECE


async def broken() -> AsyncIterator[bytes]:
    yield PIECE
    raise LookupError("nothing left to send")


async def main(url: str) -> None:
    async with aiohttp.ClientSession(url) as session:
        async with session.post("/upload", data=produce(5)) as response:
            print(await response.text())
        tracker = aiohttp.UploadTracker()
        print(tracker.bytes_written)
        async with session.post(
            "/upload", data=produce(100, tracker), upload_tracker=tracker
        ) as response:
            print(await response.text())
        print(tracker.bytes_written >= 100 * len(PIECE))
        whole = aiohttp.UploadTracker()
        data = io.BytesIO(PIECE * 10)
        async with session.put("/upload", data=data, upload_tracker=whole) as response:
            print(await response.text(), whole.bytes_written == 10 * len(PIECE))
        try:
            async with session.post("/upload", data=broken()) as response:
                print("never", response.status)
        except LookupError as error:
            print("LookupError", error)
        except aiohttp.ClientError as error:
            print(type(error).__name__, "of", type(error.__cause__).__name__)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
