"""A server that holds its answers until N requests have come; prints its ports.

nginx answers each request when it comes, so a client could serve 1,000 requests with few
connections. Here `/hold/N` is answered only when N of them wait: N connections must be open.
`/now` is answered at once and `/open` says how many connections are open, of either kind.

    python3 -m bench._hold_server                     # prints the plain port
    python3 -m bench._hold_server CERTIFICATE KEY     # and then that of TLS
"""

import asyncio
import ssl
import sys
from typing import ClassVar, cast

BODY = b"Hello, World!"


def _answer(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%b" % (
        len(body),
        body,
    )


class Hold(asyncio.Protocol):
    """One connection of the hold server."""

    opened: ClassVar[set["Hold"]] = set()
    waiting: ClassVar[set["Hold"]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.received = b""
        self.opened.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        # A client that dies in the middle must not be counted for the next one.
        self.opened.discard(self)
        self.waiting.discard(self)

    def data_received(self, data: bytes) -> None:
        self.received += data
        if not self.received.endswith(b"\r\n\r\n"):
            return
        path = self.received.split(b" ", 2)[1]
        self.received = b""
        if path.startswith(b"/hold/"):
            self._hold(int(path.removeprefix(b"/hold/")))
        elif path == b"/open":
            self.transport.write(_answer(b"%d" % len(self.opened)))
        else:
            self.transport.write(_answer(BODY))

    def _hold(self, wanted: int) -> None:
        self.waiting.add(self)
        if len(self.waiting) < wanted:
            return
        for held in self.waiting:
            held.transport.write(_answer(BODY))
        self.waiting.clear()


async def listen(context: ssl.SSLContext | None = None) -> asyncio.Server:
    """Listen on a free port, for TLS if there is a context."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(Hold, "127.0.0.1", 0, backlog=4096, ssl=context)


async def _main(certificate: list[str]) -> None:
    servers = [await listen()]
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        servers.append(await listen(context))
    print(*(server.sockets[0].getsockname()[1] for server in servers), flush=True)
    await asyncio.gather(*(server.serve_forever() for server in servers))


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1:]))
