"""A WebSocket server that sends every message back; prints its port.

It is none of the clients' own, so that none of them meets itself, and it does no more than it
must. A compressed message goes back as it came: what one side compresses with its context is what
the other can inflate with the same, so nothing is inflated here (RFC 7692, section 7). `/echo` is
without compression; on `/deflate` it is agreed on, and a message that is not compressed ends the
connection. `GET /open` says how many connections are open.

    python3 -m bench._echo_server
"""

import asyncio
import base64
import hashlib
import re
from typing import ClassVar, cast

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_KEY = re.compile(rb"\r\nsec-websocket-key:[ \t]*([^\r \t]+)", re.IGNORECASE)
_OFFER = re.compile(rb"\r\nsec-websocket-extensions:[^\r]*permessage-deflate", re.IGNORECASE)
_FIN_TEXT, _FIN_BINARY, _FIN_CLOSE, _FIN_PING, _FIN_PONG = 0x81, 0x82, 0x88, 0x89, 0x8A
_COMPRESSED = 0x40
_LARGE = 4_096
_XOR = [bytes(byte ^ key for byte in range(256)) for key in range(256)]


def _accepted(key: bytes, compressing: bool) -> bytes:
    proof = base64.b64encode(hashlib.sha1(key + _GUID, usedforsecurity=False).digest())
    extension = b"Sec-WebSocket-Extensions: permessage-deflate\r\n" if compressing else b""
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: %b\r\n%b\r\n" % (proof, extension)
    )


def _head(first: int, length: int) -> bytes:
    """The head of an unmasked frame (RFC 6455, section 5.2)."""
    if length < 126:
        return bytes((first, length))
    if length < 1 << 16:
        return bytes((first, 126)) + length.to_bytes(2, "big")
    return bytes((first, 127)) + length.to_bytes(8, "big")


def _unmasked(payload: bytes, mask: bytes) -> bytes | bytearray:
    length = len(payload)
    if length > _LARGE:
        # Each fourth byte has the same byte of the mask; integers take more than twice as long.
        plain = bytearray(length)
        for lane, key in enumerate(mask):
            plain[lane::4] = payload[lane::4].translate(_XOR[key])
        return plain
    pattern = (mask * (length // 4 + 1))[:length]
    number = int.from_bytes(payload, "little") ^ int.from_bytes(pattern, "little")
    return number.to_bytes(length, "little")


class Echo(asyncio.Protocol):
    """One connection."""

    opened: ClassVar[set["Echo"]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self._rest = b""
        self._upgraded = False
        self._compressing = 0
        self.opened.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.opened.discard(self)

    def data_received(self, data: bytes) -> None:
        data = self._rest + data if self._rest else data
        if not self._upgraded:
            head, found, data = data.partition(b"\r\n\r\n")
            if not found:
                self._rest = head
                return
            self._answer(head)
        self._rest = self._echo(data)

    def _answer(self, head: bytes) -> None:
        path, key = head.split(b" ", 2)[1], _KEY.search(head)
        if key is None or path not in (b"/echo", b"/deflate"):
            body = b"%d" % len(self.opened)
            known = b"200 OK" if path == b"/open" else b"400 Bad Request"
            answer = b"HTTP/1.1 %b\r\nContent-Length: %d\r\n\r\n%b" % (known, len(body), body)
            self.transport.write(answer)
            self.transport.close()
            return
        self._upgraded = True
        if path == b"/deflate" and _OFFER.search(head):
            self._compressing = _COMPRESSED
        self.transport.write(_accepted(key[1], bool(self._compressing)))

    def _echo(self, data: bytes) -> bytes:
        """Send back the frames that are complete, in one write; the rest."""
        answers: list[bytes | bytearray] = []
        at, end = 0, len(data)
        while end - at >= 6:
            first, length, start = data[at], data[at + 1] & 0x7F, at + 2
            if length > 125:
                size = 2 if length == 126 else 8
                length = int.from_bytes(data[start : start + size], "big")
                start += size
            stop = start + 4 + length
            if end < stop:
                break
            first = self._answered(first)
            if not first:
                self.transport.abort()
                return b""
            plain = _unmasked(data[start + 4 : stop], data[start : start + 4])
            answers += (_head(first, length), plain)
            at = stop
            if first == _FIN_CLOSE:
                break
        if answers:
            self.transport.write(b"".join(answers))
            if answers[-2][0] == _FIN_CLOSE:
                self.transport.close()
        return data[at:]

    def _answered(self, first: int) -> int:
        """The first byte of the frame that answers one; 0 to a frame that nobody should send."""
        if first in (_FIN_TEXT | self._compressing, _FIN_BINARY | self._compressing, _FIN_CLOSE):
            return first
        return _FIN_PONG if first == _FIN_PING else 0


async def listen() -> asyncio.Server:
    """Listen on a free port."""
    return await asyncio.get_running_loop().create_server(Echo, "127.0.0.1", 0, backlog=4096)


async def _main() -> None:
    server = await listen()
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main())
