"""Connectors that replace `_wrap_create_connection`, as those written for aiohttp do."""

import asyncio
import gc
import socket
from typing import Any

import pytest
from yarl import URL

from martlet_connector_pool import AddrInfoType, TCPConnector
from martlet_connector_pool._wrapped_opener import DialRequest, Placeholder
from martlet_exceptions import (
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientProxyConnectionError,
    ConnectionTimeoutError,
    ServerDisconnectedError,
)
from martlet_interfaces import ConnectionKey, Timeouts

from .proxies import (
    CREDENTIALS,
    ORIGIN,
    STRANGER,
    Loopback,
    answering,
    fetch,
    on_both_loops,
    served_by,
    trusting,
    tunnelling,
)
from .servers import serving


class Companion(asyncio.Protocol):
    """Keeps a `StreamWriter`, which closes its transport when nobody has it any more."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self.writer = writer


class Detour(TCPConnector):
    """Goes to *port* of this machine, by asyncio's streams, whatever it is asked for."""

    def __init__(self, port: int, **options: Any) -> None:
        super().__init__(resolver=Loopback(), **options)
        self.port = port
        self.asked: list[tuple[AddrInfoType, DialRequest, dict[str, Any]]] = []

    async def _wrap_create_connection(
        self, *args: Any, addr_infos: Any, req: Any, timeout: Any, **kwargs: Any
    ) -> tuple[asyncio.BaseTransport, asyncio.BaseProtocol]:
        assert timeout.total is timeout.connect is timeout.sock_read is timeout.sock_connect is None
        self.asked.append((addr_infos[0], req, kwargs))
        _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        companion = Companion(writer)
        writer.transport.set_protocol(companion)
        return writer.transport, companion


@pytest.mark.parametrize("scheme", ["http", "https"])
@on_both_loops
async def test_streams_are_those_of_the_subclass(scheme: str) -> None:
    tls = served_by(ORIGIN) if scheme == "https" else None
    async with serving(answering, tls=tls) as server:
        async with Detour(server.port, ssl=trusting()) as connector:
            body, first = await fetch(connector, f"{scheme}://origin.test./")
            gc.collect()  # nobody but the connection has the companion
            _, second = await fetch(connector, f"{scheme}://origin.test./")

    assert body.startswith(b"GET / HTTP/1.1\r\nHost: origin.test")
    assert [first.info("reused"), second.info("reused")] == [False, True]
    ((address, request, kwargs),) = connector.asked
    port = 443 if tls else 80
    assert address == (
        socket.AF_INET,
        socket.SOCK_STREAM,
        socket.IPPROTO_TCP,
        "",
        ("127.0.0.1", port),
    )
    assert (request.host, request.port, request.is_ssl()) == ("origin.test.", port, bool(tls))
    assert request.url == URL(f"{scheme}://origin.test./")
    assert request.connection_key.host == "origin.test."
    assert kwargs == {
        "client_error": ClientConnectorError,
        "ssl": None,
        "server_hostname": None,
    }


@on_both_loops
async def test_certificates_are_checked_there_too() -> None:
    async with serving(answering, tls=served_by(STRANGER)) as server:
        async with Detour(server.port, ssl=trusting()) as connector:
            with pytest.raises(ClientConnectorCertificateError):
                await fetch(connector, "https://origin.test/")


@on_both_loops
async def test_addresses_need_no_resolver() -> None:
    async with serving(answering) as server, Detour(server.port) as connector:
        await fetch(connector, "http://[2001:db8::7]:81/")
        with pytest.raises(ClientConnectorDNSError):
            await fetch(connector, "http://nobody.test/")

    assert [address[4] for address, _, _ in connector.asked] == [("2001:db8::7", 81, 0, 0)]


@pytest.mark.parametrize("scheme", ["http", "https"])
@on_both_loops
async def test_http_proxies_stand_behind_it(scheme: str) -> None:
    requests: list[bytes] = []
    proxy = URL("http://user:pw@proxy.test:3128")
    async with serving(answering, tls=served_by(ORIGIN)) as origin:
        async with serving(tunnelling(origin, requests)) as server:
            async with Detour(server.port, ssl=trusting()) as connector:
                await fetch(connector, f"{scheme}://origin.test/", proxy=proxy)

    assert CREDENTIALS in requests[0]
    assert [request.url for _, request, _ in connector.asked] == [URL("http://proxy.test:3128")]


class Failing(Detour):
    """Raises what it is made with."""

    error: BaseException

    async def _wrap_create_connection(self, *_args: Any, **_kwargs: Any) -> Any:
        raise self.error


