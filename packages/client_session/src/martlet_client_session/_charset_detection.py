"""A guess at the encoding of a text, by a detector that the application has installed.

None is required, and none is imported before there is something to guess.
"""

import codecs
import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any, Final, TypeAlias

from ._known_codec import known_codec

__all__ = ["detected_encoding"]

_Detector: TypeAlias = Callable[[bytes], Mapping[str, Any]]

# The first that is installed is asked. Both have the same function ``detect``.
_DETECTORS: Final = ("charset_normalizer", "chardet")
# More than this makes no better guess, and the slowest takes 5 ms for each KiB.
_WINDOW: Final = 16 * 1024
_NOT_ASCII: Final = re.compile(rb"[^\x00-\x7f]")
_WIDE: Final = ("utf-16", "utf-32")


def detected_encoding(body: bytes) -> str | None:
    """Guess the encoding of *body*, which is neither ASCII nor UTF-8.

    16 KiB of it are looked at, from its first byte on that is not ASCII. ``None`` if no
    detector is installed, or it does not know, or fails, or what it says cannot be.
    """
    detect = _installed_detector()
    telling = _NOT_ASCII.search(body)
    if detect is None or telling is None:
        return None
    # All before it is ASCII, so no character is cut, not even one of four bytes.
    start = telling.start() & ~3
    window = body[start : start + _WINDOW]
    try:
        name = known_codec(detect(window)["encoding"])
    except Exception:  # noqa: BLE001 - it is another's code, and asked for no more than a guess
        return None
    return name if name is not None and _is_possible(name, window) else None


@cache
def _installed_detector() -> _Detector | None:
    for name in _DETECTORS:
        try:
            detect: _Detector = import_module(name).detect
        except Exception:  # noqa: BLE001, S112 - it is not there, or not whole
            continue
        return detect
    return None


def _is_possible(name: str, window: bytes) -> bool:
    codec = codecs.lookup(name).name
    if codec.startswith(_WIDE):
        # Some see these in a few words of Latin-1; but they are full of zeros.
        return b"\0" in window
    return codec != "ascii"
