"""A WebSocket, as a session opens it."""

import asyncio
import json as json_module
import warnings
from collections.abc import Callable
from types import GenericAlias
from typing import TYPE_CHECKING, Any, Final, Self, cast

from martlet_websocket import (
    WebSocketStateError,
    WSCloseCode,
    WSMessage,
    WSMessageTypeError,
    WSMsgType,
)

from ._ws_heartbeat import Heartbeat
from ._ws_receive_deadline import ReceiveDeadline

if TYPE_CHECKING:
    from ._response import ClientResponse
    from ._ws_link import WebSocketLink
    from ._ws_timeout import ClientWSTimeout

__all__ = ["ClientWebSocketResponse"]

_CLOSING: Final = WSMessage(WSMsgType.CLOSING, None, None)
_CLOSED: Final = WSMessage(WSMsgType.CLOSED, None, None)
# Looked up once: attributes of an enumeration take their time.
_TEXT: Final = WSMsgType.TEXT
_BINARY: Final = WSMsgType.BINARY
_ERROR: Final = WSMsgType.ERROR
_LAST: Final = frozenset({WSMsgType.CLOSE, _ERROR})
_ENDS: Final = frozenset({WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED})
_TWO_RECEIVERS: Final = "Concurrent call to receive() is not allowed"


