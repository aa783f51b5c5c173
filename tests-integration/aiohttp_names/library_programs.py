"""Libraries that need aiohttp, installed without it, and programs of their users."""

import os
import subprocess
import sys
from pathlib import Path

__all__ = ["install", "run_program"]


def install(pip: list[str], folder: Path, *requirements: str) -> Path:
    """Install *requirements*, and nothing that they depend on, into *folder*."""
    options = ["--disable-pip-version-check", "--no-deps", "--target", str(folder)]
    subprocess.run([*pip, "--quiet", "install", *options, *requirements], check=True, timeout=300)
    assert not (folder / "aiohttp").exists()
    return folder


def run_program(name: str, libraries: Path, *args: str, tidy: bool = True) -> list[str]:
    """Run the program *name*, with *libraries* besides what is here; give the lines that it prints.

    It may not end with an error, nor, unless the library is not *tidy*, leave anything unclosed.
    """
    program = Path(__file__).parent / name
    path = os.pathsep.join([str(libraries), *sys.path])
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", str(program), *args],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert done.returncode == 0, done.stderr
    # asyncio says in its debug mode what took long, which depends on the machine alone.
    complaints = [line for line in done.stderr.splitlines() if not line.startswith("Executing <")]
    assert not (tidy and complaints), done.stderr
    return done.stdout.splitlines()
