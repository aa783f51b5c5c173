"""What the reference of aiohttp's 3.4 generation says of a session, sentence by sentence."""

import asyncio
import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest
from multidict import CIMultiDict
from yarl import URL

import martlet as aiohttp

from .asgi_server import AsgiServer
from .head_recorder import recording
from .nginx import TEXT, Nginx

EVER = 5 * 60


async def headers_of(session: aiohttp.ClientSession, asgi: AsgiServer, **options: Any) -> Any:
    async with session.post(f"{asgi.http}/echo", **options) as resp:
        return dict((await resp.json())["headers"])


def test_the_usage_example(nginx: Nginx) -> None:
    async def fetch(client: aiohttp.ClientSession) -> str:
        async with client.get(f"{nginx.http}/small.txt") as resp:
            assert resp.status == 200
            return await resp.text()

    async def main() -> None:
        async with aiohttp.ClientSession() as client:
            html = await fetch(client)
            assert html == "small\n"

    loop = asyncio.new_event_loop()
    loop.run_until_complete(main())
    loop.close()


def test_a_session_is_made_outside_of_a_loop_and_takes_one(nginx: Nginx) -> None:
    loop = asyncio.new_event_loop()
    connector = aiohttp.TCPConnector(loop=loop)
    session = aiohttp.ClientSession(loop=loop, connector=connector)
    resp = loop.run_until_complete(session.get(f"{nginx.http}/small.txt"))
    assert loop.run_until_complete(resp.text()) == "small\n"
    assert session.loop is loop
    loop.run_until_complete(session.close())
    loop.close()


async def test_a_session_keeps_connections(nginx: Nginx) -> None:
    async with aiohttp.ClientSession() as session:
        numbers = set()
        for _ in range(3):
            async with session.get(f"{nginx.http}/small.txt") as resp:
                await resp.read()
                numbers.add(resp.headers["X-Connection"])
    assert len(numbers) == 1


async def test_cookies_are_sent(asgi: AsgiServer) -> None:
    async with aiohttp.ClientSession(cookies={"first": "1", "second": "2"}) as session:
        assert (await headers_of(session, asgi))["cookie"] == "first=1; second=2"
        assert len(session.cookie_jar) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"X-A": "1", "X-B": "2"},
        [("X-A", "1"), ("X-B", "2")],
        CIMultiDict({"x-a": "1", "x-b": "2"}),
    ],
    ids=["dict", "pairs", "CIMultiDict"],
)
async def test_headers_are_a_mapping_or_pairs(asgi: AsgiServer, headers: Any) -> None:
    async with aiohttp.ClientSession(headers=headers) as session:
        seen = await headers_of(session, asgi)
        assert (seen["x-a"], seen["x-b"]) == ("1", "2")
        seen = await headers_of(session, asgi, headers={"X-B": "3"})
        assert (seen["x-a"], seen["x-b"]) == ("1", "3")


async def test_skip_auto_headers(asgi: AsgiServer) -> None:
    skipped = ["User-Agent", "Content-Type"]
    async with aiohttp.ClientSession(skip_auto_headers=skipped) as session:
        seen = await headers_of(session, asgi, data=b"body")
        assert not {"user-agent", "content-type"} & seen.keys()
        seen = await headers_of(session, asgi, data=b"body", headers={"User-Agent": "mine"})
        assert seen["user-agent"] == "mine"
    async with aiohttp.ClientSession() as session:
        seen = await headers_of(session, asgi, data=b"body")
        assert {"user-agent", "content-type"} < seen.keys()
        # Content-Length cannot be skipped.
        seen = await headers_of(session, asgi, data=b"body", skip_auto_headers=["Content-Length"])
        assert seen["content-length"] == "4"


async def test_auth_is_http_basic(asgi: AsgiServer) -> None:
    auth = aiohttp.BasicAuth("me", "secret")
    async with aiohttp.ClientSession(auth=auth) as session:
        assert (await headers_of(session, asgi))["authorization"] == auth.encode()
        other = aiohttp.BasicAuth("you", "too")
        assert (await headers_of(session, asgi, auth=other))["authorization"] == other.encode()


async def test_version_is_1_1_by_default() -> None:
    async with recording() as recorder:
        async with aiohttp.ClientSession() as session:
            await session.get(recorder.url)
            assert recorder.line == "GET / HTTP/1.1"
            assert session.version == aiohttp.HttpVersion11
        async with aiohttp.ClientSession(version=aiohttp.HttpVersion10) as session:
            await session.get(recorder.url)
            assert recorder.line == "GET / HTTP/1.0"


async def test_each_session_has_its_own_jar_unless_told(nginx: Nginx) -> None:
    jar = aiohttp.CookieJar(unsafe=True)
    url = f"{nginx.http}/set/cookies"
    async with (
        aiohttp.ClientSession(cookie_jar=jar) as one,
        aiohttp.ClientSession(cookie_jar=jar) as two,
        aiohttp.ClientSession() as other,
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as none,
    ):
        assert one.cookie_jar is two.cookie_jar is jar
        assert other.cookie_jar is not jar
        for session in (one, none):
            await session.get(url)
        assert len(two.cookie_jar) > 0
        assert len(other.cookie_jar) == len(none.cookie_jar) == 0


async def test_json_serialize() -> None:
    serializers: list[tuple[Callable[[Any], str] | None, bytes]] = [
        (None, b'{"a": 1}'),
        (lambda value: json.dumps(value, separators=(",", ":")), b'{"a":1}'),
    ]
    async with recording() as recorder:
        for serializer, expected in serializers:
            options: Any = {} if serializer is None else {"json_serialize": serializer}
            async with aiohttp.ClientSession(**options) as session:
                await session.post(recorder.url, json={"a": 1})
            assert recorder.bodies[-1] == expected
            assert recorder.field("content-type") == "application/json"


