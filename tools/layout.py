"""Checks what linters do not know: which files there are, their length, what packages declare.

    python3 tools/layout.py

prints the faults and exits with 1 if there are any. Exceptions stand, with their reasons, in
tools/layout_exceptions.toml.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from checks.declared import check_declared, check_listed
from checks.faults import Fault, apply_exceptions
from checks.places import ROOT, packages
from checks.shape import check_shape
from checks.source import check_source, check_text

__all__ = ["check_tree", "main"]


def check_tree(root: Path) -> Iterator[Fault]:
    """Yield all faults of a repository."""
    for package in packages(root):
        yield from check_shape(package, root)
        yield from check_listed(package, root)
        if (package.folder / "pyproject.toml").is_file():
            yield from check_declared(package, root)
    for path in _files(root):
        name = path.relative_to(root).as_posix()
        yield from check_text(path, name)
        if path.suffix == ".py":
            yield from check_source(path, name)


def _files(root: Path) -> list[Path]:
    """List what git has or would take."""
    git = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    command = [*git, "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=root, stdout=subprocess.PIPE, text=True, check=True)
    paths = [root / name for name in sorted(done.stdout.split("\0")) if name]
    return [path for path in paths if path.is_file()]


def main() -> int:
    """Check this repository."""
    faults = apply_exceptions(check_tree(ROOT), ROOT / "tools" / "layout_exceptions.toml")
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults of layout" if faults else "the layout is well")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
