"""Which encodings a peer may name."""

import codecs
from typing import Final

__all__ = ["known_codec"]

# The longest name that Python knows has 24 letters.
_LONGEST_NAME: Final = 40
# These are Python's own, not for peers to choose: some cannot replace what they cannot
# decode, some take quadratic time, one only raises.
_PYTHONS_OWN: Final = frozenset(
    {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"}
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
