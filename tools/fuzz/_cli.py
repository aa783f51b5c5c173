"""The command line of the fuzzer."""

import argparse
import sys
from pathlib import Path

from checks.places import CACHE

from ._environment import FuzzError, prepare
from ._outcome import Outcome
from ._report import explain, table
from ._runner import Runner

__all__ = ["main"]


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not at least 1")
    return value


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 tools/fuzz", description="The fuzzer of the parsers."
    )
    add = parser.add_argument
    add("--list", action="store_true", help="print the targets and end")
    add("--seconds", type=_positive, default=60, help="for all targets; default: %(default)s")
    add("--target", action="append", default=[], metavar="NAME", help="default: all of them")
    add("--jobs", type=_positive, default=2, help="targets at a time; default: %(default)s")
    add("--replay", type=Path, metavar="FILE", help="try one input with one target")
    add("--timeout", type=_positive, default=10, help="seconds for an input; default: %(default)s")
    add("--memory", type=_positive, default=1024, help="mebibytes; default: %(default)s")
    add("--longest", type=_positive, default=8192, help="bytes of an input; default: %(default)s")
    return parser


def _chosen(options: argparse.Namespace, known: list[str]) -> list[str]:
    given = [name for word in options.target for name in word.split(",") if name]
    unknown = [name for name in given if name not in known]
    if unknown:
        raise FuzzError(f"no such target: {', '.join(unknown)} (there is {', '.join(known)})")
    return list(dict.fromkeys(given)) or known


def _replay(runner: Runner, targets: list[str], file: Path) -> int:
    if len(targets) != 1:
        raise FuzzError("--replay needs one --target")
    if not file.is_file():
        raise FuzzError(f"there is no file {file}")
    said = runner.replay(targets[0], file)
    print(said if said is not None else f"{targets[0]} finds nothing in {file}")
    return 0 if said is None else 1


def _say(outcome: Outcome) -> None:
    found = "found something" if outcome.failure is not None else "done"
    print(f"fuzz: {outcome.target} {found}", file=sys.stderr, flush=True)


def _run(options: argparse.Namespace) -> int:
    runner = Runner(prepare(), CACHE / "fuzz", options.timeout, options.memory, options.longest)
    known = runner.targets()
    if options.list:
        print("\n".join(known))
        return 0
    targets = _chosen(options, known)
    if options.replay is not None:
        return _replay(runner, targets, options.replay)
    outcomes = runner.run(targets, options.seconds, options.jobs, _say)
    print(table(outcomes))
    findings = [explain(outcome) for outcome in outcomes if outcome.failure is not None]
    if findings:
        print("", *findings, sep="\n\n")
    return 1 if findings else 0


def main() -> int:
    """Run as the options say; the exit status is 1 if a target found something."""
    options = _parser().parse_args()
    try:
        return _run(options)
    except FuzzError as error:
        print(f"fuzz: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
