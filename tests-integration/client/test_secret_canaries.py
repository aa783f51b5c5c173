"""No secret goes to an origin that it is not of, whatever redirects say (RFC 9110 section 15.4).

Each chain is told in memory; some of them also over sockets, which shows that what the one hands
out is what the other sends. MARTLET_CANARY_CHAINS: how many, in place of 10,000;
MARTLET_CANARY_SEED: the first of them. So a chain that fails is told again, alone.
"""

import asyncio
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from .canary_connector import told
from .canary_script import surrounded
from .canary_servers import staged
from .canary_surroundings import SURROUNDINGS, Surroundings
from .canary_world import Story

_STORIES: Final = int(os.environ.get("MARTLET_CANARY_CHAINS", "10000"))
_START: Final = int(os.environ.get("MARTLET_CANARY_SEED", "0"))
# The environment is changed this often only: the file has to be read again then.
_BLOCK: Final = 250
_SHOWN: Final = 3
_OVER_SOCKETS: Final = 200


def _surroundings_of(seed: int) -> Surroundings:
    return SURROUNDINGS[seed // _BLOCK % len(SURROUNDINGS)]


async def _faults_in(seeds: Iterable[int]) -> list[str]:
    faults = []
    for seed in seeds:
        story = Story.drawn(seed, _surroundings_of(seed))
        found = story.judge(*await told(story))
        if found:
            faults.append("\n".join(["", str(story), *found]))
    return faults


def _blocks() -> Iterator[range]:
    for first in range(_START - _START % _BLOCK, _START + _STORIES, _BLOCK):
        yield range(max(first, _START), min(first + _BLOCK, _START + _STORIES))


def test_secrets_stay_where_they_belong(tmp_path: Path) -> None:
    faults: list[str] = []
    with asyncio.Runner() as runner:
        for block in _blocks():
            with surrounded(_surroundings_of(block.start), tmp_path):
                faults += runner.run(_faults_in(block))
    shown = "\n".join(faults[:_SHOWN])
    assert not faults, f"{len(faults)} of {_STORIES} chains are wrong\n{shown}"


async def test_so_they_do_over_sockets(tmp_path: Path) -> None:
    faults: list[str] = []
    async with staged() as stage:
        for seed in range(_OVER_SOCKETS):
            surroundings = SURROUNDINGS[seed * len(SURROUNDINGS) // _OVER_SOCKETS]
            story = Story.drawn(seed, surroundings, stage.territory)
            with surrounded(surroundings, tmp_path):
                found = story.judge(*await stage.told(story))
            if found:
                faults.append("\n".join(["", str(story), *found]))
    assert stage.faults == []
    shown = "\n".join(faults[:_SHOWN])
    assert not faults, f"{len(faults)} of {_OVER_SOCKETS} chains are wrong\n{shown}"
