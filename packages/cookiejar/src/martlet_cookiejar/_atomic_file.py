"""Files that are whole or not there, and private."""

import os
import secrets
from contextlib import suppress
from pathlib import Path


def write_private(path: str | os.PathLike[str], data: bytes) -> None:
    """Write a file with mode 0600 in the place of whatever has that name.

    The data goes to a new file in the same folder, onto the disk, and then takes the name: at any
    moment, also after a crash, the name is that of the old file or of the new one. If the name is
    that of a symbolic link, the file that it points to is replaced.

    Raises:
        OSError: It could not be written. The old file is as it was and nothing is left behind.
    """
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{target.name[:100]}.{secrets.token_hex(8)}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    file = os.open(temporary, flags | getattr(os, "O_BINARY", 0), 0o600)
    try:
        try:
            _write_all(file, data)
            os.fsync(file)
        finally:
            os.close(file)
        temporary.replace(target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    _sync_folder(target.parent)


def _write_all(file: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(file, rest) :]


def _sync_folder(folder: Path) -> None:
    # Without it, a crash may bring the old file back: that is allowed, so a system that cannot do
    # it (Windows, some network file systems) is no error.
    with suppress(OSError):
        file = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)
