"""What can be run in a page: its fenced ``python`` blocks, and the code in tables about martlet."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

__all__ = ["DOCS", "Example", "anchors", "blocks", "cells", "links", "pages", "runnable"]

DOCS: Final = Path(__file__).parents[2] / "docs"

_FENCED: Final = re.compile(r"^(`{3,})([^\n`]*)\n(.*?)^\1`*$", re.MULTILINE | re.DOTALL)
_OPENED: Final = re.compile(r"^[ \t>]*(?:`{3,}|~{3,})[ \t]*python\b", re.MULTILINE | re.IGNORECASE)
_CODE: Final = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_LINK: Final = re.compile(r"\]\(([^()\s:]+)\)")
_HEADING: Final = re.compile(r"^#+ (.+)$", re.MULTILINE)
_COLUMN: Final = "martlet"


class Example(NamedTuple):
    """Code of a page, and the line before its first one."""

    page: Path
    line: int
    source: str

    @property
    def program(self) -> str:
        """The code, on the lines where it stands in the page."""
        return "\n" * self.line + self.source


def pages() -> list[Path]:
    """List the pages; what is in folders below has tests of its own."""
    return sorted(DOCS.glob("*.md"))


def runnable(page: Path) -> int:
    """Count the fences of *page* that open a ``python`` block, in whatever way they are written."""
    return len(_OPENED.findall(page.read_text(encoding="utf-8")))


def blocks(page: Path) -> Iterator[Example]:
    """Yield the ``python`` blocks of *page*."""
    text = page.read_text(encoding="utf-8")
    for fenced in _FENCED.finditer(text):
        if fenced[2] == "python":
            yield Example(page, text.count("\n", 0, fenced.start(3)), fenced[3])


def cells(page: Path) -> Iterator[Example]:
    """Yield the code in those columns of tables whose heading is ``martlet``."""
    column: int | None = None
    text = _FENCED.sub(
        lambda fenced: "\n" * fenced[0].count("\n"), page.read_text(encoding="utf-8")
    )
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if not line.startswith("|"):
            column = None
            continue
        row = _row(line)
        if number + 1 < len(lines) and lines[number + 1].startswith("|---"):
            column = row.index(_COLUMN) if _COLUMN in row else None
        elif column is not None and not line.startswith("|---"):
            for code in _CODE.finditer(row[column]):
                yield Example(page, number, code[2].strip())


def links(page: Path) -> list[str]:
    """List where the links of *page* lead that stay in the repository."""
    return _LINK.findall(_FENCED.sub("", page.read_text(encoding="utf-8")))


def anchors(page: Path) -> set[str]:
    """Tell what may stand after a ``#`` in a link to *page*."""
    headings = _HEADING.findall(_FENCED.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _row(line: str) -> list[str]:
    """Take a line of a table apart; a bar in it is written ``\\|``."""
    parts = re.split(r"(?<!\\)\|", line.strip().strip("|"))
    return [part.strip().replace("\\|", "|") for part in parts]