class ClientWebSocketResponse:
    """An open WebSocket (RFC 6455).

    ``async for message in ws`` gives what comes until it is closed; each is a `WSMessage`, of
    type TEXT or BINARY, or ERROR for the end that a broken connection or protocol brings. Sending
    may go on at the same time, from several tasks.

    Use it as a context manager, or `close` it. A session makes them; `ws_response_class` makes it
    use a subclass, whose ``__init__`` takes what this one takes.
    """

    # As annotations of code for aiohttp have it.
    __class_getitem__: "classmethod[Any, ..., GenericAlias]" = classmethod(GenericAlias)

    def __init__(
        self,
        reader: "WebSocketLink",
        writer: "WebSocketLink",
        protocol: str | None,
        response: "ClientResponse",
        timeout: "ClientWSTimeout",
        autoclose: bool,
        autoping: bool,
        loop: asyncio.AbstractEventLoop,
        *,
        heartbeat: float | None = None,
        compress: int = 0,
        client_notakeover: bool = False,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._protocol = protocol
        self._response = response
        self._receive_limit = timeout.ws_receive
        self._autoclose = autoclose
        self._autoping = autoping
        self._loop = loop
        self._compress = compress
        self._client_notakeover = client_notakeover
        self._closed = False
        self._close_code: int | None = None
        self._exception: BaseException | None = None
        if heartbeat is not None:
            reader.heartbeat = Heartbeat(reader, heartbeat, loop)

    def __repr__(self) -> str:
        state = f"closed, {self.close_code}" if self.closed else "open"
        return f"<{type(self).__name__} {self._response.url} {state}>"

    def __del__(self, _warn: Callable[..., None] = warnings.warn) -> None:
        link = getattr(self, "_reader", None)
        if link is None or link.over or self._closed or self._loop.is_closed():
            return
        _warn(f"Unclosed WebSocket {self!r}", ResourceWarning, source=self, stacklevel=1)
        link.abort()

    # Facts

    @property
    def closed(self) -> bool:
        """Whether `close` has been called, or the end has been received: the peer's close frame
        (with *autoclose*), an error, the loss of the connection.
        """
        return self._closed or self._reader.silent

    @property
    def close_code(self) -> int | None:
        """Why it was closed; ``None`` before.

        What the peer gave (1005 if it gave none), 1006 if the connection ended without a close
        frame; see `WSCloseCode`.
        """
        if self._close_code is None and self.closed:
            return self._reader.connection.close_code
        return self._close_code

    @property
    def protocol(self) -> str | None:
        """The subprotocol that the server chose, if it did."""
        return self._protocol

    @property
    def compress(self) -> int:
        """The size of the window for what is sent, 9 to 15 bits; 0: nothing is compressed."""
        return self._compress

    @property
    def client_notakeover(self) -> bool:
        """Whether each message that is sent is compressed by itself."""
        return self._client_notakeover

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Tell a fact of the connection; see `ClientResponse.get_extra_info`."""
        return self._response.get_extra_info(name, default)

    def exception(self) -> BaseException | None:
        """Give what went wrong, if something did: a `WebSocketError` of the peer's, the failure of
        the connection, a timeout.
        """
        return self._exception or (self._reader.failure if self.closed else None)

    # Sending

    async def ping(self, message: str | bytes = b"") -> None:
        """Send a PING, with up to 125 bytes (RFC 6455 section 5.5.2); text goes as UTF-8."""
        await self.send_frame(_encoded(message), WSMsgType.PING)

    async def pong(self, message: str | bytes = b"") -> None:
        """Send a PONG, with up to 125 bytes (RFC 6455 section 5.5.3); text goes as UTF-8."""
        await self.send_frame(_encoded(message), WSMsgType.PONG)

    async def send_str(self, data: str, compress: int | None = None) -> None:
        """Send a text message; wait only while the peer is slow to take what was sent before.

        *compress*: a level of compression for this message, 1 (fastest) to 9 (smallest); 0: none;
        it matters only where compression was agreed on.

        Raises `TypeError` if *data* is no string, `ValueError` if it has halves of characters or
        there is no such level, `ClientConnectionResetError` if the WebSocket is closed. Cancelled,
        the message has been sent or will be, as a whole.
        """
        if not isinstance(data, str):
            raise TypeError(f"A text message must be a str, not {type(data).__name__}")
        writer = self._writer
        try:
            frame = writer.connection.send_text(data, compress)
        except WebSocketStateError as exc:
            raise writer.gone() from exc
        if writer.write(frame):
            await writer.drain()

    async def send_bytes(
        self, data: bytes | bytearray | memoryview, compress: int | None = None
    ) -> None:
        """Send a binary message; as `send_str`."""
        writer = self._writer
        try:
            frame = writer.connection.send_bytes(data, compress)
        except WebSocketStateError as exc:
            raise writer.gone() from exc
        if writer.write(frame):
            await writer.drain()

    async def send_json(
        self,
        data: Any,
        compress: int | None = None,
        *,
        dumps: Callable[[Any], str] = json_module.dumps,
    ) -> None:
        """Send what *dumps* makes of *data* as a text message; as `send_str`."""
        await self.send_str(dumps(data), compress)

    async def send_json_bytes(
        self, data: Any, compress: int | None = None, *, dumps: Callable[[Any], bytes]
    ) -> None:
        """Send what *dumps* makes of *data* as a binary message; as `send_str`."""
        await self.send_bytes(dumps(data), compress)

    async def send_frame(
        self,
        message: bytes | bytearray | memoryview,
        opcode: WSMsgType,
        compress: int | None = None,
    ) -> None:
        """Send a message of the kind *opcode*: TEXT (*message* is UTF-8), BINARY, PING or PONG.

        As `send_str`; `ValueError` for other kinds, and for PINGs and PONGs of more than 125
        bytes.
        """
        writer = self._writer
        try:
            frame = writer.connection.send_frame(message, opcode, compress)
        except WebSocketStateError as exc:
            raise writer.gone() from exc
        if writer.write(frame):
            await writer.drain()

    # Receiving

    async def receive(self, timeout: float | None = None) -> WSMessage:
        """Give the next message, waiting for it if there is none.

        At the end it is the peer's CLOSE, which has been answered then (with *autoclose*), or
        ERROR, with what went wrong as its data; after that, and when the connection was lost or
        is closed, CLOSED. A `close` that happens meanwhile gives CLOSING.

        *timeout*: in seconds, instead of ``ClientWSTimeout.ws_receive``. Raises
        `ServerTimeoutError`, an `asyncio.TimeoutError`, when it is over, and `RuntimeError` while
        another task receives. Neither this nor a cancellation loses a message.
        """
        reader = self._reader
        if reader.waiter is not None:
            raise RuntimeError(_TWO_RECEIVERS)
        messages = reader.messages
        if self._closed and not messages:
            return _CLOSED
        while not messages:
            if self._closed or reader.over:
                return await self._without_message()
            limit = self._receive_limit if timeout is None else timeout
            reader.waiter = waiter = self._loop.create_future()
            try:
                if limit is None:
                    await waiter
                else:
                    await _within(waiter, limit, reader)
            finally:
                reader.waiter = None
        message = messages.popleft()
        if reader.over:
            if message.type in _LAST:
                await self._end_with(message)
        elif reader.paused and not messages:
            reader.resume()
        return message

    async def _without_message(self) -> WSMessage:
        if self._closed:
            return _CLOSING
        await self.close()
        return _CLOSED

    async def _end_with(self, message: WSMessage) -> None:
        if message.type is _ERROR:
            self._exception = cast("BaseException", message.data)
        self._close_code = self._reader.connection.close_code
        self._reader.settle()
        if message.type is _ERROR or self._autoclose:
            await self.close()

    async def receive_str(self, *, timeout: float | None = None) -> Any:
        """Give the next message, which has to be text: a string, or without *decode_text* bytes.

        Raises `WSMessageTypeError`, a `TypeError`, if it is of another type; else as `receive`.
        """
        message = await self.receive(timeout)
        if message.type is not _TEXT:
            raise _another_type(message, "TEXT")
        return message.data

    async def receive_bytes(self, *, timeout: float | None = None) -> bytes:
        """Give the next message, which has to be binary; as `receive_str`."""
        message = await self.receive(timeout)
        if message.type is not _BINARY:
            raise _another_type(message, "BINARY")
        data: bytes = message.data
        return data

    async def receive_json(
        self, *, loads: Callable[[Any], Any] = json_module.loads, timeout: float | None = None
    ) -> Any:
        """Give what *loads* makes of the next message, which has to be text; as `receive_str`.

        What *loads* raises comes out as it is: `ValueError`, by default, for what is no JSON.
        """
        return loads(await self.receive_str(timeout=timeout))

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> WSMessage:
        message = await self.receive()
        if message.type in _ENDS:
            raise StopAsyncIteration
        return message

    # The end

    async def close(self, *, code: int = WSCloseCode.OK, message: str | bytes = b"") -> bool:
        """Close it with a handshake (RFC 6455 section 7); tell whether it was open until now.

        Messages that have come and were not received are dropped; who waits for one gets CLOSING.
        Waits for the peer to answer, for ``ClientWSTimeout.ws_close`` seconds at most; then, or if
        this is cancelled, the connection is cut off.

        *code*: 1000 to 1003, 1007 to 1014, or 3000 to 4999; *message*: the reason, of up to 123
        bytes. Raises `TypeError` and `ValueError` for others.
        """
        if self._closed:
            return False
        reader = self._reader
        frame = reader.connection.close(code, message)
        self._closed = True
        reader.begin_close(frame)
        await reader.until_over()
        reader.finish()
        return True

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.close()


async def _within(waiter: "asyncio.Future[None]", limit: float, reader: "WebSocketLink") -> None:
    patience = ReceiveDeadline(waiter, limit, reader.deadlines)
    try:
        await waiter
    finally:
        patience.cancel()


def _encoded(message: str | bytes) -> bytes:
    return message.encode() if isinstance(message, str) else message


def _another_type(message: WSMessage, expected: str) -> WSMessageTypeError:
    error = WSMessageTypeError(f"Received a message of type {message.type.name}, not {expected}")
    if isinstance(message.data, BaseException):
        error.__cause__ = message.data
    return error
