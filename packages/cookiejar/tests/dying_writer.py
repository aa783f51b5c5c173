"""Writes a file again and again, each time in a process that is killed one call later.

    python dying_writer.py FOLDER OLD NEW

For each call, and for "before" and "after" it, there is a folder "number-name-when" then, where a
process was killed that wrote NEW in the place of OLD; and a folder "whole" where none was.
"""

import os
import signal
import sys
from pathlib import Path

from watched_calls import watched  # type: ignore[import-not-found]  # beside this script

from martlet_cookiejar._atomic_file import write_private

MOST = 40
"""Bytes that are written at once."""


class Killer:
    """Kills the process at the nth event; there is one before each call and one after it."""

    def __init__(self, event: int, folder: Path) -> None:
        self.left = event
        self.folder = folder

    def __call__(self, number: int, name: str, *, done: bool) -> None:
        if self.left == 0:
            self.folder.rename(self.folder.with_name(f"{number:02}-{name}-{when(done)}"))
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1


def when(done: bool) -> str:
    return "after" if done else "before"


def write(folder: Path, new: bytes, event: int) -> None:
    """Write, in this process, and die at an event if there are so many."""
    with watched(Killer(event, folder), most=MOST):
        write_private(folder / "cookies.json", new)


def main(place: Path, old: bytes, new: bytes) -> None:
    os.umask(0)
    killed = True
    event = 0
    while killed:
        folder = place / "whole"
        folder.mkdir()
        (folder / "cookies.json").write_bytes(old)
        if (child := os.fork()) == 0:
            write(folder, new, event)
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        killed = status == signal.SIGKILL
        assert killed or status == 0
        event += 1


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2].encode(), sys.argv[3].encode())
