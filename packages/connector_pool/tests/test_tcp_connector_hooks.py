"""What stands on the hooks of `TCPConnector`: proxies, facts, errors, and being given up."""

import asyncio
import socket
from typing import Any

import pytest
from yarl import URL

from martlet_connector_pool import ResolveResult, TCPConnector
from martlet_exceptions import (
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientProxyConnectionError,
)
from martlet_interfaces import ConnectionKey, Observer

from .proxies import (
    CREDENTIALS,
    ORIGIN,
    Loopback,
    answering,
    fetch,
    on_both_loops,
    served_by,
    trusting,
    tunnelling,
)
from .scripted import Log
from .servers import serving
from .test_tcp_connector_socks import SocksConnector, SocksServer


@pytest.mark.parametrize("scheme", ["http", "https"])
@on_both_loops
async def test_what_is_told_of_a_way_of_ones_own(scheme: str) -> None:
    log = Log()
    tls = served_by(ORIGIN) if scheme == "https" else None
    async with serving(answering, tls=tls) as origin:
        async with serving(SocksServer(origin.port).serve) as socks:
            async with SocksConnector(socks.port, ssl=trusting()) as connector:
                body, exchange = await fetch(connector, f"{scheme}://origin.test/", observer=log)
                # What the server resolves is nothing to remember here.
                assert connector.cached_hosts == {}

    assert body == b"GET / HTTP/1.1\r\nHost: origin.test\r\n\r\n"
    timings = exchange.info("timings")
    assert isinstance(timings, dict)
    phases = ["connect", *(["tls"] if scheme == "https" else [])]
    assert list(timings) == [*phases, "sent", "first_byte", "done"]
    assert log.names[:-2] == [
        "ConnectionCreateStart",
        "StreamOpened",
        *(["TlsHandshakeEnd"] if scheme == "https" else []),
        "ConnectionCreateEnd",
    ]


@pytest.mark.parametrize("scheme", ["http", "https"])
@on_both_loops
async def test_an_http_proxy_behind_a_socks_server(scheme: str) -> None:
    requests: list[bytes] = []
    proxy = URL("http://user:pw@proxy.test:3128")
    async with serving(answering, tls=served_by(ORIGIN)) as origin:
        async with serving(tunnelling(origin, requests)) as inner:
            server = SocksServer(inner.port)
            async with serving(server.serve) as socks:
                async with SocksConnector(socks.port, ssl=trusting()) as connector:
                    await fetch(connector, f"{scheme}://origin.test/", proxy=proxy)

    assert server.asked == [("proxy.test", 3128)]
    targets = {"http": b"GET http://origin.test/ ", "https": b"CONNECT origin.test:443 "}
    assert requests[0].startswith(targets[scheme])
    assert CREDENTIALS in requests[0]


@pytest.mark.parametrize("host", ["origin.test.", "192.0.2.7", "[2001:db8::7]"])
@on_both_loops
async def test_what_it_is_asked_for(host: str) -> None:
    async with serving(answering) as origin:
        server = SocksServer(origin.port)
        async with serving(server.serve) as socks, SocksConnector(socks.port) as connector:
            await fetch(connector, f"http://{host}:81/")

    assert server.asked == [(host.strip("[]."), 81)]


@on_both_loops
async def test_the_socks_server_refuses() -> None:
    server = SocksServer(0)
    server.refusing = True
    async with serving(server.serve) as socks, SocksConnector(socks.port) as connector:
        with pytest.raises(ClientConnectorError, match="cannot reach it") as direct:
            await fetch(connector, "http://origin.test/")
        with pytest.raises(ClientProxyConnectionError, match="cannot reach it") as by_proxy:
            await fetch(connector, "http://origin.test/", proxy=URL("http://proxy.test:81"))

    assert not isinstance(direct.value, ClientConnectorDNSError)
    assert (direct.value.host, by_proxy.value.host) == ("origin.test", "proxy.test")


@on_both_loops
async def test_an_error_of_the_connectors_own_kind_comes_out_as_it_is() -> None:
    class Picky(TCPConnector):
        async def _open_socket(
            self, host: str, port: int, traces: Observer | None = None
        ) -> socket.socket:
            raise error

    error = ClientConnectorError(ConnectionKey("socks.test", 1080, False), OSError("mine"))
    async with Picky() as connector:
        with pytest.raises(ClientConnectorError) as caught:
            await fetch(connector, "http://origin.test/")

    assert caught.value is error


@pytest.mark.parametrize("how", ["cancel", "close"])
@on_both_loops
async def test_given_up_inside(how: str) -> None:
    reached = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(3)
        reached.set()
        await reader.read()

    async with serving(silent) as socks, SocksConnector(socks.port) as connector:
        task = asyncio.create_task(fetch(connector, "http://origin.test/"))
        await reached.wait()
        if how == "cancel":
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        else:
            await connector.close()
            with pytest.raises(Exception, match=r"^Connector is closed$"):
                await task


class Directory(TCPConnector):
    """Finds every name on this machine, whatever a resolver would say."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.asked: list[tuple[str, int]] = []

    async def _resolve_host(
        self, host: str, port: int, traces: Observer | None = None
    ) -> list[ResolveResult]:
        self.asked.append((host, port))
        if host == "original.test":
            return await super()._resolve_host(host, port, traces)
        if host == "nobody.test":
            raise OSError("not in the directory")
        return await Loopback().resolve(host, port)


@on_both_loops
async def test_names_of_ones_own() -> None:
    async with serving(answering) as server, Directory(resolver=Loopback()) as connector:
        body, _ = await fetch(connector, f"http://a.test:{server.port}/")
        assert connector.cached_hosts == {}
        await fetch(connector, f"http://original.test:{server.port}/")
        # What the original finds is remembered; addresses are no names.
        assert set(connector.cached_hosts) == {("original.test", server.port)}
        await fetch(connector, f"http://127.0.0.1:{server.port}/")
        with pytest.raises(ClientConnectorDNSError, match="not in the directory") as caught:
            await fetch(connector, "http://nobody.test/")

    assert body == f"GET / HTTP/1.1\r\nHost: a.test:{server.port}\r\n\r\n".encode()
    assert connector.asked == [
        ("a.test", server.port),
        ("original.test", server.port),
        ("nobody.test", 80),
    ]
    assert caught.value.host == "nobody.test"


@on_both_loops
async def test_the_original_way_asks_for_names_too() -> None:
    class Counting(Directory):
        async def _open_socket(
            self, host: str, port: int, traces: Observer | None = None
        ) -> socket.socket:
            return await super()._open_socket(host, port, traces)

    async with serving(answering) as server, Counting(resolver=Loopback()) as connector:
        await fetch(connector, f"http://a.test:{server.port}/")
        await fetch(connector, f"http://127.0.0.1:{server.port}/")
        with pytest.raises(ClientConnectorError, match="not in the directory"):
            await fetch(connector, "http://nobody.test/")

    assert [name for name, _ in connector.asked] == ["a.test", "nobody.test"]
