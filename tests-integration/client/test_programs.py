"""Programs that were written for aiohttp, run with nothing changed but the import.

Each file of ``programs/`` is one. What it has to print stands beside it, in a file of the same
name that ends in ``.txt``; the servers' addresses are replaced by names there. A program is told
what its ``Arguments`` name (see `shop.Shop`).
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from .shop import Shop, serve_shop

PROGRAMS: Final = sorted((Path(__file__).parent / "programs").glob("*.py"))

_IMPORT: Final = re.compile(r"^( *)import aiohttp$", re.MULTILINE)
_FROM: Final = re.compile(r"^( *from) aiohttp\b", re.MULTILINE)
_ARGUMENTS: Final = re.compile(r"^Arguments: (.+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    with serve_shop() as servers:
        yield servers


def with_import_changed(program: str) -> str:
    """Give *program* with martlet under aiohttp's name."""
    changed = _FROM.sub(r"\1 martlet", _IMPORT.sub(r"\1import martlet as aiohttp", program))
    assert changed != program
    assert not re.search(r"^ *(import|from) aiohttp\b", changed, re.MULTILINE)
    return changed


def named(printed: str, shop: Shop) -> str:
    """Replace what differs from run to run."""
    for name, value in shop._asdict().items():
        printed = printed.replace(value, f"<{name}>")
        printed = printed.replace(value.partition("://")[2] or value, f"<{name}'s host>")
    return printed


@pytest.mark.parametrize("path", PROGRAMS, ids=[path.stem for path in PROGRAMS])
def test_a_program_prints_what_it_is_to(path: Path, shop: Shop, tmp_path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    found = _ARGUMENTS.search(source)
    arguments = [getattr(shop, name) for name in (found[1].split() if found else ["http"])]
    program = tmp_path / path.name
    program.write_text(with_import_changed(source), encoding="utf-8")
    environ = {key: value for key, value in os.environ.items() if not key.lower().endswith("proxy")}
    done = subprocess.run(
        [sys.executable, "-W", "error", str(program), *arguments],
        cwd=tmp_path,
        env=environ | {"PYTHONIOENCODING": "utf-8", "NETRC": os.devnull},
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=30,
    )
    assert done.stderr == ""
    assert done.returncode == 0
    expected = path.with_suffix(".txt").read_text(encoding="utf-8")
    assert named(done.stdout, shop) == expected
