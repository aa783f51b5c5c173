"""Old style: a body, in all ways that it can be read."""
# ruff: noqa: ASYNC230, ASYNC240 (files are read where such programs read them)

import asyncio
import hashlib
import sys
from pathlib import Path

import aiohttp


async def main(base: str) -> None:
    big = base + "/document/big"
    async with aiohttp.ClientSession(read_timeout=None) as session:
        async with session.get(big) as resp:
            with Path("copy").open("wb") as f:
                while True:
                    chunk = await resp.content.read(10_000)
                    if not chunk:
                        break
                    f.write(chunk)
        digest = hashlib.sha256(Path("copy").read_bytes()).hexdigest()
        async with session.get(big) as resp:
            sizes = [len(chunk) async for chunk in resp.content.iter_chunked(100_000)]
            print(resp.content_length, sum(sizes), max(sizes) <= 100_000)
        async with session.get(big) as resp:
            hashed = hashlib.sha256()
            async for data in resp.content.iter_any():
                hashed.update(data)
            print(hashed.hexdigest() == digest, resp.content.at_eof())
        async with session.get(base + "/log") as resp:
            first = await resp.content.readline()
            number = await resp.content.readexactly(3)
            rest = [line async for line in resp.content]
            print(first, number, len(rest), rest[-1].decode().strip())
            print(await resp.content.readline(), await resp.content.read())
        async with session.get(base + "/log") as resp:
            body, ends = b"", set()
            async for data, end in resp.content.iter_chunks():
                body += data
                if end:
                    ends.add(len(body))
            print("chunks end at", sorted(ends))
        async with session.get(base + "/log") as resp:
            try:
                await resp.content.readexactly(10_000)
            except asyncio.IncompleteReadError as exc:
                print(len(exc.partial), exc.expected)
        async with session.get(base + "/abort") as resp:
            try:
                await resp.read()
            except aiohttp.ClientPayloadError:
                print("broken off after", resp.status)
        resp = await session.get(big)
        resp.close()
        print(resp.closed, resp.status, resp.headers["Content-Type"])


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
