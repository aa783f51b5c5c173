"""What comes back: status, fields and a body, and how long it takes."""

import json as json_module
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Callable,
    Iterable,
    Iterator,
    Mapping,
)
from http import HTTPStatus
from typing import Final

from multidict import CIMultiDict, CIMultiDictProxy

from martlet_interfaces import UNSET, Unset

from ._fault import Fault, failure_in_body

__all__ = ["Answer", "Headers", "Piece", "Stream", "octets_of"]

Headers = Mapping[str, str] | Iterable[tuple[str, str]]
Piece = bytes | Fault | Exception
"""A part of a body that is streamed: bytes, or what happens in place of the rest."""
Pieces = Iterable[Piece] | AsyncIterable[Piece]
Stream = Pieces | Callable[[], Pieces]
"""The pieces of a body, or a function that gives them anew for each request."""

_SWITCHING: Final = 101


class Answer:
    """A response, as a route gives it.

    Args:
        status: 200 to 999.
        json: The body, as a value; its type is application/json.
        text: The body, as text; it is encoded as UTF-8, and its type is text/plain.
        body: The body, as bytes.
        stream: The body, as its pieces; see `Stream`. An exception or a `Fault` among them ends it
            with an error. Who gives an iterator, as a generator is, can use the answer once.
        headers: The fields. Content-Type and Content-Length are added where they are known and
            not given.
        reason: The phrase after the status; by default the usual one.
        trailers: The fields after the body.
        latency: How many seconds the head takes to come.
        pace: How many seconds each piece of a stream takes to come; a body that is no stream is
            one piece.

    Raises:
        ValueError: More than one of *json*, *text*, *body* and *stream* is given, or a number is
            out of its range.
        TypeError: *text* is no str, *body* no bytes, or *stream* one of these.
    """

    __slots__ = ("_used", "body", "headers", "latency", "pace", "reason", "status", "trailers")

    status: int
    reason: str
    headers: CIMultiDictProxy[str]
    body: bytes | Stream
    trailers: tuple[tuple[str, str], ...]
    latency: float
    pace: float

    def __init__(
        self,
        status: int = 200,
        *,
        json: object = UNSET,
        text: str | None = None,
        body: bytes | None = None,
        stream: Stream | None = None,
        headers: Headers = (),
        reason: str | None = None,
        trailers: Headers = (),
        latency: float = 0.0,
        pace: float = 0.0,
    ) -> None:
        if not self._may_have(status):
            raise ValueError(f"The status of an answer is 200 to 999, not {status}")
        if latency < 0 or pace < 0:
            raise ValueError("latency and pace are seconds, 0 or more")
        given = [json is not UNSET, text is not None, body is not None, stream is not None]
        if sum(given) > 1:
            raise ValueError("Give one of json, text, body and stream, not more")
        if isinstance(stream, bytes | str):
            raise TypeError("stream takes pieces: give [piece, …], or body= or text= for the whole")
        self.status = status
        self.reason = _phrase(status) if reason is None else reason
        self.trailers = tuple(CIMultiDict(trailers).items())
        self.latency = latency
        self.pace = pace
        fields = CIMultiDict(headers)
        self.body = stream if stream is not None else _content(json, text, body, fields)
        if isinstance(self.body, bytes) and status not in {_SWITCHING, 204, 304}:
            fields.setdefault("Content-Length", str(len(self.body)))
        self.headers = CIMultiDictProxy(fields)
        self._used = False

    @staticmethod
    def _may_have(status: int) -> bool:
        return 200 <= status <= 999

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.status} {self.reason}>"

    async def pieces(self) -> AsyncGenerator[Piece, None]:
        """Give the pieces of the body, none of them empty.

        Raises `RuntimeError` if it has been used up by a request before.
        """
        body = self.body
        if isinstance(body, bytes):
            if body:
                yield body
            return
        source = body() if callable(body) else body
        if isinstance(source, Iterator | AsyncIterator) and source is body:
            if self._used:
                raise RuntimeError(
                    "The stream of this answer was used up by the request before:"
                    " give a list, or a function that makes it"
                )
            self._used = True
        if isinstance(source, AsyncIterable):
            async for piece in source:
                if piece or not isinstance(piece, bytes):
                    yield piece
        else:
            for piece in source:
                if piece or not isinstance(piece, bytes):
                    yield piece


def octets_of(piece: Piece) -> bytes:
    """Give the bytes that *piece* is; raise what it stands for, `TypeError` for what is none."""
    if isinstance(piece, Fault):
        raise failure_in_body(piece)
    if isinstance(piece, Exception):
        raise piece
    if not isinstance(piece, bytes):
        raise TypeError(f"A piece of a stream is bytes, not {type(piece).__name__}")
    return piece


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _content(
    json: object | Unset, text: str | None, body: bytes | None, fields: CIMultiDict[str]
) -> bytes:
    if text is not None:
        if not isinstance(text, str):
            raise TypeError(f"text must be a str, not {type(text).__name__}")
        fields.setdefault("Content-Type", "text/plain; charset=utf-8")
        return text.encode()
    if body is not None:
        if not isinstance(body, bytes):
            raise TypeError(f"body must be bytes, not {type(body).__name__}")
        return body
    if json is not UNSET:
        fields.setdefault("Content-Type", "application/json")
        return json_module.dumps(json).encode()
    return b""
