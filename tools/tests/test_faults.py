"""The table of exceptions takes away what it names, and must itself be needed and explained."""

from pathlib import Path

from checks.faults import Fault, apply_exceptions

FAULT = Fault("a.py", 3, "function-length", "parse has 70 lines")


def apply(tmp_path: Path, **entry: str) -> list[str]:
    table = tmp_path / "table.toml"
    rows = "\n".join(f'{key} = "{value}"' for key, value in entry.items())
    table.write_text(f"[[exception]]\n{rows}\n")
    return [fault.text for fault in apply_exceptions([FAULT], table)]


def test_allowed(tmp_path: Path) -> None:
    rule = "function-length"
    assert apply(tmp_path, path="a.py", rule=rule, text="parse", reason="a table") == []


def test_without_reason(tmp_path: Path) -> None:
    left = apply(tmp_path, path="a.py", rule="function-length")
    assert left == ["without a reason: function-length of a.py"]


def test_unused(tmp_path: Path) -> None:
    left = apply(tmp_path, path="b.py", rule="function-length", reason="a table")
    assert left == [FAULT.text, "unused: function-length of b.py"]
