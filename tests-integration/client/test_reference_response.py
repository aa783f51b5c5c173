"""What the reference of aiohttp's 3.4 generation says of responses, sentence by sentence."""

import asyncio
import json
from decimal import Decimal
from functools import partial
from http.cookies import SimpleCookie

import pytest
from multidict import CIMultiDictProxy, MultiDictProxy
from yarl import URL

import martlet as aiohttp

from .asgi_responses import CHARSETS, HEADERS, JSON
from .asgi_server import AsgiServer
from .head_recorder import recording
from .nginx import LARGE, Nginx


def answer(body: bytes, *lines: str) -> bytes:
    head = "".join(f"{line}\r\n" for line in ("HTTP/1.1 200 Fine", *lines))
    return head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body


async def test_what_a_response_tells(nginx: Nginx) -> None:
    async with aiohttp.ClientSession() as client_session:
        resp = await client_session.get(f"{nginx.http}/small.txt")
        async with resp:
            assert resp.status == 200
            assert resp.reason == "OK"
            assert resp.version == aiohttp.HttpVersion11
            assert resp.method == "GET"
            assert resp.url == URL(f"{nginx.http}/small.txt")
            assert isinstance(resp.content, aiohttp.StreamReader)
            assert (resp.content_type, resp.charset) == ("text/plain", "utf-8")
            assert resp.history == ()
            assert await resp.text() == "small\n"


async def test_a_block_releases_the_response(nginx: Nginx) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{nginx.http}/large") as resp:
            transport = resp.connection and resp.connection.transport
            assert transport
        # The payload was not read to its end, so the connection is closed.
        assert resp.closed
        assert resp.connection is None
        assert transport.is_closing()


async def test_a_connection_goes_back_by_itself_at_the_end(nginx: Nginx) -> None:
    async with aiohttp.ClientSession() as session:
        first = await session.get(f"{nginx.http}/middle")
        await first.read()
        assert first.connection is None
        second = await session.get(f"{nginx.http}/middle")
        assert first.headers["X-Connection"] == second.headers["X-Connection"]
        await second.release()
        closed = await session.get(f"{nginx.http}/large")
        closed.close()
        third = await session.get(f"{nginx.http}/small.txt")
        assert third.headers["X-Connection"] != closed.headers["X-Connection"]


async def test_content_gives_the_chunks(asgi: AsgiServer) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{asgi.http}/chunks") as resp:
            assert resp.headers["Transfer-Encoding"] == "chunked"
            number = 0
            async for data, ends in resp.content.iter_chunks():
                assert set(data) <= {number}
                number += ends
            assert number >= 9
        resp = await session.get(f"{asgi.http}/bytes/10000000")
        reading = asyncio.ensure_future(resp.content.read())
        await asyncio.sleep(0)
        resp.close()
        with pytest.raises(aiohttp.ClientError):
            await reading


@pytest.mark.parametrize(
    "broken",
    [
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnone",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx",
    ],
    ids=["compression", "chunks", "length"],
)
async def test_payload_errors(broken: bytes) -> None:
    async with recording(broken) as recorder, aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientPayloadError) as caught:
            await (await session.get(recorder.url)).read()
        assert isinstance(caught.value, aiohttp.ClientError)


async def test_cookies_headers_and_links(asgi: AsgiServer) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{asgi.http}/headers") as resp:
        assert isinstance(resp.cookies, SimpleCookie)
        assert resp.cookies["first"].value == "1"
        assert isinstance(resp.headers, CIMultiDictProxy)
        assert resp.headers["x-repeated"] == resp.headers["X-REPEATED"] == "one"
        pairs = [(name.lower(), value) for name, value in resp.raw_headers]
        sent = [(name.lower().encode(), value.encode("latin-1")) for name, value in HEADERS]
        assert [pair for pair in pairs if pair in sent] == sent
        assert isinstance(resp.links, MultiDictProxy)
        link = resp.links["next"]
        assert isinstance(link, MultiDictProxy)
        assert link["url"] == URL(f"{asgi.http}/next?page=2")
        assert link["title"] == "Two"
        # Without a rel, the key is the URL.
        assert resp.links["other"]["url"] == URL(f"{asgi.http}/other")
        disposition = resp.content_disposition
        assert isinstance(disposition, aiohttp.ContentDisposition)
        assert disposition.value == disposition.type == "attachment"
        assert disposition.filename == "naïve.txt"
        with pytest.raises(TypeError):
            disposition.parameters["filename"] = "x"  # type: ignore[index]  # that is the test


