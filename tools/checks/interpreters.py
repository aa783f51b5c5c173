"""Finding the CPythons that tests run on: 3.11 and newer, on PATH and under pyenv."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["Interpreter", "interpreters"]

OLDEST = 11
NEWEST = 14  # hatch.toml's matrix ends with it too

_PROBE = """
import platform, sys, sysconfig
usable = (platform.python_implementation() == "CPython" and sys.version_info.releaselevel == "final"
          and not sysconfig.get_config_var("Py_GIL_DISABLED"))
print(*sys.version_info[:3], sys.executable if usable else "")
"""


@dataclass(frozen=True, order=True)
class Interpreter:
    """One CPython."""

    version: tuple[int, int, int]
    path: Path

    @property
    def minor(self) -> str:
        """The version as hatch.toml's matrix has it."""
        return f"{self.version[0]}.{self.version[1]}"


@cache
def interpreters() -> tuple[Interpreter, ...]:
    """Return the newest patch release of each minor version, oldest first."""
    found: dict[str, Interpreter] = {}
    for candidate in dict.fromkeys(_candidates()):
        interpreter = _probe(candidate)
        if interpreter is not None:
            best = found.get(interpreter.minor, interpreter)
            found[interpreter.minor] = max(best, interpreter, key=lambda one: one.version)
    return tuple(sorted(found.values()))


def _candidates() -> Iterator[Path]:
    base = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info[1]}"
    if base.exists():
        yield base
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for minor in range(OLDEST, NEWEST + 1):
        on_path = shutil.which(f"python3.{minor}")
        if on_path and "shims" not in Path(on_path).parts:
            yield Path(on_path)
        yield from sorted(pyenv.glob(f"versions/3.{minor}.*/bin/python3.{minor}"))


def output_of(path: Path, *arguments: str) -> str | None:
    """Return what a Python prints, if it is one that can be run."""
    try:
        answer = subprocess.run(
            [str(path), *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout


def _probe(path: Path) -> Interpreter | None:
    answer = output_of(path, "-I", "-c", _PROBE)
    if answer is None:
        return None
    major, minor, patch, *executable = answer.split()
    if not executable or not OLDEST <= int(minor) <= NEWEST:
        return None
    return Interpreter((int(major), int(minor), int(patch)), path)
