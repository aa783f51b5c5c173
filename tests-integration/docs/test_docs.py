"""Runs all that can be run in the pages of ``docs/``, as `block_runner` says.

No example is skipped: what is not to be run is fenced as something else than ``python``.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .local_servers import Site, serve_site
from .pages import DOCS, Example, anchors, blocks, cells, links, pages, runnable

PAGES = pages()
BLOCKS = [block for page in PAGES for block in blocks(page)]
WITH_CELLS = [page for page in PAGES if any(cells(page))]


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serve_site() as servers:
        yield servers


def run(site: Site, folder: Path, page: Path, which: str) -> None:
    """Run it in *folder*, as a user would: it may warn of nothing and write no error."""
    (folder / "photo.png").write_bytes(b"\x89PNG" + bytes(1000))
    (folder / "ca.pem").write_bytes(site.authority_file.read_bytes())
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("proxy")}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "docs.block_runner", str(page), which],
        cwd=folder,
        env=kept
        | {
            "PLACES": json.dumps(site.places),
            "PYTHONPATH": str(Path(__file__).parents[1]),
            "PYTHONIOENCODING": "utf-8",
            "SSL_CERT_FILE": str(site.authority_file),
            "NETRC": os.devnull,
        },
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=50,
    )
    assert done.stderr == "", done.stdout + done.stderr
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_every_python_block_of_a_page_is_found(page: Path) -> None:
    found = [block for block in BLOCKS if block.page == page]
    assert len(found) == runnable(page)


@pytest.mark.parametrize(
    "block", BLOCKS, ids=[f"{block.page.name}:{block.line}" for block in BLOCKS]
)
def test_a_block_runs(block: Example, site: Site, tmp_path: Path) -> None:
    run(site, tmp_path, block.page, str(block.line))


@pytest.mark.parametrize("page", WITH_CELLS, ids=[page.name for page in WITH_CELLS])
def test_the_code_in_tables_about_martlet_runs(page: Path, site: Site, tmp_path: Path) -> None:
    run(site, tmp_path, page, "cells")


def test_the_index_names_every_page() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    others = [page.name for page in PAGES if page.name != "README.md"]
    assert [name for name in others if f"({name})" not in index] == []


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_links_lead_somewhere(page: Path) -> None:
    for link in links(page):
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link
