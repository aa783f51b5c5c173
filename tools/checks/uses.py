"""What users take of the packages, from wheels, in environments with nothing else.

Each distribution by itself: what it brings along, and what importing it costs. And parts that are
used elsewhere: the tests of that use, with the wheels and what they are used with.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from checks.places import CACHE, Package, packages
from checks.process import UV, Report, StepError
from checks.wheels import install, venv

__all__ = ["USES", "Use", "check_uses", "cost_of_import"]


class Use(NamedTuple):
    """A part, what it is used with, and the tests that use it so."""

    name: str
    requirements: Sequence[str]
    tests: Sequence[str]


USES: Final = (
    Use(
        "jar",
        ("martlet-cookiejar", "httpx"),
        ("tests-integration/cookiejar/test_httpx.py", "tests-integration/cookiejar/test_urllib.py"),
    ),
    Use("parser", ("martlet-http-parser",), ("tests-integration/parser_alone",)),
    # Written from the guide by who has not read the sources.
    Use(
        "connector",
        ("martlet", "python-socks[asyncio]", "anyio", "mypy", "uvloop", "websockets"),
        ("tests-integration/howto",),
    ),
)
_TEST_TOOLS: Final = ("hypothesis", "pytest", "pytest-asyncio", "pytest-timeout", "trustme")
_TIMES: Final = 5
_COST: Final = "import time; t = time.process_time(); import {}; print(time.process_time() - t)"
_PASSED: Final = re.compile(r"(\d+) passed")


def check_uses(report: Report) -> None:
    """Install each distribution alone, and run the tests of each use."""
    faults = 0
    for package in packages():
        try:
            _check_alone(package, report)
        except StepError:
            faults += 1
    passed = []
    for use in USES:
        try:
            passed.append(f"{use.name} {_check_use(use, report)}")
        except StepError:
            faults += 1
    if faults:
        report.fail(f"{faults} of them are not well")
    report.headline(f"{len(packages())} packages alone; tests passed: {', '.join(passed)}")


def cost_of_import(report: Report, python: object, module: str) -> float:
    """Tell how many seconds of CPU it takes a fresh interpreter to import *module*, at least."""
    command = [str(python), "-I", "-c", _COST.format(module)]
    return min(float(report.run(*command)) for _ in range(_TIMES))


def _check_alone(package: Package, report: Report) -> None:
    python = venv(report, CACHE / "uses" / package.name)
    install(report, python, package.distribution)
    listed = report.run(UV, "pip", "list", "--quiet", "--format=freeze", "--python", python)
    others = [line for line in listed.split() if not line.startswith(f"{package.distribution}==")]
    cost = cost_of_import(report, python, package.module)
    needs = ", ".join(others) or "nothing"
    report.say(f"{package.distribution}: {cost * 1000:.0f} ms to import; it brings {needs}")


def _check_use(use: Use, report: Report) -> str:
    python = venv(report, CACHE / "uses" / f"use-of-{use.name}")
    install(report, python, *use.requirements, *_TEST_TOOLS)
    strict = ["-P", "-W", "error", "-m", "pytest", "-p", "no:cacheprovider"]
    output = report.run(python, *strict, *use.tests)
    passed = _PASSED.search(output)
    if passed is None:
        report.fail(f"no test of {use.name} was run")
    return passed[1]
