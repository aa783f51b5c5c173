"""What the reference of aiohttp's 3.4 generation says of connectors, sentence by sentence."""

import asyncio
import hashlib
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from yarl import URL

import martlet as aiohttp
from martlet.abc import AbstractResolver, ResolveResult

from .head_recorder import OK, recording
from .nginx import Nginx


async def connections_of(nginx: Nginx, connector: aiohttp.BaseConnector, count: int = 3) -> int:
    numbers = set()
    async with aiohttp.ClientSession(connector=connector) as session:
        for _ in range(count):
            async with session.get(f"{nginx.http}/small.txt") as resp:
                await resp.read()
                numbers.add(resp.headers["X-Connection"])
    return len(numbers)


@asynccontextmanager
async def listening(path: Path) -> AsyncIterator[None]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK)
        await reader.read()
        writer.close()

    server = await asyncio.start_unix_server(serve, path)
    try:
        yield
    finally:
        server.close()


def test_all_derive_from_base_connector() -> None:
    for connector in (aiohttp.TCPConnector, aiohttp.UnixConnector):
        assert issubclass(connector, aiohttp.BaseConnector)


async def test_keep_alive_is_the_default_and_force_close_turns_it_off(nginx: Nginx) -> None:
    connector = aiohttp.TCPConnector()
    assert not connector.force_close
    assert await connections_of(nginx, connector) == 1
    connector = aiohttp.TCPConnector(force_close=True)
    assert connector.force_close
    assert await connections_of(nginx, connector) == 3


async def test_defaults_of_limits() -> None:
    async with aiohttp.TCPConnector(keepalive_timeout=15, enable_cleanup_closed=True) as connector:
        assert (connector.limit, connector.limit_per_host) == (100, 0)
    unlimited: Any = None
    async with aiohttp.TCPConnector(limit=unlimited, limit_per_host=0) as connector:
        assert not connector.limit
    async with aiohttp.TCPConnector(limit=7, limit_per_host=3) as connector:
        assert (connector.limit, connector.limit_per_host) == (7, 3)
        for name in ("limit", "limit_per_host", "closed", "force_close", "family"):
            with pytest.raises(AttributeError):
                setattr(connector, name, 1)


@pytest.mark.parametrize("limits", [{"limit": 2}, {"limit_per_host": 2}], ids=str)
async def test_a_limit_makes_requests_wait(nginx: Nginx, limits: dict[str, Any]) -> None:
    connector = aiohttp.TCPConnector(**limits)
    async with aiohttp.ClientSession(connector=connector) as session:
        open_ones = [await session.get(f"{nginx.http}/large") for _ in range(2)]
        waiting = asyncio.create_task(session.request("GET", f"{nginx.http}/small.txt"))
        done, _ = await asyncio.wait([waiting], timeout=0.05)
        assert not done
        open_ones[0].close()
        async with await waiting as resp:
            assert resp.status == 200
        open_ones[1].close()


async def test_close_closes_all(nginx: Nginx) -> None:
    connector = aiohttp.TCPConnector()
    session = aiohttp.ClientSession(connector=connector)
    resp = await session.get(f"{nginx.http}/large")
    await connector.close()
    assert connector.closed
    with pytest.raises(aiohttp.ClientError):
        await resp.read()
    await session.close()


async def test_connect_gives_a_connection() -> None:
    async with recording() as recorder, aiohttp.TCPConnector(limit=1) as connector:
        async with aiohttp.ClientSession(connector=connector) as session:
            request = aiohttp.ClientRequest("GET", URL(recorder.url), session=session)
            connection = await connector.connect(request)
            assert isinstance(connection, aiohttp.Connection)
            assert connection.loop is asyncio.get_running_loop()
            # The limit is exhausted until it is back.
            waiting = asyncio.create_task(connector.connect(request))
            done, _ = await asyncio.wait([waiting], timeout=0.05)
            assert not done
            connection.release()
            again = await waiting
            assert recorder.connections == 1
            transport = again.transport
            assert transport is not None
            assert transport.get_extra_info("peername")[0] == "127.0.0.1"
            again.close()
            assert transport.is_closing()


