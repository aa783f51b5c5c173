"""What the reference of aiohttp's 3.4 generation says of requests, sentence by sentence."""

import asyncio
import ssl
import zlib
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from multidict import MultiDict, MultiDictProxy
from yarl import URL

import martlet as aiohttp

from .asgi_server import AsgiServer
from .head_recorder import recording
from .nginx import Nginx

REDIRECT = b"HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n"


async def test_request_is_awaited_or_entered(nginx: Nginx) -> None:
    url = f"{nginx.http}/small.txt"
    async with aiohttp.ClientSession() as session:
        resp = await session.request("GET", url)
        assert isinstance(resp, aiohttp.ClientResponse)
        await resp.release()
        async with session.request("GET", URL(url)) as resp:
            assert await resp.text() == "small\n"


@pytest.mark.parametrize(
    ("params", "query"),
    [
        ({"a": "1", "b": "x y"}, "a=1&b=x+y"),
        ([("a", "1"), ("a", "2")], "a=1&a=2"),
        ((("a", "ü"),), "a=%C3%BC"),
        (MultiDict([("a", "1"), ("a", "2")]), "a=1&a=2"),
        (MultiDictProxy(MultiDict(a="1")), "a=1"),
        ("a=%20&b=+", "a=%20&b=+"),
    ],
    ids=["dict", "list", "tuple", "MultiDict", "MultiDictProxy", "str"],
)
async def test_params(params: Any, query: str) -> None:
    async with recording() as recorder, aiohttp.ClientSession() as session:
        await session.get(f"{recorder.url}/path", params=params)
        assert recorder.target == f"/path?{query}"
        await session.get(f"{recorder.url}/path?before=1", params=params)
        assert recorder.target == f"/path?before=1&{query}"


async def test_params_are_not_for_redirects() -> None:
    async with recording(REDIRECT) as recorder, aiohttp.ClientSession() as session:
        resp = await session.get(recorder.url, params={"a": "1"})
        assert recorder.target == "/next"
        assert len(resp.history) == 1


async def test_data_is_a_dictionary_bytes_or_a_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"in a file")
    async with recording() as recorder, aiohttp.ClientSession() as session:
        await session.post(recorder.url, data={"key": "value"})
        assert recorder.field("content-type") == "application/x-www-form-urlencoded"
        await session.put(recorder.url, data=b"bytes")
        await session.patch(recorder.url, data=BytesIO(b"buffer"))
        with path.open("rb") as file:
            await session.post(recorder.url, data=file)
        assert recorder.bodies == [b"key=value", b"bytes", b"buffer", b"in a file"]


async def test_json_and_data_exclude_each_other() -> None:
    async with recording() as recorder, aiohttp.ClientSession() as session:
        with pytest.raises(ValueError, match=r"data.*json"):
            await session.post(recorder.url, data=b"x", json={})
        assert recorder.heads == []


async def test_redirects_are_followed_unless_told(nginx: Nginx) -> None:
    url = f"{nginx.http}/301"
    async with aiohttp.ClientSession() as session:
        async with session.get(url) as resp:
            assert (resp.status, resp.url.path) == (200, "/small.txt")
        async with session.get(url, allow_redirects=False) as resp:
            assert (resp.status, resp.url.path, resp.history) == (301, "/301", ())


async def test_max_redirects_are_followed_and_no_more() -> None:
    async with recording(*[REDIRECT] * 10) as recorder, aiohttp.ClientSession() as session:
        resp = await session.get(recorder.url)
        assert (resp.status, len(resp.history)) == (200, 10)
    async with recording(*[REDIRECT] * 11) as recorder, aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.TooManyRedirects) as caught:
            await session.get(recorder.url)
        assert all(isinstance(resp, aiohttp.ClientResponse) for resp in caught.value.history)
    async with recording(*[REDIRECT] * 3) as recorder, aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.TooManyRedirects):
            await session.get(recorder.url, max_redirects=2)
        assert len(recorder.heads) == 3


async def test_compress_is_deflate() -> None:
    async with recording() as recorder, aiohttp.ClientSession() as session:
        await session.post(recorder.url, data=b"text" * 100, compress=True)
        assert recorder.field("content-encoding") == "deflate"
        assert zlib.decompress(recorder.bodies[-1]) == b"text" * 100
        await session.post(recorder.url, data=b"text", compress=False)
        assert recorder.field("content-encoding") is None
        for headers in ({"Content-Encoding": "gzip"}, {"Content-Length": "4"}):
            with pytest.raises(ValueError, match=next(iter(headers))):
                await session.post(recorder.url, data=b"text", compress=True, headers=headers)
        assert len(recorder.heads) == 2


