"""Reading a Content-Disposition field (RFC 6266, RFC 8187).

Servers write this field badly more often than well, and who reads it wants a name for a
file. So what browsers make sense of is made sense of here too, and nothing warns.
"""

from collections.abc import Mapping
from typing import Final

from ._field_parameters import (
    decode_ext_value,
    decode_raw_bytes,
    join_continuations,
    read_parameters,
    unescape,
)
from ._grammar import TOKEN
from ._late_pattern import late_pattern

__all__ = ["content_disposition_filename", "parse_content_disposition"]

# A token before an equals sign is the name of a parameter: there is no type.
_TYPE: Final = late_pattern(rf"[ \t]*+({TOKEN.pattern})(?=[;, \t]|\Z)[ \t]*+(?!=)")
_CONTINUATION: Final = late_pattern(r"\*[0-9]++\*?\Z")
_UNESCAPED_PATH: Final = late_pattern(r'[A-Za-z]:\\[^\\"]')


def parse_content_disposition(header: str | None) -> tuple[str | None, dict[str, str]]:
    r"""Take *header* apart into its type and its parameters.

    Type and names are lower-cased. ``name*`` (RFC 8187) stands under that very name, with
    its value decoded; the parts of a continuation (RFC 2231), ``name*0``, ``name*1*`` …,
    under theirs, as they are: `content_disposition_filename` puts them together. Values of
    other parameters are without the slashes and backslashes at their beginning.

    Nothing raises or warns. ``(None, {})`` is given for ``None`` and where nothing can be
    used, otherwise what can:

    - of a parameter given twice, the first one counts;
    - a value without quotes goes to the next semicolon, spaces, commas and all;
    - a value whose closing quote is missing goes to the end, and what stands between a
      closing quote and the next semicolon is passed over;
    - a backslash in quotes escapes, but not in a ``filename`` like ``"C:\dir\file"``, whose
      author has escaped nothing;
    - a value that is not UTF-8 is read as ISO-8859-1;
    - where the type is missing, or is no token, it is ``None``, and the parameters count;
    - ``name*`` may be quoted; it is passed over where its charset is none of UTF-8,
      ISO-8859-1 and US-ASCII (none at all stands for UTF-8), or its bytes are not in it;
    - what has no name or no equals sign is passed over, and so is what follows 256
      parameters.
    """
    if not header:
        return None, {}
    kind = _TYPE().match(header)
    section = header if kind is None else header[kind.end() :]
    if not section.startswith(";"):
        section = ";" + section
    parameters: dict[str, str] = {}
    for name, text, quoted in read_parameters(section):
        if name not in parameters:
            value = _read_value(name, text, quoted)
            if value is not None:
                parameters[name] = value
    return None if kind is None else kind[1].lower(), parameters


def _read_value(name: str, text: str, quoted: bool) -> str | None:
    if not quoted:
        value = text
    elif name == "filename" and _UNESCAPED_PATH().match(text):
        value = text.replace('\\"', '"')
    else:
        value = unescape(text)
    if _CONTINUATION().search(name):
        return decode_raw_bytes(value)
    if name.endswith("*"):
        return decode_ext_value(value)
    return decode_raw_bytes(value).lstrip("/\\")


def content_disposition_filename(params: Mapping[str, str], name: str = "filename") -> str | None:
    """Find the value of *name* among what `parse_content_disposition` gave.

    That is ``name*`` if there is one, otherwise ``name``, otherwise the joined parts of a
    continuation, ``name*0``, ``name*1`` … (RFC 2231 section 3), otherwise ``None``.

    It is what the peer sent, which may be a path, or worse: see `safe_filename`.
    """
    value = params.get(f"{name}*")
    if value is None:
        value = params.get(name)
    return join_continuations(params, name) if value is None else value
