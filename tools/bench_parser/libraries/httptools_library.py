"""httptools: one parser for a connection, whose callbacks gather fields in a list of bytes.

Nothing is decoded, and no mapping is made of the fields: what a fast server does with it.
"""

import importlib
from collections.abc import Iterable, Sequence
from typing import Any

from bench_parser._cases import Kind
from bench_parser._messages import Facts

from .shape import Reader, as_text


class _Httptools:
    """The callbacks and the loops."""

    def __init__(self, kind: Kind) -> None:
        module: Any = importlib.import_module("httptools")
        self._kind = kind
        make = module.HttpRequestParser if kind == "request" else module.HttpResponseParser
        self._parser: Any = make(self)
        self._fields: list[tuple[bytes, bytes]] = []
        self._pieces: list[bytes] = []
        self._first: tuple[str, ...] = ()
        self._target = b""
        self._complete = False
        self._body = b""

    def on_message_begin(self) -> None:
        self._fields = []
        self._pieces = []
        self._complete = False

    def on_url(self, url: bytes) -> None:
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._fields.append((name, value))

    def on_headers_complete(self) -> None:
        if self._kind == "request":
            self._first = self._parser.get_method().decode(), self._target.decode()
            self._target = b""
        else:
            self._first = (str(self._parser.get_status_code()),)

    def on_body(self, data: bytes) -> None:
        self._pieces.append(data)

    def on_message_complete(self) -> None:
        self._complete = True
        self._body = b"".join(self._pieces)

    def prepare(self, count: int) -> None:
        """Nothing has to be done."""

    def read(self, messages: Sequence[bytes]) -> None:
        feed = self._parser.feed_data
        for message in messages:
            feed(message)

    def trickle(self, pieces: Iterable[bytes]) -> None:
        feed = self._parser.feed_data
        for piece in pieces:
            feed(piece)

    def facts(self) -> Facts:
        assert self._complete
        return Facts(self._first, as_text(self._fields), self._body)


def create(_name: str, kind: Kind) -> Reader:
    """Make the reader."""
    return _Httptools(kind)
