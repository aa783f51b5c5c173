"""Header fields, from the client's text to ASGI's bytes and back."""

import re
from collections.abc import Iterable
from typing import Final

from ._errors import ApplicationError

__all__ = ["Field", "request_fields", "response_fields"]

Field = tuple[str, str]

_TOKEN: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_TOKEN_BYTES: Final = re.compile(_TOKEN.pattern.encode())
# In UTF-8, no other character has their bytes.
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")


def request_fields(fields: Iterable[Field]) -> list[tuple[bytes, bytes]]:
    """Give *fields* as a scope has them: bytes, names in lower case.

    Raises `ValueError` for a name that is no token and a value that could not be sent, and
    `TypeError` for what is no text. The value is not shown, as it may be a secret.
    """
    return [(_name(name), _value(name, value)) for name, value in fields]


def _name(name: str) -> bytes:
    if not isinstance(name, str):
        raise TypeError(f"Header name is not a string: {name!r:.100}")
    if _TOKEN.fullmatch(name) is None:
        raise ValueError(f"Header name is not a token: {name!r:.100}")
    return name.lower().encode("ascii")


def _value(name: str, value: str) -> bytes:
    if not isinstance(value, str):
        raise TypeError(f"Header {name} has a value that is no string: {type(value).__name__}")
    try:
        octets = value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        octets = None
    if octets is None:
        raise ValueError(f"Header {name} has a lone surrogate in its value")
    if _CONTROLS.search(octets):
        raise ValueError(f"Header {name} has a control character in its value")
    return octets


def response_fields(event: str, headers: object) -> list[Field]:
    """Read the *headers* of an *event*: values as UTF-8 with ``surrogateescape``.

    Raises `ApplicationError` for anything but pairs of bytes, and for what could not be sent.
    """
    if not isinstance(headers, Iterable):
        raise ApplicationError(
            f"The headers of {event!r} have to be pairs of bytes, not {type(headers).__name__}"
        )
    return [_read(event, field) for field in headers]


def _read(event: str, field: object) -> Field:
    name: object
    value: object
    try:
        name, value = field  # type: ignore[misc]  # whatever it is, it is checked below
    except (TypeError, ValueError):
        name = value = None
    if not isinstance(name, bytes) or not isinstance(value, bytes):
        raise ApplicationError(f"The headers of {event!r} have to be pairs of bytes, one is not")
    if _TOKEN_BYTES.fullmatch(name) is None:
        raise ApplicationError(f"A header of {event!r} has a name that is no token: {name!r:.100}")
    if _CONTROLS.search(value):
        raise ApplicationError(
            f"The header {name.decode('ascii')} of {event!r} has a control character in its value"
        )
    return name.decode("ascii"), value.strip(b" \t").decode("utf-8", "surrogateescape")
