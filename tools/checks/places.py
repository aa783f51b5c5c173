"""Where things are in the repository, and what its packages are called."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

__all__ = ["CACHE", "CONSTRAINTS", "DIST", "ROOT", "TOOLS", "VENV", "Package", "packages"]

ROOT: Final = Path(__file__).resolve().parents[2]
TOOLS: Final = ROOT / "tools"
VENV: Final = ROOT / ".venv"
CACHE: Final = ROOT / ".cache"
DIST: Final = ROOT / "dist"
CONSTRAINTS: Final = TOOLS / "constraints.txt"


@dataclass(frozen=True)
class Package:
    """One member of the workspace."""

    folder: Path

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    @property
    def distribution(self) -> str:
        """The name on PyPI."""
        return "martlet" if self.name == "martlet" else f"martlet-{self.name.replace('_', '-')}"

    @property
    def module(self) -> str:
        """The name in import statements."""
        return "martlet" if self.name == "martlet" else f"martlet_{self.name}"

    @property
    def source(self) -> Path:
        """The folder of the importable package."""
        return self.folder / "src" / self.module

    @property
    def tests(self) -> Path:
        """The folder of its tests."""
        return self.folder / "tests"

    @property
    def pyproject(self) -> dict[str, Any]:
        """Its pyproject.toml."""
        return tomllib.loads((self.folder / "pyproject.toml").read_text(encoding="utf-8"))


def packages(root: Path = ROOT) -> list[Package]:
    """List all folders in packages/, also without a pyproject.toml: the layout check complains."""
    return [Package(path) for path in sorted((root / "packages").iterdir()) if path.is_dir()]
