"""The status line (RFC 9112 section 4)."""

from typing import Final

from martlet_exceptions import BadStatusLine
from martlet_interfaces import HttpVersion, HttpVersion10, HttpVersion11

from ._grammar import CONTROLS, STATUS_LINE

__all__ = ["STATUS_LINES", "StatusLine", "bad_status_line", "read_status_line"]

StatusLine = tuple[HttpVersion, int, str, bool]
"""The last tells whether the space after the status is missing."""

STATUS_LINES: Final[dict[str, StatusLine]] = {}
"""Those that were met: servers use few (see `_field_lines`)."""
_MAX_ENTRIES: Final = 1024
_MAX_LENGTH: Final = 128


def read_status_line(line: str) -> StatusLine | None:
    """Take *line*, without its end, apart; ``None`` if it is no status line."""
    known = STATUS_LINES.get(line)
    if known is not None:
        return known
    match = STATUS_LINE.fullmatch(line)
    if match is None:
        return None
    minor, status, space, reason = match.groups()
    version = HttpVersion11 if minor == "1" else HttpVersion10
    result = version, int(status), reason or "", space is None
    if len(line) <= _MAX_LENGTH:
        if len(STATUS_LINES) >= _MAX_ENTRIES:
            STATUS_LINES.clear()
        STATUS_LINES[line] = result
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
