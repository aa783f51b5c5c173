"""The command line of the micro-benchmark."""

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from bench._environment import Environment
from bench._processes import choose_cores, spawn
from bench._report import conditions
from bench._runner import Results, progress
from bench._sample import BenchError, Sample
from bench._wheels import find_packages, with_siblings
from bench_parser._child import Order

from ._cases import CASES
from ._jars import REQUIREMENTS
from ._report import table, verdicts

_ROOT = Path(__file__).resolve().parents[2]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 tools/bench_cookies", description=__doc__)
    add = parser.add_argument
    add("--case", choices=CASES, nargs="+", default=list(CASES), help="default: all")
    add("--rounds", type=int, default=10, help="default: %(default)s")
    add("--quick", action="store_true", help="few, short rounds: does it work at all?")
    add("--target", action="store_true", help="compare the ratios with their ceilings")
    add("--markdown", action="store_true", help="print the conditions too, for the docs")
    return parser


def _bench(options: argparse.Namespace) -> None:
    core = choose_cores(None).client
    environment = Environment(_ROOT, _ROOT / ".bench" / "cookies")
    environment.prepare(with_siblings(find_packages(_ROOT), "cookiejar"), REQUIREMENTS, False)
    load = os.getloadavg()[0]
    rounds = (min(options.rounds, 3), 0.01) if options.quick else (options.rounds, 0.1)
    results: Results = {}
    for case in options.case:
        progress(case)
        order = json.dumps(asdict(Order(case, *rounds)))
        printed = spawn([str(environment.python), "-m", "bench_cookies._child", order], core, 600)
        found = json.loads(printed).items()
        results[case] = {jar: [Sample(**one) for one in samples] for jar, samples in found}
    progress("")
    if options.markdown:
        versions = environment.versions(["martlet-cookiejar", "aiohttp", "yarl"])
        where = "not pinned" if core is None else f"on core {core}"
        setting = conditions("tools/bench_cookies", "", where, load, versions)
        print(*setting.lines(), "", sep="\n")
    print(table(results))
    if options.target:
        print("", *verdicts(results), sep="\n")


def main() -> int:
    """Run as the options say; the exit status is not 0 if anything failed."""
    try:
        _bench(_parser().parse_args())
    except BenchError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    return 0
