"""pyright finds what is not known in users' programs, what is not exported, what has no type."""

import subprocess
import sys
from pathlib import Path

import pytest

from checks.process import Report, StepError
from checks.pyright import Pyright

SOUND = {
    "__init__.py": "from ._part import Part\n\n__all__ = ['Part']\n",
    "_part.py": "class Part:\n"
    "    def __init__(self, size: int) -> None:\n"
    "        self.size: int = size\n",
    "py.typed": "",
}
LAZY = """
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._part import Part

__all__ = ["Other", "Part"]


def __getattr__(name: str) -> object:
    from . import _part

    return getattr(_part, name)
"""


@pytest.fixture
def report() -> Report:
    return Report()


@pytest.fixture
def pyright(tmp_path: Path, report: Report) -> Pyright:
    """Look at an environment that has one package, called ``parts``."""
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    python = environment / "bin" / "python"
    pyright = Pyright(report, Path(sys.executable), python, tmp_path / "programs")
    install(pyright, SOUND)
    return pyright


def install(pyright: Pyright, files: dict[str, str]) -> None:
    (packages,) = (pyright.python.parents[1] / "lib").glob("python3.*/site-packages")
    for name, text in files.items():
        path = packages / "parts" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


def program(pyright: Pyright, text: str) -> list[Path]:
    path = pyright.work.parent / "program.py"
    path.write_text(text)
    return [path]


def test_sound(pyright: Pyright) -> None:
    programs = program(pyright, "import parts\n\nreveal_type(parts.Part(1).size)\n")
    assert pyright.check_programs(programs) == 1
    assert pyright.check_names(["parts"]) == 1
    assert pyright.check_types("parts") == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import parts\n\nparts.Part('x')\n", "reportArgumentType"),
        ("def f(x):\n    return x\n", "reportMissingParameterType"),
        ("import json\n\nreveal_type(json.loads('1'))\n", "users would get what is not known"),
        ("import checks\n", "reportMissingImports"),
    ],
)
def test_programs(pyright: Pyright, report: Report, text: str, found: str) -> None:
    with pytest.raises(StepError):
        pyright.check_programs(program(pyright, text))
    assert found in "\n".join(report.lines)


def test_name_that_only_getattr_knows(pyright: Pyright, report: Report) -> None:
    install(pyright, {"__init__.py": LAZY, "_part.py": SOUND["_part.py"] + "Other = Part\n"})
    with pytest.raises(StepError):
        pyright.check_names(["parts"])
    assert report.lines[-2:-1] == ["names that type checkers do not see:"]
    assert 'Type of "parts.Other" is "object"' in report.lines[-1]


@pytest.mark.parametrize(
    "files",
    [
        {"_part.py": SOUND["_part.py"].replace(": int = size", " = size + 1")},
        {"_part.py": "class Part:\n    def size(self, x): ...\n"},
        {"__init__.py": "__all__ = []\n"},
    ],
)
def test_types(pyright: Pyright, files: dict[str, str]) -> None:
    install(pyright, files)
    with pytest.raises(StepError):
        pyright.check_types("parts")


def test_package_that_says_nothing_of_types(pyright: Pyright) -> None:
    with pytest.raises(StepError):
        pyright.check_types("none_such")
