"""What of a received filename may be used on a file system (RFC 6266 section 4.3)."""

import re
from typing import Final

from ._field_parameters import decode_raw_bytes
from ._late_pattern import late_pattern

__all__ = ["safe_filename"]

_MAX_BYTES: Final = 255
_MAX_EXTENSION: Final = 32

# Controls, and what turns the direction of text round, to show another extension.
_INVISIBLE: Final = late_pattern(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
)
_BLANKS: Final = (
    " \t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u202f\u205f\u3000"
)
_RESERVED: Final = late_pattern(r'[<>:"|?*\ud800-\udfff]')
_DEVICE: Final = late_pattern(
    r"(?:CON|PRN|AUX|NUL|CLOCK\$|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])[ \t]*+(?:\.|\Z)",
    re.IGNORECASE,
)


def safe_filename(name: str) -> str | None:
    r"""Make of *name*, which a peer has sent, one that may be used in a folder.

    - Only what follows the last ``/`` or ``\`` is used.
    - Control characters, and those that turn the direction of text, are removed, and so
      are blanks at both ends and dots at the end. Bytes that are not UTF-8 are read as
      ISO-8859-1.
    - Each of ``< > : " | ? *`` becomes ``_``, and so does a dot or a ``~`` at the
      beginning, which would make a hidden file, or a home folder in a shell.
    - The name of a Windows device, with an extension or without, gets a ``_`` before it.
    - What is longer than 255 bytes in UTF-8 is cut before its extension, or at its end if
      the extension has more than 32 bytes.

    Gives ``None`` if nothing is left, as of ``""``, ``"folder/"`` and ``".."``. Whether
    there is such a file already is for the caller to see, and so is whether a file may
    have this extension.
    """
    segment = name[max(name.rfind("/"), name.rfind("\\")) + 1 :]
    segment = _INVISIBLE().sub("", decode_raw_bytes(segment))
    segment = _RESERVED().sub("_", segment.rstrip(_BLANKS + ".").lstrip(_BLANKS))
    if not segment:
        return None
    if segment[0] in ".~":
        segment = "_" + segment[1:]
    segment = _disarm(segment)
    if len(segment.encode()) > _MAX_BYTES:
        # Once more: what was cut off may have been all that made it no device's name.
        segment = _disarm(_shorten(segment))
    return segment


def _disarm(name: str) -> str:
    return "_" + name if _DEVICE().match(name) else name


def _shorten(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    extension = dot + extension
    room = _MAX_BYTES - len(extension.encode())
    if not stem or room < _MAX_BYTES - _MAX_EXTENSION:
        stem, extension, room = name, "", _MAX_BYTES
    # Without a part of a character at the end.
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip(_BLANKS + ".") + extension
