"""Entry of the micro-benchmark: `python3 tools/bench_cookies` from the root of the repository."""

import sys
from pathlib import Path

if __name__ == "__main__":
    # Python puts the folder that is run on the path; the package is found from its parent.
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    from bench_cookies._cli import main

    sys.exit(main())
