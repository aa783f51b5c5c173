"""Entry of the conformance run: `python3 tools/autobahn` from the root of the repository."""

import sys
from pathlib import Path


def _main() -> int:
    # Python puts the folder that is run on the path; the package is found from its parent.
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    from autobahn._cli import main

    return main()


if __name__ == "__main__":
    sys.exit(_main())
