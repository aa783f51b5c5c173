"""Reading a Content-Length field that others have judged, or will."""

from collections.abc import Mapping
from typing import Final

from multidict import istr

__all__ = ["content_length"]

_CONTENT_LENGTH: Final = istr("Content-Length")
_LONGEST: Final = 19


def content_length(headers: Mapping[str, str]) -> int | None:
    """Tell what Content-Length says; ``None`` if there is none, or it is no number."""
    length = headers.get(_CONTENT_LENGTH, "")
    usable = length.isascii() and length.isdecimal() and len(length) <= _LONGEST
    return int(length) if usable else None
