"""Old style: a loop handed to everything, responses awaited and released."""

import asyncio
import sys

import aiohttp


async def fetch(session: aiohttp.ClientSession, url: str) -> "tuple[str, int, str]":
    resp = await session.get(url)
    try:
        text = await resp.text()
    finally:
        await resp.release()
    return url, resp.status, text


async def run(loop: asyncio.AbstractEventLoop, base: str) -> None:
    connector = aiohttp.TCPConnector(limit=2, use_dns_cache=True, verify_ssl=False, loop=loop)
    session = aiohttp.ClientSession(
        connector=connector,
        read_timeout=20,
        conn_timeout=5,
        headers={"User-Agent": "fetcher/0.1"},
        loop=loop,
    )
    try:
        paths = ["/hello", "/hello?name=Ann", "/status/404"]
        tasks = [loop.create_task(fetch(session, base + path)) for path in paths]
        done, pending = await asyncio.wait(tasks, timeout=20)
        assert not pending
        for url, status, text in sorted(task.result() for task in done):
            print(url, status, text.strip())
        resp = await session.get(base + "/echo", params=[("a", "1"), ("b", "two words")])
        seen = await resp.json()
        print(resp.method, resp.url, seen["query"], seen["headers"]["user-agent"])
    finally:
        await session.close()
    print(session.closed, connector.closed, session.connector is None)


def main() -> None:
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(run(loop, sys.argv[1]))
    finally:
        loop.close()


if __name__ == "__main__":
    main()
