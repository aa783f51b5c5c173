"""h11, which is pure Python, too.

It follows both sides of a connection: before it reads a response it has to have sent the
request. That is no reading, so every message has a connection of its own whose request went
out beforehand.
"""

import importlib
from collections.abc import Iterable, Sequence
from typing import Any

from bench_parser._cases import Kind
from bench_parser._messages import Facts

from .shape import Reader, as_text

_LARGEST_HEAD = 1 << 20


class _H11:
    def __init__(self, kind: Kind) -> None:
        self._h11: Any = importlib.import_module("h11")
        self._kind = kind
        self._connections: list[Any] = []
        self._head: Any = None
        self._body = b""

    def _connection(self) -> Any:
        h11 = self._h11
        if self._kind == "request":
            return h11.Connection(h11.SERVER, _LARGEST_HEAD)
        connection = h11.Connection(h11.CLIENT, _LARGEST_HEAD)
        connection.send(h11.Request(method="GET", target="/", headers=[("Host", "example.com")]))
        connection.send(h11.EndOfMessage())
        return connection

    def prepare(self, count: int) -> None:
        self._connections = [self._connection() for _ in range(count)]

    def read(self, messages: Sequence[bytes]) -> None:
        data_event, end = self._h11.Data, self._h11.EndOfMessage
        head: Any = None
        body = b""
        for connection, message in zip(self._connections, messages, strict=True):
            connection.receive_data(message)
            head = connection.next_event()
            pieces = []
            while type(event := connection.next_event()) is data_event:
                pieces.append(event.data)
            assert type(event) is end
            body = b"".join(pieces)
        self._head, self._body = head, body

    def trickle(self, pieces: Iterable[bytes]) -> None:
        (connection,) = self._connections
        for piece in pieces:
            connection.receive_data(piece)
            event = connection.next_event()
            if event is not self._h11.NEED_DATA:
                self._head = event
        assert type(connection.next_event()) is self._h11.EndOfMessage
        self._body = b""

    def facts(self) -> Facts:
        head = self._head
        first: tuple[str, ...]
        if self._kind == "request":
            first = head.method.decode(), head.target.decode()
        else:
            first = (str(head.status_code),)
        return Facts(first, as_text(head.headers), bytes(self._body))


def create(_name: str, kind: Kind) -> Reader:
    """Make the reader."""
    return _H11(kind)
