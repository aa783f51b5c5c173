"""Tells stories over sockets: origins that each have an address of their own, and proxies.

Where a request has gone to is told by the socket that it came in at, not by what it says.
"""

import asyncio
import re
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Final, TypeAlias

import h11
import trustme
from yarl import URL

import martlet
from daemons import free_ports
from martlet.abc import ResolveResult

from .canary_proxies import PROXIES
from .canary_script import Script, perform
from .canary_world import Sent, Story, seen_in
from .redirect_chains import HOSTS, LITERALS, Place, Territory

__all__ = ["Stage", "staged"]

_ADDRESSES: Final = {
    host: host if host in LITERALS else f"127.0.10.{number}"
    for number, host in enumerate(HOSTS, 1)
    if not host.endswith(".")
}
_HOSTS: Final = {address: host for host, address in _ADDRESSES.items()}
_PROXY_ADDRESSES: Final = {"proxy-one.test": "127.0.11.1", "proxy-two.test": "127.0.11.2"}
_FOR_PROXIES: Final = re.compile(r"zq(proxy(login|password|field|auth(login|password))|env)")

_Ends: TypeAlias = tuple[tuple[str, int], tuple[str, int]]


class _Names(martlet.AbstractResolver):
    """Knows the hosts, and which ports stand for those that not everybody may listen at."""

    def __init__(self, ports: dict[int, int]) -> None:
        self._ports = ports

    def address(self, host: str, port: int) -> tuple[str, int]:
        """Give where *port* of *host* is."""
        host = host.lower().removesuffix(".")
        return _PROXY_ADDRESSES.get(host) or _ADDRESSES[host], self._ports.get(port, port)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Find it."""
        address, port = self.address(host, port)
        found = ResolveResult(
            hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0
        )
        return [found]

    async def close(self) -> None:
        """Hold nothing."""


class _Wire:
    """The server's end of a connection: whole requests, and the bytes that they came as."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self._http = h11.Connection(h11.SERVER)

    async def request(self) -> tuple[h11.Request, bytes, bytes] | None:
        """Read a request; give it, its body, and all of its bytes."""
        raw, body, request = b"", b"", None
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                if self._http.they_are_waiting_for_100_continue:
                    self._send(h11.InformationalResponse(status_code=100, headers=[]))
                data = await self.reader.read(65536)
                raw += data
                self._http.receive_data(data)
            elif isinstance(event, h11.Request):
                request = event
            elif isinstance(event, h11.Data):
                body += bytes(event.data)
            else:  # the end of the request, or of the connection
                return None if request is None else (request, body, raw)

    def answer(self, status: int, fields: list[tuple[str, str]]) -> None:
        """Answer it, without a body."""
        section = [(name.encode(), value.encode()) for name, value in fields]
        section.append((b"Content-Length", b"0"))
        self._send(h11.Response(status_code=status, headers=section))
        self._send(h11.EndOfMessage())
        self._http.start_next_cycle()

    def agree(self) -> None:
        """Agree to open a tunnel."""
        self._send(h11.Response(status_code=200, headers=[]))

    def _send(self, event: h11.Event) -> None:
        self.writer.write(self._http.send(event) or b"")


