"""Parsers of single fields: they take any text, raise nothing, and take linear time."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import martlet_http_parser

from ._input import Input
from ._target import Target

__all__ = ["FIELDS"]

Parse = Callable[[str], object]


@dataclass(frozen=True)
class _Field:
    """A function of the package that takes a field's value."""

    function: str
    examples: tuple[str, ...]
    words: tuple[str, ...] = ()


_TABLE = (
    _Field(
        "parse_media_type",
        (
            "text/html; charset=utf-8",
            'multipart/form-data; boundary="a\\"b;c"',
            "application/json ;a=b;  A=c; d",
        ),
        ("charset=", "boundary="),
    ),
    _Field(
        "parse_content_disposition",
        (
            'attachment; filename="a b.txt"',
            "inline",
            "attachment; filename*=UTF-8''%e2%82%ac%20rates.txt; filename=rates.txt",
            "form-data; name=a; filename*0=b; filename*1*=%20c",
        ),
        ("attachment", "filename=", "filename*=", "UTF-8''", "*0*=", "%e2%82%ac"),
    ),
    _Field(
        "parse_links",
        (
            '<https://example.com/?page=2>; rel="next", </>; rel=first',
            '<a>;title*=UTF-8\'en\'x;title="a, b";rel="a b"',
        ),
        ("<", ">", "rel=", "title*=", "anchor="),
    ),
    _Field("parse_keep_alive", ("timeout=5, max=1000", 'timeout="5"'), ("timeout=", "max=")),
    _Field(
        "parse_retry_after",
        ("120", "Wed, 21 Oct 2015 07:28:00 GMT"),
        ("GMT", "Wed, ", " Oct ", "99999999999999999999"),
    ),
    _Field(
        "parse_http_date",
        (
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Fri, 31 Dec 9999 23:59:60 GMT",
        ),
        ("GMT", "Sun, ", "Sunday, ", "Nov", "-Nov-94", "00:00:00"),
    ),
    _Field(
        "parse_challenges",
        (
            'Basic realm="a, b", Bearer',
            'Digest realm="x", nonce="abc==", qop="auth,auth-int", algorithm=SHA-256, stale=FALSE',
            "Negotiate YII=, Newauth realm=apps, type=1",
        ),
        ("Basic ", "Digest ", "Bearer ", "realm=", "nonce=", 'qop="auth"', "=="),
    ),
)
_WORDS = (b'"', b"\\", b'\\"', b"; ", b", ", b"=", b'="', b"%", b"''", b"\t", b"\0", b"\xff")


def _filename_of(parse: Parse, filename: Callable[..., object]) -> Parse:
    """A filename is looked for in the parameters of a whole field."""

    def both(text: str) -> object:
        found = parse(text)
        assert isinstance(found, tuple)
        return filename(found[-1])

    return both


def _text(data: bytes) -> str:
    """Decoded as a parser of messages does."""
    return data.decode("utf-8", "surrogateescape")


def try_field(parse: Parse, data: bytes) -> int:
    """Parse a field's value."""
    parse(_text(data))
    return len(data)


def try_long(data: bytes) -> int:
    """Parse a value that is long because a part of it is repeated: time has to be linear.

    The first choice is the function; then comes what is repeated.
    """
    source = Input(data)
    parse, _ = _FUNCTIONS[source.byte() % len(_FUNCTIONS)]
    value = source.swollen_rest()
    parse(_text(value))
    return len(value)


def _functions() -> list[tuple[Parse, _Field]]:
    """Those of the table that the package has."""
    functions: list[tuple[Parse, _Field]] = []
    filename = getattr(martlet_http_parser, "content_disposition_filename", None)
    for field in _TABLE:
        parse: Parse | None = getattr(martlet_http_parser, field.function, None)
        if parse is None:
            continue
        functions.append((parse, field))
        if field.function == "parse_content_disposition" and filename is not None:
            named = replace(field, function="content_disposition_filename")
            functions.append((_filename_of(parse, filename), named))
    return functions


_FUNCTIONS = _functions()


def _target(parse: Parse, field: _Field) -> Target:
    examples = tuple(example.encode() for example in field.examples)
    words = (*_WORDS, *(word.encode() for word in field.words))
    return Target(field.function, partial(try_field, parse), examples, words)


# The first 16 bytes of each example 4,096 times.
_LONG = tuple(
    bytes([number]) + b"\x0b\0\x10" + example.encode()
    for number, (_, field) in enumerate(_FUNCTIONS)
    for example in field.examples
)
_LONG_WORDS = tuple({word.encode(): None for _, field in _FUNCTIONS for word in field.words})

FIELDS = (
    *(_target(parse, field) for parse, field in _FUNCTIONS),
    # At C speed these take far less: 64 KiB may not cost a second.
    Target("long-fields", try_long, _LONG, (*_WORDS, *_LONG_WORDS), seconds_per_byte=5e-6),
)
