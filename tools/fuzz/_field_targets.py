"""Parsers of single fields: they take any text, raise nothing, and take linear time."""

from dataclasses import dataclass
from functools import partial
from typing import Protocol

from martlet_http_parser import (
    content_disposition_filename,
    parse_challenges,
    parse_content_disposition,
    parse_http_date,
    parse_keep_alive,
    parse_links,
    parse_media_type,
    parse_retry_after,
    safe_filename,
)

from ._input import Input
from ._target import Target

__all__ = ["FIELDS"]


class Parse(Protocol):
    """A function that takes a field's value."""

    __name__: str

    def __call__(self, text: str, /) -> object: ...


@dataclass(frozen=True)
class _Field:
    """A function of the package that takes a field's value."""

    parse: Parse
    examples: tuple[str, ...]
    words: tuple[str, ...] = ()


def retry_after(text: str) -> object:
    """Read a Retry-After field, at a time that is now."""
    return parse_retry_after(text, 1_700_000_000.0)


def filename(text: str) -> str | None:
    """Look for a filename in a Content-Disposition field, and make it safe."""
    found = content_disposition_filename(parse_content_disposition(text)[1])
    return None if found is None else safe_filename(found)


_DISPOSITIONS = (
    'attachment; filename="a b.txt"',
    "inline",
    "attachment; filename*=UTF-8''%e2%82%ac%20rates.txt; filename=rates.txt",
    "form-data; name=a; filename*0=b; filename*1*=%20c",
)
_DISPOSITION_WORDS = ("attachment", "filename=", "filename*=", "UTF-8''", "*0*=", "%e2%82%ac")

_TABLE = (
    _Field(
        parse_media_type,
        (
            "text/html; charset=utf-8",
            'multipart/form-data; boundary="a\\"b;c"',
            "application/json ;a=b;  A=c; d",
        ),
        ("charset=", "boundary="),
    ),
    _Field(parse_content_disposition, _DISPOSITIONS, _DISPOSITION_WORDS),
    _Field(filename, _DISPOSITIONS, (*_DISPOSITION_WORDS, "..", "C:", "CON", "/")),
    _Field(
        parse_links,
        (
            '<https://example.com/?page=2>; rel="next", </>; rel=first',
            '<a>;title*=UTF-8\'en\'x;title="a, b";rel="a b"',
        ),
        ("<", ">", "rel=", "title*=", "anchor="),
    ),
    _Field(parse_keep_alive, ("timeout=5, max=1000", 'timeout="5"'), ("timeout=", "max=")),
    _Field(
        retry_after,
        ("120", "Wed, 21 Oct 2015 07:28:00 GMT"),
        ("GMT", "Wed, ", " Oct ", "99999999999999999999"),
    ),
    _Field(
        parse_http_date,
        (
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Fri, 31 Dec 9999 23:59:60 GMT",
        ),
        ("GMT", "Sun, ", "Sunday, ", "Nov", "-Nov-94", "00:00:00"),
    ),
    _Field(
        parse_challenges,
        (
            'Basic realm="a, b", Bearer',
            'Digest realm="x", nonce="abc==", qop="auth,auth-int", algorithm=SHA-256, stale=FALSE',
            "Negotiate YII=, Newauth realm=apps, type=1",
        ),
        ("Basic ", "Digest ", "Bearer ", "realm=", "nonce=", 'qop="auth"', "=="),
    ),
)
_WORDS = (b'"', b"\\", b'\\"', b"; ", b", ", b"=", b'="', b"%", b"''", b"\t", b"\0", b"\xff")


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
    parse = _TABLE[source.byte() % len(_TABLE)].parse
    value = source.swollen_rest()
    parse(_text(value))
    return len(value)


def _target(field: _Field) -> Target:
    examples = tuple(example.encode() for example in field.examples)
    words = (*_WORDS, *(word.encode() for word in field.words))
    return Target(field.parse.__name__, partial(try_field, field.parse), examples, words)


# The first 16 bytes of each example 4,096 times.
_LONG = tuple(
    bytes([number]) + b"\x0b\0\x10" + example.encode()
    for number, field in enumerate(_TABLE)
    for example in field.examples
)
_LONG_WORDS = tuple({word.encode(): None for field in _TABLE for word in field.words})

FIELDS = (
    *map(_target, _TABLE),
    # At C speed these take far less: 64 KiB may not cost a second.
    Target("long-fields", try_long, _LONG, (*_WORDS, *_LONG_WORDS), seconds_per_byte=5e-6),
)
