"""Heads that are the same each time but for where they lead.

A Location may hold secrets, so it is never kept; the head around it is, so that it need not
be read anew.
"""

from typing import Final, NamedTuple, TypeAlias

from multidict import CIMultiDict, istr

from martlet_interfaces import HttpVersion, ResponseHead

from ._field_lines import Field
from ._framing import Open

__all__ = ["LOCATION", "Framing", "keep", "keep_framing", "recall"]

Framing: TypeAlias = tuple[int | Open | None, bool]
"""The length of the body, as it is announced, and whether the connection persists."""

LOCATION: Final = b"\r\nLocation: "
"""How such a line begins, as nearly everybody writes it; for the others there is a longer way."""


class _Around(NamedTuple):
    version: HttpVersion
    status: int
    reason: str
    before: list[Field]
    after: list[Field]
    framing: Framing | None


_NAME: Final = istr("Location")
_around: dict[bytes, _Around] = {}
_MAX_HEADS: Final = 128


def recall(block: bytes, at: int, most: int) -> tuple[ResponseHead, Framing | None] | None:
    """Read the head *block*, with `LOCATION` *at*, and at most so many fields, if it is known.

    What it frames may not be known yet.
    """
    key, value = _split(block, at)
    known = _around.get(key)
    if known is None:
        return None
    version, status, reason, before, after, framing = known
    if len(before) + len(after) >= most or not value.isprintable():
        return None
    headers = CIMultiDict([*before, (_NAME, value.strip(" \t")), *after])
    return ResponseHead(version, status, reason, headers), framing


def keep(block: bytes, at: int, head: ResponseHead, fields: list[Field]) -> None:
    """Remember the good head *block* without its Location, the only one of *fields* that is new."""
    index = block.count(b"\r\n", 0, at)
    if len(_around) >= _MAX_HEADS:
        _around.clear()
    _around[_split(block, at)[0]] = _Around(
        head.version, head.status, head.reason, fields[:index], fields[index + 1 :], None
    )


def keep_framing(block: bytes, framing: Framing) -> None:
    """Remember, too, what such a head says of the body and of the connection."""
    at = block.find(LOCATION)
    key = _split(block, at)[0] if at >= 0 else b""
    known = _around.get(key)
    if known is not None:
        _around[key] = known._replace(framing=framing)


def _split(block: bytes, at: int) -> tuple[bytes, str]:
    """Part what is around the Location from its value."""
    start = at + len(LOCATION)
    end = block.find(b"\r\n", start)
    if end < 0:
        end = len(block)
    # No head that was found good has a NUL, so the place of the line is told by it.
    return b"\0".join((block[:at], block[end:])), str(block[start:end], "utf-8", "surrogateescape")
