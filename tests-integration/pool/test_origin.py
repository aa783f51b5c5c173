"""The connectors against nginx: over TCP and over a Unix socket, with and without TLS."""

import asyncio
import errno
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest
from yarl import URL

from martlet_connector_pool import BaseConnector, TCPConnector, UnixConnector
from martlet_exceptions import (
    ClientConnectorCertificateError,
    ClientConnectorSSLError,
    ServerFingerprintMismatch,
    UnixClientConnectorError,
)
from martlet_interfaces import Fingerprint, RequestBody, TransportOptions

from .certificates import origin_authority, proxy_authority, trusting
from .origin import LARGE, Origin
from .receiver import Fetched, Pieces, fetch

LIMIT = 7


class Way(NamedTuple):
    """One way to the origin."""

    connector: BaseConnector
    url: URL
    tls: bool

    async def fetch(
        self,
        path: str,
        *,
        method: str = "GET",
        body: bytes | RequestBody | None = None,
        options: TransportOptions | None = None,
    ) -> Fetched:
        options = options or TransportOptions(ssl=trusting(origin_authority))
        url = self.url.with_path(path)
        return await fetch(self.connector, url, method=method, body=body, options=options)


def way_to(origin: Origin, name: str) -> Way:
    if name == "tcp":
        return Way(TCPConnector(limit=LIMIT), origin.http, tls=False)
    if name == "tls":
        return Way(TCPConnector(limit=LIMIT), origin.https, tls=True)
    if name == "unix":
        connector = UnixConnector(str(origin.socket), limit=LIMIT)
        return Way(connector, URL("http://localhost"), tls=False)
    connector = UnixConnector(str(origin.tls_socket), limit=LIMIT)
    return Way(connector, URL("https://localhost"), tls=True)


@pytest.fixture(params=["tcp", "tls", "unix", "unix tls"])
async def way(request: pytest.FixtureRequest, origin: Origin) -> AsyncIterator[Way]:
    """Each of the ways in turn."""
    found = way_to(origin, request.param)
    async with found.connector:
        yield found


@pytest.fixture(params=["tls", "unix tls"])
async def tls_way(request: pytest.FixtureRequest, origin: Origin) -> AsyncIterator[Way]:
    """Each of the ways that are encrypted."""
    found = way_to(origin, request.param)
    async with found.connector:
        yield found


async def test_a_page_and_what_is_known_of_its_connection(way: Way, origin: Origin) -> None:
    got = await way.fetch("/small")
    assert (got.status, got.body) == (200, b"small\n")
    assert got.exchange.info("http_version") == "1.1"
    tls = got.exchange.info("ssl_object")
    assert (tls is not None) == way.tls
    if way.tls:
        assert tls.getpeercert(binary_form=True) == origin.certificate  # type: ignore[attr-defined]  # ssl's
    if isinstance(way.connector, UnixConnector):
        assert got.exchange.info("peername") == way.connector.path
    else:
        assert got.exchange.info("peername") == ("127.0.0.1", way.url.port)


async def test_host_is_the_urls(way: Way) -> None:
    got = await way.fetch("/seen")
    assert f'"host": "{way.url.host_port_subcomponent}"'.encode() in got.body


async def test_a_connection_is_used_again(way: Way) -> None:
    gots = [await way.fetch("/small") for _ in range(5)]
    assert [got.headers["X-Requests"] for got in gots] == ["1", "2", "3", "4", "5"]
    assert len({got.connection for got in gots}) == 1
    assert [got.reused for got in gots] == [False, True, True, True, True]


async def test_the_limit_holds_under_load(way: Way) -> None:
    gots = await asyncio.gather(*(way.fetch("/small") for _ in range(50)))
    assert {got.body for got in gots} == {b"small\n"}
    assert len({got.connection for got in gots}) == LIMIT


async def test_a_large_page(way: Way) -> None:
    for _ in range(2):
        assert (await way.fetch("/large")).body == LARGE


