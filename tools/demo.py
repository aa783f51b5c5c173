#!/usr/bin/env python3
"""A look at what martlet does: `python3 tools/demo.py` in a clean clone.

It needs CPython 3.11 or newer with venv and pip, and PyPI for the first run.

    python3 tools/demo.py                        the tour, against a server of its own
    python3 tools/demo.py https://example.org …  fetch these
"""

import sys

if sys.version_info < (3, 11):
    sys.exit("tools/demo.py needs Python 3.11 or newer")

import subprocess

from checks.bootstrap import ensure_venv, exclusive
from checks.environments import make
from checks.places import CACHE, TOOLS
from checks.process import Report, StepError, clean_environment


def main() -> int:
    """Make the environment if need be, and run the program in it."""
    report = Report()
    with exclusive("venv"):
        ensure_venv()
    try:
        make("demo", report)
    except StepError:
        print("\n".join(report.lines), file=sys.stderr)
        return 1
    python = CACHE / "hatch" / "demo" / "bin" / "python"
    environment = {**clean_environment(), "PYTHONPATH": str(TOOLS)}
    sys.stdout.flush()
    command = [str(python), "-m", "showcase", *sys.argv[1:]]
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
