"""Finding a CPython 2.7: pyenv's or the system's. The suite has never been brought to Python 3."""

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from checks.interpreters import output_of

__all__ = ["candidates", "find_python2"]

_PROBE = "import platform, sys; print(platform.python_implementation(), sys.version_info[:2])"
# As Python 2 prints it.
_WANTED = "('CPython', (2, 7))"


def candidates() -> Iterator[Path]:
    """Where one may be; the first is the best."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted(pyenv.glob("versions/2.7*/bin/python2.7"), reverse=True)
    for folder in os.get_exec_path():
        found = shutil.which("python2.7", path=folder)
        # pyenv's shims only say that a version is not selected.
        if found and "shims" not in Path(found).parts:
            yield Path(found)


def find_python2(places: Iterable[Path]) -> Path | None:
    """The first of the places that holds a CPython 2.7; None if there is none."""
    return next(filter(_is_python2, places), None)


def _is_python2(path: Path) -> bool:
    output = output_of(path, "-E", "-s", "-c", _PROBE)
    return output is not None and output.strip() == _WANTED
