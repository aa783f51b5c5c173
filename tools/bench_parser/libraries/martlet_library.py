"""martlet, the subject: one parser for a connection, as its connector uses it."""

from collections.abc import Iterable, Sequence

from bench_parser._cases import Kind
from bench_parser._messages import Facts
from martlet_http_parser import IncomingRequest, Limits, RequestParser, ResponseParser
from martlet_interfaces import ResponseHead

from .shape import Reader

# For the long heads; that it is not the default costs nothing.
_LIMITS = Limits(fields=10_000, head=1 << 20)


class _Sink:
    """Takes a head and its body, which comes in one piece, as the message does."""

    head: ResponseHead
    request: IncomingRequest
    body = b""

    def on_head(self, head: ResponseHead) -> "_Sink":
        self.head = head
        return self

    def on_request(self, request: IncomingRequest) -> "_Sink":
        self.request = request
        return self

    def feed(self, data: bytes, /) -> None:
        self.body += data

    def eof(self) -> None:
        """Nothing has to be done."""

    def fail(self, exc: BaseException, /) -> None:
        raise exc


class _Responses:
    def __init__(self) -> None:
        self._parser = ResponseParser(_LIMITS)
        self._sink = _Sink()

    def prepare(self, count: int) -> None:
        """Nothing has to be done."""

    def read(self, messages: Sequence[bytes]) -> None:
        parser, sink = self._parser, self._sink
        for message in messages:
            sink = _Sink()
            parser.expect("GET", sink.on_head)
            parser.feed(message)
        self._sink = sink

    def trickle(self, pieces: Iterable[bytes]) -> None:
        sink = self._sink = _Sink()
        self._parser.expect("GET", sink.on_head)
        feed = self._parser.feed
        for piece in pieces:
            feed(piece)

    def facts(self) -> Facts:
        assert self._parser.done
        head = self._sink.head
        return Facts((str(head.status),), _lowered(head.headers.items()), self._sink.body)


class _Requests:
    def __init__(self) -> None:
        self._parser = RequestParser(_LIMITS)
        self._sink = _Sink()

    def prepare(self, count: int) -> None:
        """Nothing has to be done."""

    def read(self, messages: Sequence[bytes]) -> None:
        parser, sink = self._parser, self._sink
        for message in messages:
            sink = _Sink()
            parser.expect(sink.on_request)
            parser.feed(message)
        self._sink = sink

    def trickle(self, pieces: Iterable[bytes]) -> None:
        sink = self._sink = _Sink()
        self._parser.expect(sink.on_request)
        for piece in pieces:
            self._parser.feed(piece)

    def facts(self) -> Facts:
        assert self._parser.done
        request = self._sink.request
        first = request.method, request.target
        return Facts(first, _lowered(request.headers.items()), self._sink.body)


def _lowered(fields: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name.lower(), value) for name, value in fields)


def create(_name: str, kind: Kind) -> Reader:
    """Make the reader."""
    return _Requests() if kind == "request" else _Responses()
