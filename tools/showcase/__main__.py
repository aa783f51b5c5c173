"""What the demo shows; run by tools/demo.py in an environment that has martlet."""

import asyncio
import sys

from showcase.tour import fetch, tour

if __name__ == "__main__":
    urls = sys.argv[1:]
    try:
        ok = asyncio.run(fetch(urls) if urls else tour())
    except KeyboardInterrupt:
        ok = False
    sys.exit(0 if ok else 1)