async def test_chunked() -> None:
    async with recording() as recorder, aiohttp.ClientSession() as session:
        for chunked in (True, 1024):
            await session.post(recorder.url, data=b"text", chunked=chunked)
            assert recorder.field("transfer-encoding") == "chunked"
            assert recorder.field("content-length") is None
            assert recorder.bodies[-1] == b"text"
        with pytest.raises(ValueError, match="Content-Length"):
            await session.post(
                recorder.url, data=b"text", chunked=True, headers={"Content-Length": "4"}
            )
        assert len(recorder.heads) == 2


async def test_expect100() -> None:
    async with recording() as recorder, aiohttp.ClientSession() as session:
        await session.post(recorder.url, data=b"text", expect100=True)
        assert recorder.field("expect") == "100-continue"
        assert recorder.bodies == [b"text"]
        await session.post(recorder.url, data=b"text")
        assert recorder.field("expect") is None


async def test_read_until_eof() -> None:
    answer = b"HTTP/1.1 200 OK\r\n\r\nto the end"
    async with recording(answer, answer) as recorder, aiohttp.ClientSession() as session:
        assert await (await session.get(recorder.url)).text() == "to the end"
        assert await (await session.get(recorder.url, read_until_eof=False)).text() == ""


async def test_a_proxy_gets_its_headers_and_credentials() -> None:
    async with recording() as recorder, aiohttp.ClientSession() as session:
        auth = aiohttp.BasicAuth("me", "secret")
        await session.get(
            "http://example.org/path",
            proxy=recorder.url,
            proxy_auth=auth,
            proxy_headers={"X-For-Proxy": "yes"},
        )
        assert recorder.target == "http://example.org/path"
        assert recorder.field("host") == "example.org"
        assert recorder.field("proxy-authorization") == auth.encode()
        await session.get("http://example.org/", proxy=URL(recorder.url))
        assert recorder.target == "http://example.org/"


@pytest.mark.parametrize("timeout", [0.05, aiohttp.ClientTimeout(total=0.05)])
async def test_timeout_overrides_the_sessions(timeout: Any) -> None:
    async with recording(b"") as recorder, aiohttp.ClientSession() as session:
        with pytest.raises(asyncio.TimeoutError):
            await session.get(recorder.url, timeout=timeout)
        assert (await session.get(recorder.url, timeout=30)).status == 200


async def test_ssl_and_what_it_supersedes(nginx: Nginx) -> None:
    import hashlib

    url = f"{nginx.https}/small.txt"
    context = ssl.create_default_context(cafile=str(nginx.authority_file))
    digest = hashlib.sha256(nginx.certificate).digest()
    accepted: list[dict[str, Any]] = [
        {"ssl": False},
        {"ssl": context},
        {"ssl": aiohttp.Fingerprint(digest)},
        {"verify_ssl": False},
        {"ssl_context": context},
        {"fingerprint": digest},
    ]
    refused: list[dict[str, Any]] = [{}, {"ssl": None}, {"verify_ssl": True}]
    async with aiohttp.ClientSession() as session:
        for options in accepted:
            async with session.get(url, **options) as resp:
                assert await resp.text() == "small\n"
        for options in refused:
            with pytest.raises(aiohttp.ClientConnectorCertificateError):
                await session.get(url, **options)
        for name in ("fingerprint", "ssl"):
            other: Any = bytes(32) if name == "fingerprint" else aiohttp.Fingerprint(bytes(32))
            with pytest.raises(aiohttp.ServerFingerprintMismatch):
                await session.get(url, **{name: other})
        for weak in (16, 20):  # MD5 and SHA1
            with pytest.raises(ValueError, match=r"(?i)sha"):
                await session.get(url, fingerprint=bytes(weak))


async def test_trace_request_ctx(nginx: Nginx) -> None:
    seen = []

    async def started(
        session: aiohttp.ClientSession,
        context: SimpleNamespace,
        params: aiohttp.TraceRequestStartParams,
    ) -> None:
        seen.append((context.trace_request_ctx, params.method))

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(started)
    async with aiohttp.ClientSession(trace_configs=[trace]) as session:
        await session.get(f"{nginx.http}/small.txt", trace_request_ctx={"id": 7})
    assert seen == [({"id": 7}, "GET")]


@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "options", "patch"])
async def test_verbs(asgi: AsgiServer, method: str) -> None:
    async with aiohttp.ClientSession() as session:
        async with getattr(session, method)(f"{asgi.http}/echo") as resp:
            assert (await resp.json())["method"] == method.upper()
            assert resp.method == method.upper()


async def test_head_does_not_follow(nginx: Nginx) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.head(f"{nginx.http}/301") as resp:
            assert (resp.status, await resp.read()) == (301, b"")
        async with session.head(f"{nginx.http}/301", allow_redirects=True) as resp:
            assert (resp.status, resp.content_length) == (200, 6)
