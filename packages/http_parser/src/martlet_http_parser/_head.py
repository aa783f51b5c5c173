"""The head of a message: its first line, and its header section (RFC 9112 section 2.1)."""

import re
from collections.abc import Callable
from typing import Final, TypeVar

from multidict import CIMultiDict

from martlet_exceptions import BadHttpMessage, LineTooLong

from ._field_lines import LINE_END, Field, read_fields, read_fields_slowly
from ._limits import Limits

__all__ = ["Head", "field_offset", "find_head_end", "parse_head_slowly"]

_FirstLine = TypeVar("_FirstLine")

Head = tuple[_FirstLine, "CIMultiDict[str]"]

_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")


def find_head_end(data: bytes | bytearray, start: int = 0) -> tuple[int, int] | None:
    """Find where the first head in *data* ends: the end of its last line, and of all.

    Looks from *start*; a lone LF ends a line, too (RFC 9112 section 2.2).
    """
    match = _HEAD_END.search(data, start)
    return None if match is None else match.span()


def parse_head_slowly(
    block: bytes,
    limits: Limits,
    read_first_line: Callable[[str], _FirstLine | None],
    bad_first_line: Callable[[str], BadHttpMessage],
    *,
    strict: bool,
) -> tuple[Head[_FirstLine], bool]:
    """Read *block*, a head without the empty line at its end, line by line.

    Returns the head, and whether a line broke a rule in a way that is accepted unless
    *strict*. Raises `BadHttpMessage`, or a subclass of it, for what is not.
    """
    end = LINE_END.search(block)
    line, rest_at = (block, len(block)) if end is None else (block[: end.start()], end.end())
    if len(line) > limits.line:
        raise LineTooLong(
            f"The first line is longer than {limits.line} bytes", offset=0, excerpt=line[:100]
        )
    text = str(line, "utf-8", "surrogateescape")
    first = read_first_line(text)
    if first is None:
        raise bad_first_line(text)
    if end is None:
        return (first, CIMultiDict()), False
    sloppy = end.group() != b"\r\n"
    if sloppy and strict:
        raise BadHttpMessage("The first line ends in a lone LF", offset=0, excerpt=line[:100])
    # Well-formed lines of a head that is only large need no second look.
    fields: list[Field] | None = None
    if not sloppy and len(block) <= limits.head and block.isascii():
        lines = block[rest_at:].decode().split("\r\n")
        if len(lines) <= limits.fields and max(map(len, lines)) <= limits.field:
            fields, _ = read_fields(lines)
    if fields is None:
        fields, sloppy_fields = read_fields_slowly(block, rest_at, limits, strict=strict)
        sloppy = sloppy or sloppy_fields
    return (first, CIMultiDict(fields)), sloppy


def field_offset(block: bytes, name: str) -> int:
    """Find where the first field called *name* stands in *block*, for an error, else 0."""
    match = re.search(rb"\n(?i:%b):" % re.escape(name.encode()), block)
    return 0 if match is None else match.start() + 1
