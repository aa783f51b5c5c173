"""The head of a response: from bytes to a `ResponseHead`.

Nearly every head is well-formed, and most of its lines have been seen before: servers
repeat themselves. So lines that were found good are remembered, and new ones are taken
apart by a few primitives that run at C speed. Only a head that this does not account
for, line by line, is given to a slow, exact reader, which accepts what is sloppy but
safe and says where the rest is wrong.
"""

import re
from typing import Final

from multidict import CIMultiDict, istr

from martlet_exceptions import BadHttpMessage, BadStatusLine, InvalidHeader, LineTooLong
from martlet_interfaces import HttpVersion, HttpVersion10, HttpVersion11, ResponseHead

from ._grammar import CONTROLS, STATUS_LINE, TOKEN
from ._limits import Limits

__all__ = [
    "bad_status_line",
    "find_head_end",
    "parse_head",
    "parse_head_slowly",
    "read_field_line",
]

_StatusLine = tuple[HttpVersion, int, str, bool]

_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")
_LINE_END: Final = re.compile(rb"\r?\n")

_Field = tuple[str, str]

# What was found good before. Each holds up to so many strings of up to so many
# characters, and starts anew when it is full: what is still in use is soon back.
_status_lines: dict[str, _StatusLine] = {}
_field_lines: dict[str, _Field] = {}
_names: dict[str, tuple[istr, bool]] = {}
_MAX_ENTRIES: Final = 1024
_MAX_LENGTH: Final = 128
# Fields called so may hold secrets, which nothing should keep for longer than it must.
# URLs are among them: those that redirect carry codes, tokens and signatures.
_MAY_BE_SECRET: Final = re.compile(
    "auth|cookie|credential|csrf|jwt|key|link|location|nonce|password|refresh|secret|session"
    "|signature|token|xsrf",
    re.IGNORECASE,
)


def find_head_end(data: bytes | bytearray, start: int = 0) -> tuple[int, int] | None:
    """Find where the first head in *data* ends: the end of its last line, and of all.

    Looks from *start*; a lone LF ends a line, too (RFC 9112 section 2.2).
    """
    match = _HEAD_END.search(data, start)
    return None if match is None else match.span()


def parse_head(block: bytes, limits: Limits) -> ResponseHead | None:
    """Read *block*, a head without the empty line at its end, if nothing is unusual in it.

    Returns ``None`` where `parse_head_slowly` has to look.
    """
    lines = str(block, "utf-8", "surrogateescape").split("\r\n")
    first = lines.pop(0)
    status_line = _status_lines.get(first) or _read_status_line(first)
    if (
        status_line is None
        or status_line[3]
        or len(lines) > limits.fields
        or len(block) > limits.line
    ):
        return None
    try:
        fields = [_field_lines[line] for line in lines]
    except KeyError:
        fields = []
        for line in lines:
            field = _field_lines.get(line) or _read_new_line(line)
            if field is None:
                return None
            fields.append(field)
    return ResponseHead(status_line[0], status_line[1], status_line[2], CIMultiDict(fields))


def _read_new_line(line: str) -> _Field | None:
    """Take a well-formed field line apart, and remember it; ``None`` for any other."""
    given, colon, value = line.partition(":")
    known = _names.get(given) or _read_new_name(given)
    # What is printable has no control character; what is not may still have none.
    if known is None or not colon or not (value.isprintable() or CONTROLS.search(value) is None):
        return None
    name, may_be_secret = known
    field = name, value.strip(" \t")
    if not may_be_secret and len(line) <= _MAX_LENGTH:
        if len(_field_lines) >= _MAX_ENTRIES:
            _field_lines.clear()
        _field_lines[line] = field
    return field


def _read_new_name(name: str) -> tuple[istr, bool] | None:
    if TOKEN.fullmatch(name) is None:
        return None
    known = istr(name), _MAY_BE_SECRET.search(name) is not None
    if len(name) <= _MAX_LENGTH:
        if len(_names) >= _MAX_ENTRIES:
            _names.clear()
        _names[name] = known
    return known


def _read_status_line(line: str) -> _StatusLine | None:
    match = STATUS_LINE.fullmatch(line)
    if match is None:
        return None
    minor, status, space, reason = match.groups()
    version = HttpVersion11 if minor == "1" else HttpVersion10
    result = version, int(status), reason or "", space is None
    if len(line) <= _MAX_LENGTH:
        if len(_status_lines) >= _MAX_ENTRIES:
            _status_lines.clear()
        _status_lines[line] = result
    return result


def bad_status_line(line: str) -> BadStatusLine:
    """Say what is wrong with *line*, which is no status line, or the beginning of none."""
    excerpt = line.encode("utf-8", "surrogateescape")[:100]
    if not line.startswith("HTTP/"):
        what = "The response does not begin with 'HTTP/'"
    elif line.partition(" ")[0] not in ("HTTP/1.0", "HTTP/1.1"):
        what = "The response's version is neither HTTP/1.0 nor HTTP/1.1"
    elif CONTROLS.search(line):
        what = "The status line has a control character"
    else:
        what = "The status line has no status code of three digits"
    return BadStatusLine(what, offset=0, excerpt=excerpt)


def parse_head_slowly(block: bytes, limits: Limits) -> tuple[ResponseHead, bool]:
    """Read *block*, a head without the empty line at its end, line by line.

    Returns the head, and whether it broke a rule in a way that is accepted. Raises
    `BadHttpMessage`, or a subclass of it, for what is not.
    """
    first = _LINE_END.search(block)
    line, rest_at = (block, len(block)) if first is None else (block[: first.start()], first.end())
    if len(line) > limits.line:
        raise LineTooLong(
            f"The status line is longer than {limits.line} bytes", offset=0, excerpt=line[:100]
        )
    text = str(line, "utf-8", "surrogateescape")
    status_line = _read_status_line(text)
    if status_line is None:
        raise bad_status_line(text)
    version, status, reason, sloppy = status_line
    fields: list[_Field] = []
    if first is not None:
        sloppy |= first.group() != b"\r\n"
        fields, sloppy_fields = _read_field_lines(block, rest_at, limits)
        sloppy |= sloppy_fields
    return ResponseHead(version, status, reason, CIMultiDict(fields)), sloppy


def _read_field_lines(block: bytes, start: int, limits: Limits) -> tuple[list[_Field], bool]:
    """Read the field lines of *block* from *start* on, one by one.

    Accepts lone LFs and obsolete line folding (RFC 9112 section 5.2, joined with one
    space), and tells whether there was any. Raises `InvalidHeader` or `LineTooLong` with
    the offset in *block* for everything else that is not well-formed.
    """
    fields: list[_Field] = []
    folded: _FoldedValue | None = None
    sloppy = False
    at = start
    while at <= len(block):
        match = _LINE_END.search(block, at)
        end, following = (len(block), len(block) + 1) if match is None else match.span()
        line = block[at:end]
        if len(line) > limits.line:
            raise LineTooLong(
                f"A field line is longer than {limits.line} bytes", offset=at, excerpt=line[:100]
            )
        sloppy |= match is not None and match.group() != b"\r\n"
        if line[:1] in (b" ", b"\t"):
            if not fields:
                raise InvalidHeader("The first field line is folded", offset=at, excerpt=line[:100])
            sloppy = True
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


def read_field_line(line: bytes, at: int) -> tuple[str, str]:
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
        if self._size > self._limits.line:
            raise LineTooLong(
                f"A folded field is longer than {self._limits.line} bytes",
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
