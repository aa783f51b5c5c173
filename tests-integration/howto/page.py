"""What a reader of a how-to page would type: the files that it shows, and the commands.

A ``python`` block is a file, whose name its first line has. In a ``console`` block a line that
begins with ``$`` is a command, and what follows is what it prints; ``…`` there stands for anything
within a line.
"""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

__all__ = ["Command", "commands", "files", "shown", "write_files"]

_FENCED: Final = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NAME: Final = re.compile(r"# (\w+\.py)\n")
_VARIABLE: Final = re.compile(r"([A-Z_]+)=(.*)")


class Command(NamedTuple):
    """A command of a page, and what it is to print."""

    line: str
    printed: str

    @property
    def environ(self) -> dict[str, str]:
        """The variables that it begins with."""
        found = map(_VARIABLE.fullmatch, shlex.split(self.line))
        return {variable[1]: variable[2] for variable in found if variable}

    @property
    def words(self) -> list[str]:
        """The rest of it."""
        return [word for word in shlex.split(self.line) if not _VARIABLE.fullmatch(word)]


def shown(page: Path, kind: str) -> list[str]:
    """List the blocks of *page* that are of *kind*."""
    text = page.read_text(encoding="utf-8")
    return [block[2] for block in _FENCED.finditer(text) if block[1] == kind]


def files(page: Path) -> dict[str, str]:
    """Give the files of *page*, by their names.

    Raises `ValueError` for a block that does not say its name, or a name that is there already.
    """
    found: dict[str, str] = {}
    for block in shown(page, "python"):
        name = _NAME.match(block)
        if name is None or name[1] in found:
            raise ValueError(f"A block has no name, or not one of its own: {block[:50]!r}")
        found[name[1]] = block
    return found


def write_files(page: Path, folder: Path) -> None:
    """Do what a reader does first: copy all files of *page* into *folder*."""
    for name, source in files(page).items():
        (folder / name).write_text(source, encoding="utf-8")


def commands(page: Path) -> Iterator[Command]:
    """Yield the commands of *page*, in their order."""
    for block in shown(page, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, _, printed = part.partition("\n")
            yield Command(line, printed)