async def test_tls_options_of_a_connector(nginx: Nginx) -> None:
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
    for options in accepted:
        connector = aiohttp.TCPConnector(**options)
        async with aiohttp.ClientSession(connector=connector) as session:
            assert (await session.get(f"{nginx.https}/small.txt")).status == 200
    refused: list[dict[str, Any]] = [{}, {"ssl": None}, {"verify_ssl": True}]
    for options in refused:
        connector = aiohttp.TCPConnector(**options)
        async with aiohttp.ClientSession(connector=connector) as session:
            with pytest.raises(aiohttp.ClientConnectorCertificateError):
                await session.get(f"{nginx.https}/small.txt")
            # What a request says supersedes it.
            assert (await session.get(f"{nginx.https}/small.txt", ssl=False)).status == 200


class Names(AbstractResolver):
    """Knows ``there.example`` only, and counts."""

    def __init__(self) -> None:
        self.asked = 0
        self.closed = False

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked += 1
        if host != "there.example":
            raise OSError(f"no such host: {host}")
        return [
            ResolveResult(
                hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0
            )
        ]

    async def close(self) -> None:
        self.closed = True


async def test_names_are_cached_and_the_cache_is_cleared(nginx: Nginx) -> None:
    names = Names()
    connector = aiohttp.TCPConnector(resolver=names, force_close=True, ttl_dns_cache=None)
    url = f"http://there.example:{nginx.port}/small.txt"
    async with aiohttp.ClientSession(connector=connector) as session:
        for expected in (1, 1):
            assert (await session.get(url)).status == 200
            assert names.asked == expected
        assert isinstance(connector.cached_hosts, MappingProxyType)
        assert len(connector.cached_hosts) == 1
        connector.clear_dns_cache("there.example", nginx.port)
        assert not connector.cached_hosts
        await session.get(url)
        connector.clear_dns_cache()
        await session.get(url)
        assert names.asked == 3
        with pytest.raises(ValueError, match="both"):
            connector.clear_dns_cache("there.example")
        with pytest.raises(aiohttp.ClientConnectorError) as caught:
            await session.get(f"http://elsewhere.example:{nginx.port}/")
        assert isinstance(caught.value, OSError)


async def test_without_a_cache_each_connection_asks(nginx: Nginx) -> None:
    names = Names()
    connector = aiohttp.TCPConnector(resolver=names, force_close=True, use_dns_cache=False)
    async with aiohttp.ClientSession(connector=connector) as session:
        for _ in range(3):
            await session.get(f"http://there.example:{nginx.port}/small.txt")
    assert names.asked == 3


async def test_family_and_local_addr() -> None:
    async with aiohttp.TCPConnector() as connector:
        assert connector.family == 0
    connector = aiohttp.TCPConnector(family=socket.AF_INET, local_addr=("127.0.0.5", 0))
    assert connector.family == socket.AF_INET
    async with recording() as recorder, aiohttp.ClientSession(connector=connector) as session:
        request = aiohttp.ClientRequest("GET", URL(recorder.url), session=session)
        connection = await connector.connect(request)
        assert connection.transport is not None
        assert connection.transport.get_extra_info("sockname")[0] == "127.0.0.5"
        connection.close()


async def test_unix_connector(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    async with listening(path):
        conn = aiohttp.UnixConnector(path=str(path))
        assert (conn.path, conn.limit, conn.force_close) == (str(path), 100, False)
        session = aiohttp.ClientSession(connector=conn)
        async with session.get("http://python.org") as resp:
            assert await resp.text() == "ok"
        await session.close()
        older = aiohttp.UnixConnector(str(path), conn_timeout=2, keepalive_timeout=30, limit=5)
        assert older.limit == 5
        async with aiohttp.ClientSession(connector=older) as session:
            assert (await session.get("http://python.org")).status == 200
