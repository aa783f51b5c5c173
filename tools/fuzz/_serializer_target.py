"""What is written can be read as nothing else: heads, and bodies in chunks."""

from collections.abc import Iterable

from multidict import CIMultiDict

from martlet_exceptions import BadHttpMessage
from martlet_http_parser import (
    LAST_CHUNK,
    IncomingRequest,
    RequestParser,
    ResponseParser,
    serialize_chunk,
    serialize_fields,
    serialize_request_line,
)
from martlet_interfaces import BodySink, ResponseHead

from ._examples import MESSAGE_WORDS
from ._input import Input, cut
from ._reading import Record
from ._target import FindingError, Target

__all__ = ["SERIALIZER"]

Fields = list[tuple[str, str]]

# These have a meaning for whoever reads them; any other field is only carried.
_MEANINGFUL = ("connection", "content-length", "transfer-encoding")
_MOST_FIELDS = 200
# It is in no text: UTF-8 has no such byte.
_SEPARATOR = b"\xff"


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def write_and_read(data: bytes) -> int:
    """Write a request and a body, and read what was written.

    The choices are three lengths of chunks. Then there are, separated by the byte 255:
    method, target, body, a name, a value, and so on.
    """
    source = Input(data)
    lengths = [source.byte() for _ in range(3)]
    method, target, body, *texts = [*source.rest().split(_SEPARATOR), b"", b""][:403]
    fields = [
        (_text(name), _text(value))
        for name, value in zip(texts[::2], texts[1::2], strict=False)
        if _text(name).lower() not in _MEANINGFUL
    ][:_MOST_FIELDS]
    _check_line(_text(method), _text(target))
    _check_fields(fields)
    _check_body(body, lengths)
    return 4 * len(data)


def _check_line(method: str, target: str) -> None:
    try:
        line = serialize_request_line(method, target)
    except ValueError:
        return
    record = Record()

    def on_request(request: IncomingRequest) -> BodySink:
        return record.take_head(request.method, request.target, list(request.headers.items()))

    parser = RequestParser()
    parser.expect(on_request)
    try:
        parser.feed(line + b"Host: x\r\n\r\n")
    except BadHttpMessage:
        # A form of target that the method may not have is refused, but a path is always one.
        if target.startswith("/") and method != "CONNECT":
            raise
        return
    if record.head != (method, target, [("Host", "x")]) or not parser.done:
        raise FindingError(f"{line!r} is read as {record.head}")


def _check_fields(fields: Fields) -> None:
    try:
        block = serialize_fields(CIMultiDict(fields))
    except ValueError:
        return
    record = Record()

    def on_head(head: ResponseHead) -> BodySink:
        return record.take_head(head.status, head.reason, list(head.headers.items()))

    parser = ResponseParser(strict=True)
    parser.expect("GET", on_head)
    parser.feed(b"HTTP/1.1 204 No Content\r\n" + block + b"\r\n")
    wanted = [(name, value.strip(" \t")) for name, value in fields]
    if record.head != (204, "No Content", wanted) or not parser.done:
        raise FindingError(f"{block!r} is read as {record.head}")


def _check_body(body: bytes, lengths: Iterable[int]) -> None:
    chunks = [serialize_chunk(piece) for piece in cut(body, [length + 1 for length in lengths])]
    record = Record()

    def on_head(_head: ResponseHead) -> BodySink:
        return record.take_head()

    parser = ResponseParser(strict=True)
    parser.expect("GET", on_head)
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    parser.feed(head + b"".join(chunks) + LAST_CHUNK)
    if record.body != body or not parser.reusable:
        raise FindingError(f"{b''.join(chunks)!r} is read as {bytes(record.body)!r}")


def _seed(*texts: str) -> bytes:
    return b"\x03\x10\0" + _SEPARATOR.join(text.encode() for text in texts)


SERIALIZER = Target(
    "serializer",
    write_and_read,
    (
        _seed("GET", "/", ""),
        _seed("POST", "/a?b=c", "hello, world", "Host", "example.com", "X-Empty", ""),
        _seed("OPTIONS", "*", "x" * 40, "Accept", "*/*", "accept", "a\tb", "X-Näme", "é"),
        _seed("CONNECT", "example.com:443", "", "Set-Cookie", " a=b ", "X", "a\r\nY: b"),
        _seed("x-y", "https://example.com/%20", "\r\n0\r\n\r\n", "A", "\U0001f600", "B", "\x7f"),
    ),
    MESSAGE_WORDS,
)
