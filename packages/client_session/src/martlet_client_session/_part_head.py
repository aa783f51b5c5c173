"""Writing the header of a part of a multipart body (RFC 2046 section 5.1)."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

__all__ = ["part_head"]

_NAME: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
# Those of ISO-8859-1 too: there are readers that take U+0085 for the end of a line.
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f]")


@lru_cache(256)
def _begin(name: str) -> str:
    if _NAME.fullmatch(name) is None:
        raise ValueError(f"The name of a part's header field is no token: {name!r:.100}")
    return f"{name}: "


def part_head(delimiter: str, fields: Iterable[tuple[str, str]]) -> bytes:
    """Write *delimiter*, a line of its own, then *fields*, in UTF-8, and the blank line.

    Raises `ValueError` for a name that is no token and for a value that has a control
    character or half of a character, `TypeError` for what is no string.
    """
    pieces = [delimiter, "\r\n"]
    for name, value in fields:
        if not isinstance(value, str):
            raise TypeError(
                f"The header field {name!r:.100} of a part cannot be {type(value).__name__}:"
                " give str"
            )
        if _CONTROLS.search(value) is not None:
            raise ValueError(
                f"The header field {name!r:.100} of a part has a control character: {value!r:.200}"
            )
        pieces += _begin(name), value, "\r\n"
    pieces.append("\r\n")
    return "".join(pieces).encode("utf-8")
