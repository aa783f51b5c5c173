"""Steps and their order: two at a time, each after those it needs, faults collected to the end."""

import re
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from graphlib import TopologicalSorter

from checks.process import Report, StepError, stop_all

__all__ = ["Result", "Step", "closure", "run_all", "summary"]

WORKERS = 2
# What a test run closes with; shown for passed steps too, so that a log says that tests were run.
_PYTEST_CLOSING = re.compile(r"=+ .*\d+ (passed|failed|error|skipped).* in .*=+")


@dataclass(frozen=True)
class Step:
    """One thing to check."""

    name: str
    about: str
    action: Callable[[Report], None]
    needs: tuple[str, ...] = ()
    fast: bool = False


@dataclass
class Result:
    """What became of a step."""

    step: Step
    ok: bool = False
    seconds: float = 0.0
    report: Report = field(default_factory=Report)

    @property
    def closing(self) -> list[str]:
        """The lines that say most: pytest's last and the step's headline, or else its last line."""
        lines = [line.strip() for line in self.report.lines if line.strip()]
        if not self.ok:
            return lines[-1:]
        tests = [line for line in lines if _PYTEST_CLOSING.match(line)]
        return [*tests[-1:], *self.report.headlines] or lines[-1:]


def closure(steps: Sequence[Step], names: Iterable[str]) -> list[Step]:
    """Return the named steps and all that they need, in the order of the whole list."""
    by_name = {step.name: step for step in steps}
    wanted: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting += by_name[name].needs
    return [step for step in steps if step.name in wanted]


def run_all(steps: Sequence[Step]) -> list[Result]:
    """Run the steps; one whose needs failed is not run and counts as failed."""
    results: dict[str, Result] = {}
    order = {step.name: place for place, step in enumerate(steps)}
    by_name = {step.name: step for step in steps}
    graph = TopologicalSorter({step.name: step.needs for step in steps})
    graph.prepare()
    ready: list[str] = []
    running: dict[Future[Result], str] = {}
    with ThreadPoolExecutor(WORKERS) as pool:
        while graph.is_active():
            ready = sorted([*ready, *graph.get_ready()], key=order.__getitem__)
            while ready and len(running) < WORKERS:
                name = ready.pop(0)
                running[pool.submit(_run, by_name[name], dict(results))] = name
            try:
                done, _ = wait(running, return_when=FIRST_COMPLETED)
            except KeyboardInterrupt:
                stop_all()
                raise
            for future in done:
                name = running.pop(future)
                results[name] = future.result()
                _show(results[name])
                graph.done(name)
    return [results[step.name] for step in steps]


def _run(step: Step, before: dict[str, Result]) -> Result:
    result = Result(step)
    missing = [name for name in step.needs if not before[name].ok]
    if missing:
        result.report.say(f"not run: {', '.join(missing)} failed")
        return result
    start = time.monotonic()
    try:
        step.action(result.report)
        result.ok = True
    except StepError:
        pass  # the report has it
    except Exception as exc:  # noqa: BLE001 - a tool's own fault must not hide other results
        result.report.say(f"{type(exc).__name__}: {exc}")
    result.seconds = time.monotonic() - start
    return result


def _show(result: Result) -> None:
    state = "ok" if result.ok else "FAILED"
    print(f"--- {result.step.name}: {result.step.about} - {state}, {result.seconds:.1f} s")
    for line in result.closing if result.ok else result.report.lines:
        print(line)
    print(flush=True)


def summary(results: Sequence[Result], seconds: float) -> str:
    """Draw the table at the end."""
    width = max(len(result.step.name) for result in results)
    rows = []
    for result in results:
        state = "ok" if result.ok else "FAILED"
        words = ", ".join(line.strip("= ") for line in result.closing)[:100]
        rows.append(f"{state:<6}  {result.step.name:<{width}}  {result.seconds:>6.1f} s  {words}")
    failed = sum(not result.ok for result in results)
    count = len(results)
    verdict = f"{failed} of {count} steps failed" if failed else f"all {count} steps ok"
    return "\n".join([*rows, f"{verdict} in {seconds:.0f} s"])
