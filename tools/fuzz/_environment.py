"""The fuzzer's own environment: atheris, and what the packages of the working tree need.

atheris comes ready-made for some CPythons only, so the newest one here that it supports is
taken. The packages themselves are imported from where they are worked on.
"""

import os
from pathlib import Path

from checks.bootstrap import ensure_venv, exclusive, fingerprint, fresh, remember
from checks.interpreters import Interpreter, interpreters
from checks.places import CACHE, TOOLS, Package, packages
from checks.process import UV, Report, StepError

__all__ = ["FuzzError", "child_variables", "prepare", "requirements"]

_FOLDER = CACHE / "fuzz-environment"
_PYTHON = _FOLDER / "bin" / "python"
_STAMP = _FOLDER / "finished"
_FUZZED = ("exceptions", "http_parser", "interfaces", "websocket")
_CODINGS = ("backports.zstd; python_version < '3.14'", "brotli>=1.2")


class FuzzError(Exception):
    """The fuzzer cannot go on; its text is for the person who runs it."""


def requirements(found: list[Package]) -> list[str]:
    """What some packages need of others, and the libraries for all codings: no siblings."""
    siblings = tuple(package.distribution for package in found)
    wanted = {*_CODINGS}
    for package in found:
        wanted.update(package.pyproject["project"].get("dependencies", []))
    return sorted(one for one in wanted if not one.startswith(siblings))


def child_variables() -> dict[str, str]:
    """The variables of what runs there: tools and packages are found where they are."""
    sources = [str(package.source.parent) for package in packages()]
    return {"PYTHONPATH": os.pathsep.join([str(TOOLS), *sources])}


def prepare() -> Path:
    """Make the environment if need be; return its interpreter."""
    with exclusive("venv"):
        ensure_venv()
    needed = requirements([one for one in packages() if one.name in _FUZZED])
    with exclusive("fuzz"):
        known = (f"{python.version} {python.path}" for python in interpreters())
        wanted = fingerprint(*needed, *known, str(_FOLDER))
        if fresh(_STAMP, wanted) and _PYTHON.exists():
            return _PYTHON
        failures = []
        for python in reversed(interpreters()):
            report = Report()
            try:
                _install(report, python, needed)
            except StepError:
                failures += [f"Python {python.minor}:", *report.lines]
                continue
            print(f"fuzz: installed atheris on Python {python.minor}", flush=True)
            remember(_STAMP, wanted)
            return _PYTHON
    raise FuzzError("\n".join(["atheris supports no Python that is here", *failures]))


def _install(report: Report, python: Interpreter, needed: list[str]) -> None:
    report.run(UV, "venv", "--quiet", "--clear", "--python", python.path, _FOLDER)
    # Built from its sources it would want a whole clang.
    options = ["--quiet", f"--python={_PYTHON}", "--only-binary=atheris"]
    report.run(UV, "pip", "install", *options, "atheris", *needed)
    report.run(_PYTHON, "-c", "import atheris")
