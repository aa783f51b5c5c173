"""A server that takes bodies and answers when they are complete; prints its port.

nginx answers `return 200` before it has read the body, which is no upload. Here bodies are
discarded and counted; that of `/checked` is kept, or its digest if it is large, and begins the
count anew. `GET /checked` and `GET /counted` say what has come; `GET /chunks` is answered in
chunks, which nginx cannot be asked for.

    python3 -m bench._body_server
"""

import asyncio
import base64
import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any, ClassVar, cast

from ._payloads import chunked_answer
from ._scenarios import POST_BODY

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)", re.IGNORECASE)
_TYPE = re.compile(rb"\r\ncontent-type:[ \t]*([^\r]*)", re.IGNORECASE)
_KEPT = 1_000_000
_BUFFER = memoryview(bytearray(1 << 20))


def _answer(body: bytes, status: str = "200 OK") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + b"\r\n\r\n" + body


_THANKS = _answer(POST_BODY)
_CHUNKS = chunked_answer()


@dataclass
class Received:
    """The one body that is looked at."""

    content_type: str
    length: int = 0
    digest: Any = field(default_factory=hashlib.sha256)
    content: bytes = b""

    def take(self, data: memoryview) -> None:
        """Take a part of it."""
        self.length += len(data)
        self.digest.update(data)
        if self.length <= _KEPT:
            self.content += data

    def told(self) -> bytes:
        """What it was, as JSON."""
        kept = base64.b64encode(self.content).decode() if self.length <= _KEPT else None
        return json.dumps(
            {
                "content_type": self.content_type,
                "length": self.length,
                "sha256": self.digest.hexdigest(),
                "content": kept,
            }
        ).encode()


class Taker(asyncio.BufferedProtocol):
    """One connection."""

    checked: ClassVar[Received | None] = None
    requests: ClassVar[int] = 0
    octets: ClassVar[int] = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self._head = b""
        self._path = b""
        self._left = 0
        self._looking: Received | None = None

    def get_buffer(self, sizehint: int) -> memoryview:
        # What is in it is used up before another connection gets it.
        return _BUFFER

    def buffer_updated(self, nbytes: int) -> None:
        data = _BUFFER[:nbytes]
        if self._left == 0:
            self._head += data
            head, found, rest = self._head.partition(b"\r\n\r\n")
            if not found:
                return
            self._head = b""
            if not self._begin(head):
                self.transport.write(_answer(b"{}", "411 Length Required"))
                self.transport.close()
                return
            data = memoryview(rest)
        self._take(data)

    def _begin(self, head: bytes) -> bool:
        """Learn what comes; false if the request does not say how long it is."""
        method, self._path, _ = head.split(b" ", 2)
        self._looking = None
        if method == b"GET":
            return True
        length, content_type = _LENGTH.search(head), _TYPE.search(head)
        if length is None:
            return False
        self._left = int(length[1])
        if self._path == b"/checked":
            self._looking = Received(content_type[1].decode() if content_type else "")
            Taker.checked, Taker.requests, Taker.octets = self._looking, 0, 0
        else:
            Taker.requests += 1
            Taker.octets += self._left
        self._path = b""
        return True

    def _take(self, data: memoryview) -> None:
        if self._looking is not None:
            self._looking.take(data)
        self._left -= len(data)
        if self._left == 0:
            self.transport.write(self._reply())
        elif self._left < 0:
            self.transport.abort()

    def _reply(self) -> bytes:
        if not self._path:
            return _THANKS
        if self._path == b"/chunks":
            return _CHUNKS
        if self._path == b"/counted":
            return _answer(json.dumps({"requests": self.requests, "bytes": self.octets}).encode())
        if self._path == b"/checked" and self.checked is not None:
            return _answer(self.checked.told())
        return _answer(b"{}", "404 Not Found")


async def listen() -> asyncio.Server:
    """Listen on a free port."""
    return await asyncio.get_running_loop().create_server(Taker, "127.0.0.1", 0, backlog=4096)


async def _main() -> None:
    server = await listen()
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main())