@pytest.mark.parametrize("body", [LARGE, Pieces(LARGE)], ids=["whole", "in pieces"])
async def test_a_large_body_both_ways(way: Way, body: bytes | Pieces) -> None:
    for reused in (False, True):
        got = await way.fetch("/mirror", method="POST", body=body)
        assert (got.status, got.reused) == (200, reused)
        assert got.body == LARGE


async def test_the_origin_closes_an_idle_connection(way: Way) -> None:
    first = await way.fetch("/brief/small")
    assert "1 idle" in repr(way.connector)
    while "1 idle" in repr(way.connector):  # noqa: ASYNC110  # there is no event for this
        await asyncio.sleep(0)
    second = await way.fetch("/small")
    assert not second.reused
    assert second.connection != first.connection


async def test_the_origin_announces_how_long_it_keeps_a_connection(way: Way) -> None:
    gots = [await way.fetch("/announced/small") for _ in range(2)]
    assert [got.headers["Keep-Alive"] for got in gots] == ["timeout=20", "timeout=20"]
    assert gots[1].reused


async def test_the_origin_keeps_no_connection(way: Way) -> None:
    gots = [await way.fetch("/once/small") for _ in range(3)]
    assert [got.headers["Connection"] for got in gots] == ["close"] * 3
    assert len({got.connection for got in gots}) == 3
    assert "0 idle" in repr(way.connector)


async def test_an_authority_that_is_not_trusted(tls_way: Way) -> None:
    for options in (TransportOptions(ssl=trusting(proxy_authority)), TransportOptions()):
        with pytest.raises(ClientConnectorCertificateError, match="verify failed"):
            await tls_way.fetch("/small", options=options)
    got = await tls_way.fetch("/small", options=TransportOptions(ssl=False))
    assert got.status == 200


async def test_another_name_to_verify(tls_way: Way) -> None:
    trust = trusting(origin_authority)
    wrong = TransportOptions(ssl=trust, server_hostname="example.org")
    with pytest.raises(ClientConnectorCertificateError, match="ostname mismatch"):
        await tls_way.fetch("/small", options=wrong)
    right = TransportOptions(ssl=trust, server_hostname="localhost")
    assert (await tls_way.fetch("/small", options=right)).status == 200


async def test_fingerprint(tls_way: Way, origin: Origin) -> None:
    right = Fingerprint(hashlib.sha256(origin.certificate).digest())
    got = await tls_way.fetch("/small", options=TransportOptions(ssl=right))
    assert got.status == 200
    with pytest.raises(ServerFingerprintMismatch) as caught:
        await tls_way.fetch("/small", options=TransportOptions(ssl=Fingerprint(bytes(32))))
    assert caught.value.got == right.fingerprint


async def test_tls_to_a_plain_unix_socket(origin: Origin) -> None:
    async with UnixConnector(str(origin.socket)) as connector:
        with pytest.raises(ClientConnectorSSLError):
            await fetch(connector, URL("https://localhost/small"))


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_unix_socket_that_is_not_there(tmp_path: Path, scheme: str) -> None:
    path = str(tmp_path / "none.sock")
    async with UnixConnector(path) as connector:
        with pytest.raises(UnixClientConnectorError) as caught:
            await fetch(connector, URL(f"{scheme}://localhost/"))
    assert (caught.value.path, caught.value.errno) == (path, errno.ENOENT)


async def test_a_file_that_nobody_listens_on(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    async with UnixConnector(str(path)) as connector:
        with pytest.raises(UnixClientConnectorError) as caught:
            await fetch(connector, URL("http://localhost/"))
    assert caught.value.errno == errno.ECONNREFUSED


async def test_a_unix_socket_is_not_reached_through_a_proxy(origin: Origin) -> None:
    async with UnixConnector(origin.socket) as connector:
        options = TransportOptions(proxy=origin.http)
        with pytest.raises(ValueError, match="proxy"):
            await fetch(connector, URL("http://localhost/small"), options=options)
        assert (await fetch(connector, URL("http://localhost/small"))).status == 200
