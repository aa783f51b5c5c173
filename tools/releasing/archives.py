"""The sdist and the wheel of a package: the same bytes from the same commit, and well formed."""

import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path

from checks.places import CONSTRAINTS, VENV, Package
from checks.process import UV, Report

__all__ = ["build", "check"]

_HATCHLING = VENV / "bin" / "hatchling"
# In an environment of its own, since what it brings along changes how texts are decoded.
_TWINE = (UV, "tool", "run", "--quiet", "--constraints", CONSTRAINTS, "twine")


def build(report: Report, package: Package, folder: Path, epoch: str) -> tuple[Path, Path]:
    """Build sdist and wheel into *folder*, in place of any other version's; return them.

    *epoch*: the time, in seconds since 1970, that all files in them get.
    """
    stem = package.distribution.replace("-", "_")
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(f"{stem}-*"):
        old.unlink()
    _hatchling(report, package.folder, folder, epoch)
    version = package.pyproject["project"]["version"]
    sdist = folder / f"{stem}-{version}.tar.gz"
    wheel = folder / f"{stem}-{version}-py3-none-any.whl"
    for file in (sdist, wheel):
        if not file.is_file():
            report.fail(f"{file.name} was not built")
    return sdist, wheel


def check(report: Report, sdist: Path, wheel: Path, epoch: str) -> None:
    """Check what the index will ask for, and that the sdist makes the very same wheel."""
    report.run(*_TWINE, "check", "--strict", sdist, wheel)
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        with tarfile.open(sdist) as archive:
            archive.extractall(place, filter="data")
        _hatchling(report, place / sdist.name.removesuffix(".tar.gz"), place, epoch, ("wheel",))
        if (place / wheel.name).read_bytes() != wheel.read_bytes():
            report.fail(f"{sdist.name} makes another wheel than the repository")


def _hatchling(
    report: Report, source: Path, folder: Path, epoch: str, targets: Sequence[str] = ()
) -> None:
    # hatchling itself, of the pinned version, instead of a frontend that would fetch one.
    chosen = [word for target in targets for word in ("--target", target)]
    command: list[str | Path] = [_HATCHLING, "build", "--directory", folder, *chosen]
    report.run(*command, cwd=source, env={"SOURCE_DATE_EPOCH": epoch})
