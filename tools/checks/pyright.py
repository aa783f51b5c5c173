"""pyright over users' programs, and over all that the packages offer: from wheels, as users do.

mypy infers what is not annotated; pyright tells where another checker may infer something else.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from checks.places import CACHE, packages
from checks.process import Report, StepError
from checks.wheels import consumers, install, venv

__all__ = ["Pyright", "check_pyright"]

_REVEALED: Final = re.compile(r'information: Type of "(.+?)" is "(.*)"$')
_LOOSE: Final = re.compile(r"\b(Any|Unknown)\b")
_EXPORTED: Final = re.compile(r'^Symbols exported by "\w+": (\d+)$', re.MULTILINE)
_SCORE: Final = re.compile(r"^Type completeness score: ([\d.]+)%$", re.MULTILINE)
_ALL: Final = "import {0}; print(*{0}.__all__, sep='\\n')"


def check_pyright(report: Report) -> None:
    """Check the programs, the names that packages export, and the types behind these."""
    python = venv(report, CACHE / "pyright")
    ours = packages()
    install(report, python, *(package.distribution for package in ours), "pyright[nodejs]")
    pyright = Pyright(report, python, python, CACHE / "pyright-programs")
    modules = [package.module for package in ours]
    checks: list[Callable[[], int]] = [
        partial(pyright.check_programs, consumers(report)),
        partial(pyright.check_names, modules),
        *(partial(pyright.check_types, module) for module in modules),
    ]
    counts: list[int] = []
    for check in checks:
        try:
            counts.append(check())
        except StepError:
            continue
    faults = len(checks) - len(counts)
    if faults:
        report.fail(f"{faults} of {len(checks)} runs of pyright found faults")
    programs, names, *symbols = counts
    known = f"the types of {sum(symbols)} symbols are known"
    report.headline(f"{programs} programs, {names} names of {len(modules)} packages, {known}")


@dataclass(frozen=True)
class Pyright:
    """Runs pyright and reads what it says; each check tells how many things it looked at."""

    report: Report
    runner: Path
    """The Python that has pyright."""
    python: Path
    """The Python that has the packages to look at."""
    work: Path
    """A folder to put programs in; it is emptied."""

    def check_programs(self, programs: Iterable[Path]) -> int:
        """Check programs in strict mode; what they reveal must be known."""
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)
        # Copies, so that neither sources nor a configuration of the repository are in reach.
        copied = [shutil.copy(program, self.work) for program in programs]
        loose = [line for line, kind in self._revealed() if _LOOSE.search(kind)]
        if loose:
            self.report.fail("users would get what is not known:\n" + "\n".join(loose))
        return len(copied)

    def check_names(self, modules: Iterable[str]) -> int:
        """Check that each name of a package is one for type checkers, too.

        Where only a lazy package's ``__getattr__`` knows it, it is an `object` to them, and no
        error.
        """
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)
        wanted = 0
        for module in modules:
            # Not from the working folder: only what is installed.
            listed = self.report.run(self.python, "-I", "-c", _ALL.format(module)).split()
            lines = [f"import {module}", *(f"reveal_type({module}.{name})" for name in listed)]
            (self.work / f"names_of_{module}.py").write_text("\n".join(lines) + "\n", "utf-8")
            wanted += len(listed)
        revealed = list(self._revealed())
        hidden = [line for line, kind in revealed if kind == "object"]
        if hidden:
            self.report.fail("names that type checkers do not see:\n" + "\n".join(hidden))
        if len(revealed) != wanted:
            self.report.fail(f"{len(revealed)} of {wanted} names were revealed")
        return wanted

    def check_types(self, module: str) -> int:
        """Check that everything reachable from what a package exports has a type in writing."""
        options = ["--verifytypes", module, "--ignoreexternal"]
        output = self._run(*options)
        exported, score = _EXPORTED.search(output), _SCORE.search(output)
        if not (exported and int(exported[1]) and score and float(score[1]) == 100):
            self.report.fail(f"the types of {module} are not complete")
        return int(exported[1])

    def _revealed(self) -> Iterable[tuple[str, str]]:
        config = '{"typeCheckingMode": "strict"}\n'
        (self.work / "pyrightconfig.json").write_text(config, "utf-8")
        for line in self._run("--project", self.work).splitlines():
            found = _REVEALED.search(line)
            if found:
                yield line.strip(), found[2]

    def _run(self, *options: str | Path) -> str:
        # It looks for the packages of the Python that is first on PATH; --verifytypes heeds no
        # option for that. And it shall not ask for newer versions of itself.
        path = os.pathsep.join([str(self.python.parent), os.environ.get("PATH", os.defpath)])
        environment = {"PATH": path, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}
        command = [self.runner, "-I", "-m", "pyright", *options]
        return self.report.run(*command, env=environment, cwd=self.work.parent)
