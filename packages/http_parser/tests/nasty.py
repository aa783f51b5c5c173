"""Strings that nothing may let through into a message as they are."""

import enum

__all__ = ["LONE_SURROGATES", "NASTY", "Method", "Shouting"]

# What must not get through anywhere; each could end a line early for some reader.
NASTY = ["\r", "\n", "\r\n", "\r\nX: y", "\0", "\x01", "\x0b", "\x1f", "\x7f"]
LONE_SURROGATES = ["\ud800", "\udc0a", "\udc80", "\udfff"]


class Shouting(str):
    """A string that formats itself as something else than it is."""

    __slots__ = ()

    def __str__(self) -> str:
        return "evil\r\nX: y"

    def __format__(self, spec: str) -> str:
        return "evil\r\nX: y"


class Method(str, enum.Enum):  # noqa: UP042 - a StrEnum formats itself as its value
    FETCH = "GET"
