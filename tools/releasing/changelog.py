"""Changelogs in the form of Keep a Changelog: sections of releases, the newest first."""

import re
from typing import Final

__all__ = ["entry", "moved"]

_UNRELEASED: Final = "Unreleased"
_SECTION: Final = re.compile(r"^## \[([^\]]+)\](?: - \d{4}-\d\d-\d\d)?[ \t]*\n", re.MULTILINE)


def entry(text: str, version: str = _UNRELEASED) -> str | None:
    """Give what stands under the heading of *version*; ``None``: there is no such heading."""
    for heading in _SECTION.finditer(text):
        if heading[1] == version:
            following = _SECTION.search(text, heading.end())
            return text[heading.end() : following.start() if following else None].strip()
    return None


def moved(text: str, version: str, date: str) -> str:
    """Make what is unreleased the entry of *version*, which was released on *date* (ISO 8601).

    Raises `ValueError` if there is nothing to release, or a section of that version already.
    """
    if entry(text, version) is not None:
        raise ValueError(f"the changelog has a section [{version}] already")
    if not entry(text):
        raise ValueError("the changelog has nothing under [Unreleased]")
    for heading in _SECTION.finditer(text):
        if heading[1] == _UNRELEASED:
            return f"{text[: heading.start()]}## [{version}] - {date}\n{text[heading.end() :]}"
    raise AssertionError("an entry has a heading")
