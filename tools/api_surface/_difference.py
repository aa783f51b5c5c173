"""What differs, and the table of what may."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

Rule = Literal["missing", "base", "sort", "async", "parameter", "default", "value"]


@dataclass(frozen=True)
class Difference:
    """One thing that is not as in the reference."""

    subject: str
    """`name` or `name.member`."""
    rule: Rule
    text: str

    def __str__(self) -> str:
        return f"{self.subject}: [{self.rule}] {self.text}"


@dataclass(frozen=True)
class Known:
    """An entry of the table: a difference that is meant."""

    subject: str
    """A pattern."""
    rule: str
    text: str
    """A part of the difference's."""
    reason: str

    def matches(self, difference: Difference) -> bool:
        """Whether this is the difference that is meant."""
        return (
            difference.rule == self.rule
            and fnmatchcase(difference.subject, self.subject)
            and self.text in difference.text
        )

    def __str__(self) -> str:
        text = f" ({self.text})" if self.text else ""
        return f"{self.subject}: [{self.rule}]{text}"


def known_differences(table: Path) -> list[Known]:
    """Read the table."""
    entries = tomllib.loads(table.read_text(encoding="utf-8")).get("difference", [])
    return [
        Known(entry["subject"], entry["rule"], entry.get("text", ""), entry.get("reason", ""))
        for entry in entries
    ]


@dataclass(frozen=True)
class Verdict:
    """The differences, split by the table."""

    left: list[Difference]
    meant: list[Difference]
    faults: list[str]
    """What is wrong with the table."""


def judged(
    differences: Iterable[Difference], compared: Iterable[str], known: list[Known]
) -> Verdict:
    """Take out what the table allows.

    An entry without a reason or a use is a fault; it has no use if something it is about was
    compared and no difference is the one that is meant.
    """
    found = list(dict.fromkeys(differences))
    meant = [one for one in found if any(entry.matches(one) for entry in known)]
    subjects = set(compared)
    faults = [f"{entry}: without a reason" for entry in known if not entry.reason.strip()]
    for entry in known:
        about = any(fnmatchcase(subject, entry.subject) for subject in subjects)
        if about and not any(entry.matches(one) for one in found):
            faults.append(f"{entry}: not needed any more")
    return Verdict([one for one in found if one not in meant], meant, faults)