class Stage:
    """All servers, and a connector that finds them."""

    territory: Territory
    connector: martlet.TCPConnector

    def __init__(self, names: _Names, ports: dict[int, int]) -> None:
        self.names = names
        self.faults: list[BaseException] = []
        self._logical = {real: logical for logical, real in ports.items()}
        self._script: Script | None = None
        # By both ends of the connection of a proxy: who it is, and what it was told. One port may
        # serve several connections at once, as long as they go elsewhere.
        self._tunnels: dict[_Ends, tuple[str, bytes]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def accept(
        self,
        serve: Callable[[_Wire], Coroutine[None, None, None]],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        """Have *serve* speak on a connection, until `close` if need be."""
        self._tasks.add(asyncio.create_task(self._served(serve, _Wire(reader, writer))))

    async def _served(
        self, serve: Callable[[_Wire], Coroutine[None, None, None]], wire: _Wire
    ) -> None:
        try:
            await serve(wire)
        except Exception as exc:  # noqa: BLE001  # the test shows it
            self.faults.append(exc)
        finally:
            wire.writer.transport.abort()

    async def close(self) -> None:
        """Close all connections."""
        await self.connector.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def told(self, story: Story) -> tuple[list[Sent], object]:
        """Tell *story*; give what was sent, and what came of it."""
        self._script = script = Script(story)
        return script.sent, await perform(story, script, self.connector)

    async def origin(self, scheme: str, wire: _Wire) -> None:
        """Be an origin, on one connection."""
        address, port = wire.writer.get_extra_info("sockname")[:2]
        place = Place(scheme, _HOSTS[address], self._logical.get(port, port))
        proxy, told = self._tunnels.get(_ends(wire.writer, "peername", "sockname"), (None, b""))
        while (got := await wire.request()) is not None:
            self._take(wire, got, place, got[0].target.decode(), proxy, told)

    async def proxy(self, name: str, wire: _Wire) -> None:
        """Be a proxy, on one connection."""
        while (got := await wire.request()) is not None:
            request, _, raw = got
            if request.method == b"CONNECT":
                await self._tunnel(name, wire, request.target.decode(), raw)
                return
            url = URL(request.target.decode(), encoded=True)
            place = Place(url.scheme, (url.raw_host or "").lower(), url.port or 0)
            told = b" ".join(value for _, value in request.headers if _is_for_proxies(value))
            self._take(wire, got, place, url.raw_path_qs, PROXIES[name], told)

    async def _tunnel(self, name: str, wire: _Wire, target: str, raw: bytes) -> None:
        host, _, port = target.rpartition(":")
        address = self.names.address(host.strip("[]"), int(port))
        reader, writer = await asyncio.open_connection(*address)
        ends = _ends(writer, "sockname", "peername")
        self._tunnels[ends] = PROXIES[name], raw
        wire.agree()
        try:
            await asyncio.gather(_pump(wire.reader, writer), _pump(reader, wire.writer))
        finally:
            writer.transport.abort()
            del self._tunnels[ends]

    def _take(
        self,
        wire: _Wire,
        got: tuple[h11.Request, bytes, bytes],
        place: Place,
        target: str,
        proxy: str | None,
        told: bytes,
    ) -> None:
        assert self._script is not None
        request, body, raw = got
        fields = [(name.decode(), value.decode("latin-1")) for name, value in request.headers]
        method = request.method.decode()
        sent = Sent(place, raw, method, target, fields, body, proxy, told)
        wire.answer(*self._script.answer(sent))


def _ends(writer: asyncio.StreamWriter, first: str, second: str) -> _Ends:
    return writer.get_extra_info(first)[:2], writer.get_extra_info(second)[:2]


def _is_for_proxies(value: bytes) -> bool:
    return _FOR_PROXIES.search(" ".join(seen_in(value))) is not None


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
    writer.close()


def _contexts() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*(host for host in HOSTS if not host.endswith("."))).configure_cert(server)
    client = ssl.create_default_context()
    authority.configure_trust(client)
    return server, client


@asynccontextmanager
async def staged() -> AsyncIterator[Stage]:
    """Have all servers run until the end of the block."""
    server_context, client_context = _contexts()
    free = free_ports(8)
    plain, secure = free[:3], free[3:6]
    ports = {80: plain[0], 443: secure[0], 3128: free[6], 3129: free[7]}
    names = _Names(ports)
    stage = Stage(names, ports)
    stage.territory = Territory(
        {"http": (80, *plain[1:]), "https": (443, *secure[1:])},
        {"http": tuple(plain[1:]), "https": tuple(secure[1:])},
    )
    async with AsyncExitStack() as stack:
        for scheme, own, context in (("http", plain, None), ("https", secure, server_context)):
            for port in own:
                server = await asyncio.start_server(
                    partial(stage.accept, partial(stage.origin, scheme)),
                    list(_HOSTS),
                    port,
                    ssl=context,
                )
                await stack.enter_async_context(server)
        for name, address in zip(("first", "second"), _PROXY_ADDRESSES.values(), strict=True):
            port = ports[int(PROXIES[name].rpartition(":")[2])]
            server = await asyncio.start_server(
                partial(stage.accept, partial(stage.proxy, name)), address, port
            )
            await stack.enter_async_context(server)
        stage.connector = martlet.TCPConnector(resolver=names, ssl=client_context)
        try:
            yield stage
        finally:
            await stage.close()
