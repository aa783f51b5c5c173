"""Reading a Content-Type field (RFC 9110 section 8.3)."""

import re
from typing import Final

__all__ = ["parse_media_type"]

_PARAMETER: Final = re.compile(
    r""";[ \t]*+([!#$%&'*+\-.^_`|~0-9A-Za-z]++)=("(?:[^"\\]|\\.)*+"|[^;"]*+)[ \t]*+"""
)
_ESCAPE: Final = re.compile(r"\\(.)")


def parse_media_type(field: str) -> tuple[str, dict[str, str]]:
    """Take *field* apart into its media type and its parameters.

    The type and the names are lower-cased, quotes are removed. What is not well-formed
    is passed over; of a parameter given twice the first one counts.
    """
    essence, _, _ = field.partition(";")
    parameters: dict[str, str] = {}
    for name, raw in _PARAMETER.findall(field):
        value = _ESCAPE.sub(r"\1", raw[1:-1]) if raw.startswith('"') else raw.strip(" \t")
        parameters.setdefault(name.lower(), value)
    return essence.strip(" \t").lower(), parameters
