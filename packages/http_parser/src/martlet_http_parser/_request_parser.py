"""Reading the requests of one connection, as a server, a proxy or a test does.

As `ResponseParser`, with a client on the other side: what it pipelines stays in `tail`
until the next request is expected, so that a server that answers in order reads in
order, too.
"""

from collections.abc import Callable
from typing import Final

from multidict import CIMultiDict

from martlet_exceptions import BadHttpMessage, InvalidHeader
from martlet_interfaces import BodySink, HttpVersion11

from ._field_lines import read_fields
from ._framing import announced_length, is_persistent
from ._grammar import HOST, TOKEN
from ._head import field_offset, parse_head_slowly
from ._incoming_request import IncomingRequest
from ._message_parser import NOWHERE, MessageParser
from ._request_line import bad_request_line, read_request_line
from ._states import REQUEST_MOVES, Event, State

__all__ = ["OnRequest", "RequestParser"]

OnRequest = Callable[[IncomingRequest], BodySink]

_DONE: Final = State.DONE
_LINE_ENDS: Final = b"\r\n"


def _nobody(_request: IncomingRequest) -> BodySink:
    return NOWHERE


class RequestParser(MessageParser[IncomingRequest]):
    """Parses the requests of a connection, each when it is expected.

    `expect`, then `feed` and at last `feed_eof`; when a request is `done`, `expect` the
    next one, which may be in `tail` already. After an exception the parser is of no
    further use: answer with an error status and close.

    *strict*: refuse also what is sloppy but safe, and is otherwise accepted at the price
    of `reusable`.
    """

    __slots__ = ("_leading", "_on_request")

    _moves = REQUEST_MOVES
    _kind = "request"

    _leading: int
    """How much of an empty line has come before the request line."""
    _on_request: OnRequest

    def expect(self, on_request: OnRequest) -> None:
        """Await the next request; *on_request* gets its head, and returns its body's sink.

        What of it is in `tail` is read at once, so that what `feed` raises may be raised
        here; so is what `feed_eof` raises, if the client has closed meanwhile. Raises
        `RuntimeError` before the request before is `done`, after one that was the last or
        broke a rule, if anything follows it, and when all is read that came before the end.
        """
        # A client need not wait for us.
        has_come = self._begin(self._state is State.IDLE or self._another_may_follow)
        self._on_request = on_request
        self._leading = 0
        if has_come:
            self._read_tail()

    @property
    def reusable(self) -> bool:
        """Whether another request may follow on the connection: it may be in `tail`."""
        return self._another_may_follow

    @property
    def closed(self) -> bool:
        """Whether the client has closed the connection after its last request."""
        if self._state is State.CLOSED:
            return True
        return self._state is _DONE and self._ended and not self._another_may_follow

    def feed_eof(self) -> None:
        """Learn that the client will send nothing more.

        Between requests that is how a connection ends: it is `closed` then, or when those
        in `tail` have been expected. Raises `BadHttpMessage` inside a head, and a
        `ClientPayloadError` inside a body.
        """
        state, buffer = self._state, self._buffer
        self._ended = True
        if self._tail or self._later:
            return
        self._persistent = False
        if buffer is not None:
            self._fail()
            raise BadHttpMessage(
                "The connection was closed inside the request's head", offset=len(buffer)
            )
        if Event.CLOSE in self._moves[state]:
            self._state = self._moves[state][Event.CLOSE]
            self._on_request = _nobody
        elif Event.FAULT in self._moves[state]:
            self._close_body()

    def _feed_head(self, data: bytes) -> bytes:
        if self._buffer is None and data[0] in _LINE_ENDS:
            # RFC 9112 section 2.2: one empty line before a request is passed over. Others
            # refuse it, so nothing is read after such a request.
            expected = _LINE_ENDS[self._leading : self._leading + 1]
            if self._strict or not expected or data[:1] != expected:
                raise BadHttpMessage(
                    "The request begins with a line end", offset=0, excerpt=data[:100]
                )
            self._leading += 1
            self._sloppy = True
            return data[1:]
        if self._leading == 1 and self._buffer is None:
            raise BadHttpMessage("The request begins with a lone CR", offset=0, excerpt=data[:100])
        return super()._feed_head(data)

    def _check_start(self, start: bytearray) -> None:
        if TOKEN.match(str(start[:1], "latin-1")) is None:
            raise bad_request_line(str(start[:100], "utf-8", "surrogateescape"))

    def _parse_head(self, block: bytes) -> IncomingRequest | None:
        lines = str(block, "utf-8", "surrogateescape").split("\r\n")
        request_line = read_request_line(lines.pop(0))
        if request_line is None or len(lines) > self._limits.fields:
            return None
        fields, _ = read_fields(lines)
        if fields is None:
            return None
        method, target, version = request_line
        return IncomingRequest(method, target, version, CIMultiDict(fields))

    def _parse_head_slowly(self, block: bytes) -> tuple[IncomingRequest, bool]:
        head, sloppy = parse_head_slowly(
            block, self._limits, read_request_line, bad_request_line, strict=self._strict
        )
        (method, target, version), headers = head
        return IncomingRequest(method, target, version, headers), sloppy

    def _take_head(self, head: IncomingRequest, block: bytes, size: int, rest: bytes) -> bytes:
        _check_host(head, block)
        length, sloppy = announced_length(head, block, strict=self._strict)
        if sloppy:
            self._sloppy = True
        self._persistent = is_persistent(head)
        on_request = self._on_request
        self._on_request = _nobody
        self._begin_body(on_request(head), length or 0, size, rest)
        return b""

    def _fail(self) -> None:
        super()._fail()
        self._on_request = _nobody


def _check_host(request: IncomingRequest, block: bytes) -> None:
    """RFC 9112 section 3.2: two readers must not see two hosts."""
    hosts = request.headers.getall("Host", ())
    if len(hosts) == 1:
        if HOST.fullmatch(hosts[0]):
            return
        what = "The Host field is no host with an optional port"
    elif hosts:
        what = "The Host field is given twice"
    elif request.version == HttpVersion11:
        what = "The Host field of an HTTP/1.1 request is missing"
    else:
        return
    raise InvalidHeader(what, offset=field_offset(block, "Host"))
