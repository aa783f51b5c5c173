"""The two environments of a run: the suite's, on Python 2.7, and the client's.

The client's has what martlet needs; martlet itself is imported from the working tree. It is not the
developers' own, so that a run never makes that anew under somebody's hands.
"""

import os
from pathlib import Path

from bench._wheels import distribution_of, with_siblings
from checks.bootstrap import ensure_venv, exclusive, fingerprint, fresh, remember
from checks.interpreters import interpreters
from checks.places import CACHE, Package, packages
from checks.process import UV, Report

__all__ = ["AutobahnError", "client_variables", "needed", "prepare_client", "prepare_suite"]

_SUITE_FOLDER = CACHE / "autobahn-suite"
_SUITE = "autobahntestsuite==0.8.2"
# The last that makes environments for 2.7; it runs on Python 3 and brings the last pip for 2.7, so
# that the interpreter itself need not have one.
_VIRTUALENV = "virtualenv==20.21.1"

_CLIENT_FOLDER = CACHE / "autobahn-client"
_CLIENT = "martlet"


class AutobahnError(Exception):
    """The run cannot go on; its text is for the person who started it."""


def prepare_suite(python2: Path, report: Report) -> Path:
    """Install the suite if need be; return its program."""
    program = _SUITE_FOLDER / "bin" / "wstest"
    stamp = _SUITE_FOLDER / "finished"
    with exclusive("venv"):
        ensure_venv()
    wanted = fingerprint(_SUITE, _VIRTUALENV, str(python2), str(_SUITE_FOLDER))
    if not (fresh(stamp, wanted) and program.exists()):
        print(f"autobahn: installing {_SUITE} on {python2}", flush=True)
        _install_suite(python2, report)
        remember(stamp, wanted)
    return program


def _install_suite(python2: Path, report: Report) -> None:
    # Of the same years as this virtualenv: the oldest Python 3.
    maker = [f"--python={interpreters()[0].path}", f"--from={_VIRTUALENV}", "virtualenv"]
    options = ["--quiet", "--clear", f"--python={python2}"]
    report.run(UV, "tool", "run", "--quiet", *maker, *options, _SUITE_FOLDER)
    pip = ["-m", "pip", "--disable-pip-version-check", "--quiet"]
    report.run(_SUITE_FOLDER / "bin" / "python", *pip, "install", _SUITE)


def prepare_client(report: Report) -> Path:
    """Install what the client needs if need be; return its interpreter."""
    python = _CLIENT_FOLDER / "bin" / "python"
    stamp = _CLIENT_FOLDER / "finished"
    _, requirements = needed(_CLIENT, packages())
    newest = interpreters()[-1].path
    wanted = fingerprint(*requirements, str(newest), str(_CLIENT_FOLDER))
    if not (fresh(stamp, wanted) and python.exists()):
        report.run(UV, "venv", "--quiet", "--clear", "--python", newest, _CLIENT_FOLDER)
        report.run(UV, "pip", "install", "--quiet", f"--python={python}", *requirements)
        remember(stamp, wanted)
    return python


def client_variables() -> dict[str, str]:
    """The variables of what runs there: the packages are found where they are worked on."""
    found, _ = needed(_CLIENT, packages())
    return {"PYTHONPATH": os.pathsep.join(str(package.source.parent) for package in found)}


def needed(distribution: str, members: list[Package]) -> tuple[list[Package], list[str]]:
    """The members of the workspace that one of them consists of, and what they need of others."""
    (folder,) = (member.folder for member in members if member.distribution == distribution)
    siblings = with_siblings([member.folder for member in members], folder.name)
    found = [member for member in members if member.folder in siblings]
    names = {member.distribution for member in found}
    wanted = {one for member in found for one in member.pyproject["project"]["dependencies"]}
    return found, sorted(one for one in wanted if distribution_of(one) not in names)
