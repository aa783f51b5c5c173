"""Faults that the layout check reports, and the table of those that are allowed."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Fault", "apply_exceptions"]


@dataclass(frozen=True)
class Fault:
    """One thing against a rule."""

    path: str  # from the root
    line: int
    rule: str
    text: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: [{self.rule}] {self.text}"


def apply_exceptions(faults: Iterable[Fault], table: Path) -> list[Fault]:
    """Take away what the table allows; an entry without a reason or a use is a fault itself."""
    entries = tomllib.loads(table.read_text(encoding="utf-8")).get("exception", [])
    left = list(faults)
    for entry in entries:
        path, rule, text = entry["path"], entry["rule"], entry.get("text", "")
        used = [f for f in left if f.path == path and f.rule == rule and text in f.text]
        left = [fault for fault in left if fault not in used]
        if not used:
            left.append(Fault(table.name, 0, "exception", f"unused: {rule} of {path}"))
        if not entry.get("reason", "").strip():
            left.append(Fault(table.name, 0, "exception", f"without a reason: {rule} of {path}"))
    return left
