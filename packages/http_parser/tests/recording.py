"""What the parser's tests share: a sink that writes down what it is told, and whole readings."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from martlet_exceptions import ClientError, HttpProcessingError
from martlet_http_parser import (
    DEFAULT_LIMITS,
    IncomingRequest,
    Limits,
    RequestParser,
    ResponseParser,
)
from martlet_interfaces import HttpVersion, ResponseHead

__all__ = ["Reading", "Recorder", "bytewise", "feed_all", "read", "read_requests", "read_responses"]

Facts = tuple[HttpVersion, int | str, str, tuple[tuple[str, str], ...]]
Parser = ResponseParser | RequestParser

MOST_MESSAGES = 64


class Recorder:
    """Takes a head, then its body."""

    def __init__(self) -> None:
        self.heads: list[ResponseHead] = []
        self.requests: list[IncomingRequest] = []
        self.interim: list[ResponseHead] = []
        self.pieces: list[bytes] = []
        self.ends = 0
        self.failures: list[BaseException] = []

    def on_head(self, head: ResponseHead) -> "Recorder":
        self.heads.append(head)
        return self

    def on_request(self, request: IncomingRequest) -> "Recorder":
        self.requests.append(request)
        return self

    def feed(self, data: bytes) -> None:
        assert data, "a sink is never fed nothing"
        assert not self.ends, "a sink is fed nothing after its end"
        self.pieces.append(data)

    def eof(self) -> None:
        self.ends += 1

    def fail(self, exc: BaseException) -> None:
        self.failures.append(exc)

    @property
    def body(self) -> bytes:
        return b"".join(self.pieces)


class Reading(NamedTuple):
    """All that can be seen of a parser and its sink, but for how the body was cut."""

    error: type[ClientError] | None
    offset: int | None
    heads: tuple[Facts, ...]
    interim: tuple[Facts, ...]
    body: bytes
    ends: int
    done: bool
    reusable: bool
    upgraded: bool
    tail: bytes
    trailers: tuple[tuple[str, str], ...]


def _facts(head: ResponseHead | IncomingRequest) -> Facts:
    fields = tuple(head.headers.items())
    if isinstance(head, IncomingRequest):
        return head.version, head.method, head.target, fields
    return head.version, head.status, head.reason, fields


def _reading(parser: Parser, recorder: Recorder, error: ClientError | None = None) -> Reading:
    assert not recorder.failures
    return Reading(
        None if error is None else type(error),
        getattr(error, "offset", None),
        (*map(_facts, recorder.heads), *map(_facts, recorder.requests)),
        tuple(map(_facts, recorder.interim)),
        recorder.body,
        recorder.ends,
        parser.done,
        parser.reusable,
        parser.upgraded if isinstance(parser, ResponseParser) else False,
        parser.tail,
        tuple(parser.trailers),
    )


def _read(
    parser: Parser,
    expect: Callable[[Recorder], None],
    pieces: Iterable[bytes],
    *,
    eof: bool,
    most: int,
) -> list[Reading]:
    """Feed *pieces* until the parser raises; expect up to *most* messages, each when it is due."""
    recorder = Recorder()
    readings: list[Reading] = []
    error: ClientError | None = None

    def go_on() -> None:
        nonlocal recorder
        while parser.done and len(readings) < most - 1 and (parser.tail or parser.reusable):
            reading = _reading(parser, recorder)
            following = Recorder()
            try:
                expect(following)
            except RuntimeError:
                return
            except ClientError:
                recorder = following
                readings.append(reading._replace(tail=b"", reusable=True))
                raise
            # What has come of the next message already depends on how it was cut.
            recorder = following
            readings.append(reading._replace(tail=b"", reusable=True))

    try:
        expect(recorder)
        for piece in pieces:
            parser.feed(piece)
            go_on()
        if eof:
            parser.feed_eof()
    except ClientError as exc:
        error = exc
    # What is wrong with the bytes says where; what is missing says what.
    if isinstance(error, HttpProcessingError):
        assert getattr(error, "offset", None) is not None
    return [*readings, _reading(parser, recorder, error)]


def read_responses(
    pieces: Iterable[bytes],
    method: str = "GET",
    *,
    upgrade: bool = False,
    eof: bool = False,
    limits: Limits = DEFAULT_LIMITS,
    strict: bool = False,
    most: int = MOST_MESSAGES,
) -> list[Reading]:
    """Feed *pieces* to a new parser until it raises; give its responses, as if pipelined."""
    interim: list[ResponseHead] = []
    parser = ResponseParser(limits, strict=strict, on_interim=lambda head: interim.append(head))

    def expect(recorder: Recorder) -> None:
        nonlocal interim
        interim = recorder.interim
        parser.expect(method, recorder.on_head, upgrade=upgrade, pipelined=True)

    return _read(parser, expect, pieces, eof=eof, most=most)


def read_requests(
    pieces: Iterable[bytes],
    *,
    eof: bool = False,
    limits: Limits = DEFAULT_LIMITS,
    strict: bool = False,
    most: int = MOST_MESSAGES,
) -> list[Reading]:
    """Feed *pieces* to a new parser until it raises; give its requests."""
    parser = RequestParser(limits, strict=strict)

    def expect(recorder: Recorder) -> None:
        parser.expect(recorder.on_request)

    return _read(parser, expect, pieces, eof=eof, most=most)


def read(
    pieces: Iterable[bytes],
    method: str = "GET",
    *,
    upgrade: bool = False,
    eof: bool = False,
    limits: Limits = DEFAULT_LIMITS,
    strict: bool = False,
) -> Reading:
    """Feed *pieces* to a new parser until it raises; expect one response and no more."""
    (reading,) = read_responses(
        pieces, method, upgrade=upgrade, eof=eof, limits=limits, strict=strict, most=1
    )
    return reading


def feed_all(parser: Parser, pieces: Iterable[bytes]) -> None:
    """Feed *pieces*, one after the other."""
    for piece in pieces:
        parser.feed(piece)


def bytewise(data: bytes) -> list[bytes]:
    """Cut *data* into single bytes."""
    return [data[at : at + 1] for at in range(len(data))]
