"""The servers around a request that is cancelled, and what has to hold after it.

Everything lives in the loop of the test: nothing depends on another process's pace.
"""

import asyncio
import contextlib
import socket
import ssl
import tempfile
from asyncio.sslproto import SSLProtocol
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from yarl import URL

from martlet_connector_pool import (
    AbstractResolver,
    BaseConnector,
    ResolveResult,
    TCPConnector,
    UnixConnector,
)
from martlet_interfaces import (
    ConnectionQueuedStart,
    Event,
    Exchange,
    Observer,
    Receiver,
    RequestBody,
    RequestHead,
    Timeouts,
    TransportOptions,
)
from open_sockets import socket_names

from .certificates import origin_authority, proxy_authority, trusting
from .receiver import fetch

__all__ = ["Patient", "Peers", "Route", "World", "serve_peers"]

OK: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CONSENT: Final = b"HTTP/1.1 200 Connection established\r\n\r\n"
REFUSAL: Final = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
NAMES: Final = ("one.test", "other.test", "idle.test")
# Cleaning up takes iterations of the loop, but never time. The servers have more to do.
_FEW: Final = 10
_MANY: Final = 500
_HERE: Final = "127.0.0.1"
# The proxies dial from here, so that their sockets are not taken for the connector's.
_BEHIND_THE_PROXY: Final = "127.0.0.2"


class Route(NamedTuple):
    """The way to a server: of the target's two schemes, by one of two proxies or a Unix socket."""

    scheme: str = "http"
    proxy: str | None = None
    unix: bool = False


