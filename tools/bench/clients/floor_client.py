"""The floor: the least an asyncio program can do to exchange these bytes.

A bare protocol writes fixed bytes and waits, with one future per wait, until as many bytes have
come as the first answer had. It parses nothing, so it is no client: it says how much of a
client's time belongs to the event loop, the kernel and TLS.
"""

import asyncio
import json
from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from .shape import BadAnswerError, Client, FilePart, Plan


class _Exchange(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._answer: asyncio.Future[None] | None = None
        self._awaited = 1
        self._received = 0
        self.first: bytearray | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or BadAnswerError("the connection was closed"))

    def data_received(self, data: bytes) -> None:
        if self.first is not None:
            self.first += data
        self._received += len(data)
        if self._received >= self._awaited and self._answer is not None:
            self._answer.set_result(None)
            self._answer = None

    def ask(self, request: bytes, awaited: int) -> asyncio.Future[None]:
        self._received, self._awaited = 0, awaited
        answer = self._answer = self._loop.create_future()
        self.transport.write(request)
        return answer


class Floor:
    """The floor as a client of the benchmark."""

    def __init__(self) -> None:
        self._idle: list[_Exchange] = []
        self._answers: dict[str, tuple[int, int]] = {}

    async def open(self, plan: Plan) -> None:
        """Make the session."""
        self._plan = plan
        self._context = plan.context()

    async def close(self) -> None:
        """Close the session and its connections."""
        for exchange in self._idle:
            exchange.transport.abort()

    async def get(self, urls: Iterator[str]) -> int:
        """GET every URL."""
        return await self._loop_over(urls, "GET")

    async def post(self, urls: Iterator[str], payload: dict[str, Any]) -> int:
        """POST a payload as JSON to every URL."""
        body = json.dumps(payload).encode()
        return await self._loop_over(urls, "POST", body, "application/json")

    async def post_form(self, urls: Iterator[str], fields: dict[str, str]) -> int:
        """POST fields, urlencoded, to every URL."""
        body = urlencode(fields).encode()
        return await self._loop_over(urls, "POST", body, "application/x-www-form-urlencoded")

    async def post_parts(self, urls: Iterator[str], fields: dict[str, str], file: FilePart) -> int:
        """POST fields and a file as multipart/form-data to every URL."""
        boundary = "0123456789abcdef0123456789abcdef"
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="'
        parts = [f'{head}{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()]
        parts.append(f'{head}{file.name}"; filename="{file.filename}"\r\n')
        parts.append(f"Content-Type: {file.content_type}\r\n\r\n")
        body = "".join(parts).encode() + file.content + f"\r\n--{boundary}--\r\n".encode()
        content_type = f"multipart/form-data; boundary={boundary}"
        return await self._loop_over(urls, "POST", body, content_type)

    async def post_file(self, urls: Iterator[str], path: str) -> int:
        """POST a file, opened anew for each, to every URL."""
        raise BadAnswerError("the floor has no file")

    async def chunks(self, urls: Iterator[str]) -> int:
        """GET every URL by the chunks that its server sent."""
        raise BadAnswerError("the floor has no chunks")

    async def get_json(
        self, urls: Iterator[str], params: dict[str, str | int], headers: dict[str, str]
    ) -> int:
        """GET every URL with parameters and headers, by json()."""
        raise BadAnswerError("the floor reads nothing")

    async def stream(self, urls: Iterator[str], chunk: int) -> int:
        """GET every URL by chunks."""
        raise BadAnswerError("the floor has no body to stream")

    async def _loop_over(
        self, urls: Iterator[str], method: str, body: bytes = b"", content_type: str = ""
    ) -> int:
        size = 0
        exchange: _Exchange | None = None
        request, answer, length = b"", 0, 0
        for url in urls:
            if not request:
                request = self._request(url, method, body, content_type)
                answer, length = await self._answer(url, request)
            if exchange is None:
                exchange = self._idle.pop() if self._idle else await self._connect(url)
            await exchange.ask(request, answer)
            size += length
            if self._plan.fresh:
                exchange.transport.close()
                exchange = None
        if exchange is not None:
            self._idle.append(exchange)
        return size

    def _request(self, url: str, method: str, body: bytes, content_type: str) -> bytes:
        parts = urlsplit(url)
        lines = [f"{method} {parts.path} HTTP/1.1", f"Host: {parts.netloc}", "Accept: */*"]
        if body:
            lines += [f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + body

    async def _connect(self, url: str) -> _Exchange:
        parts = urlsplit(url)
        _, exchange = await asyncio.get_running_loop().create_connection(
            _Exchange,
            parts.hostname or "",
            parts.port or 0,
            ssl=self._context,
            server_hostname=parts.hostname if self._context else None,
        )
        return exchange

    async def _answer(self, url: str, request: bytes) -> tuple[int, int]:
        """The length of the whole answer and of its body: the only answer that is read."""
        if url in self._answers:
            return self._answers[url]
        if "/hold/" in url:
            # Asking once would wait for ever; all these answers are as that of /now.
            self._answers[url] = next(iter(self._answers.values()))
            return self._answers[url]
        exchange = await self._connect(url)
        exchange.first = bytearray()
        await exchange.ask(request, 1)
        head, found, _ = bytes(exchange.first).partition(b"\r\n\r\n")
        if not found or not head.startswith(b"HTTP/1.1 200 "):
            raise BadAnswerError(head)
        fields = head.lower().split(b"\r\ncontent-length: ", 1)
        length = int(fields[1].split(b"\r\n", 1)[0])
        exchange.transport.abort()
        self._answers[url] = (len(head) + 4 + length, length)
        return self._answers[url]


def create() -> Client:
    """Build the client."""
    return Floor()
