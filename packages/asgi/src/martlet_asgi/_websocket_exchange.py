"""A WebSocket to an application: the server's part of RFC 6455, over a stream in memory."""

import asyncio
from collections import deque
from enum import Enum
from typing import TYPE_CHECKING, Final

from multidict import CIMultiDict

from martlet_exceptions import ClientConnectionError
from martlet_interfaces import Duplex, HttpVersion11, ResponseHead
from martlet_websocket import Acceptance, WebSocketConnection, WSMsgType, WSState

from ._duplex import MemoryDuplex
from ._errors import ApplicationError, ClientGoneError
from ._exchange import Call, Exchange
from ._header_fields import response_fields
from ._response_events import ResponseEvents, event_type

if TYPE_CHECKING:
    from ._application import Message

__all__ = ["WebSocketExchange"]

_DENIAL: Final = "websocket.http.response"
_PROTOCOL: Final = "Sec-WebSocket-Protocol"
# How much of what the client has sent may wait for the application: what is beyond has it wait.
_MOST_WAITING: Final = 64 * 1024
# The codes of a close frame that is no application's (RFC 6455 section 7.4.1).
_NORMAL: Final = 1000
_ABNORMAL: Final = 1006
_INTERNAL_ERROR: Final = 1011


class _Phase(Enum):
    CONNECTING = "connecting"
    DENIED = "denied"
    OPEN = "open"
    CLOSED = "closed"


