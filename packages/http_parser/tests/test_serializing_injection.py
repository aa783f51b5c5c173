"""No string that a caller gives can become anything else on the wire than what it is.

The functions, their parameters, and what is tried are looked up, so that a new function
or a new parameter fails here until something is said about it.
"""

from collections.abc import Callable, Iterator
from inspect import Parameter, signature

import pytest

import martlet_http_parser
from martlet_http_parser import BodyFramer
from martlet_interfaces import HttpVersion11

from .independent import read_chunked, read_head, read_section

Pairs = list[tuple[str, str]]
Reader = Callable[[bytes], dict[str, object]]

NASTY = ["\r", "\n", "\r\n", "\0", "\x01", "\x7f", "\u010a", "\u010d", "\ud800", "\u2028"]
NASTY += ["\r\n\r\n", "\x0b", "\x1b", "\x85", "\udc0a", "\udc8a"]
PATTERNS = ["{}", "a{}", "{}a", "a{}b", "a{}B: c", "a{0}{0}B: c"]

_NAMED = Parameter.KEYWORD_ONLY

# An argument for each name of a parameter; those of `TEXTS` hold strings.
ARGUMENTS: dict[str, object] = {
    "data": b"body",
    "fields": [("Host", "a"), ("X", "y")],
    "method": "GET",
    "reason": "Fine",
    "status": 200,
    "target": "/",
    "to_method": "GET",
    "trailers": [("A", "b"), ("X", "y")],
    "version": HttpVersion11,
}
TEXTS = {key for key, value in ARGUMENTS.items() if isinstance(value, str | list)}


def read_request(data: bytes) -> dict[str, object]:
    line, fields, rest = read_head(data)
    method, target, version = line.split(" ")
    assert version == "HTTP/1.1"
    assert rest == b""
    return {"method": method, "target": target, "fields": fields}


def read_response(data: bytes) -> dict[str, object]:
    line, fields, rest = read_head(data)
    version, status, reason = line.split(" ", 2)
    assert (version, status, rest) == ("HTTP/1.1", "200", b"")
    return {"reason": reason, "fields": fields}


def read_fields(data: bytes) -> dict[str, object]:
    fields, rest = read_section(data + b"\r\n")
    assert rest == b""
    return {"fields": fields}


def read_chunks(data: bytes) -> dict[str, object]:
    body, trailers, rest = read_chunked(data)
    assert rest == b""
    return {"data": body, "trailers": trailers}


def finish(trailers: Pairs) -> bytes:
    return BodyFramer(None).finish(trailers)


FUNCTIONS: dict[str, Callable[..., bytes]] = {
    name: getattr(martlet_http_parser, name)
    for name in martlet_http_parser.__all__
    if name.startswith("serialize_")
}
FUNCTIONS["finish"] = finish
# What of the arguments is to be read again, and how.
READERS: dict[str, tuple[tuple[str, ...], Reader]] = {
    "finish": (("trailers",), read_chunks),
    "serialize_chunk": (("data",), lambda data: read_chunks(data + b"0\r\n\r\n")),
    "serialize_fields": (("fields",), read_fields),
    "serialize_last_chunk": (("trailers",), read_chunks),
    "serialize_request_head": (("method", "target", "fields"), read_request),
    "serialize_request_line": (("method", "target"), lambda data: read_request(data + b"\r\n")),
    "serialize_response_head": (("reason", "fields"), read_response),
    "serialize_status_line": (("reason",), lambda data: read_response(data + b"\r\n")),
}


def arguments_of(name: str) -> dict[str, object]:
    return {key: ARGUMENTS[key] for key in signature(FUNCTIONS[name]).parameters}


def places() -> Iterator[tuple[str, str, int | None]]:
    """Name each function, each parameter of it that holds strings, and where in a pair."""
    for name in FUNCTIONS:
        for parameter in TEXTS.intersection(arguments_of(name)):
            is_pairs = isinstance(ARGUMENTS[parameter], list)
            for column in (0, 1) if is_pairs else (None,):
                yield name, parameter, column


def with_text(parameter: str, column: int | None, text: str) -> object:
    if column is None:
        return text
    good = ARGUMENTS[parameter]
    assert isinstance(good, list)
    return [good[0], (text, "y") if column == 0 else ("X", text), ("Last", "z")]


def is_written(name: str, arguments: dict[str, object]) -> bool:
    """Tell whether it is written, and not refused; if so, as what it is."""
    data = call(name, arguments)
    if isinstance(data, ValueError):
        # Not the codec's, which holds what may be a secret.
        assert type(data) is ValueError
        assert str(data).isprintable()
        return False
    read_again, reader = READERS[name]
    back = reader(data)
    assert {key: back[key] for key in read_again} == {key: arguments[key] for key in read_again}
    return True


def call(name: str, arguments: dict[str, object]) -> bytes | ValueError:
    parameters = signature(FUNCTIONS[name]).parameters
    named = {key: value for key, value in arguments.items() if parameters[key].kind is _NAMED}
    try:
        return FUNCTIONS[name](*[arguments[key] for key in arguments if key not in named], **named)
    except ValueError as exc:
        return exc


PLACES = sorted(places(), key=str)


def test_each_function_is_tried() -> None:
    assert READERS.keys() == FUNCTIONS.keys()
    assert len(PLACES) == 17
    for name in FUNCTIONS:
        assert is_written(name, arguments_of(name))


@pytest.mark.parametrize(("name", "parameter", "column"), PLACES)
def test_nothing_is_injected(name: str, parameter: str, column: int | None) -> None:
    arguments = arguments_of(name)
    written = set()
    for nasty in NASTY:
        for pattern in PATTERNS:
            text = pattern.format(nasty)
            arguments[parameter] = with_text(parameter, column, text)
            if is_written(name, arguments):
                written.add(nasty)
    # In values and reasons they are encoded; elsewhere there is only ASCII.
    encoded = {"\u010a", "\u010d", "\u2028", "\x85"}
    if column == 1:
        # The last one stands for an octet above ASCII.
        assert written == encoded | {"\udc8a"}
    else:
        assert written == (encoded if parameter == "reason" else set())


@pytest.mark.parametrize("text", ["a\r\nB: c", "a\nB: c", "a\rB: c", "a\0B: c", "a\x0bB: c"])
def test_the_reader_would_see_what_is_injected(text: str) -> None:
    line = f"X: {text}\r\n".encode()
    assert read_fields(line) != {"fields": [("X", text)]}
    assert read_response(b"HTTP/1.1 200 OK\r\n" + line + b"\r\n")["fields"] != [("X", text)]
