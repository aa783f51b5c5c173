#!/usr/bin/env python3
"""All checks of this repository: `python3 tools/test.py` in a clean clone does everything.

It needs CPython 3.11 or newer with venv and pip, PyPI, and apt-get for nginx. It makes .venv with
pinned versions of hatch and uv, and with them all that the steps need, below .cache.

    python3 tools/test.py               everything, as CI does
    python3 tools/test.py --fast        linters, types, layout, unit tests on this Python
    python3 tools/test.py --only types,unit-3.11
    python3 tools/test.py --list
"""

import sys

if sys.version_info < (3, 11):
    sys.exit("tools/test.py needs Python 3.11 or newer")

import argparse
import time
from contextlib import nullcontext

from checks.bootstrap import ensure_venv, exclusive
from checks.interpreters import interpreters
from checks.schedule import Step, closure, run_all, summary
from checks.steps import all_steps


def main() -> int:
    """Run the chosen steps and tell with the exit status whether all are well."""
    options = _parser().parse_args()
    steps = all_steps()
    if options.list:
        for step in steps:
            print(f"{step.name:<22}{step.about}{' (fast)' if step.fast else ''}")
        return 0
    chosen = _choose(steps, options)
    start = time.monotonic()
    pythons = ", ".join(".".join(map(str, python.version)) for python in interpreters())
    print(f"CPythons: {pythons}", flush=True)
    # The quick steps only read, so they may run beside a whole run.
    lock = nullcontext() if all(step.fast for step in chosen) else exclusive("all")
    with lock:
        with exclusive("venv"):
            ensure_venv()
        results = run_all(chosen)
    print(summary(results, time.monotonic() - start), flush=True)
    return 0 if all(result.ok for result in results) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Run the checks of this repository.")
    parser.add_argument("--fast", action="store_true", help="only the quick steps")
    parser.add_argument("--only", metavar="A,B", help="only these steps and what they need")
    parser.add_argument("--list", action="store_true", help="list the steps")
    return parser


def _choose(steps: list[Step], options: argparse.Namespace) -> list[Step]:
    if options.only:
        names = options.only.split(",")
        unknown = set(names) - {step.name for step in steps}
        if unknown:
            sys.exit(f"no such step: {', '.join(sorted(unknown))} (see --list)")
        return closure(steps, names)
    if options.fast:
        return closure(steps, [step.name for step in steps if step.fast])
    return steps


if __name__ == "__main__":
    sys.exit(main())
