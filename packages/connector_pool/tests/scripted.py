"""A network that does what a test says, without a socket and without waiting."""

import asyncio
import socket
from collections import deque
from collections.abc import Callable
from typing import Any, cast

from martlet_connector_pool._base_connector import BaseConnector
from martlet_connector_pool._http1 import Http1Connection
from martlet_interfaces import BodySink, ConnectionKey, Event, Flow, Observer, ResponseHead

__all__ = ["Answer", "Log", "ScriptedConnector", "ScriptedDialer", "Wire"]

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Wire(asyncio.Transport):
    """The transport of one connection, together with the server at its other end.

    Writing to a closing one is an error here, as it is with uvloop.
    """

    def __init__(self, protocol: Http1Connection, number: int, sock: socket.socket | None) -> None:
        super().__init__({"peername": ("192.0.2.1", 80 + number), "socket": sock})
        self.protocol = protocol
        self.number = number
        self.writes: list[bytes] = []
        self.reading = True
        self.congested = False
        self.lost = False
        self.respond: Callable[[Wire], None] | None = None
        self._closing = False
        self._inbox: deque[Callable[[], None]] = deque()
        self._loop = asyncio.get_running_loop()

    def __repr__(self) -> str:
        return f"<Wire {self.number}>"

    @property
    def received(self) -> bytes:
        """All that the server has got."""
        return b"".join(self.writes)

    # The transport

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if self._closing:
            raise RuntimeError("unable to perform operation on a closing transport")
        self.writes.append(bytes(data))
        if self.respond is not None:
            self._loop.call_soon(self.respond, self)

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self.protocol = cast("Http1Connection", protocol)

    def get_protocol(self) -> asyncio.BaseProtocol:
        return self.protocol

    def get_write_buffer_size(self) -> int:
        return int(self.congested)

    def is_closing(self) -> bool:
        return self._closing

    def close(self) -> None:
        if not self._closing:
            self._closing = True
            if not self.congested:
                self._loop.call_soon(self._lose, None)

    def abort(self) -> None:
        self._break(None)

    def pause_reading(self) -> None:
        assert self.reading
        assert not self._closing
        self.reading = False

    def resume_reading(self) -> None:
        assert not self.reading
        self.reading = True
        self._loop.call_soon(self._deliver)

    def _break(self, exc: Exception | None) -> None:
        self._closing = True
        self._loop.call_soon(self._lose, exc)

    def _lose(self, exc: Exception | None) -> None:
        if not self.lost:
            self.lost = True
            self.protocol.connection_lost(exc)

    def _deliver(self) -> None:
        while self._inbox and self.reading and not self._closing:
            self._inbox.popleft()()

    def _eof(self) -> None:
        if not self.protocol.eof_received():  # type: ignore[func-returns-value]  # None: no
            self.close()

    # The server

    def send(self, data: bytes) -> None:
        """Send *data* to the client."""
        self._inbox.append(lambda: self.protocol.data_received(data))
        self._deliver()

    def fin(self) -> None:
        """End the server's side of the stream."""
        self._inbox.append(self._eof)
        self._deliver()

    def reset(self, exc: Exception | None = None) -> None:
        """Tear the connection down."""
        self._break(exc or ConnectionResetError(104, "Connection reset by peer"))

    def vanish(self) -> None:
        """End the connection without ending the stream, as a torn TLS session does."""
        self._break(None)

    def stop_taking(self) -> None:
        """Let what the client writes pile up at its end."""
        self.congested = True
        self.protocol.pause_writing()

    def take(self) -> None:
        """Take again what the client writes."""
        self.congested = False
        if self._closing:
            self._loop.call_soon(self._lose, None)
        else:
            self.protocol.resume_writing()


class ScriptedDialer:
    """Dials wires. *gate*, if there is one, holds dials back; *errors* fail them first."""

    def __init__(self, idle_socket: socket.socket | None = None) -> None:
        self.wires: list[Wire] = []
        self.keys: list[ConnectionKey] = []
        self.errors: list[BaseException] = []
        self.gate: asyncio.Event | None = None
        self.respond: Callable[[Wire], None] | None = None
        self.on_made: Callable[[Wire], object] | None = None
        self.closed = False
        self._socket = idle_socket

    async def dial(
        self,
        key: ConnectionKey,
        factory: Callable[[ConnectionKey], Http1Connection],
        observer: Observer | None,
    ) -> Http1Connection:
        self.keys.append(key)
        await asyncio.sleep(0)
        if self.gate is not None:
            await self.gate.wait()
        if self.errors:
            raise self.errors.pop(0)
        connection = factory(key)
        wire = Wire(connection, len(self.wires), self._socket)
        wire.respond = self.respond
        self.wires.append(wire)
        connection.connection_made(wire)
        if self.on_made is not None:
            self.on_made(wire)
        return connection

    def close(self) -> None:
        self.closed = True


class ScriptedConnector(BaseConnector):
    """A connector on a `ScriptedDialer`."""

    def __init__(self, dialer: ScriptedDialer, **options: Any) -> None:
        super().__init__(**options)
        self.scripted = dialer

    def _dialer(self, loop: asyncio.AbstractEventLoop) -> ScriptedDialer:
        return self.scripted


class Answer:
    """A receiver, and the sink that it gives out; writes down what it hears."""

    def __init__(self) -> None:
        self.heads: list[ResponseHead] = []
        self.pieces: list[bytes] = []
        self.ends: list[BaseException | None] = []
        self.on_feed: Callable[[bytes], object] | None = None
        self.on_head_hook: Callable[[], object] | None = None
        self._over = asyncio.Event()

    def on_head(self, head: ResponseHead, flow: Flow, /) -> BodySink:
        assert not self.heads
        self.heads.append(head)
        self.flow = flow
        if self.on_head_hook is not None:
            self.on_head_hook()
        return self

    def feed(self, data: bytes, /) -> None:
        assert data
        assert not self.ends
        self.pieces.append(data)
        if self.on_feed is not None:
            self.on_feed(data)

    def eof(self) -> None:
        assert not self.ends
        self.ends.append(None)
        self._over.set()

    def fail(self, exc: BaseException, /) -> None:
        assert not self.ends
        self.ends.append(exc)
        self._over.set()

    @property
    def head(self) -> ResponseHead:
        return self.heads[0]

    @property
    def body(self) -> bytes:
        return b"".join(self.pieces)

    @property
    def complete(self) -> bool:
        """Whether the body came to its proper end."""
        return self.ends == [None]

    @property
    def failure(self) -> BaseException | None:
        """What ended the body before its time."""
        return self.ends[0] if self.ends else None

    async def read(self) -> bytes:
        """Wait for the end and return the body."""
        await self._over.wait()
        if self.failure is not None:
            raise self.failure
        return self.body


class Log:
    """An observer that writes down; *raising* at one event, or *waiting* at one."""

    def __init__(
        self,
        *,
        at: type[Event] | None = None,
        error: BaseException | None = None,
        act: Callable[[], object] | None = None,
        gate: asyncio.Event | None = None,
    ) -> None:
        self.events: list[Event] = []
        self._at = at
        self._error = error
        self._act = act
        self._gate = gate

    @property
    def names(self) -> list[str]:
        return [type(event).__name__ for event in self.events]

    async def observe(self, event: Event, /) -> None:
        self.events.append(event)
        await asyncio.sleep(0)
        if self._at is not None and isinstance(event, self._at):
            if self._act is not None:
                self._act()
            if self._gate is not None:
                await self._gate.wait()
            if self._error is not None:
                raise self._error
