"""The proxy of the pages: it wants ``user:password``, and knows where the names lead.

    python proxy_program.py PORT PLACES

PLACES is a JSON object of ``"host:port"`` to the port of 127.0.0.1 that stands for it.
"""

import asyncio
import base64
import contextlib
import json
import sys
from typing import Final
from urllib.parse import urlsplit

__all__ = ["main"]

_EXPECTED: Final = b"basic " + base64.b64encode(b"user:password").lower()
_REFUSAL: Final = (
    b"HTTP/1.1 407 Proxy Authentication Required\r\n"
    b'Proxy-Authenticate: Basic realm="proxy"\r\nContent-Length: 0\r\n\r\n'
)


async def serve(
    places: dict[str, int], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Serve one request, or one tunnel."""
    with contextlib.suppress(OSError, asyncio.IncompleteReadError), contextlib.closing(writer):
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
        method, target, _ = lines[0].decode().split(" ")
        fields = dict(line.lower().split(b": ", 1) for line in lines[1:])
        if fields.get(b"proxy-authorization") != _EXPECTED:
            writer.write(_REFUSAL)
            return
        url = urlsplit(f"//{target}" if method == "CONNECT" else target)
        port = places[f"{url.hostname}:{url.port or 80}"]
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", port)
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            path = target.split("/", 3)[3]
            kept = [line for line in lines[1:] if not line.lower().startswith(b"proxy-")]
            first = f"{method} /{path} HTTP/1.1".encode()
            there_writer.write(b"\r\n".join([first, *kept, b"Via: 1.1 proxy.example", b"", b""]))
        with contextlib.closing(there_writer):
            await asyncio.gather(_copy(reader, there_writer), _copy(there_reader, writer))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()


async def main(port: int, places: dict[str, int]) -> None:
    """Serve for ever."""
    server = await asyncio.start_server(lambda r, w: serve(places, r, w), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(int(sys.argv[1]), json.loads(sys.argv[2])))
