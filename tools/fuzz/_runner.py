"""Runs the targets: one process each, some at a time."""

import json
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from checks.places import TOOLS
from checks.process import Report, StepError, clean_environment, stop_all

from ._child import Order
from ._environment import FuzzError, child_variables
from ._outcome import Outcome, read_outcome

__all__ = ["Runner", "share"]

# To import, to read the corpus, and to end.
_GRACE = 300


def share(seconds: int, targets: int, jobs: int) -> int:
    """How many seconds a target has, if *jobs* of them run at a time for *seconds* in all."""
    rounds = -(-targets // jobs)
    return max(1, seconds // rounds)


@dataclass(frozen=True)
class Runner:
    """Runs targets in an environment that is prepared."""

    python: Path
    folder: Path
    timeout: int
    memory: int
    longest: int

    def targets(self) -> list[str]:
        """The names of the targets there are."""
        done = self._child("list")
        if done.returncode:
            raise FuzzError(f"the targets cannot be imported:\n{done.stderr}")
        names: list[str] = json.loads(done.stdout)
        return names

    def replay(self, target: str, file: Path) -> str | None:
        """Try one input; return the traceback of what it does, if it must not be."""
        order = json.dumps(asdict(self._order(target, self.timeout)))
        done = self._child("replay", target, order, str(file.resolve()))
        return f"{done.stdout}{done.stderr}" if done.returncode else None

    def _order(self, target: str, seconds: int) -> Order:
        folder = str(self.folder / target)
        return Order(folder, seconds, self.timeout, self.memory, self.longest)

    def _child(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [str(self.python), "-m", "fuzz._child", *arguments],
            cwd=TOOLS,
            env={**clean_environment(), **child_variables()},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def run(
        self, targets: list[str], seconds: int, jobs: int, finished: Callable[[Outcome], None]
    ) -> list[Outcome]:
        """Run targets; *finished* is called with each outcome as soon as it is there."""
        each = share(seconds, len(targets), jobs)

        def one(target: str) -> Outcome:
            outcome = self._run_target(target, each)
            finished(outcome)
            return outcome

        with ThreadPoolExecutor(jobs) as pool:
            try:
                return list(pool.map(one, targets))
            except KeyboardInterrupt:
                pool.shutdown(wait=False, cancel_futures=True)
                stop_all()
                raise

    def _run_target(self, target: str, seconds: int) -> Outcome:
        folder = self.folder / target
        before = _count(folder / "corpus")
        order = self._order(target, seconds)
        report, failed = Report(), False
        try:
            report.run(
                self.python,
                *("-m", "fuzz._child", "run", target, json.dumps(asdict(order))),
                env=child_variables(),
                cwd=TOOLS,
                timeout=seconds + self.timeout + _GRACE,
            )
        except StepError:
            failed = True
        output = "\n".join(report.lines)
        (folder / "log").write_text(output, encoding="utf-8")
        corpus = _count(folder / "corpus")
        return read_outcome(target, output, failed=failed, before=before, corpus=corpus)


def _count(folder: Path) -> int:
    return sum(1 for _ in folder.iterdir()) if folder.is_dir() else 0
