"""What the suite made of the client: read from its report, counted, judged."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench._aligned import aligned

from ._cases import GROUPS, group_of, order_of

__all__ = ["INFORMATIONAL", "Case", "counts", "faults", "read_report", "table"]

# Cases for which no behaviour is the right one, and what martlet does there.
INFORMATIONAL: Final = {
    "7.1.6": "messages, a close frame and a PING come together: all messages are echoed, and then "
    "the close frame is answered; to drop them would be as legal",
    "7.13.1": "the close code 5000 is of no range that is defined: answered with 1002",
    "7.13.2": "the close code 65535 is of no range that is defined: answered with 1002",
}
_BEHAVIOURS: Final = ("OK", "INFORMATIONAL", "NON-STRICT", "UNIMPLEMENTED", "FAILED")
_NONE: Final = "\N{EN DASH}"


@dataclass(frozen=True)
class Case:
    """The suite's judgement of one case."""

    name: str
    behaviour: str
    closing: str
    """The same of how the connection was closed."""
    file: str
    """The suite's page about it."""


def read_report(folder: Path, agent: str) -> list[Case]:
    """The cases of a report, in the order of the suite; none if there is no report."""
    index = folder / "index.json"
    if not index.is_file():
        return []
    found = json.loads(index.read_text(encoding="utf-8")).get(agent, {})
    return [
        Case(
            name,
            found[name]["behavior"],
            found[name]["behaviorClose"],
            str((folder / found[name]["reportfile"]).with_suffix(".html")),
        )
        for name in sorted(found, key=order_of)
    ]


def counts(cases: Iterable[Case]) -> "Counter[str]":
    """How many cases there are of each behaviour, and of closing behaviours as ``closing X``.

    What the suite calls otherwise (such as a wrong close code) is counted as FAILED.
    """
    found: Counter[str] = Counter()
    for case in cases:
        found[_known(case.behaviour)] += 1
        found[f"closing {_known(case.closing)}"] += 1
    return found


def _known(behaviour: str) -> str:
    return behaviour if behaviour in _BEHAVIOURS else "FAILED"


def table(cases: list[Case]) -> str:
    """The aligned Markdown table, a row for each group.

    A cell holds how many cases behaved so, and how many of them closed so: ``16 / 16``.
    """
    rows = [["group", "about", "cases", *_BEHAVIOURS]]
    for group in sorted({group_of(case.name) for case in cases}, key=order_of):
        of_group = [case for case in cases if group_of(case.name) == group]
        rows.append([group, GROUPS.get(group, ""), *_cells(of_group)])
    rows.append(["all", "", *_cells(cases)])
    return aligned(rows, left=2)


def _cells(cases: list[Case]) -> list[str]:
    found = counts(cases)
    pairs = [(found[one], found[f"closing {one}"]) for one in _BEHAVIOURS]
    return [str(len(cases)), *(f"{one} / {two}" if one or two else _NONE for one, two in pairs)]


def faults(cases: Iterable[Case]) -> list[str]:
    """What must not be, a line for each case: all but OK, and INFORMATIONAL where it is meant."""
    found = []
    for case in cases:
        allowed = {"OK", "INFORMATIONAL"} if case.name in INFORMATIONAL else {"OK"}
        if not {case.behaviour, case.closing} <= allowed:
            said = f"{case.behaviour}, closing {case.closing}"
            found.append(f"case {case.name}: {said}: see {case.file}")
    return found
