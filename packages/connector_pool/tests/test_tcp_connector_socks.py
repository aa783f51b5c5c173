"""A stranger's SOCKS5 connector (RFC 1928), by the two hooks that `TCPConnector` documents."""

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import AsyncIterator
from typing import Any

import pytest
import trustme

from martlet_connector_pool import ResolveResult, TCPConnector
from martlet_exceptions import ClientConnectorError, ConnectionTimeoutError
from martlet_interfaces import NO_TIMEOUTS, Timeouts

from .net import head
from .scripted import Answer
from .servers import Server, serving

AUTHORITY = trustme.CA()


class SocksConnector(TCPConnector):
    """Goes to every host by a SOCKS5 server on this machine, which finds its address."""

    def __init__(self, port: int, **options: Any) -> None:
        super().__init__(**options)
        self._port = port

    async def _open_socket(self, host: str, port: int, traces: object = None) -> socket.socket:
        loop = asyncio.get_running_loop()
        sock = socket.socket()
        sock.setblocking(False)
        try:
            await loop.sock_connect(sock, ("127.0.0.1", self._port))
            await loop.sock_sendall(sock, b"\x05\x01\x00")
            assert await loop.sock_recv(sock, 2) == b"\x05\x00"
            name = host.encode("idna")
            ask = b"\x05\x01\x00\x03" + bytes([len(name)]) + name + struct.pack("!H", port)
            await loop.sock_sendall(sock, ask)
            answer = await loop.sock_recv(sock, 10)
            if answer[1]:
                raise OSError(answer[1], "The SOCKS server cannot reach it")
        except BaseException:
            sock.close()
            raise
        return sock


class SocksServer:
    """Connects to *target*, whatever it is asked for."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.asked: list[tuple[str, int]] = []
        self.refusing = False
        self.silent = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(3)
        writer.write(b"\x05\x00")
        *_, length = await reader.readexactly(5)
        name = (await reader.readexactly(length)).decode()
        (port,) = struct.unpack("!H", await reader.readexactly(2))
        self.asked.append((name, port))
        if self.silent:
            await reader.read()
            return
        writer.write(b"\x05" + bytes([5 * self.refusing]) + b"\x00\x01\x7f\x00\x00\x01\x00\x00")
        if self.refusing:
            return
        there, back = await asyncio.open_connection("127.0.0.1", self.target)
        await asyncio.gather(_copy(reader, back), _copy(there, writer))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
    writer.close()


@contextlib.asynccontextmanager
async def socks(tls: ssl.SSLContext | None = None) -> AsyncIterator[tuple[SocksServer, Server]]:
    async with serving(tls=tls) as origin:
        server = SocksServer(origin.port)
        async with serving(server.serve) as listener:
            yield server, listener


async def get(
    connector: TCPConnector, url: str, timeouts: Timeouts = NO_TIMEOUTS
) -> tuple[bytes, object]:
    answer = Answer()
    exchange = await connector.send(head(url=url), None, answer, timeouts=timeouts)
    return await answer.read(), exchange.info("reused")


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_requests_go_by_socks_and_share_its_connections(scheme: str) -> None:
    server_context, client_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), None
    AUTHORITY.issue_cert("hidden.test").configure_cert(server_context)
    client_context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    AUTHORITY.configure_trust(client_context)
    tls = server_context if scheme == "https" else None
    async with socks(tls) as (server, listener):
        async with SocksConnector(listener.port, ssl=client_context) as connector:
            assert await get(connector, f"{scheme}://hidden.test/") == (b"ok", False)
            assert await get(connector, f"{scheme}://hidden.test/") == (b"ok", True)

    assert server.asked == [("hidden.test", 443 if tls else 80)]


async def test_a_socks_server_that_refuses() -> None:
    async with socks() as (server, listener), SocksConnector(listener.port) as connector:
        server.refusing = True
        with pytest.raises(
            ClientConnectorError, match="The SOCKS server cannot reach it"
        ) as caught:
            await get(connector, "http://hidden.test/")

        assert (caught.value.host, caught.value.errno) == ("hidden.test", 5)


async def test_a_socks_server_that_says_nothing_has_the_same_deadline() -> None:
    async with socks() as (server, listener), SocksConnector(listener.port) as connector:
        server.silent = True
        with pytest.raises(ConnectionTimeoutError):
            await get(connector, "http://hidden.test/", Timeouts(sock_connect=0.05))


class Renaming(TCPConnector):
    """Decides where names lead."""

    async def _resolve_host(self, host: str, port: int, traces: Any = None) -> list[ResolveResult]:
        if host != "here.test":
            return await super()._resolve_host(host, port, traces)
        return [
            ResolveResult(
                hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0
            )
        ]


async def test_names_lead_where_a_subclass_says() -> None:
    async with serving() as server, Renaming() as connector:
        assert await get(connector, f"http://here.test:{server.port}/") == (b"ok", False)
        localhost = await get(connector, f"http://localhost:{server.port}/")
        assert localhost[0] == b"ok"


async def test_the_hooks_can_be_called() -> None:
    async with serving() as server, Renaming() as connector:
        await get(connector, f"http://127.0.0.1:{server.port}/")
        for host in ("127.0.0.1", "here.test"):
            sock = await connector._open_socket(host, server.port)
            assert sock.getpeername() == ("127.0.0.1", server.port)
            sock.close()
