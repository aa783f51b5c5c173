"""The list of everything that is checked."""

import sys
from functools import partial
from typing import Final

from checks import environments
from checks.alone import check_alone
from checks.environments import DEFAULT, hatch_run, test_environment
from checks.interpreters import Interpreter, interpreters
from checks.places import ROOT, TOOLS, Package, packages
from checks.process import Report, StepError
from checks.pyright import check_pyright
from checks.schedule import Step
from checks.uses import check_uses
from checks.wheels import build, check_consumers, smoke

__all__ = ["all_steps"]

# Programs of the pages: what they need of a Python is what all others need. Those of the guide run
# once more from wheels.
_ON_OLDEST: Final = ("docs", "howto")


def all_steps() -> list[Step]:
    """Return all steps; of those that can run, the first ones start first."""
    pythons = interpreters()
    return [
        Step("env", "the developers' environment", _make(DEFAULT), fast=True),
        *(
            _environment_step(python)
            for python in pythons
            if python in {pythons[0], pythons[-1]} or _is_current(python)
        ),
        Step("wheels", "all packages are built", build),
        Step("lint", "ruff", _lint, ("env",), fast=True),
        Step("types", "mypy --strict over everything", _default("mypy"), ("env",), fast=True),
        Step("imports", "the packages' arrows", _default("lint-imports"), ("env",), fast=True),
        Step("layout", "files, budgets, declarations", _layout, ("env",), fast=True),
        Step("tools", "the tools' own tests", _tools, ("env",), fast=True),
        Step("api", "the names and signatures that code relies on", _api, ("env",), fast=True),
        Step("servers", "the servers that integration tests need", _servers),
        # On the newest of them the packages are tested alone, each with the same tests; between
        # it and the oldest nothing is that is not in one of the two.
        *(_unit_step(python) for python in pythons if python == pythons[0] or _is_current(python)),
        *(_alone_step(package) for package in packages()),
        _integration_step(pythons[0], "run"),
        *(_integration_step(python, "run-plainly", *_ON_OLDEST) for python in pythons[1:][-1:]),
        Step("autobahn", "Autobahn's cases for WebSockets, the quick part", _autobahn),
        Step(
            "uses", "packages alone, and parts used elsewhere, from wheels", check_uses, ("wheels",)
        ),
        Step("installed", "martlet from wheels in an empty environment", smoke, ("wheels",)),
        Step("consumers", "users' programs, mypy --strict", check_consumers, ("installed",)),
        Step("pyright", "users' programs and all exports, pyright", check_pyright, ("wheels",)),
    ]


def _make(environment: str) -> "partial[None]":
    return partial(environments.make, environment)


def _default(*command: str) -> "partial[None]":
    return partial(_run_in_default, command)


def _run_in_default(command: tuple[str, ...], report: Report) -> None:
    hatch_run(report, DEFAULT, *command)


def _lint(report: Report) -> None:
    faults = 0
    for command in (("check",), ("format", "--check")):
        try:
            hatch_run(report, DEFAULT, "ruff", *command, ".")
        except StepError:
            faults += 1
    if faults:
        report.fail("ruff found faults; `.venv/bin/hatch run format` mends what can be mended")


def _layout(report: Report) -> None:
    hatch_run(report, DEFAULT, "layout")


def _tools(report: Report) -> None:
    hatch_run(report, DEFAULT, "pytest", "-p", "no:cacheprovider", "tools/tests")


def _api(report: Report) -> None:
    hatch_run(report, DEFAULT, "python", "tools/api_surface", "--part", "all")


def _servers(report: Report) -> None:
    # Another process, because only there stdout is the report's. One after the other: dpkg
    # has a lock.
    report.run(sys.executable, "tools/system_packages.py", "nginx", "tinyproxy", "squid", "curl")


def _autobahn(report: Report) -> None:
    # Its last line has the counts, or says that nothing was tested, and the summary shows it.
    output = report.run(sys.executable, TOOLS / "autobahn", "--quick")
    report.headline(output.splitlines()[-1])


def _is_current(python: Interpreter) -> bool:
    return python.version[:2] == sys.version_info[:2]


def _environment_step(python: Interpreter) -> Step:
    about = f"the test environment of CPython {'.'.join(map(str, python.version))}"
    fast = _is_current(python)
    return Step(f"env-{python.minor}", about, _make(test_environment(python.minor)), fast=fast)


def _unit_step(python: Interpreter) -> Step:
    action = partial(_pytest, python.minor, ("packages",), "run-plainly")
    about = f"unit tests on {python.minor}"
    needs = (f"env-{python.minor}",)
    return Step(f"unit-{python.minor}", about, action, needs, fast=_is_current(python))


def _integration_step(python: Interpreter, script: str, *without: str) -> Step:
    # The root's README shows the whole product, so its examples belong here.
    readme = ["README.md"] if (ROOT / "README.md").exists() else []
    left_out = [f"--ignore=tests-integration/{name}" for name in without]
    action = partial(_pytest, python.minor, ("tests-integration", *readme, *left_out), script)
    about = f"integration tests on {python.minor}"
    return Step(f"integration-{python.minor}", about, action, (f"env-{python.minor}", "servers"))


def _pytest(minor: str, paths: tuple[str, ...], script: str, report: Report) -> None:
    # One of hatch.toml's scripts: warnings are errors. Python's development mode, which costs a
    # quarter of the time, is on where the tests are of all packages together.
    hatch_run(report, test_environment(minor), script, "-p", "no:cacheprovider", *paths)


def _alone_step(package: Package) -> Step:
    about = f"{package.distribution} alone, and its coverage"
    return Step(f"alone-{package.name}", about, partial(check_alone, package), ("wheels",))
