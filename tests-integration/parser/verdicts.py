"""One message, read by martlet's parser and by two others: what does each make of it?

h11 (pure Python) and llhttp (C, by way of httptools) are used as anybody would: through
their public interfaces, with nothing lenient switched on.
"""

from collections.abc import Callable
from typing import Literal, NamedTuple

import h11
import httptools

from martlet_exceptions import BadHttpMessage, PayloadEncodingError
from martlet_http_parser import BodyBuffer, IncomingRequest, RequestParser, ResponseParser
from martlet_interfaces import ResponseHead

__all__ = ["PEERS", "Kind", "Verdict", "h11_reads", "llhttp_reads", "martlet_reads"]

Kind = Literal["response", "request"]
Outcome = Literal["refused", "incomplete", "read", "read, last"]


class Verdict(NamedTuple):
    """What a reader made of a message.

    *outcome*: ``read``, and the connection may be used again; ``read, last``, and it may
    not; ``incomplete``: more is awaited. The facts are those of a message that was read,
    *why* is martlet's reason to refuse it.
    """

    outcome: Outcome
    start: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    why: str = ""

    @property
    def facts(self) -> tuple[object, ...]:
        return self.start, self.fields, self.body


REFUSED = Verdict("refused")
INCOMPLETE = Verdict("incomplete")


def martlet_reads(kind: Kind, data: bytes, *, strict: bool = False) -> Verdict:
    body = BodyBuffer()
    heads: list[ResponseHead] = []
    requests: list[IncomingRequest] = []

    def on_head(head: ResponseHead) -> BodyBuffer:
        heads.append(head)
        return body

    def on_request(request: IncomingRequest) -> BodyBuffer:
        requests.append(request)
        return body

    parser: ResponseParser | RequestParser
    try:
        if kind == "response":
            parser = ResponseParser(strict=strict)
            parser.expect("GET", on_head)
        else:
            parser = RequestParser(strict=strict)
            parser.expect(on_request)
        parser.feed(data)
    except BadHttpMessage as exc:
        return Verdict("refused", why=exc.message)
    except PayloadEncodingError as exc:
        return Verdict("refused", why=exc.message)
    if not parser.done:
        return INCOMPLETE
    start: tuple[str, ...]
    if heads:
        start, headers = (str(heads[0].status),), heads[0].headers
    else:
        start, headers = (requests[0].method, requests[0].target), requests[0].headers
    fields = tuple((name.lower(), value) for name, value in headers.items())
    return Verdict("read" if parser.reusable else "read, last", start, fields, body.data)


def h11_reads(kind: Kind, data: bytes) -> Verdict:
    try:
        if kind == "response":
            connection = h11.Connection(our_role=h11.CLIENT)
            connection.send(h11.Request(method="GET", target="/", headers=[("Host", "a")]))
            connection.send(h11.EndOfMessage())
        else:
            connection = h11.Connection(our_role=h11.SERVER)
        connection.receive_data(data)
        return _h11_events(connection)
    except h11.RemoteProtocolError:
        return REFUSED


def _h11_events(connection: h11.Connection) -> Verdict:
    start: tuple[str, ...] = ()
    fields: list[tuple[str, str]] = []
    body = b""
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA or event is h11.PAUSED:
            return INCOMPLETE
        if isinstance(event, h11.Response):
            start = (str(event.status_code),)
        elif isinstance(event, h11.Request):
            start = (event.method.decode("latin-1"), event.target.decode("latin-1"))
        if isinstance(event, h11.Response | h11.Request):
            fields = [(_text(name), _text(value)) for name, value in event.headers]
        elif isinstance(event, h11.Data):
            body += bytes(event.data)
        elif isinstance(event, h11.EndOfMessage):
            last = connection.their_state is h11.MUST_CLOSE or connection.trailing_data[0] != b""
            return Verdict("read, last" if last else "read", start, tuple(fields), body)


class _LlhttpEvents:
    """What httptools calls back."""

    parser: httptools.HttpResponseParser | httptools.HttpRequestParser

    def __init__(self) -> None:
        self.url = b""
        self.fields: list[tuple[str, str]] = []
        self.body = b""
        self.complete = 0
        self.first: tuple[tuple[tuple[str, str], ...], bytes, bytes] | None = None
        self.keep = False
        self.status = 0

    def on_message_begin(self) -> None:
        self.url, self.body = b"", b""
        self.fields = []

    def on_url(self, url: bytes) -> None:
        self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self.fields.append((_text(name).lower(), _text(value)))

    def on_body(self, data: bytes) -> None:
        self.body += data

    def on_message_complete(self) -> None:
        parser = self.parser
        keep = parser.should_keep_alive()
        status = 0
        if isinstance(parser, httptools.HttpResponseParser):
            status = parser.get_status_code()
        if 100 <= status < 200:
            return
        self.complete += 1
        if self.complete == 1:
            self.keep, self.status = keep, status
            self.first = tuple(self.fields), self.url, self.body


def llhttp_reads(kind: Kind, data: bytes) -> Verdict:
    events = _LlhttpEvents()
    parser: httptools.HttpResponseParser | httptools.HttpRequestParser
    if kind == "response":
        parser = httptools.HttpResponseParser(events)
    else:
        parser = httptools.HttpRequestParser(events)
    events.parser = parser
    broken = upgraded = False
    try:
        parser.feed_data(data)
    except httptools.HttpParserUpgrade:
        upgraded = True
    except httptools.HttpParserError:
        broken = True
    if events.first is None:
        return REFUSED if broken else INCOMPLETE
    fields, url, body = events.first
    if isinstance(parser, httptools.HttpRequestParser):
        start: tuple[str, ...] = _text(parser.get_method()), _text(url)
    else:
        start = (str(events.status),)
    # What follows the message is not looked at: martlet does not either.
    return Verdict("read" if events.keep and not upgraded else "read, last", start, fields, body)


def _text(data: bytes | str) -> str:
    return data if isinstance(data, str) else data.decode("utf-8", "surrogateescape")


PEERS: dict[str, Callable[[Kind, bytes], Verdict]] = {"h11": h11_reads, "llhttp": llhttp_reads}
