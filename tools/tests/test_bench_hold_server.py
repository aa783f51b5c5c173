"""The server of the idle connections: it holds its answers and counts, with TLS and without."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import trustme

from bench._hold_server import Hold, listen
from bench._idle_memory import open_connections
from bench._processes import Cores
from bench._servers import _hold_server


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture(params=[False, True], ids=["plain", "tls"])
def tls(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


class Peer:
    """One connection to the server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer

    async def get(self, path: str) -> bytes:
        self.writer.write(f"GET {path} HTTP/1.1\r\nHost: test\r\n\r\n".encode())
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        return await self._reader.readexactly(length)

    async def close(self) -> None:
        self.writer.close()
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            await self.writer.wait_closed()


async def until(true: Callable[[], bool]) -> None:
    """Let the loop run; the server and its peers are on it, so nothing else has to happen."""
    for _ in range(100_000):
        if true():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came to be")


@contextlib.asynccontextmanager
async def peers(port: int, count: int, context: ssl.SSLContext | None) -> AsyncIterator[list[Peer]]:
    opened = [
        Peer(*await asyncio.open_connection("127.0.0.1", port, ssl=context)) for _ in range(count)
    ]
    try:
        yield opened
    finally:
        for peer in opened:
            await peer.close()


async def test_holds_and_counts(authority: trustme.CA, trusting: ssl.SSLContext, tls: bool) -> None:
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(own)
    plain, server = await listen(), await listen(own if tls else None)
    port, counter = (one.sockets[0].getsockname()[1] for one in (server, plain))
    async with plain, server:
        async with peers(port, 3, trusting if tls else None) as opened:
            first, second, third = opened
            assert await first.get("/now") == b"Hello, World!"
            held = [asyncio.create_task(peer.get("/hold/3")) for peer in (first, second)]
            await until(lambda: len(Hold.waiting) == 2)
            assert not any(task.done() for task in held)
            assert await third.get("/hold/3") == b"Hello, World!"
            assert await asyncio.gather(*held) == [b"Hello, World!"] * 2
            assert not Hold.waiting
            assert await asyncio.to_thread(open_connections, counter) == 3
        await until(lambda: not Hold.opened)
        assert await asyncio.to_thread(open_connections, counter) == 0


async def test_process(
    authority: trustme.CA, trusting: ssl.SSLContext, tls: bool, tmp_path: Path
) -> None:
    issued = authority.issue_cert("127.0.0.1")
    issued.private_key_pem.write_to_path(str(tmp_path / "server.key"))
    issued.cert_chain_pems[0].write_to_path(str(tmp_path / "server.pem"))
    with _hold_server(Cores(None, None), tmp_path if tls else None) as ports:
        assert len(ports) == (2 if tls else 1)
        async with peers(ports[-1], 2, trusting if tls else None) as (first, second):
            answers = await asyncio.gather(first.get("/hold/2"), second.get("/hold/2"))
            assert set(answers) == {b"Hello, World!"}
            assert open_connections(ports[0]) == 2
