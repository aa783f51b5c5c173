"""Says whether work takes time in proportion to its size.

The work is done at a size and at ``FACTOR`` times that size, and the processor's time of both is
compared. Linear work takes 8 times as long, quadratic work 64 times; the line is drawn at 24.

Times wander on a busy machine, so the two are measured one after the other, again and again, and
one pair under the line is enough: what is quadratic has none. The collector of cycles is off
meanwhile: it looks at all objects of the process, which are not the work's.
"""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

FACTOR: Final = 8
BOUND: Final = 24
PAIRS: Final = 12
FLOOR: Final = 0.0005
"""Seconds; a small run that is over sooner counts as long as this."""

Work = Callable[[], object]


def grows_linearly(
    make: Callable[[int], Work],
    size: int,
    *,
    factor: float = FACTOR,
    bound: float = BOUND,
    clock: Callable[[], float] = time.process_time,
) -> bool:
    """Return whether ``factor`` times the size takes at most ``bound`` times as long.

    ``make`` is given a size and prepares the work, which is then done several times.
    """
    small, large = make(size), make(int(size * factor))
    least = float("inf")
    for _ in range(PAIRS):
        least = min(least, _duration(small, clock))
        if _duration(large, clock) <= bound * max(FLOOR, least):
            return True
    return False


def _duration(work: Work, clock: Callable[[], float]) -> float:
    with _no_collection():
        start = clock()
        work()
        return clock() - start


@contextmanager
def _no_collection() -> Iterator[None]:
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
