"""A server that does to each connection what its script says, down to FIN and RST.

It runs in the loop of the test, so that nothing depends on another thread's pace. The
connections after the last script get ordinary answers.
"""

import asyncio
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable, Sequence

__all__ = ["FaultServer", "Peer", "Step", "fin", "half_close", "request", "rst", "send", "stall"]

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Peer:
    """The server's end of one connection."""

    def __init__(
        self, server: "FaultServer", reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.server = server
        self.reader = reader
        self.writer = writer

    async def head(self) -> bytes:
        """Read the head of a request."""
        return await self.reader.readuntil(b"\r\n\r\n")

    async def request(self) -> bytes:
        """Read a whole request."""
        head = await self.head()
        lower = head.lower()
        _, found, rest = lower.partition(b"content-length:")
        body = await self.reader.readexactly(int(rest.split(b"\r\n")[0])) if found else b""
        self.server.requests.append(head + body)
        return head + body


Step = Callable[[Peer], Awaitable[object]]


async def request(peer: Peer) -> None:
    """Wait for a request."""
    await peer.request()


async def head_only(peer: Peer) -> None:
    """Wait for the head of a request, and leave its body unread."""
    await peer.head()


def send(data: bytes) -> Step:
    """Make a step that sends *data*."""

    async def step(peer: Peer) -> None:
        peer.writer.write(data)
        await peer.writer.drain()

    return step


async def answer(peer: Peer) -> None:
    """Answer one request as it should be."""
    await peer.request()
    peer.writer.write(OK)


async def fin(peer: Peer) -> None:
    """Close in order."""
    peer.writer.close()


async def half_close(peer: Peer) -> None:
    """Send no more, and read on."""
    peer.writer.write_eof()


async def rst(peer: Peer) -> None:
    """Close with a reset."""
    sock = peer.writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.writer.transport.abort()


async def stall(peer: Peer) -> None:
    """Say nothing until the client goes away."""
    try:
        while await peer.reader.read(65536):
            pass
    except OSError:
        pass


async def gate(peer: Peer) -> None:
    """Wait until the test opens the gate."""
    peer.server.gate_reached.set()
    await peer.server.gate.wait()


async def ordinary(peer: Peer) -> None:
    """Answer every request."""
    while True:
        await answer(peer)


class FaultServer:
    """Listens on loopback; `scripts` are for the connections to come, in order."""

    def __init__(self, scripts: Sequence[Sequence[Step]] = ()) -> None:
        self.scripts = [list(script) for script in scripts]
        self.requests: list[bytes] = []
        self.errors: list[Exception] = []
        self.connections = 0
        self.gate = asyncio.Event()
        self.gate_reached = asyncio.Event()
        self.tasks: set[asyncio.Task[None]] = set()
        self.port = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self._tls = False

    _server: asyncio.Server

    @property
    def url(self) -> str:
        return f"http{'s' if self._tls else ''}://127.0.0.1:{self.port}/"

    def url_of(self, host: str) -> str:
        """The URL with another name of this machine."""
        return self.url.replace("127.0.0.1", host)

    async def start(self, context: ssl.SSLContext | None = None) -> None:
        self._tls = context is not None
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]

    def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        script: list[Step] = list(self.scripts.pop(0)) if self.scripts else [ordinary]
        task = asyncio.get_running_loop().create_task(self._follow(script, reader, writer))
        self.tasks.add(task)
        self._writers.add(writer)
        task.add_done_callback(self.tasks.discard)

    async def _follow(
        self, script: list[Step], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        peer = Peer(self, reader, writer)
        try:
            for step in (*script, ordinary):  # no error may need the end of the connection
                await step(peer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the client has gone, as it may, or sends what nobody waits for
        except RuntimeError as exc:
            if "closed" not in str(exc):  # uvloop's word for a connection that has gone
                self.errors.append(exc)
        finally:
            writer.close()

    async def close(self) -> None:
        """Drop all connections and stop listening."""
        self._server.close()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        for writer in self._writers:
            writer.transport.abort()
            try:
                await writer.wait_closed()
            except OSError:
                pass
        await self._server.wait_closed()
