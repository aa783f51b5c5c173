"""What the benchmarks share: tables that line up, turns, and which packages are installed."""

from pathlib import Path

from bench._aligned import aligned
from bench._runner import turns
from bench._wheels import with_siblings


def test_aligned() -> None:
    rows = [["name", "cost"], ["a", "1.0"], ["longer", "12,345.0"]]
    assert aligned(rows, left=1).splitlines() == [
        "| name   |     cost |",
        "| ------ | -------: |",
        "| a      |      1.0 |",
        "| longer | 12,345.0 |",
    ]


def test_turns() -> None:
    assert [list(turns(["a", "b"], number)) for number in range(2)] == [["a", "b"], ["a", "b"]]
    rounds = [list(turns(["a", "b", "c"], number)) for number in range(4)]
    assert [names[0] for names in rounds] == ["a", "b", "c", "a"]
    assert all(sorted(names) == ["a", "b", "c"] for names in rounds)


def test_with_siblings(tmp_path: Path) -> None:
    needs = {
        "top": ["martlet-middle>=0.1,<0.2"],
        "middle": ["martlet-low-est>=0.1,<0.2", "attrs>=23.2"],
        "low_est": ["martlet-middle>=0.1"],  # a circle ends, too
        "apart": [],
    }
    for name, dependencies in needs.items():
        (tmp_path / name).mkdir()
        text = f'[project]\nname = "martlet-{name.replace("_", "-")}"\n'
        (tmp_path / name / "pyproject.toml").write_text(f"{text}dependencies = {dependencies}\n")
    found = with_siblings([tmp_path / name for name in needs], "middle")
    assert [path.name for path in found] == ["low_est", "middle"]
