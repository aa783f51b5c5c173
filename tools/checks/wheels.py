"""Wheels: built, and used from environments that hold nothing of this repository."""

import re
import shutil
import zipfile
from pathlib import Path

from checks.interpreters import interpreters
from checks.places import CACHE, CONSTRAINTS, DIST, ROOT, TOOLS, packages
from checks.process import HATCH, UV, Report

__all__ = ["build", "check_consumers", "consumers", "install", "smoke", "venv"]

_INSTALLED = CACHE / "installed"
_ANY = re.compile(r"\bAny\b")


def build(report: Report) -> None:
    """Build the wheels of all packages and look into them."""
    shutil.rmtree(DIST, ignore_errors=True)
    report.run(HATCH, "build", "--all", "--target", "wheel")
    for package in packages():
        version = package.pyproject["project"]["version"]
        name = f"{package.distribution.replace('-', '_')}-{version}-py3-none-any.whl"
        if not (DIST / name).is_file():
            report.fail(f"no wheel {name}")
        files = zipfile.ZipFile(DIST / name).namelist()
        if f"{package.module}/py.typed" not in files:
            report.fail(f"{name} lacks py.typed")
        stray = [file for file in files if not file.startswith((package.module + "/", name[:8]))]
        if stray or any("/test_" in file for file in files):
            report.fail(f"{name} holds what does not belong there: {stray or files}")
    report.headline(f"{len(packages())} wheels")


def venv(report: Report, folder: Path) -> Path:
    """Make an empty environment on the newest Python and return its interpreter."""
    report.run(UV, "venv", "--quiet", "--clear", "--python", interpreters()[-1].path, folder)
    return folder / "bin" / "python"


def install(report: Report, python: Path, *requirements: str) -> None:
    """Install into an environment: our packages from dist/ only, all others from PyPI."""
    # An exact place for each of our names: no package index can put another in its stead.
    ours = CACHE / "stamps" / f"{python.parents[1].name}-wheels.txt"
    wheels = {wheel.name.split("-")[0].replace("_", "-"): wheel for wheel in DIST.glob("*.whl")}
    lines = [f"{name} @ {wheel.as_uri()}\n" for name, wheel in sorted(wheels.items())]
    ours.parent.mkdir(parents=True, exist_ok=True)
    ours.write_text("".join(lines), encoding="utf-8")
    # The version stays the same while the contents change, so what uv remembers of ours is no use.
    refresh = [word for name in sorted(wheels) for word in ("--refresh-package", name)]
    pins = [f"--constraint={CONSTRAINTS}", f"--constraint={ours}", f"--find-links={DIST}"]
    options = ["--quiet", f"--python={python}", *refresh, *pins]
    report.run(UV, "pip", "install", *options, *requirements)


def smoke(report: Report) -> None:
    """Install martlet into an empty environment and run a small program there."""
    python = venv(report, _INSTALLED)
    install(report, python, "martlet")
    report.run(UV, "pip", "list", "--python", python)
    report.run(python, "-I", "-X", "dev", "-W", "error", TOOLS / "wheel_smoke.py", cwd=CACHE)


def consumers(report: Report) -> list[Path]:
    """List the users' programs."""
    programs = sorted((ROOT / "tests-integration" / "consumer").glob("*.py"))
    if not programs:
        report.fail("no programs in tests-integration/consumer")
    return programs


def check_consumers(report: Report) -> None:
    """Type-check users' programs against the installed wheels: strict, and nothing is Any."""
    programs = consumers(report)
    python = _INSTALLED / "bin" / "python"
    install(report, python, "martlet-asgi", "martlet-testing", "mypy")
    options = ["--config-file=", "--strict", "--no-incremental", "--hide-error-context"]
    output = report.run(python, "-I", "-m", "mypy", *options, *programs, cwd=_INSTALLED)
    revealed = [line for line in output.splitlines() if "Revealed type is" in line]
    loose = [line for line in revealed if _ANY.search(line.partition("Revealed type is")[2])]
    if loose:
        report.fail("users would get Any:\n" + "\n".join(loose))
    report.headline(f"{len(programs)} programs, {len(revealed)} revealed types, none is Any")
