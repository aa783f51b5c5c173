"""The grammar of RFC 9110 and RFC 9112, as compiled expressions.

All quantifiers over peer's input are possessive: no input makes them backtrack.
"""

import re
from typing import Final

__all__ = [
    "CHUNK_LINE",
    "CONTROLS",
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

CHUNK_LINE: Final = re.compile(
    rb"([0-9A-Fa-f]{1,16})([ \t]*+)((?:;[^\x00-\x08\x0a-\x1f\x7f]*+)?)\r\n"
)
"""RFC 9112 section 7.1; extensions are not taken apart, nobody uses them."""
