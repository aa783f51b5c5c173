"""Ways to one TLS server whose certificate may be bad, and what was said on them."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_connector_pool import AbstractResolver, ResolveResult, TCPConnector, UnixConnector
from martlet_interfaces import RequestHead, TransportOptions

from .certificates import origin_authority, proxy_authority, trusting
from .receiver import fetch

__all__ = ["PATHS", "Peers", "peers"]

NOTHING: CIMultiDictProxy[str] = CIMultiDictProxy(CIMultiDict())
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
How = ssl.SSLContext | bool | object


class Here(AbstractResolver):
    """Knows every name, as this machine's."""

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        import socket

        found = ResolveResult(
            hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0
        )
        return [found]

    async def close(self) -> None:
        pass


class Peers:
    """The server in each of its forms, and two proxies; `received` is what the server was told."""

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.port = 0
        self.proxy_port = 0
        self.tls_proxy_port = 0
        self.path = ""
        self.hang_up = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                self.received.append(head)
                if self.hang_up:
                    break
                writer.write(OK)
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            writer.close()

    async def relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Be a proxy: answer CONNECT, then carry bytes both ways, to the server alone."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"CONNECT ")
            to_reader, to_writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.write(b"HTTP/1.1 200 Established\r\n\r\n")
            await asyncio.gather(_copy(reader, to_writer), _copy(to_reader, writer))
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            writer.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextlib.asynccontextmanager
async def peers(context: ssl.SSLContext, folder: Path) -> AsyncIterator[Peers]:
    """Serve with *context* until the end of the block."""
    found = Peers()
    tasks: set[asyncio.Task[None]] = set()

    def tracked(handler: Handler) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], None]:
        def start(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            async def run() -> None:
                await handler(reader, writer)

            task = asyncio.get_running_loop().create_task(run())
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        return start

    proxy_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    proxy_authority().issue_cert("127.0.0.1").configure_cert(proxy_context)
    path = str(folder / "s")
    servers = [
        await asyncio.start_server(tracked(found.serve), "127.0.0.1", 0, ssl=context),
        await asyncio.start_server(tracked(found.relay), "127.0.0.1", 0),
        await asyncio.start_server(tracked(found.relay), "127.0.0.1", 0, ssl=proxy_context),
        await asyncio.start_unix_server(tracked(found.serve), path, ssl=context),
    ]
    ports = [server.sockets[0].getsockname()[1] for server in servers[:3]]
    found.port, found.proxy_port, found.tls_proxy_port = ports
    found.path = path
    asyncio.get_running_loop().set_exception_handler(_expected)
    try:
        yield found
    finally:
        for server in servers:
            server.close()
        while tasks:
            await asyncio.wait(tasks)


def _expected(loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    # The servers live in this loop, which says so when a client does not trust them.
    if not isinstance(context.get("protocol"), asyncio.StreamReaderProtocol) and not isinstance(
        context.get("exception"), ssl.SSLError
    ):
        loop.default_exception_handler(context)


def _tcp() -> TCPConnector:
    # What a proxy is verified by where the request has a pin.
    return TCPConnector(ssl=trusting(origin_authority, proxy_authority), resolver=Here())


async def direct(to: Peers, host: str, how: How) -> bytes:
    async with _tcp() as connector:
        url = URL(f"https://{host}:{to.port}/")
        return (await fetch(connector, url, options=TransportOptions(ssl=how))).body  # type: ignore[arg-type]  # a table's


async def by_proxy(to: Peers, host: str, how: How) -> bytes:
    proxy = URL(f"http://127.0.0.1:{to.proxy_port}")
    async with _tcp() as connector:
        options = TransportOptions(ssl=how, proxy=proxy)  # type: ignore[arg-type]  # a table's
        return (await fetch(connector, URL(f"https://{host}:{to.port}/"), options=options)).body


async def tls_in_tls(to: Peers, host: str, how: How) -> bytes:
    proxy = URL(f"https://127.0.0.1:{to.tls_proxy_port}")
    async with _tcp() as connector:
        options = TransportOptions(ssl=how, proxy=proxy)  # type: ignore[arg-type]  # a table's
        return (await fetch(connector, URL(f"https://{host}:{to.port}/"), options=options)).body


async def unix(to: Peers, host: str, how: How) -> bytes:
    async with UnixConnector(to.path) as connector:
        url = URL(f"https://{host}:{to.port}/")
        return (await fetch(connector, url, options=TransportOptions(ssl=how))).body  # type: ignore[arg-type]  # a table's


async def pooled(to: Peers, host: str, how: How) -> bytes:
    """Leave a connection that nobody verified behind, which is not for others."""
    async with _tcp() as connector:
        url = URL(f"https://{host}:{to.port}/")
        await fetch(connector, url, options=TransportOptions(ssl=False))
        to.received.clear()
        found = await fetch(connector, url, options=TransportOptions(ssl=how))  # type: ignore[arg-type]  # a table's
        assert found.reused is (how is False)
        return found.body


async def second_attempt(to: Peers, host: str, how: How) -> bytes:
    """Fail on a connection that was used before, so that another one is dialled."""
    async with _tcp() as connector:
        url = URL(f"https://{host}:{to.port}/")
        options = TransportOptions(ssl=how)  # type: ignore[arg-type]  # a table's
        verify = TransportOptions(ssl=False)
        first = await connector.connect(_Wanted(url, verify))
        assert first.protocol is not None
        # As if it had been verified when its certificate was still good.
        first.protocol.key = connector._key(RequestHead("GET", url, NOTHING, options=options))
        first._handed_out = False
        for _ in range(10):  # session tickets may be on their way
            await asyncio.sleep(0)
        first.release()
        to.hang_up = True

        def answer_again() -> None:
            to.hang_up = False

        before = len(to.received)
        sending = asyncio.ensure_future(fetch(connector, url, options=options))
        while len(to.received) == before and not sending.done():  # noqa: ASYNC110  # no event for it
            await asyncio.sleep(0)
        answer_again()
        to.received.clear()
        found = await sending
        assert found.reused is False
        return found.body


class _Wanted:
    """A request, as far as `connect` looks at it."""

    def __init__(self, url: URL, options: TransportOptions) -> None:
        self.url = url
        self.options = options


PATHS = {
    "by proxy": by_proxy,
    "TLS in TLS": tls_in_tls,
    "Unix": unix,
    "pooled": pooled,
    "second attempt": second_attempt,
}
