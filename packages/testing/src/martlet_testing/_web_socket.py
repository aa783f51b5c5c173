"""The server's end of a WebSocket, for the handlers of routes."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

from martlet_websocket import WebSocketConnection, WSCloseCode, WSMessage, WSMsgType, WSState

from ._seen_request import SeenRequest

__all__ = ["MockWebSocket"]

_LAST: Final = frozenset({WSMsgType.CLOSE, WSMsgType.ERROR})


class MockWebSocket:
    """An open WebSocket, seen from the server. Its methods are those of aiohttp's servers.

    `request` is the one that has opened it, `protocol` the subprotocol that was agreed on. PINGs
    are answered by themselves. When its handler returns, it is closed with 1000, and with 1011 if
    that raises.
    """

    def __init__(
        self,
        request: SeenRequest,
        protocol: str | None,
        connection: WebSocketConnection,
        write: Callable[[bytes], object],
        hang_up: Callable[[], object],
    ) -> None:
        self.request = request
        self.protocol = protocol
        self._connection = connection
        self._write = write
        self._hang_up = hang_up
        self._messages: deque[WSMessage] = deque()
        self._news = asyncio.Event()
        self._gone = asyncio.Event()
        self._over = False

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.request.url} {self._connection.state.value}>"

    @property
    def closed(self) -> bool:
        """Whether nothing can be sent any more."""
        return self._connection.state is not WSState.OPEN

    @property
    def close_code(self) -> int | None:
        """The code that the client has closed with; None before."""
        return self._connection.close_code

    # What is received

    async def receive(self) -> WSMessage:
        """Wait for the next message.

        The last is of type CLOSE, with the client's code as its data (1006: it has gone without
        closing), or ERROR, with what it did wrong. Raises `RuntimeError` after that.
        """
        while not self._messages:
            if self._over:
                raise RuntimeError("The WebSocket is closed: nothing can be received")
            self._news.clear()
            await self._news.wait()
        message = self._messages.popleft()
        if message.type in _LAST:
            self._over = True
            self._settle()
        return message

    async def receive_str(self) -> str:
        """Wait for the next message, and give its text. `AssertionError` if it is no text."""
        return str(await self._receive(WSMsgType.TEXT))

    async def receive_bytes(self) -> bytes:
        """Wait for the next message, and give its bytes. `AssertionError` if it is not binary."""
        return bytes(await self._receive(WSMsgType.BINARY))

    async def receive_json(self) -> Any:
        """Wait for the next message, and give its text as JSON.

        `AssertionError` if it is no text, `ValueError` if that is no JSON.
        """
        return json.loads(await self.receive_str())

    async def _receive(self, kind: WSMsgType) -> Any:
        message = await self.receive()
        if message.type is not kind:
            raise AssertionError(f"{kind.name} was to come, not {_told(message)}")
        return message.data

    async def __aiter__(self) -> AsyncIterator[WSMessage]:
        while True:
            message = await self.receive()
            if message.type in _LAST:
                return
            yield message

    # What is sent; all of it raises RuntimeError when the WebSocket is closed

    async def send_str(self, data: str) -> None:
        """Send a text message."""
        self._write(self._connection.send_text(data))

    async def send_bytes(self, data: bytes) -> None:
        """Send a binary message."""
        self._write(self._connection.send_bytes(data))

    async def send_json(self, data: object) -> None:
        """Send a text message that is JSON."""
        await self.send_str(json.dumps(data))

    async def ping(self, data: bytes = b"") -> None:
        """Send a PING."""
        self._write(self._connection.ping(data))

    async def close(self, code: int = WSCloseCode.OK, message: str = "") -> None:
        """Send a close frame, or answer that of the client; do nothing if that was done."""
        frame = self._connection.close(code, message)
        if frame:
            self._write(frame)
        self._settle()

    async def send_raw(self, data: bytes) -> None:
        """Send octets that are no frame, or a broken one."""
        self._write(data)

    async def drop(self) -> None:
        """Cut the connection, without a close frame."""
        self.eof()
        self._hang_up()

    # What whoever has the connection calls

    def feed(self, data: bytes, /) -> None:
        """Take what the client has sent."""
        self._messages.extend(self._connection.receive_data(data))
        self._news.set()
        if self._connection.state in {WSState.OPEN, WSState.CLOSED}:
            # Else the client has closed: that is answered when what came before was received.
            self._settle()

    def eof(self) -> None:
        """Learn that nothing more will come."""
        if self._connection.close_code is None:
            lost = WSMessage(WSMsgType.CLOSE, WSCloseCode.ABNORMAL_CLOSURE.value, "")
            self._messages.append(lost)
        self._connection.receive_eof()
        self._news.set()
        self._gone.set()

    def fail(self, _exc: BaseException, /) -> None:
        """Learn that nothing more will come."""
        self.eof()

    async def finish(self, code: int) -> None:
        """Close it with *code*, if it is not closed yet, and wait until it is."""
        if not self.closed:
            await self.close(code)
        self._settle()
        await self._gone.wait()

    def _settle(self) -> None:
        answers = self._connection.answers()
        if answers:
            self._write(answers)
        if self._connection.state is WSState.CLOSED and not self._gone.is_set():
            self._gone.set()
            self._hang_up()


def _told(message: WSMessage) -> str:
    return f"{message.type.name} {message.data!r}"
