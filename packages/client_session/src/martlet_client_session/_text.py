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
_META: Final = re.compile(
    rb"""<meta[^>]{0,200}?charset\s{0,20}=\s{0,20}["']?([\w.:-]{1,40})""", re.IGNORECASE
)


def known_codec(name: str | None) -> str | None:
    """Give *name* back if Python has a text codec of that name."""
    if not name:
        return None
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    # Codecs that make no text of bytes (base64, zip…) are not for peers to choose.
    return name if getattr(info, "_is_text_encoding", True) else None


def find_encoding(body: bytes, charset: str | None) -> str:
    """Choose the encoding of *body*: the declared one, what the body says itself, or UTF-8.

    If it can be none of these, the answer is ``cp1252``, in which any byte means
    something.
    """
    declared = known_codec(charset)
    if declared is not None:
        return declared
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return encoding
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