class WebSocketExchange(Exchange):
    """An `Exchange` that becomes a WebSocket if the application accepts it."""

    def __init__(self, call: Call, acceptance: Acceptance, max_msg_size: int) -> None:
        super().__init__(call, ResponseEvents("GET", HttpVersion11, _DENIAL))
        self._acceptance = acceptance
        self._phase = _Phase.CONNECTING
        self._connection = WebSocketConnection(client=False, max_msg_size=max_msg_size)
        self._duplex = MemoryDuplex(call.loop, self)
        self._upgraded = False
        self._announced = False
        self._queue: deque[str | bytes] = deque()
        self._waiting = 0
        self._changed = asyncio.Event()
        self._taken = asyncio.Event()
        self._close: tuple[int, str] | None = None  # how it ended, if it has

    # The session's side

    def abort(self) -> None:
        """Close the stream, unless the session has taken it over."""
        if self._phase is _Phase.OPEN and not self._upgraded:
            self._duplex.close()
        super().abort()

    def upgrade(self) -> Duplex:
        """Take the stream over."""
        if self._phase in {_Phase.CONNECTING, _Phase.DENIED} or self._upgraded:
            return super().upgrade()
        self._upgraded = True
        return self._duplex

    # The connector's side

    def fail(self, exc: BaseException) -> None:
        """End the exchange, or the WebSocket, with *exc*."""
        if self._phase is _Phase.OPEN:
            self._leave(_ABNORMAL)
            self._duplex.finish(exc)
        super().fail(exc)

    # The stream's side: Peer

    def data_received(self, data: bytes) -> None:
        """Take what the client has written."""
        connection = self._connection
        for message in connection.receive_data(data):
            if message.type in {WSMsgType.TEXT, WSMsgType.BINARY} and self._close is None:
                self._queue.append(message.data)
                self._waiting += len(message.data)
        answers = connection.answers()
        if answers:
            self._duplex.push(answers)
        if connection.state is WSState.CLOSED:
            self._leave(connection.close_code or _ABNORMAL, connection.close_reason)
            self._duplex.finish()
        self._changed.set()

    def client_closed(self) -> None:
        """Learn that the client has closed the stream."""
        self._connection.receive_eof()
        self._leave(self._connection.close_code or _ABNORMAL)

    async def room(self) -> None:
        """Wait until the application has received most of what has come."""
        while self._waiting > _MOST_WAITING and self._close is None:
            self._taken.clear()
            await self._taken.wait()

    # The application's side

    async def receive(self) -> "Message":
        """Give the next message; after the last one, wait for the end."""
        if not self._announced:
            self._announced = True
            return {"type": "websocket.connect"}
        while not self._queue:
            if self._close is not None:
                await asyncio.sleep(0)  # one that asks again and again must not keep others waiting
                code, reason = self._close
                return {"type": "websocket.disconnect", "code": code, "reason": reason}
            self._changed.clear()
            await self._changed.wait()
        data = self._queue.popleft()
        self._waiting -= len(data)
        self._taken.set()
        return {"type": "websocket.receive", "text" if isinstance(data, str) else "bytes": data}

    async def _send(self, event: "Message") -> None:
        try:
            kind = event_type(event)
            if self._phase is _Phase.OPEN:
                await self._converse(kind, event)
            elif self._phase is _Phase.CLOSED:
                raise ApplicationError(f"The application sent {kind!r} after it had closed")
            elif self._phase is _Phase.DENIED or not self._live or kind.startswith(_DENIAL):
                self._phase = _Phase.DENIED
                await self._respond(event)
            elif kind == "websocket.accept":
                await self._accept(event)
            elif kind == "websocket.close":
                self._phase = _Phase.DENIED
                await self._respond({"type": f"{_DENIAL}.start", "status": 403})
                await self._respond({"type": f"{_DENIAL}.body"})
            else:
                raise ApplicationError(
                    f"The application sent {kind!r} where 'websocket.accept' was due"
                )
        except ApplicationError as exc:
            self._break(exc)
            raise

    async def _accept(self, event: "Message") -> None:
        fields = list(self._acceptance.fields)
        own = response_fields("websocket.accept", event.get("headers") or ())
        protocol = event.get("subprotocol")
        if any(name.lower().startswith("sec-websocket-") for name, _ in own):
            raise ApplicationError(
                "The headers of 'websocket.accept' have a field of the handshake's own; the"
                " subprotocol goes into 'subprotocol'"
            )
        if protocol is not None:
            if not isinstance(protocol, str):
                raise ApplicationError(
                    f"The subprotocol of 'websocket.accept' has to be a str, not {protocol!r:.100}"
                )
            octets = protocol.encode("utf-8", "backslashreplace")
            fields += response_fields("websocket.accept", [(_PROTOCOL.encode(), octets)])
        self._phase = _Phase.OPEN
        headers = CIMultiDict([*fields, *own])
        self._deliver(ResponseHead(HttpVersion11, 101, "Switching Protocols", headers))
        self._finish()
        await asyncio.sleep(0)

    async def _converse(self, kind: str, event: "Message") -> None:
        if self._close is not None:
            await asyncio.sleep(0)
            raise ClientGoneError("The client has gone")
        if kind == "websocket.send":
            self._duplex.push(self._frame(event))
            await self._duplex.flushed()
        elif kind == "websocket.close":
            code, reason = event.get("code", _NORMAL), event.get("reason") or ""
            try:
                self._shut(code, reason)
            except (TypeError, ValueError) as exc:
                raise ApplicationError(f"The event {kind!r} is malformed: {exc}") from exc
            await asyncio.sleep(0)
        else:
            raise ApplicationError(f"The application sent {kind!r} over an open WebSocket")

    def _frame(self, event: "Message") -> bytes:
        data, text = event.get("bytes"), event.get("text")
        if isinstance(data, bytes | bytearray | memoryview):
            return self._connection.send_bytes(data)
        if data is None and isinstance(text, str):
            try:
                return self._connection.send_text(text)
            except ValueError as exc:
                raise ApplicationError(f"The text of 'websocket.send' is none: {exc}") from exc
        raise ApplicationError("'websocket.send' has neither bytes nor text")

    def _shut(self, code: int, reason: str) -> None:
        """Send a close frame."""
        self._duplex.push(self._connection.close(code, reason))
        self._leave(code, reason)
        self._phase = _Phase.CLOSED

    def _leave(self, code: int, reason: str = "") -> None:
        """Note how it ended, if it has not yet; wake who waits."""
        if self._close is None:
            self._close = code, reason
        self._changed.set()
        self._taken.set()

    # The end

    def _is_open(self) -> bool:
        return super()._is_open() or (self._phase is _Phase.OPEN and self._close is None)

    def _settle(self, exc: BaseException | None) -> None:
        if self._live or self._phase is not _Phase.OPEN or self._close is not None:
            super()._settle(exc)
        elif exc is None:
            self._shut(_NORMAL, "")
        elif self._call.raise_app_exceptions or not isinstance(exc, Exception):
            self._break(exc)
        else:
            self._report(exc)
            self._shut(_INTERNAL_ERROR, "")

    def _break(self, exc: BaseException) -> None:
        if self._phase is _Phase.OPEN:
            self._told = exc
            error = ClientConnectionError(f"The application failed in its WebSocket: {exc!r:.200}")
            error.__cause__ = exc
            self.fail(error)
        else:
            super()._break(exc)

    def _on_end(self) -> None:
        if self._phase is not _Phase.OPEN:
            self._leave(_ABNORMAL)
