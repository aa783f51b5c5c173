"""Rules on which files a package has and what they are called."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from checks.faults import Fault
from checks.places import Package

__all__ = ["check_shape"]

REQUIRED: Final = ("pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "tests")
# Names that say nothing attract everything.
VAGUE: Final = {"base", "common", "misc", "shared", "stuff"}
VAGUE_WORDS: Final = {"helper", "helpers", "util", "utils"}  # also as a part: _url_helpers
# Modules whose names Python or the users give.
GIVEN: Final = {"__init__", "__main__"}


def check_shape(package: Package, root: Path) -> Iterator[Fault]:
    """Check one package's files."""
    yield from _check_required(package, root)
    if not package.source.is_dir():
        return
    for path in sorted(package.source.rglob("*.py")):
        yield from _check_name(path, root)
        yield from _check_tested(package, path, root)
    face = package.source / "__init__.py"
    if not face.is_file() or not _assigns_all(face):
        yield Fault(_place(face, root), 0, "public-face", "lacks __all__")


def _check_required(package: Package, root: Path) -> Iterator[Fault]:
    wanted = [package.folder / name for name in REQUIRED] + [package.source / "py.typed"]
    for path in wanted:
        if not path.exists():
            yield Fault(_place(path, root), 0, "required-file", "is missing")
    readme = package.folder / "README.md"
    if readme.is_file() and "\n```python\n" not in readme.read_text(encoding="utf-8"):
        yield Fault(_place(readme, root), 0, "readme", "has no ```python example")


def _check_name(path: Path, root: Path) -> Iterator[Fault]:
    if path.stem in GIVEN:
        return
    if not path.stem.startswith("_"):
        text = "is public: modules are called _noun.py, what is public is named in __init__"
        yield Fault(_place(path, root), 0, "module-name", text)
    name = path.stem.strip("_")
    if name in VAGUE or VAGUE_WORDS.intersection(name.split("_")):
        yield Fault(_place(path, root), 0, "module-name", "says nothing: name what it is about")


def _check_tested(package: Package, path: Path, root: Path) -> Iterator[Fault]:
    inside = path.relative_to(package.source)
    if path.name == "__init__.py":
        if inside.parent == Path():
            wanted = package.tests / "test_public_face.py"
            if not wanted.is_file():
                yield Fault(_place(wanted, root), 0, "test-file", "is missing")
        return
    folder = package.tests.joinpath(*(part.strip("_") for part in inside.parent.parts))
    name = f"test_{path.stem.strip('_')}"
    # A long test file may be split: test_reader.py, test_reader_limits.py.
    if not (folder / f"{name}.py").is_file() and not list(folder.glob(f"{name}_*.py")):
        wanted = folder / f"{name}.py"
        yield Fault(_place(wanted, root), 0, "test-file", f"is missing: tests of {inside}")


def _assigns_all(path: Path) -> bool:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = [
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    ]
    return "__all__" in names


def _place(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
