"""The command line of the comparison."""

import argparse
import importlib
from collections.abc import Collection
from itertools import groupby
from pathlib import Path
from typing import Final

from ._compare import compare
from ._current_text import read_current
from ._difference import Difference, Verdict, judged, known_differences
from ._facts import dumped, loaded
from ._older_text import read_older
from ._parts import ALL, PARTS, parts_of, selected

_HERE: Final = Path(__file__).resolve().parent
_TABLE: Final = _HERE / "differences.toml"
_READERS: Final = {
    "current.json": ("api-surface.txt", read_current),
    "older.json": ("client-reference.txt", read_older),
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python tools/api_surface",
        description="Compare martlet with the names and signatures that existing code relies on.",
    )
    add = parser.add_argument
    add("--package", default="martlet", metavar="NAME", help="default: %(default)s")
    add("--part", choices=(*PARTS, ALL), default=ALL, help="default: %(default)s")
    add("--without", choices=PARTS, action="append", default=[], help="leave out a part")
    add("--known", action="store_true", help="print the differences that are meant, too")
    add("--import", type=Path, dest="folder", metavar="FOLDER", help="read the references anew")
    return parser


def import_references(folder: Path, into: Path = _HERE) -> None:
    """Write the facts of the references in a folder."""
    for name, (source, read) in _READERS.items():
        facts = read((folder / source).read_text(encoding="utf-8"))
        (into / name).write_text(dumped(facts), encoding="utf-8")
        print(f"{name}: {len(facts)} names")


def compare_package(package: str, parts: Collection[str], table: Path = _TABLE) -> Verdict:
    """Compare some parts of a package with both references."""
    module = importlib.import_module(package)
    results = [
        compare(selected(loaded(_HERE / name), parts), module, current=name == "current.json")
        for name in _READERS
    ]
    return judged(
        [difference for result in results for difference in result.differences],
        [subject for result in results for subject in result.compared],
        known_differences(table),
    )


def _print_grouped(differences: list[Difference]) -> None:
    ordered = sorted(differences, key=lambda one: one.subject)
    for subject, group in groupby(ordered, key=lambda one: one.subject):
        print(subject)
        for difference in group:
            print(f"    [{difference.rule}] {difference.text}")


def main() -> int:
    """Run as the options say; the exit status is 1 if something differs that may not."""
    options = _parser().parse_args()
    if options.folder is not None:
        import_references(options.folder)
        return 0
    verdict = compare_package(options.package, parts_of(options.part, options.without))
    _print_grouped(verdict.left)
    if options.known and verdict.meant:
        print("\nmeant:")
        _print_grouped(verdict.meant)
    for fault in verdict.faults:
        print(f"{_TABLE.name}: {fault}")
    print(f"{len(verdict.left)} differences, and {len(verdict.meant)} that are meant")
    return 1 if verdict.left or verdict.faults else 0
