"""Rules on what a package declares: its imports, ranges between siblings, one version."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from checks.faults import Fault
from checks.places import Package

__all__ = ["check_declared", "check_listed"]

_NAME: Final = re.compile(r"[A-Za-z0-9._-]+")
_RANGE: Final = re.compile(r"(\[[a-z,]+\])?>=\d+\.\d+(\.\d+)?,<\d+\.\d+(\.\d+)?")
# What a program chooses, and an extra brings along.
_OF_PROGRAMS: Final = frozenset({"uvloop"})
# Distributions whose import has another name.
_IMPORTS: Final = {"attrs": {"attr", "attrs"}, "backports.zstd": {"backports"}}


def check_declared(package: Package, root: Path) -> Iterator[Fault]:
    """Compare a package's pyproject.toml with its sources."""
    place = (package.folder / "pyproject.toml").relative_to(root).as_posix()
    project = package.pyproject["project"]
    required = list(project.get("dependencies", []))
    extras = project.get("optional-dependencies", {})
    optional = [line for lines in extras.values() for line in lines]
    imported = _imports(package)
    known: set[str] = set()
    for requirement in [*required, *optional]:
        name = _name(requirement)
        modules = _modules(name)
        known |= modules
        if not modules & imported.keys() and (requirement in required or name not in _OF_PROGRAMS):
            yield Fault(place, 0, "dependency", f"{name} is declared but not imported")
        if name.startswith("martlet") and not _RANGE.fullmatch(requirement[len(name) :]):
            yield Fault(place, 0, "sibling-range", f"{requirement}: siblings have ranges, >=a,<b")
    for module in sorted(imported.keys() - known - {package.module}):
        yield Fault(imported[module], 0, "dependency", f"{module} is imported but not declared")
    if project["name"] != package.distribution:
        yield Fault(place, 0, "name", f"is {project['name']}, should be {package.distribution}")
    yield from _check_version(package, project["version"], root)


def _name(requirement: str) -> str:
    found = _NAME.match(requirement)
    return found[0] if found else requirement


def _modules(distribution: str) -> set[str]:
    return _IMPORTS.get(distribution, {distribution.replace("-", "_").lower()})


def _imports(package: Package) -> dict[str, str]:
    """Map each module from elsewhere to a file that imports it."""
    found: dict[str, str] = {}
    root = package.folder.parents[1]
    for path in sorted(package.source.rglob("*.py")):
        place = path.relative_to(root).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for name in names:
                found.setdefault(name.partition(".")[0], place)
    return {name: place for name, place in found.items() if name not in sys.stdlib_module_names}


def _check_version(package: Package, version: str, root: Path) -> Iterator[Fault]:
    pattern = re.compile(r"^__version__\b[^=\n]*=\s*[\"']([^\"']+)[\"']", re.MULTILINE)
    for path in sorted(package.source.rglob("*.py")):
        found = pattern.search(path.read_text(encoding="utf-8"))
        if found and found[1] != version:
            text = f"__version__ is {found[1]}, pyproject.toml says {version}"
            yield Fault(path.relative_to(root).as_posix(), 0, "version", text)
    changelog = package.folder / "CHANGELOG.md"
    if changelog.is_file() and f"## [{version}]" not in changelog.read_text(encoding="utf-8"):
        place = changelog.relative_to(root).as_posix()
        yield Fault(place, 0, "version", f"has no section [{version}]")


def check_listed(package: Package, root: Path) -> Iterator[Fault]:
    """Check that the configurations that take no patterns name the package."""
    tools = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    if package.module not in tools["importlinter"]["root_packages"]:
        text = f"importlinter.root_packages lacks {package.module}"
        yield Fault("pyproject.toml", 0, "listed", text)
    if package.module not in tools["coverage"]["paths"]:
        yield Fault("pyproject.toml", 0, "listed", f"coverage.paths lacks {package.module}")
    if f"/packages/{package.name}/src" not in (root / "mypy.ini").read_text(encoding="utf-8"):
        yield Fault("mypy.ini", 0, "listed", f"mypy_path lacks {package.name}")
