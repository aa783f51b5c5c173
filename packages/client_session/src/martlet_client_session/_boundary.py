"""The boundary of a multipart body (RFC 2046 section 5.1.1)."""

import re
from os import urandom
from typing import Final

__all__ = ["boundary_parameter", "check_boundary", "new_boundary"]

_BOUNDARY: Final = re.compile(r"[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]")
_TOKEN: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")


def new_boundary() -> str:
    """Make one that nobody can foresee, and that no part will have in it."""
    return urandom(16).hex()


def check_boundary(boundary: str) -> str:
    """Give *boundary* back if it is one.

    Raises `ValueError` if it is not 1 to 70 of the characters that it may have, or ends
    in a space, and `TypeError` if it is no string.
    """
    if not isinstance(boundary, str):
        raise TypeError(f"boundary cannot be {type(boundary).__name__}: give str, or None")
    if _BOUNDARY.fullmatch(boundary) is None:
        raise ValueError(
            f"No boundary: {boundary!r:.100}: give 1 to 70 ASCII letters, digits, spaces and"
            " '()+_,-./:=?, the last one no space, or None for a random one"
        )
    return boundary


def boundary_parameter(boundary: str) -> str:
    """Write *boundary* as the parameter of a Content-Type field."""
    # No character that it may have needs to be escaped within quotes.
    if _TOKEN.fullmatch(boundary) is None:
        return f'boundary="{boundary}"'
    return f"boundary={boundary}"
