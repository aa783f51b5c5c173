"""Which encoding a text is in."""

import codecs
import re
from collections.abc import Callable
from typing import Final

from ._known_codec import known_codec

__all__ = ["JSON", "decode_text", "find_encoding", "is_expected", "known_codec"]

JSON: Final = "application/json"

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BOM_STARTS: Final = frozenset({bom[:1] for bom, _ in _BOMS})
# The HTML standard looks this far for the declaration.
_META_WINDOW: Final = 1024
_META: Final = re.compile(
    rb"""<meta[^>]{0,200}?charset\s{0,20}=\s{0,20}["']?([\w.:-]{1,40})""", re.IGNORECASE
)


def find_encoding(
    body: bytes,
    charset: str | None,
    *,
    is_json: bool = False,
    resolver: Callable[[bytes], str | None] | None = None,
) -> str:
    """Choose the encoding of *body*: the declared one, what the body says itself, or UTF-8.

    If it can be none of these, it is what a detector guesses, if the application has
    installed charset-normalizer or chardet; at last ``cp1252``, in which nearly any byte
    means something. But JSON that says nothing is UTF-8, or broken.

    Where no charset that Python knows is declared, and the body is not JSON, *resolver* is
    asked before anything else; it counts if Python knows what it says. What it raises
    comes out, and `TypeError` if it says something else than a string or ``None``.
    """
    declared = known_codec(charset)
    if declared is not None:
        return declared
    if resolver is not None and not is_json:
        resolved = _resolved(resolver, body)
        if resolved is not None:
            return resolved
    if body[:1] in _BOM_STARTS:
        for bom, encoding in _BOMS:
            if body.startswith(bom):
                return encoding
    if is_json:
        return "utf-8"
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return _named_in(body) or _detected(body) or "cp1252"
    return "utf-8"


def decode_text(body: bytes, encoding: str, errors: str | None) -> str:
    """Decode *body*; without *errors* said, what cannot be decoded is replaced."""
    return body.decode(encoding, errors or "replace")


def _resolved(resolver: Callable[[bytes], str | None], body: bytes) -> str | None:
    name = resolver(body)
    if name is not None and not isinstance(name, str):
        raise TypeError(
            f"fallback_charset_resolver must return the name of an encoding, not {name!r:.100}"
        )
    return known_codec(name)


def _named_in(body: bytes) -> str | None:
    meta = _META.search(body[:_META_WINDOW])
    return known_codec(meta[1].decode("ascii", "replace")) if meta else None


def _detected(body: bytes) -> str | None:
    from ._charset_detection import detected_encoding

    return detected_encoding(body)


def is_expected(given: str, expected: str) -> bool:
    """Tell whether a media type is the *expected* one, or JSON of another kind if it is `JSON`."""
    if given == expected.lower():
        return True
    return expected == JSON and given.startswith("application/") and given.endswith("+json")
