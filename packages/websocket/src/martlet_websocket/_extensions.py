"""The field Sec-WebSocket-Extensions (RFC 6455 section 9.1)."""

import re
from typing import Final, NamedTuple, TypeAlias

from ._errors import HandshakeError

# Possessive, so that what does not match is not tried again.
_WORD: Final = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]++"
_PARAMETER: Final = re.compile(
    rf'[ \t]*+;[ \t]*+({_WORD})(?:[ \t]*+=[ \t]*+(?:({_WORD})|"((?:[^"\\]|\\.)*+)"))?+'
)
_NAME: Final = re.compile(rf"[ \t]*+({_WORD})")
_END: Final = re.compile(r"[ \t]*+(?:,|\Z)")
_VALUE: Final = re.compile(rf"{_WORD}\Z")
# More than anyone has, and few enough to look at each.
_MOST: Final = 64

Parameters: TypeAlias = tuple[tuple[str, str | None], ...]


class Extension(NamedTuple):
    """An extension that is offered or agreed on.

    Args:
        name: In lower case, such as ``permessage-deflate``.
        parameters: Names in lower case, and values; None for a parameter without one.
    """

    name: str
    parameters: Parameters = ()

    def serialize(self) -> str:
        """Write it as in the field."""
        parts = [key if value is None else f"{key}={value}" for key, value in self.parameters]
        return "; ".join((self.name, *parts))


def parse_extensions(text: str, /) -> list[Extension]:
    """Read the field's value; several fields are one, joined with commas.

    Raises:
        HandshakeError: It does not follow the grammar, or names more than 64 extensions.
    """
    found: list[Extension] = []
    place = 0
    while place < len(text):
        if (end := _END.match(text, place)) is not None:
            # Empty elements are allowed in lists.
            place = end.end()
            continue
        name = _NAME.match(text, place)
        if name is None:
            raise _unreadable(text, place)
        parameters, place = _parameters(text, name.end())
        found.append(Extension(name[1].lower(), parameters))
        end = _END.match(text, place)
        if end is None or len(found) > _MOST:
            raise _unreadable(text, place)
        place = end.end()
    return found


def _parameters(text: str, place: int) -> tuple[Parameters, int]:
    found: list[tuple[str, str | None]] = []
    while (match := _PARAMETER.match(text, place)) is not None:
        value: str | None = match[2]
        if match[3] is not None:
            value = re.sub(r"\\(.)", r"\1", match[3])
            if _VALUE.match(value) is None:
                raise _unreadable(text, place)
        found.append((match[1].lower(), value))
        place = match.end()
    return tuple(found), place


def _unreadable(text: str, place: int) -> HandshakeError:
    rest = ascii(text[place : place + 60])
    return HandshakeError(f"Sec-WebSocket-Extensions cannot be read from here on: {rest}")
