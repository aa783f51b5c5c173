"""Today: a download that goes on where it was broken off."""
# ruff: noqa: ASYNC230, ASYNC240 (files are read where such programs read them)

import asyncio
import hashlib
import sys
from pathlib import Path

import aiohttp


async def download(
    session: aiohttp.ClientSession, url: str, path: Path, stop_after: int | None = None
) -> str:
    etag = path.with_suffix(".etag")
    headers = {"Accept-Encoding": "identity"}
    have = path.stat().st_size if path.exists() else 0
    if have and etag.exists():
        headers |= {"Range": f"bytes={have}-", "If-Range": etag.read_text()}
    async with session.get(url, headers=headers) as response:
        if response.status == 416:
            return f"complete: {response.headers['Content-Range']}"
        response.raise_for_status()
        etag.write_text(response.headers["ETag"])
        mode = "ab" if response.status == 206 else "wb"
        with path.open(mode) as file:
            async for chunk in response.content.iter_chunked(16 * 1024):
                file.write(chunk)
                if stop_after is not None and file.tell() >= stop_after:
                    return f"{response.status} stopped"
        return f"{response.status} {response.headers.get('Content-Range')}"


async def main(url: str) -> None:
    path = Path("big.bin")
    async with aiohttp.ClientSession() as session:
        big = f"{url}/document/big"
        print(await download(session, big, path, stop_after=100_000))
        with path.open("rb+") as file:
            file.truncate(100_000)
        print(await download(session, big, path))
        print(await download(session, big, path))
        async with session.get(big) as response:
            whole = hashlib.sha256(await response.read())
        print(hashlib.sha256(path.read_bytes()).digest() == whole.digest(), path.stat().st_size)
        path.with_suffix(".etag").write_text('"another one"')
        print(await download(session, big, path))
        async with session.head(big) as response:
            print(response.content_length, response.headers["Accept-Ranges"], await response.read())


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