OWN = ClientConnectorError(ConnectionKey("socks.test", 1080, False), OSError("mine"))


@on_both_loops
async def test_what_it_raises() -> None:
    async with Failing(1) as connector:
        for error in (OWN, LookupError("of a library")):
            connector.error = error
            with pytest.raises(type(error)) as caught:
                await fetch(connector, "http://origin.test/")
            assert caught.value is error
        connector.error = OSError(5, "no way")
        with pytest.raises(ClientConnectorError, match="no way") as direct:
            await fetch(connector, "http://origin.test/")
        with pytest.raises(ClientProxyConnectionError, match="no way") as by_proxy:
            await fetch(connector, "http://origin.test/", proxy=URL("http://proxy.test:81"))
        assert connector._leases is not None
        assert not connector._leases.connections

    assert (direct.value.host, direct.value.errno) == ("origin.test", 5)
    assert by_proxy.value.host == "proxy.test"


@on_both_loops
async def test_the_deadline_is_kept_for_it() -> None:
    class Slow(Detour):
        async def _wrap_create_connection(self, *_args: Any, **_kwargs: Any) -> Any:
            await asyncio.get_running_loop().create_future()

    async with Slow(1) as connector:
        with pytest.raises(ConnectionTimeoutError):
            await fetch(connector, "http://origin.test/", timeouts=Timeouts(sock_connect=0.01))


@on_both_loops
async def test_a_stream_that_is_closed_when_it_comes() -> None:
    class Closing(Detour):
        async def _wrap_create_connection(self, *args: Any, **kwargs: Any) -> Any:
            transport, companion = await super()._wrap_create_connection(*args, **kwargs)
            transport.close()
            return transport, companion

    async with serving(answering) as server, Closing(server.port) as connector:
        with pytest.raises(ClientConnectorError, match="closed before it was used"):
            await fetch(connector, "http://origin.test/")


class Looking(TCPConnector):
    """Looks at the addresses, and does as the original does."""

    def __init__(self, **options: Any) -> None:
        super().__init__(resolver=Loopback(), **options)
        self.seen: list[AddrInfoType] = []
        self.companions: list[asyncio.BaseProtocol] = []

    async def _wrap_create_connection(
        self, *args: Any, addr_infos: list[AddrInfoType], **kwargs: Any
    ) -> tuple[asyncio.BaseTransport, asyncio.BaseProtocol]:
        self.seen += addr_infos
        made = await super()._wrap_create_connection(*args, addr_infos=addr_infos, **kwargs)
        self.companions.append(made[1])
        return made


@pytest.mark.parametrize("scheme", ["http", "https"])
@on_both_loops
async def test_the_original_connects_to_the_addresses(scheme: str) -> None:
    tls = served_by(ORIGIN) if scheme == "https" else None
    async with serving(answering, tls=tls) as server, Looking(ssl=trusting()) as connector:
        await fetch(connector, f"{scheme}://origin.test:{server.port}/")

    assert [address[4] for address in connector.seen] == [("127.0.0.1", server.port)]
    assert [type(companion) for companion in connector.companions] == [Placeholder]


@on_both_loops
async def test_the_original_says_where_nobody_answers() -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        port = unheard.getsockname()[1]
        async with Looking() as connector:
            with pytest.raises(ClientConnectorError) as caught:
                await fetch(connector, f"http://origin.test:{port}/")

    assert (caught.value.host, caught.value.port) == ("origin.test", port)


@on_both_loops
async def test_a_server_that_speaks_first_is_left() -> None:
    told = asyncio.Event()

    async def eager(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            await reader.read()
        finally:
            told.set()

    class Dawdling(Looking):
        async def _wrap_create_connection(self, *args: Any, **kwargs: Any) -> Any:
            made = await super()._wrap_create_connection(*args, **kwargs)
            await told.wait()
            return made

    async with serving(eager) as server, Dawdling() as connector:
        with pytest.raises((ClientConnectorError, ServerDisconnectedError)):
            await fetch(connector, f"http://origin.test:{server.port}/")


@on_both_loops
async def test_one_of_an_instance_counts_as_well() -> None:
    async with serving(answering) as server:
        detour = Detour(server.port)
        async with TCPConnector(resolver=Loopback()) as connector:
            # As tests of libraries patch it.
            connector._wrap_create_connection = detour._wrap_create_connection  # type: ignore[method-assign]  # so they do
            await fetch(connector, "http://origin.test/")

    assert len(detour.asked) == 1
