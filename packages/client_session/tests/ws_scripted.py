"""The other end of a WebSocket, in memory; and a connector that opens some."""

import asyncio
from collections.abc import Callable
from typing import Any

from yarl import URL

from martlet_client_session import ClientResponse, ClientWSTimeout
from martlet_client_session._client_ws_response import ClientWebSocketResponse
from martlet_client_session._ws_link import WebSocketLink
from martlet_exceptions import ClientConnectionError
from martlet_interfaces import BodySink, Deadlines, RequestHead
from martlet_websocket import (
    DeflateParameters,
    WebSocketConnection,
    WSMessage,
    accept_handshake,
)

from .scripted import Closing, Fields, ScriptedConnector, ScriptedExchange, turn


class Transport:
    """What can be aborted, and tells how much waits to be sent."""

    def __init__(self) -> None:
        self.waiting = 0
        self.aborted = False

    def abort(self) -> None:
        self.aborted = True

    def get_write_buffer_size(self) -> int:
        return self.waiting


class Peer:
    """A `Duplex`, and the server behind it."""

    def __init__(self, deflate: DeflateParameters | None = None, **options: Any) -> None:
        self.server = WebSocketConnection(client=False, deflate=deflate, **options)
        self.written: list[bytes] = []
        self.calls: list[str] = []
        self.early = b""
        self.room = asyncio.Event()
        self.room.set()
        self.transport = Transport()
        self.reader: BodySink | None = None

    # Duplex

    def write(self, data: bytes, /) -> None:
        self.written.append(data)

    async def drain(self) -> None:
        self.calls.append("drain")
        await self.room.wait()
        if self.closed:
            raise ClientConnectionError("Connection closed")

    def set_reader(self, reader: BodySink, /) -> None:
        self.reader = reader
        if self.early:
            reader.feed(self.early)

    def pause(self) -> None:
        self.calls.append("pause")

    def resume(self) -> None:
        self.calls.append("resume")

    def close(self) -> None:
        self.calls.append("close")

    # The server

    @property
    def closed(self) -> bool:
        return "close" in self.calls

    def say(self, *frames: bytes) -> None:
        """Let *frames* arrive together."""
        assert self.reader is not None
        self.reader.feed(b"".join(frames))

    def heard(self) -> list[WSMessage]:
        """Give what has been sent to it."""
        data = b"".join(self.written)
        self.written.clear()
        return self.server.receive_data(data)

    def eof(self) -> None:
        assert self.reader is not None
        self.reader.eof()

    def fail(self, exc: BaseException) -> None:
        assert self.reader is not None
        self.reader.fail(exc)


def link_to(
    peer: Peer,
    deadlines: Deadlines | None = None,
    *,
    limit: float | None = 10.0,
    deflate: DeflateParameters | None = None,
    bare: bool = False,
    **options: Any,
) -> WebSocketLink:
    """Make a client's end; *bare*: its transport is not known."""
    connection = WebSocketConnection(client=True, deflate=deflate, **options)
    link = WebSocketLink(
        connection,
        peer,
        deadlines or Deadlines(asyncio.get_running_loop()),
        None if bare else peer.transport,
        limit=limit,
        compressed=deflate is not None,
    )
    link.open()
    return link


async def pass_time(seconds: float) -> None:
    """Let the virtual clock go on."""
    passed = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(seconds, passed.set_result, None)
    await passed


def held_back(link: WebSocketLink) -> bool:
    """Tell whether its stream is paused, which a type checker must not take for settled."""
    return link.paused


def is_over(link: WebSocketLink) -> bool:
    """Tell whether it has come to its end, likewise."""
    return link.over


def socket_to(
    peer: Peer,
    *,
    timeout: ClientWSTimeout | None = None,
    heartbeat: float | None = None,
    kind: type[ClientWebSocketResponse] = ClientWebSocketResponse,
    autoclose: bool = True,
    autoping: bool = True,
    protocol: str | None = None,
    compress: int = 0,
    deflate: DeflateParameters | None = None,
    **options: Any,
) -> ClientWebSocketResponse:
    """Make a client's WebSocket."""
    limits = timeout or ClientWSTimeout()
    link = link_to(
        peer,
        limit=limits.ws_close,
        deflate=deflate,
        autoclose=autoclose,
        autoping=autoping,
        **options,
    )
    return kind(
        link,
        link,
        protocol,
        ClientResponse("GET", URL("ws://example.org/")),
        limits,
        autoclose,
        autoping,
        asyncio.get_running_loop(),
        heartbeat=heartbeat,
        compress=compress,
    )


async def shut(ws: ClientWebSocketResponse, peer: Peer) -> None:
    """Close it from both sides."""
    closing = asyncio.ensure_future(ws.close())
    await turn()
    peer.heard()
    peer.say(peer.server.answers())
    await closing
    peer.eof()


class UpgradingExchange(ScriptedExchange):
    """An exchange that may switch to a WebSocket."""

    peer: Peer | None = None

    def upgrade(self) -> Peer:
        if self.peer is None:
            raise RuntimeError("The response did not switch protocols")
        return self.peer


class WebSocketServer(ScriptedConnector):
    """A connector whose server opens WebSockets.

    *change* is given the status and the fields of its answer, and gives others.
    """

    schemes = frozenset({"http", "https", "ws", "wss"})

    def __init__(
        self,
        change: Callable[[int, list[tuple[str, str]]], tuple[int, Fields]] | None = None,
        *,
        protocols: tuple[str, ...] = (),
        deflate: DeflateParameters | None = None,
        early: bytes = b"",
        body: bytes = b"",
    ) -> None:
        super().__init__()
        self.peers: list[Peer] = []
        self.failures: list[BaseException] = []
        self._change = change
        self._protocols = protocols
        self._deflate = deflate
        self._early = early
        self._body = body

    def close(self) -> Closing:
        for peer in self.peers:
            if peer.reader is not None:
                peer.fail(ClientConnectionError("Connector is closed"))
        return super().close()

    async def send(self, request: RequestHead, body: Any, receiver: Any, **options: Any) -> Any:
        if self.closed:
            raise ClientConnectionError("Connector is closed")
        if self.failures:
            raise self.failures.pop(0)
        await asyncio.sleep(0)
        exchange = UpgradingExchange(request, body, receiver, options["timeouts"])
        self.exchanges.append(exchange)
        accepted = accept_handshake(
            "GET", request.headers.items(), protocols=self._protocols, deflate=self._deflate
        )
        status, fields = 101, list(accepted.fields)
        changed: tuple[int, Fields] = (status, fields)
        if self._change is not None:
            changed = self._change(status, fields)
        if changed[0] == 101:
            exchange.peer = Peer(accepted.deflate)
            exchange.peer.early = self._early
            exchange.facts["transport"] = exchange.peer.transport
            self.peers.append(exchange.peer)
        exchange.head(*changed)
        if self._body:
            exchange.feed(self._body)
        exchange.eof()
        return exchange
