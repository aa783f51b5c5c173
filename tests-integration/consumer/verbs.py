"""A program of a strict user: every verb with its parameters named, and options passed on."""

import asyncio
import io
import ssl
from collections.abc import AsyncIterator
from typing import Unpack, assert_type

import martlet
from martlet_client_session import RequestOptions


class Gateway:
    """Passes on whatever options its caller gives."""

    def __init__(self, session: martlet.ClientSession) -> None:
        self._session = session

    async def fetch(self, path: str, **options: Unpack[RequestOptions]) -> bytes:
        options.setdefault("timeout", 5)
        async with self._session.request("GET", path, **options) as response:
            return await response.read()

    def patient(self, limit: float | martlet.ClientTimeout) -> RequestOptions:
        return {"timeout": limit, "allow_redirects": False, "headers": {"Prefer": "wait=30"}}


async def lines() -> AsyncIterator[bytes]:
    yield b"one\n"
    yield b"two\n"


async def bodies(session: martlet.ClientSession, url: str) -> None:
    form = martlet.FormData({"name": "martlet"})
    form.add_field("file", b"...", filename="a.bin", content_type="application/octet-stream")
    for data in (b"bytes", "text", {"a": 1}, [("a", "1")], form, lines(), io.BytesIO(b"file")):
        async with session.post(url, data=data, chunked=None, compress=None) as response:
            assert_type(response, martlet.ClientResponse)


async def main(url: str) -> None:
    limit = martlet.ClientTimeout(total=10, connect=2.5, sock_read=None)
    context = ssl.create_default_context()
    async with martlet.ClientSession(url, timeout=limit, headers={"Accept": "*/*"}) as session:
        async with session.get(
            "/a",
            params={"page": 1, "tag": ["x", "y"]},
            headers=[("Accept", "text/plain")],
            cookies={"theme": "dark"},
            skip_auto_headers=("User-Agent",),
            auth=martlet.BasicAuth("ada", "secret"),
            timeout=limit,
            allow_redirects=True,
            max_redirects=3,
            raise_for_status=True,
            read_bufsize=65536,
            auto_decompress=False,
            ssl=context,
            server_hostname="example.org",
            max_line_size=4096,
            max_field_size=4096,
            max_headers=50,
            trace_request_ctx={"id": 1},
        ) as response:
            assert_type(response.status, int)
        async with session.head("/a", timeout=1.5, allow_redirects=True, ssl=False) as response:
            assert_type(response.headers.get("ETag"), str | None)
        async with session.options("/a", timeout=None, proxy=None) as response:
            assert_type(response.ok, bool)
        tracker = martlet.UploadTracker()
        async with session.post("/a", json={"a": [1]}, upload_tracker=tracker) as response:
            assert_type(await response.text(encoding="utf-8"), str)
        async with session.put("/a", data=b"x", compress="gzip", expect100=True) as response:
            assert_type(await response.read(), bytes)
        async with session.patch("/a", data={"a": "1"}, chunked=True, timeout=3) as response:
            assert_type(response.url.path, str)
        async with session.delete("/a", headers={"If-Match": '"1"'}, middlewares=()) as response:
            assert_type(response.reason, str)
        assert_type(await session.request("PURGE", "/a", timeout=2), martlet.ClientResponse)
        await bodies(session, "/a")
        gateway = Gateway(session)
        assert_type(await gateway.fetch("/b", params="q=1"), bytes)
        assert_type(await gateway.fetch("/b", **gateway.patient(0.5)), bytes)
        assert_type(await gateway.fetch("/b", **gateway.patient(limit)), bytes)
    async with martlet.request("GET", url, timeout=2, auth=("ada", "secret")) as response:
        assert_type(response.history, tuple[martlet.ClientResponse, ...])


if __name__ == "__main__":
    asyncio.run(main("http://example.org/"))
