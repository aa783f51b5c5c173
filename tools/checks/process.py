"""Running programs: one clean environment for all of them, their output kept for the report."""

import contextlib
import os
import shlex
import signal
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NoReturn

from checks.interpreters import interpreters
from checks.places import CACHE, CONSTRAINTS, ROOT, VENV

__all__ = ["HATCH", "UV", "Report", "StepError", "clean_environment", "stop_all"]

HATCH = VENV / "bin" / "hatch"
UV = VENV / "bin" / "uv"

# What a developer's shell may have set that would change what the tools do.
_DROPPED = (
    "COVERAGE_",
    "FORCE_COLOR",
    "HATCH_",
    "MYPY",
    "PYRIGHT_",
    "PYTEST_",
    "PYTHON",
    "RUFF_",
    "VIRTUAL_ENV",
)


class StepError(Exception):
    """A step found a fault; its report, which alone raises this, says which."""


@cache
def clean_environment() -> Mapping[str, str]:
    """The environment of every program: state under .cache, no colours, no downloads of Pythons."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(_DROPPED)}
    # Interpreters under pyenv come first: its shims are on PATH but fail for versions not selected.
    folders = [str(python.path.parent) for python in interpreters()]
    environment["PATH"] = os.pathsep.join([*folders, environment.get("PATH", os.defpath)])
    if not _is_writable_folder(environment.get("HOME", "")):
        environment["HOME"] = str(CACHE / "home")
        (CACHE / "home").mkdir(parents=True, exist_ok=True)
    environment |= {
        "COLUMNS": "100",
        "HATCH_CACHE_DIR": str(CACHE / "hatch-cache"),
        "HATCH_DATA_DIR": str(CACHE / "hatch"),
        "HATCH_ENV_TYPE_VIRTUAL_UV_PATH": str(UV),
        "HATCH_INTERACTIVE": "false",
        "NO_COLOR": "1",
        "UV_BUILD_CONSTRAINT": str(CONSTRAINTS),
        "UV_NO_PROGRESS": "1",
        "UV_PYTHON_DOWNLOADS": "never",
    }
    return environment


def _is_writable_folder(path: str) -> bool:
    return Path(path).is_absolute() and Path(path).is_dir() and os.access(path, os.W_OK)


class Report:
    """A step's output as it grows."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.headlines: list[str] = []

    def say(self, text: str) -> None:
        """Add lines of the step's own."""
        self.lines += text.splitlines()

    def headline(self, text: str) -> None:
        """Add what the summary shall show of this step."""
        self.headlines.append(text)
        self.say(text)

    def fail(self, text: str) -> NoReturn:
        """Add a last word and give up the step."""
        self.say(text)
        raise StepError(text)

    def run(
        self,
        *command: str | Path,
        env: Mapping[str, str] | None = None,
        cwd: Path = ROOT,
        timeout: float = 900,
    ) -> str:
        """Run a program, keep what it prints, and raise StepError if it fails or takes too long."""
        words = [str(word) for word in command]
        self.say(f"$ {shlex.join(words)}")
        process = subprocess.Popen(
            words,
            cwd=cwd,
            env={**clean_environment(), **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        _running.add(process)
        try:
            output, _ = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            _kill(process)
            output, _ = process.communicate()
            self.say(output)
            self.fail(f"stopped after {timeout:.0f} s: {words[0]}")
        finally:
            _running.discard(process)
        self.say(output)
        if process.returncode:
            self.fail(f"exit status {process.returncode}: {words[0]}")
        return output


_running: set["subprocess.Popen[str]"] = set()


def stop_all() -> None:
    """Stop what is running, when the run is broken off."""
    for process in list(_running):
        _kill(process)


def _kill(process: "subprocess.Popen[str]") -> None:
    # Each program leads a session of its own, so this reaches the tests below hatch too.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
