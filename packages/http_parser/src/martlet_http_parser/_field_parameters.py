"""The parameters of a field (RFC 9110 section 5.6.6), and their values in other charsets.

Every expression here takes what it is given in one pass: a quoted string without an end
goes to the end of the field, so that no quote is looked at from two beginnings.
"""

import re
from collections.abc import Mapping
from itertools import islice
from typing import Final

from ._grammar import SURROGATES, TOKEN
from ._late_pattern import late_pattern

__all__ = [
    "MAX_PARAMETERS",
    "QUOTED_CONTENT",
    "QUOTED_END",
    "QUOTED_STRING",
    "decode_ext_value",
    "decode_raw_bytes",
    "join_continuations",
    "lower_ascii",
    "read_parameters",
    "unescape",
]

MAX_PARAMETERS: Final = 256
"""How many parameters of a field, or parts of a value, are looked at."""

QUOTED_CONTENT: Final = r'(?:[^"\\]++|\\(?s:.))*+'
QUOTED_END: Final = r'(?:"|\\?\Z)'
QUOTED_STRING: Final = rf'"{QUOTED_CONTENT}{QUOTED_END}'
"""RFC 9110 section 5.6.4, but that the end may be missing."""

_PARAMETER: Final = late_pattern(
    rf""";[ \t]*+
    (?:
        ({TOKEN.pattern})[ \t]*+=[ \t]*+
        (?: "({QUOTED_CONTENT}){QUOTED_END} | ((?:[^";][^;]*+)?+) )
    )?+
    (?:[^";]++|{QUOTED_STRING})*+""",
    re.VERBOSE,
)
_ESCAPE: Final = late_pattern(r"\\((?s:.))")
_PERCENT: Final = re.compile(rb"%([0-9A-Fa-f]{2})")
# An empty charset stands for UTF-8: RFC 2231 lets it be left out, RFC 8187 knows no better one.
_CODECS: Final = {"": "utf-8", "iso-8859-1": "latin-1", "us-ascii": "ascii", "utf-8": "utf-8"}


def read_parameters(section: str) -> list[tuple[str, str, bool]]:
    """Read the parameters in *section*, which is empty or begins with a semicolon.

    Gives names, lower-cased; values; and whether these were quoted: then the quotes are
    removed, the backslashes not (see `unescape`). A value without quotes goes to the next
    semicolon, whatever is in it, a quoted one without an end to the end of the field.
    What else is malformed is passed over.
    """
    parameters = []
    for match in islice(_PARAMETER().finditer(section), MAX_PARAMETERS):
        name, quoted, plain = match.groups()
        if name is None:
            continue
        if quoted is None:
            parameters.append((name.lower(), plain.rstrip(" \t"), False))
        else:
            parameters.append((name.lower(), quoted, True))
    return parameters


def unescape(content: str) -> str:
    """Resolve the quoted pairs in what stood between quotes."""
    return _ESCAPE().sub(r"\1", content) if "\\" in content else content


def lower_ascii(text: str) -> str:
    """Lower-case *text* if it is ASCII: elsewhere, other letters become ASCII ones."""
    return text.lower() if text.isascii() else text


def decode_raw_bytes(text: str) -> str:
    """Read *text* as ISO-8859-1 if it was not UTF-8: if it holds bytes as surrogates.

    RFC 9110 section 5.5 names no other encoding. Surrogates that stand for no byte stay.
    """
    if SURROGATES.search(text) is None:
        return text
    try:
        return text.encode("utf-8", "surrogateescape").decode("latin-1")
    except UnicodeEncodeError:
        return text


def decode_ext_value(value: str) -> str | None:
    """Decode an ext-value (RFC 8187 section 3.2), as in ``UTF-8''%e2%82%ac``.

    Gives ``None`` if it has not two apostrophes, if its charset is none of UTF-8,
    ISO-8859-1 and US-ASCII, or if its bytes are not in it. A percent sign that begins
    no escape, and characters that should have been escaped, stand for themselves.
    """
    return _decode([(value, True)])


def join_continuations(parameters: Mapping[str, str], name: str) -> str | None:
    """Join what stands under ``name*0``, ``name*1`` … (RFC 2231 section 3).

    Parts go by number, without gaps, at most 256 of them. If the first one is
    ``name*0*``, it begins with a charset, and it and others with an asterisk at the
    end are decoded. Gives ``None`` if there is no first one, or as `decode_ext_value`.
    """
    parts: list[tuple[str, bool]] = []
    for number in range(MAX_PARAMETERS):
        key = f"{name}*{number}"
        part, extended = parameters.get(key), False
        if part is None:
            part, extended = parameters.get(f"{key}*"), True
            if part is None:
                break
        parts.append((part, extended))
    if not parts:
        return None
    if not parts[0][1]:
        return "".join([part for part, _ in parts])
    return _decode(parts)


def _decode(parts: list[tuple[str, bool]]) -> str | None:
    charset, _, rest = parts[0][0].partition("'")
    _, apostrophe, first = rest.partition("'")
    codec = _CODECS.get(charset.lower())
    if codec is None or not apostrophe:
        return None
    try:
        # Joined before it is decoded: a character may begin in one part and end in the next.
        data = [_remove_percents(first)]
        for part, extended in parts[1:]:
            data.append(_remove_percents(part) if extended else part.encode(codec))
        return b"".join(data).decode(codec)
    except UnicodeError:
        return None


def _remove_percents(text: str) -> bytes:
    return _PERCENT.sub(_to_byte, text.encode("utf-8", "surrogateescape"))


def _to_byte(match: re.Match[bytes]) -> bytes:
    return bytes.fromhex(match[1].decode())
