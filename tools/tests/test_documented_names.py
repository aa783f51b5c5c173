"""Each documented attribute and method, of what has been built as a whole, is tested."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from api_surface._difference import known_differences
from api_surface._facts import ClassFacts, loaded
from api_surface._parts import ALL, parts_of, selected

ROOT = Path(__file__).parents[2]
FACTS = selected(loaded(ROOT / "tools/api_surface/current.json"), parts_of(ALL, ["websocket"]))
CLASSES = {
    name.removeprefix("abc."): fact for name, fact in FACTS.items() if isinstance(fact, ClassFacts)
}
# What is not there, and is not meant to be.
MEANT = [
    entry.subject
    for entry in known_differences(ROOT / "tools/api_surface/differences.toml")
    if entry.rule == "missing"
]


@dataclass(frozen=True)
class Words:
    """What one file of tests speaks of."""

    names: frozenset[str]
    used: frozenset[str]
    """What is read or called, passed by name, or written as a text."""


def _words() -> Iterator[Words]:
    for folder in (*ROOT.glob("packages/*/tests"), ROOT / "tests-integration"):
        for file in folder.rglob("*.py"):
            text = file.read_text(encoding="utf-8")
            used = re.findall(r'\.(?=[a-zA-Z_])(\w+)|\b(\w+)=|"(\w+)"', text)
            yield Words(
                frozenset(re.findall(r"\w+", text)),
                frozenset(name for names in used for name in names if name),
            )


@pytest.fixture(scope="module")
def tests() -> list[Words]:
    return list(_words())


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_a_test_of_the_class_uses_each_member(name: str, tests: list[Words]) -> None:
    # What it inherits is tested with what it inherits it from.
    names = {name, *(base for base in CLASSES[name].bases if base in CLASSES)}
    used = frozenset[str]().union(*(words.used for words in tests if words.names & names))
    missing = [
        member
        for member in CLASSES[name].members
        if member not in used
        and not member.startswith("__")
        and not any(fnmatchcase(f"{name}.{member}", subject) for subject in MEANT)
        and name not in MEANT
    ]
    assert not missing, f"no test of {name} uses {', '.join(missing)}"
