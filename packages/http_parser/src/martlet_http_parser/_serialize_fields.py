"""Writing field lines (RFC 9112 section 5).

What is written has passed a check that it cannot be read as anything else: nothing from
a caller can end a line early. The check is a pass at C speed over all names, and one over
all that is to be written; which field is to blame is found out only if there is one.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import starmap
from operator import itemgetter
from typing import Final, TypeAlias, cast

from multidict import MultiMapping

from ._grammar import CONTROLS, TOKEN

__all__ = ["Fields", "Pair", "lower_names", "pairs_of", "serialize_fields", "write_fields"]

Fields: TypeAlias = "MultiMapping[str] | Mapping[str, str] | Iterable[tuple[str, str]]"
"""What a caller may give as a header section or a trailer section."""

Pair = tuple[str, str]

_CONTROL_BYTES: Final = bytes({*range(32), 127} - {ord("\t")})
# Surrogates that stand for no octet; those that do are how octets that are not UTF-8 are received,
# and are sent as what they were (obs-text).
_NO_OCTETS: Final = re.compile(r"[\ud800-\udc7f\udd00-\udfff]")
_name_of: Final = itemgetter(0)


def serialize_fields(fields: Fields) -> bytes:
    """Write a header section: a line for each field, each with its CRLF, in order.

    *fields* are a mapping, a multidict, or pairs of a name and a value. Values are encoded
    as UTF-8 with ``surrogateescape``, as they are received. Raises `ValueError` if a name is no
    token, or a value holds a control character other than HTAB, or a surrogate that stands for
    no octet, and `TypeError` if either is no string.
    """
    return write_fields(pairs_of(fields))


def pairs_of(fields: Fields) -> list[Pair]:
    """Read *fields*, which may be an iterator, once: what is checked is what is written.

    Raises `TypeError` for what is not made of pairs.
    """
    # Not the keys, which leave out what differs in case only, to which a Kelvin sign is a k.
    items = getattr(fields, "items", None)
    if items is not None:
        return list(items())
    given = list(cast("Iterable[Pair]", fields))
    try:
        return [(name, value) for name, value in given]
    except (TypeError, ValueError):
        pass
    raise TypeError("Fields are neither a mapping nor pairs of a name and a value")


def write_fields(pairs: list[Pair]) -> bytes:
    """Write a line for each field, as `serialize_fields` does."""
    if not pairs:
        return b""
    try:
        # Joined, not formatted: how a subclass of `str` formats itself was not checked.
        lines = "\r\n".join([*map(": ".join, pairs), ""]).encode("utf-8", "surrogateescape")
        names = [*map(_name_of, pairs)]
        if (
            TOKEN.fullmatch("".join(names)) is not None
            and all(names)
            # No control characters but those that end the lines: in UTF-8, no other
            # character has their bytes.
            and len(lines) - len(lines.translate(None, _CONTROL_BYTES)) == 2 * len(pairs)
        ):
            return lines
    except (TypeError, UnicodeEncodeError):
        pass
    # Not as a consequence of the codec's error, which holds all the fields, secrets included.
    raise next(filter(None, starmap(_find_error, pairs)))


def _find_error(name: object, value: object) -> Exception | None:
    """Say why a field cannot be written, without its value, which may be a secret."""
    if not isinstance(name, str):
        return TypeError(f"Header name is not a string: {name!r:.100}")
    if TOKEN.fullmatch(name) is None:
        return ValueError(f"Header name is not a token: {name!r:.100}")
    if not isinstance(value, str):
        return TypeError(f"Header {name} has a value that is no string: {type(value).__name__}")
    if CONTROLS.search(value):
        return ValueError(f"Header {name} has a control character in its value")
    if _NO_OCTETS.search(value):
        return ValueError(f"Header {name} has a lone surrogate in its value")
    return None


def lower_names(pairs: list[Pair]) -> list[str]:
    """Give the names of *pairs*, which are tokens, in lower case."""
    return "\n".join(map(_name_of, pairs)).lower().split("\n")