class Peers:
    """The origin, plain and with TLS, by TCP and by a Unix socket; the proxies, likewise.

    ``/gated`` is answered when the *gate* opens, ``/once`` only once on a connection.
    """

    def __init__(self, folder: Path) -> None:
        self.renew()
        self.ports: dict[str, int] = {}
        self.paths = {scheme: str(folder / scheme) for scheme in ("http", "https")}
        self.complaints: list[dict[str, Any]] = []
        self._servers: list[asyncio.Server] = []
        self.tasks: set[asyncio.Task[None]] = set()
        self._all_sockets = 0
        self._strange_sockets = 0
        self._timers = 0

    async def start(self) -> None:
        """Listen; what is open afterwards is what has to be open after each request."""
        for name, authority in (("origin", origin_authority), ("proxy", proxy_authority)):
            secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            authority().issue_cert(_HERE, *NAMES).configure_cert(secure)
            for scheme, context in (("http", None), ("https", secure)):
                server = await asyncio.start_server(self._accept, _HERE, 0, ssl=context)
                self.ports[f"{name} {scheme}"] = server.sockets[0].getsockname()[1]
                self._servers.append(server)
                if name == "origin":
                    path = self.paths[scheme]
                    server = await asyncio.start_unix_server(self._accept, path, ssl=context)
                    self._servers.append(server)
        self._all_sockets, self._strange_sockets = self._sockets()
        self._timers = _timers()

    def calm(self) -> None:
        """Answer everything from now on."""
        self.gate.set()
        self.refusing = False

    def renew(self) -> None:
        """Be as in the beginning."""
        self.gate = asyncio.Event()
        self.gate_reached = asyncio.Event()
        self.refusing = False

    def sockets_of_others(self) -> int:
        """Count the sockets that are not these servers', beyond those there have always been."""
        return self._sockets()[1] - self._strange_sockets

    async def at_rest(self) -> None:
        """Let the servers notice that everybody has gone; then nothing may be left at all."""
        await until(lambda: not self.tasks and self._sockets()[0] == self._all_sockets, _MANY)
        assert _timers() == self._timers, "timers"

    async def stop(self) -> None:
        for server in self._servers:
            server.close()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    def note(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Handle what the loop complains of: clients that leave are the servers' own affair."""
        # Both of them are asyncio's streams, which the connectors do not use.
        if not isinstance(context.get("protocol"), SSLProtocol | asyncio.StreamReaderProtocol):
            self.complaints.append(context)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answered = 0
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                method, target = head.split()[:2]
                if method == b"CONNECT":
                    await self._tunnel(target, reader, writer)
                    return
                if target.endswith(b"/gated"):
                    self.gate_reached.set()
                    await self.gate.wait()
                if target.endswith(b"/once") and answered:
                    return
                writer.write(OK)
                answered += 1
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client has gone, as it may
        finally:
            await _drop(writer)

    async def _tunnel(
        self, target: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if self.refusing:
            writer.write(REFUSAL)
            await reader.read()
            return
        port = int(target.rpartition(b":")[2])
        far_reader, far_writer = await asyncio.open_connection(
            _HERE, port, local_addr=(_BEHIND_THE_PROXY, 0)
        )
        writer.write(CONSENT)
        try:
            await asyncio.gather(_copy(reader, far_writer), _copy(far_reader, writer))
        finally:
            await _drop(far_writer)

    def _sockets(self) -> tuple[int, int]:
        """Count the sockets of this process: all of them, and those that are not the servers'."""
        ours = {(_HERE, port) for port in self.ports.values()}
        names = socket_names()
        others = 0
        for name in names:
            if isinstance(name, tuple):
                others += name[:2] not in ours and name[0] != _BEHIND_THE_PROXY
            else:
                others += name not in self.paths.values()
        return len(names), others


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
    except OSError:
        pass
    finally:
        writer.transport.abort()


async def _drop(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()
    with contextlib.suppress(OSError):  # it is asked for, or else asyncio complains of it
        await writer.wait_closed()


@contextlib.asynccontextmanager
async def serve_peers() -> AsyncIterator[Peers]:
    """Serve until the end of the block, in which the loop may complain of nothing."""
    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler()
    # Not pytest's folder: its name may be too long for a socket.
    with tempfile.TemporaryDirectory() as folder:
        peers = Peers(Path(folder))
        loop.set_exception_handler(peers.note)
        try:
            await peers.start()
            yield peers
        finally:
            await peers.stop()
            loop.set_exception_handler(before)


class SlowResolver(AbstractResolver):
    """Takes a few iterations of the loop to find each of *addresses*."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        for _ in range(5):
            await asyncio.sleep(0)
        return [
            ResolveResult(
                hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0
            )
            for address in self._addresses
        ]

    async def close(self) -> None:
        raise AssertionError("it is the caller's")


class Patient:
    """An observer that takes its time; longer than *others* take, when it hears of a queue."""

    def __init__(self, others: Collection["asyncio.Task[None]"] = ()) -> None:
        self._others = others

    async def observe(self, event: Event, /) -> None:
        if self._others and isinstance(event, ConnectionQueuedStart):
            await asyncio.wait(self._others)
        await asyncio.sleep(0)


class Watched:
    """A connector with an observer, and with a limit on each phase."""

    def __init__(self, connector: BaseConnector, observer: Observer) -> None:
        self.schemes = connector.schemes
        self.close = connector.close
        self._connector = connector
        self._observer = observer

    async def send(
        self,
        request: RequestHead,
        body: bytes | RequestBody | None,
        receiver: Receiver,
        *,
        timeouts: Timeouts,  # these are stricter
        observer: object = None,  # there is none
    ) -> Exchange:
        limits = Timeouts(connect=20, sock_connect=20, sock_read=20, head=20)
        return await self._connector.send(
            request, body, receiver, timeouts=limits, observer=self._observer
        )


class World:
    """What one request has around it: its peers, a connector of its own, and others beside it."""

    def __init__(
        self, peers: Peers, route: Route, addresses: Sequence[str] = (_HERE,), **options: Any
    ) -> None:
        self.peers = peers
        self.route = route
        self._new: Callable[[], BaseConnector]
        if route.unix:
            self._new = lambda: UnixConnector(peers.paths[route.scheme], **options)
        else:
            self._new = lambda: TCPConnector(resolver=SlowResolver(addresses), **options)
        self.connector: BaseConnector = self._new()
        self.others: list[asyncio.Task[None]] = []
        self._tasks_before = asyncio.all_tasks()

    def url(self, path: str = "/", host: str = _HERE) -> URL:
        """The address of *path*, by the name of *host*."""
        port = self.peers.ports[f"origin {self.route.scheme}"]
        return URL.build(scheme=self.route.scheme, host=host, port=port, path=path)

    @property
    def options(self) -> TransportOptions:
        trust = trusting(origin_authority, proxy_authority)
        if self.route.proxy is None:
            return TransportOptions(ssl=trust)
        port = self.peers.ports[f"proxy {self.route.proxy}"]
        proxy = URL.build(scheme=self.route.proxy, host=_HERE, port=port)
        return TransportOptions(ssl=trust, proxy=proxy)

    async def fetch(
        self, path: str = "/", host: str = _HERE, *, observer: Observer | None = None
    ) -> None:
        """Make a request, and have its answer; within limits, too, if there is an *observer*."""
        connector = self.connector if observer is None else Watched(self.connector, observer)
        got = await fetch(connector, self.url(path, host), options=self.options)
        assert (got.status, got.body) == (200, b"ok")

    def beside(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Let something else go on at the same time; it has to succeed."""
        self.others.append(asyncio.get_running_loop().create_task(coroutine))

    async def check(self) -> None:
        """Hold the invariants: nothing stays behind, and the next request works."""
        # At once, before the answer comes that nobody waits for any more.
        assert in_use(self.connector) <= sum(not other.done() for other in self.others)
        self.peers.calm()
        for other in self.others:
            await other
        await until(lambda: left(self.connector) == [])
        if self.connector.closed:
            await self.connector.close()
            self.connector = self._new()
        await self.fetch()
        assert left(self.connector) == [], "after the next request"
        connector = self.connector
        await connector.close()
        await until(lambda: not self._new_tasks())
        await until(lambda: self.peers.sockets_of_others() == 0)
        assert left(connector) == [], "after close"
        await self.peers.at_rest()
        assert self.peers.complaints == [], self.peers.complaints

    async def drop(self) -> None:
        """End everything, after whatever has happened."""
        for other in self.others:
            other.cancel()
        await asyncio.gather(*self.others, return_exceptions=True)
        await self.connector.close()

    def _new_tasks(self) -> set[asyncio.Task[Any]]:
        return asyncio.all_tasks() - self._tasks_before - self.peers.tasks


def left(connector: BaseConnector) -> list[str]:
    """Name what *connector* holds on to, beyond connections that are idle in its pool."""
    leases = connector._leases
    if leases is None:
        return []
    pool = leases.pool
    idle = {*pool.idle.all()}
    names = connector._names if isinstance(connector, TCPConnector) else None
    held = {
        "a slot": pool.slots.used != len(idle),
        "a lease": pool._members != idle,
        "a place in the queue": len(pool.waiters) != 0,
        "a dial": bool(leases._dials),
        "a connection": not leases.connections <= idle,
        "a deadline": not connector._deadlines.idle,
        "a lookup": names is not None and bool(names._lookups),
    }
    return [name for name, is_held in held.items() if is_held]


def in_use(connector: BaseConnector) -> int:
    """Count the slots and the places in the queue that somebody must be in need of."""
    if connector._leases is None:
        return 0
    pool = connector._leases.pool
    return pool.slots.used - len(pool.idle.all()) + len(pool.waiters)


async def until(condition: Callable[[], bool], within: int = _FEW) -> None:
    """Grant a few iterations of the loop until *condition* holds."""
    for _ in range(within):
        if condition():
            return
        await asyncio.sleep(0)
    assert condition()


def _timers() -> int:
    """Count the timers that are running; uvloop does not tell."""
    scheduled = getattr(asyncio.get_running_loop(), "_scheduled", ())
    return sum(not handle.cancelled() for handle in scheduled)
