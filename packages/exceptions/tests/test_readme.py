"""The examples of the README run as they stand."""

import re
from pathlib import Path
from typing import Final

import pytest

README: Final = Path(__file__).parent.parent / "README.md"
BLOCKS: Final = re.findall(
    r"^```python\n(.*?)^```", README.read_text("utf-8"), re.MULTILINE | re.DOTALL
)


def test_there_are_examples() -> None:
    assert BLOCKS


@pytest.mark.parametrize("block", BLOCKS)
def test_the_example_runs(block: str) -> None:
    exec(compile(block, str(README), "exec"), {"__name__": "__main__"})
