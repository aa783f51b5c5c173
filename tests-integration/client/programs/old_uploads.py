"""Old style: chunked, compressed, streamed and expected uploads."""
# ruff: noqa: ASYNC230, ASYNC240 (files are read where such programs read them)

import asyncio
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp


@aiohttp.streamer
async def file_sender(writer, file_name=None):  # type: ignore[no-untyped-def]  # as it was written
    with Path(file_name).open("rb") as f:
        chunk = f.read(1000)
        while chunk:
            await writer.write(chunk)
            chunk = f.read(1000)


async def main(base: str) -> None:
    url = base + "/upload"
    path = Path("upload.bin")
    path.write_bytes(b"bytes" * 1000)
    async with aiohttp.ClientSession() as session:
        with path.open("rb") as f:
            resp = await session.post(url, data=f)
            print("file:", await resp.text())
        with path.open("rb") as f:
            resp = await session.post(url, data=f, chunked=1024)
            print("chunked file:", await resp.text())
        body: Any = file_sender(file_name=str(path))
        resp = await session.put(url, data=body)
        print("streamer:", await resp.text())
        resp = await session.post(url, data=b"bytes" * 100, expect100=True)
        print("expected:", await resp.text())
        resp = await session.post(url, data=BytesIO(b"bytes"))
        print("buffer:", await resp.text())
        async with session.post(base + "/echo", data=b"z" * 500, compress=True) as resp:
            headers = (await resp.json())["headers"]
            print("compressed:", headers["content-encoding"])
        async with session.get(base + "/redirect/1") as first:
            # What one server says goes to another while it comes.
            resp = await session.post(url, data=first.content)
            print("piped:", await resp.text())
        async with session.post(
            base + "/echo", data={"a": "1", "b": "ü"}, skip_auto_headers=["User-Agent", "Accept"]
        ) as resp:
            seen = await resp.json()
            print("form:", seen["body"], seen["headers"]["content-type"], sorted(seen["headers"]))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
