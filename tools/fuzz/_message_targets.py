"""Reading responses and requests: cut in any way, the same is read, or refused."""

from collections.abc import Iterable

from martlet_http_parser import (
    DEFAULT_LIMITS,
    IncomingRequest,
    Limits,
    RequestParser,
    ResponseParser,
)
from martlet_interfaces import BodySink, ResponseHead

from ._examples import MESSAGE_WORDS, REQUESTS, RESPONSES
from ._input import Input, cut
from ._reading import Reading, Record, check_reading, read
from ._target import FindingError, Target

__all__ = ["REQUEST", "RESPONSE"]

# Small enough to be reached by what a fuzzer makes.
_SMALL = Limits(line=60, field=60, fields=4, head=120, chunk_line=24, trailers=60, interim=2)
_METHODS = ("GET", "HEAD", "CONNECT", "POST")


def _compare(whole: Reading, split: Reading, data: bytes) -> None:
    check_reading(whole, data)
    if whole != split:
        raise FindingError(f"whole: {whole}\nsplit: {split}")


def read_responses(data: bytes) -> int:
    """Read a connection of responses twice.

    The first choice is made of the method (2 bits), upgrade, strict, small limits, the end of
    the connection, several responses; the next three are lengths of pieces, less one.
    """
    source = Input(data)
    low, high, upgrade, strict, small, eof, several, _ = source.flags()
    method = _METHODS[low + 2 * high]
    lengths = [source.byte() + 1 for _ in range(3)]
    rest = source.rest()

    def reading(pieces: Iterable[bytes]) -> Reading:
        interim: list[object] = []

        def on_interim(head: ResponseHead) -> None:
            interim.append((head.version, head.status, head.reason, tuple(head.headers.items())))

        parser = ResponseParser(
            _SMALL if small else DEFAULT_LIMITS, strict=strict, on_interim=on_interim
        )

        def expect(record: Record) -> None:
            def on_head(head: ResponseHead) -> BodySink:
                fields = tuple(head.headers.items())
                before = tuple(interim)
                return record.take_head(before, head.version, head.status, head.reason, fields)

            parser.expect(method, on_head, upgrade=upgrade, pipelined=True)

        return read(parser, expect, pieces, eof=eof, several=several)

    whole = reading([rest] if rest else [])
    _compare(whole, reading(cut(rest, lengths)), rest)
    return 2 * len(rest)


def read_requests(data: bytes) -> int:
    """Read a connection of requests twice.

    The first choice is made of strict, small limits, the end of the connection, several
    requests; the next three are lengths of pieces, less one.
    """
    source = Input(data)
    strict, small, eof, several, *_ = source.flags()
    lengths = [source.byte() + 1 for _ in range(3)]
    rest = source.rest()

    def reading(pieces: Iterable[bytes]) -> Reading:
        parser = RequestParser(_SMALL if small else DEFAULT_LIMITS, strict=strict)

        def expect(record: Record) -> None:
            def on_request(request: IncomingRequest) -> BodySink:
                asked = request.expects_continue, request.asks_to_upgrade
                fields = tuple(request.headers.items())
                return record.take_head(
                    request.version, request.method, request.target, asked, fields
                )

            parser.expect(on_request)

        return read(parser, expect, pieces, eof=eof, several=several)

    whole = reading([rest] if rest else [])
    _compare(whole, reading(cut(rest, lengths)), rest)
    return 2 * len(rest)


def _seeds(examples: Iterable[bytes], choices: Iterable[int]) -> tuple[bytes, ...]:
    """Each example under each choice, byte by byte and in pieces."""
    lengths = (b"\0\0\0", b"\x06\x1d\x02")
    return tuple(
        bytes([choice]) + lengths[number % 2] + example
        for number, example in enumerate(examples)
        for choice in choices
    )


RESPONSE = Target(
    "response",
    read_responses,
    _seeds(RESPONSES, (0b0110_0000, 0b0111_1000, 0b0010_0101, 0b0110_0110)),
    MESSAGE_WORDS,
)
REQUEST = Target("request", read_requests, _seeds(REQUESTS, (0b1100, 0b1111)), MESSAGE_WORDS)