async def test_what_is_not_there() -> None:
    async with recording() as recorder, aiohttp.ClientSession() as session:
        async with session.get(recorder.url) as resp:
            assert resp.content_type == "application/octet-stream"
            assert "CONTENT-TYPE" not in resp.headers
            assert resp.charset is None
            assert resp.content_disposition is None
            assert not resp.cookies
            assert not resp.links


async def test_history_is_earliest_first() -> None:
    first = b"HTTP/1.1 301 Gone on\r\nLocation: /two\r\nContent-Length: 0\r\n\r\n"
    second = b"HTTP/1.1 302 Gone on\r\nLocation: /three\r\nContent-Length: 0\r\n\r\n"
    async with recording(first, second) as recorder, aiohttp.ClientSession() as session:
        resp = await session.get(f"{recorder.url}/one")
        assert [(old.status, old.url.path) for old in resp.history] == [
            (301, "/one"),
            (302, "/two"),
        ]
        assert resp.url.path == "/three"


async def test_read(nginx: Nginx) -> None:
    async with aiohttp.ClientSession() as session:
        resp = await session.get(f"{nginx.http}/large")
        body = await resp.read()
        assert (type(body), len(body)) == (bytes, LARGE)
        assert await resp.read() is body


async def test_raise_for_status(asgi: AsgiServer) -> None:
    async with aiohttp.ClientSession() as session:
        for status in (200, 204, 304, 399):
            async with session.get(f"{asgi.http}/status/{status}") as resp:
                resp.raise_for_status()
        for status in (400, 404, 500, 599):
            async with session.get(f"{asgi.http}/status/{status}") as resp:
                with pytest.raises(aiohttp.ClientResponseError) as caught:
                    resp.raise_for_status()
            error = caught.value
            assert (error.status, error.message) == (status, resp.reason)
            assert error.request_info == resp.request_info
            assert error.history == ()
            assert error.headers == resp.headers


@pytest.mark.parametrize("variant", sorted(CHARSETS))
async def test_text_without_an_encoding_is_never_an_error(asgi: AsgiServer, variant: str) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{asgi.http}/charset/{variant}") as resp:
            text = await resp.text()
            assert text == CHARSETS[variant][1].decode(resp.get_encoding(), "replace")


async def test_text_with_an_encoding(asgi: AsgiServer) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{asgi.http}/charset/latin-1") as resp:
            assert resp.charset == "iso-8859-1"
            assert await resp.text() == await resp.text("latin-1") == "Grüße"
            assert await resp.text(encoding="cp437") == "Grⁿ▀e"
            with pytest.raises(LookupError):
                await resp.text("VISCII")
            assert resp.get_encoding() == "iso-8859-1"


async def test_json(asgi: AsgiServer) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{asgi.http}/json/plain") as resp:
            assert await resp.json() == JSON
            loads = partial(json.loads, parse_float=Decimal)
            assert (await resp.json(loads=loads))["numbers"][1] == Decimal("2.5")
        async with session.get(f"{asgi.http}/json/text") as resp:
            with pytest.raises(aiohttp.ContentTypeError) as caught:
                await resp.json()
            assert isinstance(caught.value, aiohttp.ClientResponseError)
            assert await resp.json(content_type="text/plain") == JSON
            assert await resp.json(content_type=None) == JSON
        async with session.get(f"{asgi.http}/json/empty") as resp:
            assert await resp.json() is None
        async with session.get(f"{asgi.http}/json/latin-1") as resp:
            assert await resp.json() == await resp.json(encoding="latin-1") == "Grüße"
        async with session.get(f"{asgi.http}/json/broken") as resp:
            with pytest.raises(json.JSONDecodeError):
                await resp.json()


async def test_empty_bodies_are_none_in_json() -> None:
    for body in (b"", b" \r\n\t "):
        sent = answer(body, "Content-Type: application/json")
        async with recording(sent) as recorder, aiohttp.ClientSession() as session:
            assert await (await session.get(recorder.url)).json() is None


async def test_request_info(asgi: AsgiServer) -> None:
    async with aiohttp.ClientSession(headers={"X-A": "1"}) as session:
        async with session.put(f"{asgi.http}/echo?a=b#part") as resp:
            info = resp.request_info
        assert isinstance(info, aiohttp.RequestInfo)
        assert info.url == URL(f"{asgi.http}/echo?a=b")
        assert info.real_url == URL(f"{asgi.http}/echo?a=b#part")
        assert info.method == "PUT"
        assert info.headers["x-a"] == "1"
        url, method, headers, real_url = info
        assert (url, method, headers, real_url) == (info.url, "PUT", info.headers, info.real_url)
