"""What a stretch of this process's life costs, and where in a stream of URLs it begins and ends."""

import itertools
import resource
import time
from collections.abc import Iterator

from ._sample import Sample


class Meter:
    """Used with `with`: the CPU and wall time from its beginning to its end."""

    def __enter__(self) -> None:
        self._usage = resource.getrusage(resource.RUSAGE_SELF)
        self._start = time.perf_counter()

    def __exit__(self, *failure: object) -> None:
        self._wall = time.perf_counter() - self._start
        after, before = resource.getrusage(resource.RUSAGE_SELF), self._usage
        self._cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def sample(self, operations: int) -> Sample:
        """The cost as that of so many operations."""
        return Sample(operations=operations, cpu=self._cpu, wall=self._wall)


def metered(urls: Iterator[str], lead: int, meter: Meter) -> Iterator[str]:
    """The same URLs for *lead* workers, metered while all of them have a request under way.

    A worker asks for its next URL when its last request is done. So the first *lead* are asked
    for before anything is done, and each one after them says that one more request is: the meter
    runs for as many requests as there are URLs after the lead. Neither starting the workers nor
    waiting for the last of them is in it.
    """
    yield from itertools.islice(urls, lead)
    with meter:
        yield from urls
