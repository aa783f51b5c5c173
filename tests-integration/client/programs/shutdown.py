"""Today: an end in good order, with requests under way."""

import asyncio
import sys

import aiohttp


async def worker(session: aiohttp.ClientSession, name: str, stop: asyncio.Event) -> int:
    count = 0
    while not stop.is_set():
        async with session.get("/hello", params={"name": name}) as response:
            await response.read()
        count += 1
        if count == 3:
            stop.set()
    return count


async def main(url: str) -> None:
    connector = aiohttp.TCPConnector(limit=5)
    session = aiohttp.ClientSession(url, connector=connector)
    stop = asyncio.Event()
    counts = await asyncio.gather(*(worker(session, name, stop) for name in ("a", "b")))
    print("workers have stopped:", max(counts))

    started = asyncio.Event()

    async def stuck() -> None:
        started.set()
        try:
            async with session.get("/silence") as response:
                print("never", response.status)
        except asyncio.CancelledError:
            print("cancelled")
            raise

    task = asyncio.create_task(stuck())
    await started.wait()
    task.cancel()
    print(await asyncio.gather(task, return_exceptions=True))
    try:
        async with asyncio.timeout(0.05):
            await session.get("/silence")
    except TimeoutError:
        print("timed out")
    async with session.get("/hello") as response:
        print("goes on:", response.status)
    await session.close()
    await session.close()
    print(session.closed, connector.closed)
    try:
        await session.get("/hello")
    except RuntimeError as error:
        print(error)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
