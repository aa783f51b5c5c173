"""The command line of the micro-benchmark."""

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from bench._environment import Environment
from bench._processes import Cores, choose_cores, spawn
from bench._report import conditions, raw
from bench._runner import Results, progress
from bench._sample import BenchError, Sample
from bench._wheels import find_packages, with_siblings

from ._cases import CASES
from ._child import Order
from ._report import SUBJECT, tables
from ._targets import verdicts
from .libraries import REQUIREMENTS

_ROOT = Path(__file__).resolve().parents[2]
_CASE_SECONDS = 900.0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 tools/bench_parser", description="The micro-benchmark of the parser."
    )
    add = parser.add_argument
    add("--list", action="store_true", help="print the cases and end")
    add("--case", default="", metavar="BEGINNINGS", help="of the cases' names; default: all")
    add("--rounds", type=int, default=10, help="default: %(default)s")
    add("--quick", action="store_true", help="few, short rounds: does it work at all?")
    add("--target", action="store_true", help="compare the ratios with their ceilings")
    add("--markdown", action="store_true", help="print the conditions too, for the docs")
    add("--json", type=Path, metavar="FILE", help="save every sample")
    add("--core", type=int, metavar="CORE", help="default: the second that may be used")
    add("--upgrade", action="store_true", help="install the newest libraries")
    return parser


def chosen(given: str) -> list[str]:
    """The cases whose names begin as one of the words *given*, with commas between, or all."""
    beginnings = [word for word in given.split(",") if word]
    for word in beginnings:
        if not any(name.startswith(word) for name in CASES):
            raise BenchError(f"no case begins with {word} (there is {', '.join(CASES)})")
    return [name for name in CASES if name.startswith(tuple(beginnings) or "")]


def _run(
    environment: Environment, cores: Cores, names: list[str], rounds: tuple[int, float]
) -> Results:
    results: Results = {}
    for name in names:
        progress(name)
        order = Order(name, *rounds)
        command = [str(environment.python), "-m", "bench_parser._child", json.dumps(asdict(order))]
        try:
            printed = spawn(command, cores.client, _CASE_SECONDS)
        except BenchError as error:
            raise BenchError(f"{name} failed: {error}") from error
        results[name] = {
            library: [Sample(**one) for one in samples]
            for library, samples in json.loads(printed).items()
        }
    progress("")
    return results


def _bench(options: argparse.Namespace) -> None:
    names = chosen(options.case)
    cores = choose_cores(None) if options.core is None else Cores(None, options.core)
    environment = Environment(_ROOT, _ROOT / ".bench" / "parser")
    packages = with_siblings(find_packages(_ROOT), "http_parser")
    environment.prepare(packages, REQUIREMENTS, options.upgrade)
    load = os.getloadavg()[0]
    rounds = (min(options.rounds, 3), 0.01) if options.quick else (options.rounds, 0.1)
    results = _run(environment, cores, names, rounds)
    versions = environment.versions(["martlet-http-parser", *REQUIREMENTS, "multidict"])
    where = "not pinned" if cores.client is None else f"on core {cores.client}"
    setting = conditions("tools/bench_parser", "", where, load, versions)
    if options.json is not None:
        options.json.write_text(json.dumps(raw(results, SUBJECT, setting), indent=1))
    if options.markdown:
        print("\n".join(setting.lines()), end="\n\n")
    print(tables(results))
    if options.target:
        print("", *verdicts(results), sep="\n")


def main() -> int:
    """Run as the options say; the exit status is not 0 if anything failed."""
    options = _parser().parse_args()
    if options.list:
        for case in CASES.values():
            print(f"{case.name:<20} {case.summary}")
        return 0
    try:
        _bench(options)
    except BenchError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0
