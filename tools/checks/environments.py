"""Hatch environments: made when missing, made anew when pins or a package's metadata have changed.

Packages are installed editable, so a changed source needs nothing; Hatch itself would not notice a
changed range between siblings, therefore the fingerprint covers every pyproject.toml.
"""

from checks.bootstrap import exclusive, fingerprint, fresh, remember
from checks.interpreters import interpreters
from checks.places import CACHE, CONSTRAINTS, ROOT, packages
from checks.process import HATCH, Report

__all__ = ["DEFAULT", "hatch_run", "make", "test_environment"]

DEFAULT = "default"


def test_environment(minor: str) -> str:
    """Name hatch.toml's test environment of a Python."""
    return f"hatch-test.py{minor}"


def make(environment: str, report: Report) -> None:
    """Bring an environment up to date."""
    wanted = fingerprint(
        ROOT / "hatch.toml",
        CONSTRAINTS,
        *(package.folder / "pyproject.toml" for package in packages()),
        *(f"{python.version} {python.path}" for python in interpreters()),
        str(ROOT),
    )
    stamp = CACHE / "stamps" / environment
    with exclusive(environment):
        if fresh(stamp, wanted):
            report.headline("up to date")
            return
        report.run(HATCH, "env", "remove", environment)
        report.run(HATCH, "env", "create", environment)
        remember(stamp, wanted)
        report.headline("made")


def hatch_run(report: Report, environment: str, *command: str) -> str:
    """Run a command in an environment that a step before has made."""
    return report.run(HATCH, "run", f"{environment}:{command[0]}", *command[1:])
