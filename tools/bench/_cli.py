"""The command line of the benchmark."""

import argparse
import json
import os
import sys
from pathlib import Path

from ._environment import Environment
from ._processes import allow_many_files, choose_cores
from ._report import conditions, raw, table
from ._runner import Pace, Results, Runner
from ._sample import BenchError
from ._scenarios import SCENARIOS, SOCKET_KINDS, Scenario
from ._servers import Wanted, nginx_version, running
from ._targets import verdicts
from ._wheels import find_packages
from .clients import NAMES, REQUIREMENTS

_ROOT = Path(__file__).resolve().parents[2]
_BASE = ("uvloop", "trustme")


def _names(known: list[str], what: str, given: str) -> list[str]:
    chosen = list(dict.fromkeys(name for name in given.split(",") if name))
    unknown = [name for name in chosen if name not in known]
    if unknown:
        raise BenchError(f"no such {what}: {', '.join(unknown)} (there is {', '.join(known)})")
    return chosen


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 tools/bench", description="The benchmark of martlet."
    )
    add = parser.add_argument
    add("--list", action="store_true", help="print the scenarios and end")
    add("--scenario", default=",".join(SCENARIOS), metavar="NAMES", help="default: all")
    add("--loop", choices=("uvloop", "asyncio"), default="uvloop", help="default: %(default)s")
    add("--subject", default="martlet", metavar="NAME", help="default: %(default)s")
    add("--rivals", default="aiohttp,floor", metavar="NAMES", help=f"of {','.join(NAMES)}")
    add("--clients", metavar="NAMES", help="the subject and then its rivals, in one list")
    add("--rounds", type=int, default=7, help="default: %(default)s; more for the imports")
    add("--ops", type=int, help="operations of a round (default: as many as take 1.5 s)")
    add("--quick", action="store_true", help="few, short rounds: does it work at all?")
    add("--target", action="store_true", help="compare the figures with their ceilings")
    add("--markdown", action="store_true", help="print the conditions too, for the docs")
    add("--json", type=Path, metavar="FILE", help="save every sample")
    add("--cores", metavar="SERVER,CLIENT", help="default: the first two that may be used")
    add("--upgrade", action="store_true", help="install the newest rivals")
    return parser


def _pace(options: argparse.Namespace) -> Pace:
    if options.quick:
        return Pace(min(options.rounds, 3), 5, 0.4, options.ops)
    return Pace(options.rounds, max(options.rounds, 15), 1.5, options.ops)


def _print_scenarios() -> None:
    width = max(map(len, SCENARIOS))
    for scenario in SCENARIOS.values():
        print(f"{scenario.name:<{width}} {scenario.summary}")


def _chosen_clients(options: argparse.Namespace) -> list[str]:
    given = options.clients or f"{options.subject},{options.rivals}"
    return _names(list(NAMES), "client", given)


def _bench(options: argparse.Namespace) -> None:
    scenarios: list[Scenario] = [
        SCENARIOS[name] for name in _names(list(SCENARIOS), "scenario", options.scenario)
    ]
    clients = _chosen_clients(options)
    cores = choose_cores(options.cores)
    allow_many_files()
    environment = Environment(_ROOT, _ROOT / ".bench")
    environment.prepare(
        find_packages(_ROOT) if "martlet" in clients else [],
        [*_BASE, *(one for name in clients for one in REQUIREMENTS[name])],
        options.upgrade,
    )
    load = os.getloadavg()[0]
    wanted = Wanted(
        tls=any(scenario.tls for scenario in scenarios),
        hold=any(scenario.kind == "memory" for scenario in scenarios),
        bodies=any(scenario.taken for scenario in scenarios),
        echo=any(scenario.kind in SOCKET_KINDS for scenario in scenarios),
    )
    with running(environment.python, cores, wanted) as addresses:
        runner = Runner(environment.python, addresses, cores, options.loop, _pace(options))
        results = runner.run(scenarios, clients)
    versions = {
        **environment.versions([*(name for name in clients if name != "floor"), "uvloop"]),
        "nginx": nginx_version(),
    }
    where = (
        "not pinned"
        if cores.server is None
        else f"server on core {cores.server}, clients on core {cores.client}"
    )
    setting = conditions("tools/bench", options.loop, where, load, versions)
    if options.json is not None:
        options.json.write_text(json.dumps(raw(results, clients[0], setting), indent=1))
    _print_results(results, clients[0], options, setting.lines())


def _print_results(
    results: Results, subject: str, options: argparse.Namespace, setting: list[str]
) -> None:
    if options.markdown:
        print("\n".join(setting), end="\n\n")
    print(table(results, subject))
    if options.target:
        print("", *verdicts(results, subject, options.loop), sep="\n")


def main() -> int:
    """Run as the options say; the exit status is not 0 if anything failed."""
    options = _parser().parse_args()
    if options.list:
        _print_scenarios()
        return 0
    try:
        _bench(options)
    except BenchError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0