async def test_raise_for_status_and_its_override(asgi: AsgiServer) -> None:
    url = f"{asgi.http}/status/404"
    async with aiohttp.ClientSession(raise_for_status=True) as client_session:
        resp = await client_session.get(url, raise_for_status=False)
        async with resp:
            assert resp.status == 404
        with pytest.raises(aiohttp.ClientResponseError):
            await client_session.get(url)
        with pytest.raises(aiohttp.ClientResponseError):
            await client_session.get(url, raise_for_status=None)
    async with aiohttp.ClientSession() as client_session:
        async with client_session.get(url) as resp:
            assert resp.status == 404
        with pytest.raises(aiohttp.ClientResponseError):
            await client_session.get(url, raise_for_status=True)


async def test_timeouts_of_a_session() -> None:
    async with aiohttp.ClientSession() as session:
        assert session.timeout.total == EVER
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=7)) as session:
        assert session.timeout.total == 7
    async with aiohttp.ClientSession(read_timeout=9, conn_timeout=2) as session:
        assert (session.timeout.total, session.timeout.connect) == (9, 2)
    async with aiohttp.ClientSession(conn_timeout=2) as session:
        assert (session.timeout.total, session.timeout.connect) == (EVER, 2)
    for nothing in (None, 0):
        async with aiohttp.ClientSession(read_timeout=nothing, conn_timeout=nothing) as session:
            assert not session.timeout.total
            assert not session.timeout.connect


async def test_read_timeout_is_over_all() -> None:
    async with recording(b"") as recorder, aiohttp.ClientSession(read_timeout=0.05) as session:
        with pytest.raises(asyncio.TimeoutError):
            await session.get(recorder.url)


async def test_connector_owner(nginx: Nginx) -> None:
    connector = aiohttp.TCPConnector()
    url = f"{nginx.http}/small.txt"
    first = aiohttp.ClientSession(connector=connector, connector_owner=False, cookies={"a": "1"})
    second = aiohttp.ClientSession(connector=connector)
    assert first.connector is second.connector is connector
    async with first:
        await (await first.get(url)).read()
    assert first.closed
    assert not connector.closed
    assert len(second.cookie_jar) == 0
    async with second:
        await (await second.get(url)).read()
    assert connector.closed


async def test_auto_decompress(nginx: Nginx) -> None:
    url = f"{nginx.http}/gzip/text.txt"
    async with aiohttp.ClientSession() as session:
        resp = await session.get(url)
        assert resp.headers["Content-Encoding"] == "gzip"
        assert await resp.text() == TEXT
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        resp = await session.get(url)
        assert gzip.decompress(await resp.read()).decode() == TEXT


async def test_closed_and_connector_are_read_only() -> None:
    session = aiohttp.ClientSession()
    assert not session.closed
    assert isinstance(session.connector, aiohttp.BaseConnector)
    for name in ("closed", "connector", "cookie_jar", "loop"):
        with pytest.raises(AttributeError):
            setattr(session, name, None)
    await session.close()
    assert session.closed


@pytest.mark.parametrize(("requote", "target"), [(True, "/a-b/%C3%BC"), (False, "/a%2Db/%c3%bc")])
async def test_requote_redirect_url(requote: bool, target: str) -> None:
    answer = b"HTTP/1.1 302 Found\r\nLocation: /a%2Db/%c3%bc\r\nContent-Length: 0\r\n\r\n"
    async with recording(answer) as recorder, aiohttp.ClientSession() as session:
        assert session.requote_redirect_url
        session.requote_redirect_url = requote
        await session.get(recorder.url)
        assert recorder.target == target


async def test_close_releases_all_and_detach_does_not(nginx: Nginx) -> None:
    url = URL(nginx.http) / "large"
    session = aiohttp.ClientSession()
    connector = session.connector
    assert isinstance(connector, aiohttp.TCPConnector)
    resp = await session.get(url)
    await session.close()
    assert connector.closed
    with pytest.raises(aiohttp.ClientError):
        await resp.read()
    connector = aiohttp.TCPConnector()
    session = aiohttp.ClientSession(connector=connector)
    session.detach()
    assert session.closed
    assert not connector.closed
    async with aiohttp.ClientSession(connector=connector) as again:
        assert (await again.get(f"{nginx.http}/small.txt")).status == 200


async def test_without_a_session(nginx: Nginx, asgi: AsgiServer) -> None:
    async def fetch() -> None:
        async with aiohttp.request("GET", f"{nginx.http}/small.txt") as resp:
            assert resp.status == 200
            assert await resp.text() == "small\n"

    await fetch()
    loop = asyncio.get_running_loop()
    async with aiohttp.TCPConnector() as connector:
        async with aiohttp.request(
            "POST",
            f"{asgi.http}/echo",
            params={"a": "b"},
            data=b"body",
            headers={"X-A": "1"},
            cookies={"c": "2"},
            auth=aiohttp.BasicAuth("me"),
            allow_redirects=True,
            max_redirects=10,
            encoding="utf-8",
            version=aiohttp.HttpVersion11,
            compress=None,
            chunked=None,
            expect100=False,
            raise_for_status=True,
            connector=connector,
            loop=loop,
            read_until_eof=True,
        ) as resp:
            seen = await resp.json()
        headers = dict(seen["headers"])
        assert (headers["x-a"], headers["cookie"], seen["length"]) == ("1", "c=2", 4)
        assert not connector.closed
    with pytest.raises(aiohttp.ClientResponseError):
        async with aiohttp.request("GET", f"{asgi.http}/status/500", raise_for_status=True):
            pass
