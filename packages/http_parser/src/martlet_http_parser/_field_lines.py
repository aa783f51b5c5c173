"""Field lines (RFC 9112 section 5): from text to pairs of a name and a value.

Nearly every line is well-formed, and most have been seen before: peers repeat
themselves. So lines that were found good are remembered, and new ones are taken apart
by a few primitives that run at C speed. Only lines that this does not account for are
given to a slow, exact reader, which accepts what is sloppy but safe and says where the
rest is wrong.
"""

import re
from typing import Final, cast

from multidict import istr

from martlet_exceptions import BadHttpMessage, InvalidHeader, LineTooLong

from ._grammar import CONTROLS, TOKEN
from ._limits import Limits

__all__ = ["LINE_END", "Field", "read_field_line", "read_fields", "read_fields_slowly"]

Field = tuple[str, str]

LINE_END: Final = re.compile(rb"\r?\n")
"""A lone LF ends a line, too (RFC 9112 section 2.2)."""

# What was found good before. Each holds up to so many strings of up to so many
# characters, and starts anew when it is full: what is still in use is soon back.
_field_lines: dict[str, Field] = {}
_names: dict[str, tuple[istr, bool]] = {}  # and whether lines of it may be remembered
_MAX_ENTRIES: Final = 1024
_MAX_LENGTH: Final = 128
# Fields called so may hold secrets, which nothing should keep for longer than it must.
# URLs are among them: those that redirect carry codes, tokens and signatures.
_MAY_BE_SECRET: Final = re.compile(
    "auth|cookie|credential|csrf|jwt|key|link|location|nonce|password|referer|refresh|secret"
    "|session|signature|token|xsrf",
    re.IGNORECASE,
)


def read_fields(lines: list[str]) -> tuple[list[Field] | None, int]:
    """Take well-formed field *lines* apart; ``None`` if one of them is anything else.

    Tells, too, how many of them were not remembered.
    """
    fields = list(map(_field_lines.get, lines))
    if all(fields):
        return cast("list[Field]", fields), 0
    unknown = 0
    for index, field in enumerate(fields):
        if field is not None:
            continue
        unknown += 1
        line = lines[index]
        given, colon, value = line.partition(":")
        known = _names.get(given) or _read_new_name(given)
        # What is printable has no control character; what is not may still have none.
        if known is None or not colon or not (value.isprintable() or not CONTROLS.search(value)):
            return None, unknown
        fields[index] = new = known[0], value.strip(" \t")
        if known[1] and len(line) <= _MAX_LENGTH:
            if len(_field_lines) >= _MAX_ENTRIES:
                _field_lines.clear()
            _field_lines[line] = new
    return cast("list[Field]", fields), unknown


def _read_new_name(name: str) -> tuple[istr, bool] | None:
    if TOKEN.fullmatch(name) is None:
        return None
    known = istr(name), _MAY_BE_SECRET.search(name) is None
    if len(name) <= _MAX_LENGTH:
        if len(_names) >= _MAX_ENTRIES:
            _names.clear()
        _names[name] = known
    return known


def read_fields_slowly(
    block: bytes, start: int, limits: Limits, *, strict: bool
) -> tuple[list[Field], bool]:
    """Read the field lines of *block* from *start* on, one by one.

    Accepts, unless *strict*, lone LFs and obsolete line folding (RFC 9112 section 5.2,
    joined with one space), and tells whether there was any. Raises `InvalidHeader`,
    `LineTooLong` or `BadHttpMessage` with the offset in *block* for everything else that
    is not well-formed.
    """
    fields: list[Field] = []
    folded: _FoldedValue | None = None
    sloppy = False
    at = start
    while at <= len(block):
        match = LINE_END.search(block, at)
        end, following = (len(block), len(block) + 1) if match is None else match.span()
        line = block[at:end]
        if len(line) > limits.field:
            raise LineTooLong(
                f"A field line is longer than {limits.field} bytes", offset=at, excerpt=line[:100]
            )
        lone = match is not None and match.group() != b"\r\n"
        fold = line[:1] in (b" ", b"\t")
        if fold and not fields:
            raise InvalidHeader("The first field line is folded", offset=at, excerpt=line[:100])
        if lone or fold:
            if strict:
                what = "A field line is folded" if fold else "A field line ends in a lone LF"
                raise InvalidHeader(what, offset=at, excerpt=line[:100])
            sloppy = True
        if fold:
            folded = folded or _FoldedValue(fields[-1][1], limits)
            folded.add(line, at)
        else:
            if len(fields) >= limits.fields:
                raise BadHttpMessage(f"More than {limits.fields} header fields", offset=at)
            if folded is not None:
                fields[-1] = fields[-1][0], folded.join()
                folded = None
            fields.append(read_field_line(line, at))
        at = following
    if folded is not None:
        fields[-1] = fields[-1][0], folded.join()
    return fields, sloppy


def read_field_line(line: bytes, at: int) -> Field:
    """Take one field line apart, without its end; raise `InvalidHeader` with offset *at*."""
    name, colon, value = str(line, "utf-8", "surrogateescape").partition(":")
    if not colon:
        raise InvalidHeader("A field line has no colon", offset=at, excerpt=line[:100])
    if TOKEN.fullmatch(name) is None:
        what = "is empty" if not name else "is no token"
        if name.rstrip(" \t") != name:
            what = "is followed by a space"
        raise InvalidHeader(f"The name of a field {what}", offset=at, excerpt=line[:100])
    return name, _checked(value, line, at)


class _FoldedValue:
    """The value of a field that goes on in further lines: joined once, at its end."""

    __slots__ = ("_limits", "_parts", "_size")

    def __init__(self, value: str, limits: Limits) -> None:
        self._parts = [value]
        self._size = len(value)
        self._limits = limits

    def add(self, line: bytes, at: int) -> None:
        self._size += len(line)
        if self._size > self._limits.field:
            raise LineTooLong(
                f"A folded field is longer than {self._limits.field} bytes",
                offset=at,
                excerpt=line[:100],
            )
        self._parts.append(_checked(str(line, "utf-8", "surrogateescape"), line, at))

    def join(self) -> str:
        return " ".join(filter(None, self._parts))


def _checked(value: str, line: bytes, at: int) -> str:
    if CONTROLS.search(value):
        raise InvalidHeader(
            "The value of a field has a control character", offset=at, excerpt=line[:100]
        )
    return value.strip(" \t")
