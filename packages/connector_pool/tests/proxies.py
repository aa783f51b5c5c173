"""Proxies on this machine, the origins behind them, and two event loops to try them on."""

import asyncio
import contextlib
import functools
import gc
import inspect
import socket
import ssl
import stat
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any, Final, cast

import pytest
import trustme
import uvloop
from yarl import URL

from martlet_connector_pool import AbstractResolver, ResolveResult, TCPConnector
from martlet_interfaces import NO_TIMEOUTS, Exchange, Observer, Timeouts

from .net import head
from .scripted import OK, Answer
from .servers import Handler, Server, serving

__all__ = [
    "CONSENT",
    "CREDENTIALS",
    "ORIGIN",
    "PROXY",
    "STRANGER",
    "Loopback",
    "answering",
    "connected",
    "fetch",
    "on_both_loops",
    "proxy_at",
    "saying",
    "served_by",
    "trusting",
    "tunnelling",
]

AUTHORITY: Final = trustme.CA()
ORIGIN: Final = AUTHORITY.issue_cert("origin.test")
PROXY: Final = AUTHORITY.issue_cert("proxy.test")
STRANGER: Final = trustme.CA().issue_cert("origin.test", "proxy.test")
LOOPS: Final = [asyncio.new_event_loop, uvloop.new_event_loop]
CONSENT: Final = b"HTTP/1.1 200 Connection established\r\n\r\n"
# RFC 7617: the base64 of user:pw
CREDENTIALS: Final = b"Proxy-Authorization: Basic dXNlcjpwdw=="


class Loopback(AbstractResolver):
    """Finds every name on this machine, but none that begins with "nobody"."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        if host.startswith("nobody"):
            raise OSError(f"No addresses for {host}")
        return [
            ResolveResult(
                hostname=host,
                host="127.0.0.1",
                port=port,
                family=socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=0,
            )
        ]

    async def close(self) -> None:
        raise AssertionError("it is the caller's")


def open_sockets() -> set[str]:
    found = set()
    for entry in Path("/dev/fd").iterdir():
        with contextlib.suppress(OSError):  # what was open to list them
            if stat.S_ISSOCK(entry.stat().st_mode):
                found.add(entry.name)
    return found


def is_of_a_server(complaint: dict[str, Any]) -> bool:
    # It lives in the same loop, which says so when a client leaves during the handshake, and
    # when the loop is closed before the server has heard of that.
    is_streams = isinstance(complaint.get("protocol"), asyncio.StreamReaderProtocol)
    return is_streams or "StreamReaderProtocol" in complaint["message"]


def on_both_loops(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Make a test of *test* on either loop: no socket stays open, and no loop complains."""

    @pytest.mark.parametrize("make_loop", LOOPS, ids=["asyncio", "uvloop"])
    @functools.wraps(test)
    def wrapper(make_loop: Callable[[], asyncio.AbstractEventLoop], **options: Any) -> None:
        complaints: list[dict[str, Any]] = []

        async def main() -> None:
            loop = asyncio.get_running_loop()
            loop.set_exception_handler(lambda _, context: complaints.append(context))
            await test(**options)
            # A server may still have to learn that its client has gone.
            while others := asyncio.all_tasks() - {asyncio.current_task()}:
                _, pending = await asyncio.wait(others, timeout=10)
                assert not pending

        sockets = open_sockets()  # some may be garbage of others, and go
        with asyncio.Runner(loop_factory=make_loop) as runner:
            runner.run(main())
        assert open_sockets() <= sockets
        gc.collect()
        assert [of for of in complaints if not is_of_a_server(of)] == []

    own = inspect.Parameter("make_loop", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    parameters = [own, *inspect.signature(test).parameters.values()]
    made: Any = wrapper
    made.__signature__ = inspect.Signature(parameters)  # for pytest
    return cast("Callable[..., None]", made)


def served_by(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    certificate.configure_cert(context)
    return context


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    AUTHORITY.configure_trust(context)
    return context


async def answering(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer each request with itself."""
    while request := await reader.readuntil(b"\r\n\r\n"):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(request) + request)


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
    writer.close()


def tunnelling(origin: Server, requests: list[bytes]) -> Handler:
    """Make a proxy whose every tunnel leads to *origin*; writes down what it is asked."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while request := await reader.readuntil(b"\r\n\r\n"):
            requests.append(request)
            if request.startswith(b"CONNECT "):
                break
            writer.write(OK)
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", origin.port)
        writer.write(CONSENT)
        await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))

    return handle


def saying(answer: bytes, how: str = "stall") -> Handler:
    """Make a proxy that says *answer* to CONNECT, and then nothing, or goes away."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        if how == "fin":
            writer.close()
        elif how == "abort":
            writer.transport.abort()
        await reader.read()

    return handle


@contextlib.asynccontextmanager
async def proxy_at(
    scheme: str, handler: Handler, certificate: trustme.LeafCert = PROXY
) -> AsyncIterator[str]:
    tls = served_by(certificate) if scheme == "https" else None
    async with serving(handler, tls=tls) as server:
        yield f"{scheme}://user:pw@proxy.test:{server.port}"


@contextlib.asynccontextmanager
async def connected(**options: Any) -> AsyncIterator[TCPConnector]:
    connector = TCPConnector(**{"ssl": trusting(), "resolver": Loopback(), **options})
    try:
        yield connector
        assert connector._leases is not None
        pool = connector._leases.pool
        # A request that failed has given its slot back already.
        assert pool.slots.used == len(pool.idle)
    finally:
        await connector.close()


async def fetch(
    connector: TCPConnector,
    url: str,
    proxy: str | URL | None = None,
    *,
    observer: Observer | None = None,
    timeouts: Timeouts = NO_TIMEOUTS,
    headers: dict[str, str] | None = None,
    **options: Any,
) -> tuple[bytes, Exchange]:
    answer = Answer()
    if proxy is not None:
        options["proxy"] = URL(proxy)
    request = head("GET", url, headers, **options)
    exchange = await connector.send(request, None, answer, timeouts=timeouts, observer=observer)
    return await answer.read(), exchange
