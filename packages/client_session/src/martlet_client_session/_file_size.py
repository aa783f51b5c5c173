"""How many bytes there are to be read from a file."""

import io
import os
import stat
import sys
from typing import IO, TypeAlias

__all__ = ["AnyFile", "bytes_left", "is_regular", "position"]

AnyFile: TypeAlias = "IO[bytes] | IO[str]"


def position(file: AnyFile) -> int | None:
    """Tell where *file* stands; ``None`` if it cannot be brought back there."""
    try:
        return file.tell() if file.seekable() else None
    except (AttributeError, OSError):
        return None


def is_regular(file: object) -> bool:
    """Whether what is read from *file* is what a regular file holds, byte for byte.

    A class that derives from Python's own may give out something else.
    """
    raw: object = file
    if type(file) is io.BufferedReader or type(file) is io.BufferedRandom:
        raw = file.raw
    return type(raw) is io.FileIO and stat.S_ISREG(os.fstat(raw.fileno()).st_mode)


def bytes_left(file: AnyFile, start: int) -> int | None:
    """Count what can be read from *start*; ``None`` where that would mean to read it."""
    if isinstance(file, io.BytesIO):
        with file.getbuffer() as view:
            return max(view.nbytes - start, 0)
    if is_regular(file):
        file.flush()
        end = os.fstat(file.fileno()).st_size
        return None if end == 0 and _is_made_up(file.fileno()) else max(end - start, 0)
    if _is_spooled(file):
        file.seek(0, os.SEEK_END)
        end = file.tell()
        file.seek(start)
        return max(end - start, 0)
    return None


def _is_made_up(descriptor: int) -> bool:
    """Whether there is something in a file that says it is empty, as in ``/proc``."""
    return sys.platform != "win32" and bool(os.pread(descriptor, 1, 0))


def _is_spooled(file: object) -> bool:
    # Whoever has one has imported this.
    tempfile = sys.modules.get("tempfile")
    return tempfile is not None and type(file) is tempfile.SpooledTemporaryFile
