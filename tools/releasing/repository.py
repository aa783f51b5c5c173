"""What git knows of releases: tags, what has changed since, when a commit was made."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from checks.places import Package

__all__ = ["Repository"]


@dataclass(frozen=True)
class Repository:
    """A work tree. Nothing here pushes. What git refuses raises `ValueError` with its words."""

    root: Path

    def epoch(self) -> str:
        """Tell when the present commit was made, in seconds since 1970."""
        return self._git("log", "-1", "--format=%ct")

    def is_tagged(self, tag: str) -> bool:
        """Tell whether there is such a tag here."""
        return bool(self._git("tag", "--list", tag))

    def has_changed_since(self, tag: str, package: Package) -> bool:
        """Tell whether the package's folder is another than in the tag's commit."""
        folder = str(package.folder)
        return bool(
            self._git("diff", "--name-only", tag, "--", folder)
            or self._git("status", "--porcelain", "--", folder)
        )

    def is_clean(self) -> bool:
        """Tell whether all is committed; files that git does not know count, too."""
        return not self._git("status", "--porcelain")

    def tag(self, name: str, message: str) -> None:
        """Make an annotated tag of the present commit."""
        # Headings of a changelog begin with what git otherwise takes for a comment.
        self._git("tag", "--annotate", "--cleanup=whitespace", name, "--message", message)

    def _git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", "-c", "safe.directory=*", *arguments],
            cwd=self.root,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ValueError(f"git {arguments[0]}: {done.stderr.strip()}")
        return done.stdout.strip()
