"""The .venv with the pinned hatch and uv, made with nothing but this Python's venv and pip."""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from checks.places import CACHE, CONSTRAINTS, VENV

__all__ = ["ensure_venv", "exclusive", "fingerprint", "fresh", "remember"]


def fingerprint(*parts: Path | str) -> str:
    """Hash files' contents and strings: the same fingerprint, the same environment."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.read_bytes() if isinstance(part, Path) else part.encode())
        digest.update(b"\0")
    return digest.hexdigest()


def fresh(stamp: Path, wanted: str) -> bool:
    """Tell whether what the stamp stands for was finished with this fingerprint."""
    return stamp.exists() and stamp.read_text(encoding="ascii") == wanted


def remember(stamp: Path, wanted: str) -> None:
    """Note that it is finished; written last, so that a broken-off run is done again."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted, encoding="ascii")


@contextmanager
def exclusive(what: str) -> Iterator[None]:
    """Keep a second run in this clone waiting; the lock ends with the process, come what may."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / f"{what}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"waiting for another run in this clone ({what})", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def ensure_venv() -> None:
    """Make .venv unless it is there with the present pins."""
    stamp = VENV / "finished"
    # The folder counts: a venv's scripts name it, so a moved or copied clone needs another.
    wanted = fingerprint(CONSTRAINTS, str(VENV))
    python = VENV / "bin" / "python"  # a link that dangles when its Python was taken away
    if fresh(stamp, wanted) and python.exists():
        return
    print("making .venv with hatch and uv", flush=True)
    _run(sys.executable, "-m", "venv", "--clear", str(VENV))
    pip = [str(python), "-m", "pip", "install", "--disable-pip-version-check"]
    _run(*pip, "--quiet", "--constraint", str(CONSTRAINTS), "hatch", "uv")
    remember(stamp, wanted)


def _run(*command: str) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}")
