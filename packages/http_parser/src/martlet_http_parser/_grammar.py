"""The grammar of RFC 9110 and RFC 9112, as compiled expressions.

All quantifiers over peer's input are possessive: no input makes them backtrack.
"""

import re
from typing import Final

__all__ = [
    "AUTHORITY",
    "CHUNK_EXTENSIONS",
    "CHUNK_LINE",
    "CHUNK_LINE_START",
    "CONTROLS",
    "HOST",
    "REQUEST_LINE",
    "STATUS_LINE",
    "SURROGATES",
    "TOKEN",
]

_TCHAR: Final = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]"
_VALUE: Final = r"[^\x00-\x08\x0a-\x1f\x7f]"

TOKEN: Final = re.compile(rf"{_TCHAR}++")
"""RFC 9110 section 5.6.2."""

CONTROLS: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
"""What no field value may hold: every control character but HTAB (section 5.5)."""

SURROGATES: Final = re.compile(r"[\ud800-\udfff]")
"""What has no encoding in UTF-8."""

STATUS_LINE: Final = re.compile(rf"HTTP/1\.([01]) ([1-9][0-9][0-9])(?:( )({_VALUE}*+))?")
"""RFC 9112 section 4, but that the reason may be left out with its space."""

REQUEST_LINE: Final = re.compile(rf"({_TCHAR}++) ([!-~]++) HTTP/1\.([01])")
"""RFC 9112 section 3; whether the target has a form that the method allows is not in it."""

_HOST: Final = r"(?:\[[0-9A-Za-z:.~!$&'()*+,;=_\-]++\]|[0-9A-Za-z.~!$&'()*+,;=_\-%]*+)"

HOST: Final = re.compile(rf"{_HOST}(?::[0-9]*+)?")
"""RFC 9110 section 7.2, as far as characters go."""

AUTHORITY: Final = re.compile(rf"(?!:){_HOST}:[0-9]++")
"""RFC 9112 section 3.2.3: a host, which is not empty, and a port."""

CHUNK_LINE: Final = re.compile(
    rb"([0-9A-Fa-f]{1,16})([ \t]*+)((?:;[^\x00-\x08\x0a-\x1f\x7f]*+)?)\r\n"
)
"""RFC 9112 section 7.1, with any extensions that cannot end the line early."""

CHUNK_LINE_START: Final = re.compile(rb"[0-9A-Fa-f]{1,16}+(?:[ \t;\r]|\Z)")
"""How a line has to begin that can still become one."""

_TOKEN: Final = _TCHAR.encode() + b"++"
_QUOTED: Final = rb'"(?:[^\x00-\x08\x0a-\x1f\x7f"\\]|\\[^\x00-\x08\x0a-\x1f\x7f])*+"'

CHUNK_EXTENSIONS: Final = re.compile(rb"(?:;%b(?:=(?:%b|%b))?)*+" % (_TOKEN, _TOKEN, _QUOTED))
"""RFC 9112 section 7.1.1, as it has to be sent: without blanks."""
