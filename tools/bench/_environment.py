"""A benchmark's own environment: what it measures from PyPI, and martlet as wheels.

A stamp says what is installed, so that a second run does not even start pip.
"""

import fcntl
import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from . import _wheels
from ._sample import BenchError

_VERSIONS = """
import importlib.metadata, json, sys
versions = {}
for name in sys.argv[1:]:
    try:
        versions[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pass
print(json.dumps(versions))
"""


@dataclass
class _Stamp:
    python: str = ""
    requirements: list[str] = field(default_factory=list)
    packages: dict[str, str] = field(default_factory=dict)


class Environment:
    """The environment in one folder."""

    def __init__(self, root: Path, folder: Path) -> None:
        self._root = root
        self._folder = folder
        self._venv = self._folder / "venv"
        self._wheels = self._folder / "wheels"
        self._stamp_file = self._folder / "stamp.json"
        self.python = self._venv / "bin" / "python"

    def prepare(self, packages: list[Path], requirements: Iterable[str], upgrade: bool) -> None:
        """Install what is not there yet: the packages of the working tree, and requirements."""
        self._folder.mkdir(parents=True, exist_ok=True)
        # Ignored by git wherever the repository's own .gitignore stands.
        (self._folder / ".gitignore").write_text("*\n")
        with (self._folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            stamp = self._read_stamp()
            if self._is_stale(stamp, packages):
                stamp = self._create()
            self._install_packages(stamp, packages)
            wanted = set(requirements)
            if packages:
                wanted |= _wheels.requirements(self._wheels)
            missing = sorted(wanted if upgrade else wanted - set(stamp.requirements))
            if missing:
                self._say(f"installing {', '.join(missing)}")
                _wheels.pip(self.python, "install", *(["--upgrade"] if upgrade else []), *missing)
                stamp.requirements = sorted({*stamp.requirements, *missing})
            self._stamp_file.write_text(json.dumps(asdict(stamp), indent=2))

    def versions(self, names: Iterable[str]) -> dict[str, str]:
        """The installed versions of some distributions."""
        done = subprocess.run(
            [str(self.python), "-I", "-c", _VERSIONS, *names],
            capture_output=True,
            text=True,
            check=True,
        )
        versions: dict[str, str] = json.loads(done.stdout)
        return versions

    def _read_stamp(self) -> _Stamp:
        try:
            return _Stamp(**json.loads(self._stamp_file.read_text()))
        except (OSError, ValueError, TypeError):
            return _Stamp()

    def _is_stale(self, stamp: _Stamp, packages: list[Path]) -> bool:
        # A package that is gone from the tree must not stay importable.
        gone = packages and set(stamp.packages) - {package.name for package in packages}
        return stamp.python != sys.version or not self.python.exists() or bool(gone)

    def _create(self) -> _Stamp:
        self._say(f"creating {self._venv}")
        self._stamp_file.unlink(missing_ok=True)
        done = subprocess.run(
            [sys.executable, "-m", "venv", "--clear", str(self._venv)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise BenchError(f"the environment cannot be created:\n{done.stdout}{done.stderr}")
        return _Stamp(python=sys.version)

    def _install_packages(self, stamp: _Stamp, packages: list[Path]) -> None:
        digests = {package.name: _wheels.fingerprint(package) for package in packages}
        changed = [
            package
            for package in packages
            if stamp.packages.get(package.name) != digests[package.name]
        ]
        if not changed:
            return
        self._say(f"building {', '.join(package.name for package in changed)}")
        wheels = _wheels.build(self.python, self._root, changed, self._wheels)
        _wheels.pip(
            self.python,
            "install",
            "--no-deps",
            "--force-reinstall",
            *(str(wheel) for wheel in wheels),
        )
        stamp.packages = digests

    @staticmethod
    def _say(text: str) -> None:
        print(f"bench: {text}", file=sys.stderr, flush=True)
