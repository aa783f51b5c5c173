"""aiohttp's parser in C, with the arguments that its client and its server give it.

Its client makes a new parser for each response, so `aiohttp` does, too; `aiohttp-kept` has
one for all of a connection, which is less work. Its server keeps one.
"""

import asyncio
import importlib
from collections.abc import Iterable, Sequence
from typing import Any

from bench._sample import BenchError
from bench_parser._cases import Kind
from bench_parser._messages import Facts

from .shape import Reader, as_text

_CLASSES: dict[Kind, str] = {"request": "HttpRequestParser"}
_READ_SIZE = 262_144
_LIMITS = {"max_line_size": 8_190, "max_field_size": 8_190, "max_headers": 128}
_LONG = {"max_line_size": 100_000, "max_field_size": 100_000, "max_headers": 10_000}


class _Aiohttp:
    """One parser for all messages, or a new one for each."""

    def __init__(self, kind: Kind, *, kept: bool) -> None:
        self._class: Any = _compiled(_CLASSES.get(kind, "HttpResponseParser"))
        base: Any = importlib.import_module("aiohttp.base_protocol")
        self._loop = asyncio.new_event_loop()
        self._protocol: Any = base.BaseProtocol(self._loop)
        self._options: dict[str, Any] = {
            **(_LONG if kind == "trickle" else _LIMITS),
            "auto_decompress": False,
        }
        if kind != "request":
            self._options |= {"timer": None, "response_with_body": True, "read_until_eof": True}
        self._parser: Any = self._new_parser() if kept else None
        self._head: Any = None
        self._kind = kind
        self._body = b""

    def _new_parser(self) -> Any:
        return self._class(self._protocol, self._loop, _READ_SIZE, **self._options)

    def prepare(self, count: int) -> None:
        """Nothing has to be done."""

    def read(self, messages: Sequence[bytes]) -> None:
        make, protocol, loop, options = self._class, self._protocol, self._loop, self._options
        kept = self._parser
        head, body = None, b""
        for message in messages:
            parser = kept or make(protocol, loop, _READ_SIZE, **options)
            ((head, payload),) = parser.feed_data(message)[0]
            body = payload.read_nowait(-1)
        self._head, self._body = head, body

    def trickle(self, pieces: Iterable[bytes]) -> None:
        feed = (self._parser or self._new_parser()).feed_data
        found: Any = None
        for piece in pieces:
            found = feed(piece)
        ((self._head, payload),) = found[0]
        self._body = payload.read_nowait(-1)

    def facts(self) -> Facts:
        head = self._head
        first = (head.method, head.path) if self._kind == "request" else (str(head.code),)
        return Facts(first, as_text(head.raw_headers), bytes(self._body))


def _compiled(name: str) -> Any:
    parser: Any = getattr(importlib.import_module("aiohttp.http"), name)
    if parser.__module__ != "aiohttp._http_parser":
        raise BenchError(f"aiohttp came without its parser in C: {parser!r}")
    return parser


def create(name: str, kind: Kind) -> Reader:
    """Make the reader."""
    return _Aiohttp(kind, kept=name == "aiohttp-kept" or kind == "request")
