"""Each documented attribute and method, of what has been built as a whole, is tested."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from api_surface._parts import belongs

ROOT = Path(__file__).parents[2]
PARTS = ("bodies", "responses", "streams", "multipart")
# The response reads no head from a connection: see differences.toml.
MEANT = {("ClientResponse", "start")}


FACTS = json.loads((ROOT / "tools/api_surface/current.json").read_text(encoding="utf-8"))


def documented() -> Iterator[tuple[str, str]]:
    for name, fact in FACTS.items():
        if isinstance(fact, dict) and any(belongs(name, part) for part in PARTS):
            for member in fact.get("members", ()):
                if not member.startswith("__"):
                    yield name.removeprefix("abc."), member


@pytest.fixture(scope="module")
def tests() -> list[str]:
    folders = (*ROOT.glob("packages/*/tests"), ROOT / "tests-integration")
    files = [file for folder in folders for file in folder.rglob("*.py")]
    return [file.read_text(encoding="utf-8") for file in files]


@pytest.mark.parametrize(("name", "member"), sorted(set(documented()) - MEANT))
def test_a_test_of_the_class_uses_the_member(name: str, member: str, tests: list[str]) -> None:
    # What it inherits is tested with what it inherits it from.
    bases = FACTS.get(name, {}).get("bases", ())
    names = re.compile(rf"\b({'|'.join([name, *bases])})\b")
    used = re.compile(rf'\.{member}\b|\b{member}=|"{member}"')
    assert any(names.search(text) and used.search(text) for text in tests)
