"""A WebSocket's client, by hand, over what a connector gives."""

import asyncio
from collections.abc import Iterable

from martlet_asgi import ASGIConnector
from martlet_interfaces import Duplex, Exchange, RequestHead
from martlet_websocket import ClientHandshake, WebSocketConnection, WSMessage, WSMsgType

from .applications import Told, call, request_head

__all__ = ["Client", "handshake_head", "opened"]


class Client:
    """Reads and writes messages; *messages* are those that have come, in order."""

    def __init__(self, duplex: Duplex, *, autoclose: bool = True) -> None:
        self.connection = WebSocketConnection(client=True, autoclose=autoclose)
        self.duplex = duplex
        self.messages: list[WSMessage] = []
        self.ended: asyncio.Future[BaseException | None] = (
            asyncio.get_running_loop().create_future()
        )
        self._came = asyncio.Event()
        duplex.set_reader(self)

    def send(self, data: str | bytes) -> None:
        connection = self.connection
        if isinstance(data, str):
            self.duplex.write(connection.send_text(data))
        else:
            self.duplex.write(connection.send_bytes(data))

    def close(self, code: int = 1000, reason: str = "") -> None:
        self.duplex.write(self.connection.close(code, reason))

    async def message(self) -> WSMessage:
        while not self.messages:
            self._came.clear()
            await self._came.wait()
        return self.messages.pop(0)

    async def text(self) -> str:
        message = await self.message()
        assert message.type is WSMsgType.TEXT, message
        text: str = message.data
        return text

    def feed(self, data: bytes, /) -> None:
        self.messages += self.connection.receive_data(data)
        answers = self.connection.answers()
        if answers:
            self.duplex.write(answers)
        self._came.set()

    def eof(self) -> None:
        self.connection.receive_eof()
        self.ended.set_result(None)

    def fail(self, exc: BaseException, /) -> None:
        self.ended.set_result(exc)


def handshake_head(
    path: str = "/", *, protocols: Iterable[str] = (), method: str = "GET"
) -> tuple[ClientHandshake, RequestHead]:
    handshake = ClientHandshake(protocols)
    return handshake, request_head(path, method=method, headers=handshake.fields())


async def opened(
    connector: ASGIConnector,
    path: str = "/",
    *,
    protocols: Iterable[str] = (),
    autoclose: bool = True,
) -> tuple[Client, Exchange, Told]:
    """Open a WebSocket."""
    handshake, head = handshake_head(path, protocols=protocols)
    told, exchange = await call(connector, head)
    assert told.head is not None
    handshake.check(told.head.status, told.head.headers.items())
    return Client(exchange.upgrade(), autoclose=autoclose), exchange, told
