"""What only a kernel can do: drop packets without a word, run out of files, reset, half-close."""

import asyncio
import contextlib
import errno
import os
import resource
import socket
import struct
from collections.abc import AsyncIterator, Iterator

import pytest
from yarl import URL

from martlet_connector_pool import TCPConnector
from martlet_exceptions import (
    ClientConnectorError,
    ClientOSError,
    ClientPayloadError,
    ConnectionTimeoutError,
    ServerDisconnectedError,
)
from martlet_interfaces import Timeouts

from .receiver import fetch

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Server:
    """Answers until it is told to do something else to the next request."""

    def __init__(self) -> None:
        self.port = 0
        self.connections = 0
        self.closed = 0
        self.next: str | None = None

    @property
    def url(self) -> URL:
        return URL(f"http://127.0.0.1:{self.port}/")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                how, self.next = self.next, None
                if how is None:
                    writer.write(OK)
                    continue
                if "body" in how:
                    writer.write(OK[:-1])
                if "half-close" in how:
                    writer.write_eof()
                    await reader.read()
                else:
                    sock = writer.get_extra_info("socket")
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    await asyncio.sleep(0)
                    writer.transport.abort()
                return
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            self.closed += 1
            writer.close()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    found = Server()
    listener = await asyncio.start_server(found.serve, "127.0.0.1", 0)
    found.port = listener.sockets[0].getsockname()[1]
    yield found
    listener.close()
    while found.closed < found.connections:  # noqa: ASYNC110  # there is no event for it
        await asyncio.sleep(0)


@contextlib.contextmanager
def black_hole() -> Iterator[int]:
    """Give a port whose queue is full: the kernel drops what comes, without a word."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(3):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


@pytest.mark.parametrize("limits", [Timeouts(connect=0.05), Timeouts(sock_connect=0.05)])
async def test_a_black_hole(limits: Timeouts, server: Server) -> None:
    with black_hole() as port:
        async with TCPConnector() as connector:
            with pytest.raises(ConnectionTimeoutError) as caught:
                await fetch(connector, URL(f"http://127.0.0.1:{port}/"), timeouts=limits)
            assert (await fetch(connector, server.url)).body == b"ok"
    assert caught.value.limit == 0.05


@contextlib.contextmanager
def no_more_files(spare: int) -> Iterator[None]:
    """Let this process open *spare* more files, and no more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest = os.dup(0)  # the lowest number that is free
    os.close(lowest)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest + spare, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_idle_connections_make_room_when_no_more_files_can_be_opened(server: Server) -> None:
    # Nobody accepts here but the kernel, while there are no files to accept with.
    with socket.create_server(("127.0.0.1", 0)) as other:
        async with TCPConnector() as connector:
            await fetch(connector, server.url)
            assert len(connector._conns) == 1
            url = URL(f"http://127.0.0.1:{other.getsockname()[1]}/")
            with no_more_files(0):
                sending = asyncio.ensure_future(fetch(connector, url))
                while "1 active" not in repr(connector):  # there is no event for it
                    assert not sending.done()
                    await asyncio.sleep(0)
                assert len(connector._conns) == 0
            accepted, _ = other.accept()
            with accepted:
                accepted.sendall(OK)
                assert (await sending).body == b"ok"


async def test_without_idle_connections_it_is_an_error_at_once(server: Server) -> None:
    async with TCPConnector() as connector:
        with no_more_files(0):
            with pytest.raises(ClientConnectorError) as caught:
                await fetch(connector, server.url)
        assert caught.value.errno == errno.EMFILE
        assert (await fetch(connector, server.url)).body == b"ok"


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("reset", (ClientOSError, ServerDisconnectedError)),
        ("half-close", ServerDisconnectedError),
        ("reset in the body", ClientPayloadError),
        ("half-close in the body", ClientPayloadError),
    ],
)
async def test_a_connection_that_ends_early(
    how: str, expected: type[Exception] | tuple[type[Exception], ...], server: Server
) -> None:
    async with TCPConnector() as connector:
        server.next = how
        with pytest.raises(expected):
            await fetch(connector, server.url)
        assert (await fetch(connector, server.url)).body == b"ok"
        assert server.connections == 2


@pytest.mark.parametrize("how", ["reset", "half-close"])
async def test_a_connection_that_ends_on_its_second_request(how: str, server: Server) -> None:
    async with TCPConnector() as connector:
        await fetch(connector, server.url)
        server.next = how
        found = await fetch(connector, server.url)

        assert (found.body, found.reused) == (b"ok", False)
        server.next = how
        with pytest.raises((ClientOSError, ServerDisconnectedError)):
            await fetch(connector, server.url, method="POST", body=b"once")
