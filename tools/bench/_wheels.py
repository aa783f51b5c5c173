"""martlet's own packages as wheels built from the working tree: what its users get."""

import email
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

from ._sample import BenchError

# Nothing of these is in a wheel, or it is a trace of an earlier build.
_IGNORED = ("__pycache__", "tests", "build", "dist", "*.egg-info", "*.pyc", ".*")


def find_packages(root: Path) -> list[Path]:
    """The folders of the packages, or an error if there is nothing to build."""
    found = sorted(path.parent for path in root.glob("packages/*/pyproject.toml"))
    if not any(path.name == "martlet" for path in found):
        raise BenchError(
            "packages/martlet has no pyproject.toml: martlet cannot be built; "
            "measure another client with --subject"
        )
    return found


def with_siblings(packages: list[Path], name: str) -> list[Path]:
    """Of all packages the one in the folder *name* and those that it needs."""
    by_distribution = {_project(package)["name"]: package for package in packages}
    found: set[Path] = set()
    waiting = [package for package in packages if package.name == name]
    while waiting:
        package = waiting.pop()
        found.add(package)
        needed = [distribution_of(one) for one in _project(package).get("dependencies", [])]
        siblings = {by_distribution[one] for one in needed if one in by_distribution}
        waiting += siblings - found
    return sorted(found)


def _project(package: Path) -> dict[str, Any]:
    text = (package / "pyproject.toml").read_text(encoding="utf-8")
    project: dict[str, Any] = tomllib.loads(text)["project"]
    return project


def fingerprint(package: Path) -> str:
    """A digest of all files a wheel is made of."""
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        relative = path.relative_to(package)
        if path.is_dir() or any(
            Path(part).match(one) for part in relative.parts for one in _IGNORED
        ):
            continue
        content = path.read_bytes()
        digest.update(f"{relative.as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def build(python: Path, root: Path, packages: list[Path], into: Path) -> list[Path]:
    """Build the wheels of some packages; the working tree stays as it is."""
    wheels = []
    with tempfile.TemporaryDirectory(prefix="martlet-bench-build-") as name:
        copy = Path(name)
        # A package may refer to files of the root, such as the licence.
        for path in root.iterdir():
            if path.is_file():
                shutil.copy2(path, copy)
        for package in packages:
            target = copy / "packages" / package.name
            shutil.copytree(package, target, ignore=shutil.ignore_patterns(*_IGNORED))
            destination = into / package.name
            shutil.rmtree(destination, ignore_errors=True)
            destination.mkdir(parents=True)
            pip(python, "wheel", "--no-deps", "--wheel-dir", str(destination), str(target))
            wheels += list(destination.glob("*.whl"))
    return wheels


def requirements(wheels: Path) -> set[str]:
    """What the wheels need of others: no siblings and no extras."""
    names: set[str] = set()
    needed: set[str] = set()
    for wheel in wheels.glob("*/*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            (entry,) = (n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
            metadata = email.message_from_bytes(archive.read(entry))
        names.add(_normal(metadata["Name"]))
        needed.update(metadata.get_all("Requires-Dist", []))
    return {
        one
        for one in needed
        if not re.search(r"\bextra\s*==", one) and distribution_of(one) not in names
    }


def distribution_of(requirement: str) -> str:
    """The normal form of the name in a requirement."""
    return _normal(re.split(r"[^\w.-]", requirement, maxsplit=1)[0])


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pip(python: Path, *arguments: str) -> None:
    """Run the environment's pip; what it says is shown only if it fails."""
    command = [str(python), "-m", "pip", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, text=True, capture_output=True, check=False)
    if done.returncode != 0:
        sys.stderr.write(done.stdout)
        raise BenchError(f"pip failed: {' '.join(arguments)}\n{done.stderr}")
