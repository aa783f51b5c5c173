"""What the parser's tests share: a sink that writes down what it is told, and whole readings."""

from collections.abc import Iterable
from typing import NamedTuple

from martlet_exceptions import ClientError
from martlet_http_parser import DEFAULT_LIMITS, Limits, ResponseParser
from martlet_interfaces import HttpVersion, ResponseHead

__all__ = ["Reading", "Recorder", "bytewise", "read"]


class Recorder:
    """Takes a head, then its body."""

    def __init__(self) -> None:
        self.heads: list[ResponseHead] = []
        self.pieces: list[bytes] = []
        self.ends = 0
        self.failures: list[BaseException] = []

    def on_head(self, head: ResponseHead) -> "Recorder":
        self.heads.append(head)
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
    heads: tuple[tuple[HttpVersion, int, str, tuple[tuple[str, str], ...]], ...]
    body: bytes
    ends: int
    done: bool
    reusable: bool
    upgraded: bool
    tail: bytes
    trailers: tuple[tuple[str, str], ...]


def read(
    pieces: Iterable[bytes],
    method: str = "GET",
    *,
    upgrade: bool = False,
    eof: bool = False,
    limits: Limits = DEFAULT_LIMITS,
) -> Reading:
    """Feed *pieces* to a new parser until it raises."""
    parser = ResponseParser(limits)
    recorder = Recorder()
    parser.expect(method, recorder.on_head, upgrade=upgrade)
    error: type[ClientError] | None = None
    try:
        for piece in pieces:
            parser.feed(piece)
        if eof:
            parser.feed_eof()
    except ClientError as exc:
        error = type(exc)
    assert not recorder.failures
    return Reading(
        error,
        tuple(
            (head.version, head.status, head.reason, tuple(head.headers.items()))
            for head in recorder.heads
        ),
        recorder.body,
        recorder.ends,
        parser.done,
        parser.reusable,
        parser.upgraded,
        parser.tail,
        tuple(parser.trailers),
    )


def bytewise(data: bytes) -> list[bytes]:
    """Cut *data* into single bytes."""
    return [data[at : at + 1] for at in range(len(data))]
