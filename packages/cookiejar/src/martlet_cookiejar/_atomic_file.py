"""Files that are whole or not there, and private."""

import errno
import os
import secrets
from contextlib import suppress
from pathlib import Path


def write_private(path: str | os.PathLike[str], data: bytes) -> None:
    """Write a file with mode 0600 in the place of the one that has that name, if there is one.

    The data goes to a new file in the same folder, onto the disk, and then takes the name: at any
    moment, also after a crash, the name is that of the old file or of the new one. If the name is
    that of a symbolic link, the file that it points to is replaced. What is no file (a folder, a
    device such as ``/dev/null``, a pipe) is not replaced.

    A process that is killed in the middle may leave the new file behind, under a name of its own
    that ends in ``.tmp``; it hinders nobody.

    Raises:
        OSError: It could not be written. The old file is as it was and nothing is left behind.
    """
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        code = errno.EISDIR if target.is_dir() else errno.EINVAL
        raise OSError(code, "this is not a file and cannot be replaced by one", str(target))
    # No file system has names so short that the beginning, of up to 4 bytes a character, is too
    # long for it.
    temporary = target.parent / f".{target.name[:25]}.{secrets.token_hex(8)}.tmp"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    file = os.open(temporary, flags, 0o600)
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
