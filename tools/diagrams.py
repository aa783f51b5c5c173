"""Draws the parser's states into docs/http-parser.md, from the tables that the parser moves by.

    .venv/bin/hatch run python tools/diagrams.py           # after a change of a table
    .venv/bin/hatch run python tools/diagrams.py --check   # is the page up to date?

A diagram stands between two comments that name its table; what is between them is drawn anew.
"""

import argparse
import re
import sys
from collections.abc import Mapping
from enum import IntEnum
from typing import Final, TypeVar

from checks.places import ROOT

__all__ = ["drawn", "main"]

PAGE: Final = ROOT / "docs" / "http-parser.md"
_PLACE: Final = re.compile(
    r"(<!-- drawn from (\w+) by tools/diagrams\.py -->\n).*?(<!-- end of the drawing -->)",
    re.DOTALL,
)

_State = TypeVar("_State", bound=IntEnum)
_Event = TypeVar("_Event", bound=IntEnum)

Table = Mapping[_State, Mapping[_Event, _State]]


def diagram(table: Table[_State, _Event]) -> str:
    """Draw *table* for Mermaid: the first state is where it starts."""
    lines = ["stateDiagram-v2", f"    [*] --> {next(iter(table)).name}"]
    for state, moves in table.items():
        events: dict[_State, list[str]] = {}
        for event, following in moves.items():
            events.setdefault(following, []).append(event.name.lower().replace("_", " "))
        lines += [
            f"    {state.name} --> {following.name}: {', '.join(names)}"
            for following, names in events.items()
        ]
        if not moves:
            lines.append(f"    {state.name} --> [*]")
    return "\n".join(["```mermaid", *lines, "```", ""])


def drawn(text: str, tables: Mapping[str, Table[_State, _Event]]) -> str:
    """Return *text* with each place for a diagram filled from the table that it names."""
    return _PLACE.sub(lambda place: place[1] + diagram(tables[place[2]]) + place[3], text)


def _tables() -> dict[str, Table[IntEnum, IntEnum]]:
    from martlet_http_parser import _states  # here: the module is of the environment, not of tools

    names = [name for name in _states.__all__ if name.endswith("_MOVES")]
    return {name: getattr(_states, name) for name in names}


def main() -> int:
    """Draw, or check."""
    parser = argparse.ArgumentParser(description="Draw the parser's states into its page.")
    parser.add_argument("--check", action="store_true", help="change nothing")
    options = parser.parse_args()
    text = PAGE.read_text(encoding="utf-8")
    new = drawn(text, _tables())
    if new == text:
        print("the diagrams are up to date")
        return 0
    if options.check:
        print(f"{PAGE} is out of date: run tools/diagrams.py")
        return 1
    PAGE.write_text(new, encoding="utf-8")
    print("the diagrams are drawn anew")
    return 0


if __name__ == "__main__":
    sys.exit(main())
