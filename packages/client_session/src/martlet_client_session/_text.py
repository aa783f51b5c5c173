"""Which encoding a text is in."""

import codecs
import re
from typing import Final

__all__ = ["decode_text", "find_encoding", "known_codec"]

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The HTML standard looks this far for the declaration.
_META_WINDOW: Final = 1024
# The longest name that Python knows has 24 letters.
_LONGEST_NAME: Final = 40
# These are Python's own, not for peers to choose: some cannot replace what they cannot
# decode, some take quadratic time, one only raises.
_PYTHONS_OWN: Final = frozenset(
    {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"}
)
_META: Final = re.compile(
    rb"""<meta[^>]{0,200}?charset\s{0,20}=\s{0,20}["']?([\w.:-]{1,40})""", re.IGNORECASE
)


def known_codec(name: str | None) -> str | None:
    """Give *name* back if Python has a text codec of that name, fit for what peers send."""
    if not name or len(name) > _LONGEST_NAME:
        return None
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    if info.name.replace("_", "-") in _PYTHONS_OWN:
        return None
    # Nor do codecs count that make no text of bytes (base64, zip…).
    return name if getattr(info, "_is_text_encoding", True) else None


def find_encoding(body: bytes, charset: str | None, *, is_json: bool = False) -> str:
    """Choose the encoding of *body*: the declared one, what the body says itself, or UTF-8.

    If it can be none of these, the answer is ``cp1252``, in which nearly any byte means
    something; but JSON that says nothing is UTF-8, or broken.
    """
    declared = known_codec(charset)
    if declared is not None:
        return declared
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return encoding
    if is_json:
        return "utf-8"
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        meta = _META.search(body[:_META_WINDOW])
        named = known_codec(meta[1].decode("ascii", "replace")) if meta else None
        return named or "cp1252"
    return "utf-8"


def decode_text(body: bytes, encoding: str, errors: str | None) -> str:
    """Decode *body*; without *errors* said, what cannot be decoded is replaced."""
    return body.decode(encoding, errors or "replace")
