"""The command line of the conformance run."""

import argparse
import sys
import time
from pathlib import Path

from checks.bootstrap import exclusive
from checks.places import CACHE, TOOLS
from checks.process import Report, StepError

from ._cases import ALL, QUICK, chosen
from ._environment import AutobahnError, client_variables, prepare_client, prepare_suite
from ._python2 import candidates, find_python2
from ._report import INFORMATIONAL, Case, counts, faults, read_report, table
from ._server import fuzzing_server

__all__ = ["main"]

_AGENT = "martlet"
_FOLDER = CACHE / "autobahn"
# All cases take ten minutes on a quiet machine.
_LONGEST = 3600
_SKIPPED = """\
==========================================================================================
autobahn: nothing was tested. The suite needs a CPython 2.7, and there is none under pyenv
and no python2.7 on PATH. `pyenv install 2.7.18` makes one; some Debians have python2.7.
==========================================================================================
SKIPPED, no Python 2.7: martlet's WebSocket was NOT tested with Autobahn"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 tools/autobahn",
        description="Autobahn's cases for WebSockets, played with martlet's client.",
    )
    which = parser.add_mutually_exclusive_group()
    add = which.add_argument
    add("--quick", action="store_true", help="groups 1 to 7 and 10 only")
    add("--cases", metavar="PATTERNS", help="such as 1.*,7.1.6; default: all, ten minutes")
    parser.add_argument(
        "--report",
        type=Path,
        default=_FOLDER / "report",
        metavar="DIR",
        help="where the suite's HTML pages go; default: .cache/autobahn/report",
    )
    return parser


def _patterns(options: argparse.Namespace) -> tuple[str, ...]:
    if options.quick:
        return QUICK
    if options.cases is None:
        return ALL
    try:
        return chosen(options.cases)
    except ValueError as exc:
        raise AutobahnError(str(exc)) from exc


def _play(python2: Path, patterns: tuple[str, ...], pages: Path) -> tuple[list[Case], str | None]:
    """Run the cases; return them, and what went wrong in the client itself."""
    report = Report()
    said: str | None = None
    try:
        program = prepare_suite(python2, report)
        python = prepare_client(report)
    except StepError as exc:
        raise AutobahnError("\n".join(report.lines)) from exc
    # What a run before this one left must not be taken for this one's.
    (pages / "index.json").unlink(missing_ok=True)
    with fuzzing_server(program, patterns, _FOLDER, pages) as address:
        report = Report()
        client = TOOLS / "autobahn" / "_client.py"
        try:
            report.run(python, client, address, _AGENT, env=client_variables(), timeout=_LONGEST)
        except StepError:
            said = "\n".join(report.lines)
    return read_report(pages, _AGENT), said


def _run(options: argparse.Namespace) -> int:
    patterns = _patterns(options)
    python2 = find_python2(candidates())
    if python2 is None:
        print(_SKIPPED)
        return 0
    pages = options.report.resolve()
    start = time.monotonic()
    with exclusive("autobahn"):
        cases, said = _play(python2, patterns, pages)
    if not cases:
        raise AutobahnError(f"there is no report in {pages}\n{said or ''}")
    print(table(cases), end="\n\n")
    for case in cases:
        if "INFORMATIONAL" in {case.behaviour, case.closing}:
            print(f"case {case.name}: {INFORMATIONAL.get(case.name, 'not known')}")
    wrong = faults(cases)
    for line in [*wrong, *([said] if said else [])]:
        print(line)
    print(_last_line(cases, time.monotonic() - start))
    return 1 if wrong or said else 0


def _last_line(cases: list[Case], seconds: float) -> str:
    found = counts(cases)
    ok, informational = found["OK"], found["INFORMATIONAL"]
    others = len(cases) - ok - informational
    kinds = f"{ok} OK, {informational} INFORMATIONAL, {others} others"
    return f"{len(cases)} cases in {seconds:.0f} s: {kinds}"


def main() -> int:
    """Run as the options say; the exit status is 1 if a case went otherwise than it may."""
    options = _parser().parse_args()
    try:
        return _run(options)
    except AutobahnError as error:
        print(f"autobahn: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
