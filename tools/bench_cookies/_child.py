"""One case: runs in the benchmark's environment and prints samples as JSON.

All jars are in this one process and take turns, so what disturbs it disturbs them all.
"""

import gc
import json
import math
import sys
import time
from dataclasses import asdict

from bench._runner import turns
from bench._sample import BenchError, Sample
from bench_parser._child import Order

from ._cases import CASES, Given, Work
from ._jars import JARS, Jar

ALONE = "martlet, the matching alone"
"""The same asked of a jar that holds nothing else."""


def _filled(make: type[Jar], content: list[Given]) -> Jar:
    jar = make()
    jar.store([jar.response(*one) for one in content])
    return jar


def check(name: str, make: type[Jar], work: Work, content: list[Given]) -> None:
    """Raise unless the jar sends in the end what the case says."""
    jar = _filled(make, content + work.stored)
    for url, pairs in work.pairs.items():
        found = jar.ask([jar.request(url)]).strip()
        if sorted(found.split("; ") if found else []) != sorted(pairs):
            raise BenchError(f"{name} sends {found!r:.1000} to {url}\nin place of {pairs!r:.1000}")


def sample(make: type[Jar], work: Work, content: list[Given], times: int) -> Sample:
    """Do the work so many times, with a new jar."""
    jar = _filled(make, content)
    requests = [jar.request(url) for url in work.urls] * times
    responses = [jar.response(*one) for one in work.stored] * times
    # Always from the same debt to the collector, which stays as it is by default.
    gc.collect()
    start = time.process_time_ns()
    jar.ask(requests)
    jar.store(responses)
    cost = time.process_time_ns() - start
    return Sample(operations=len(requests) + len(responses), cpu=cost / 1e9)


def measure(work: Work, rounds: int, seconds: float) -> dict[str, list[Sample]]:
    """Measure a case; a round takes that long for each jar, or as long as doing it once."""
    able = {name: (make, work, work.jar) for name, make in JARS.items()}
    if work.matching:
        able[ALONE] = (JARS["martlet"], work, work.matching)
    times = dict.fromkeys(able, 1)
    for name, one in able.items():
        check(name, *one)
        pace = sample(*one, 1).cpu or 1e-6
        times[name] = 1 if work.once else math.ceil(seconds / pace)
    samples: dict[str, list[Sample]] = {name: [] for name in able}
    for number in range(rounds):
        for name in turns(list(able), number):
            samples[name].append(sample(*able[name], times[name]))
    return samples


if __name__ == "__main__":
    order = Order(**json.loads(sys.argv[1]))
    try:
        results = measure(CASES[order.case](time.time()), order.rounds, order.seconds)
    except BenchError as error:
        sys.exit(str(error))
    print(json.dumps({name: [asdict(one) for one in found] for name, found in results.items()}))
