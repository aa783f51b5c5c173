#!/usr/bin/env python3
"""Makes releases of the packages: `python3 tools/release.py` builds and checks all of them.

It never pushes and never uploads. docs/releasing.md tells the whole way.

    python3 tools/release.py                                         build and check all, in dist/
    python3 tools/release.py --package http_parser                   build and check one
    python3 tools/release.py --package http_parser --prepare 0.3.0   write version and changelog
    python3 tools/release.py --package http_parser --tag             check and tag what is committed
"""

import sys

if sys.version_info < (3, 11):
    sys.exit("tools/release.py needs Python 3.11 or newer")

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from checks.bootstrap import ensure_venv, exclusive
from checks.places import ROOT, Package, packages
from checks.process import Report, StepError
from releasing import archives, changelog, version
from releasing.repository import Repository

__all__ = ["main", "options_of", "release"]


def main() -> int:
    """Make the environment of the tools if need be, and do what the command line says."""
    options = options_of()
    report = Report()
    try:
        if not options.prepare:
            with exclusive("venv"):
                ensure_venv()
        # A run of all checks builds into the same folder.
        with exclusive("all"):
            release(options, ROOT, report)
    except StepError:
        print("\n".join(report.lines), file=sys.stderr)
        return 1
    except ValueError as exc:
        print(exc, file=sys.stderr)
        return 1
    return 0


def release(options: argparse.Namespace, root: Path, report: Report) -> None:
    """Do in the repository at *root* what *options* say.

    Raises `ValueError` for what the repository does not allow; what the tools find wrong fails
    *report*.
    """
    chosen = _chosen(options.package, root)
    if options.prepare:
        _prepare(chosen[0], options.prepare, options.date)
        return
    repository = Repository(root)
    if options.tag and not repository.is_clean():
        raise ValueError("there are changes that are not committed")
    faults = 0
    for package in chosen:
        try:
            state = _check(package, repository, for_tag=options.tag)
            epoch = repository.epoch()
            files = archives.build(report, package, root / "dist", epoch)
            archives.check(report, *files, epoch)
        except (StepError, ValueError) as exc:
            faults += 1
            report.say(f"{package.name}: {exc}")
            continue
        print(f"{_tag_of(package)}: built and checked; {state}", flush=True)
    if faults:
        report.fail(f"{faults} of {len(chosen)} packages cannot be released")
    if options.tag:
        name = _tag_of(chosen[0])
        repository.tag(name, f"{name}\n\n{_entry(chosen[0], version.current(chosen[0]))}")
        print(f"tagged {name}, here only")


def options_of(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read a command line; leaves the program if it is none."""
    parser = argparse.ArgumentParser(
        description="Build, check and tag releases. Nothing is pushed or uploaded."
    )
    parser.add_argument("--package", metavar="NAME", help="only packages/NAME")
    action = parser.add_mutually_exclusive_group()
    action.add_argument(
        "--check", action="store_true", help="build sdist and wheel in dist/, check them (default)"
    )
    action.add_argument(
        "--prepare", metavar="VERSION", help="write the version, and move [Unreleased] to it"
    )
    action.add_argument("--tag", action="store_true", help="check, then make an annotated tag")
    today = datetime.now(UTC).date().isoformat()
    parser.add_argument("--date", default=today, help="of the changelog's entry (today, in UTC)")
    options = parser.parse_args(arguments)
    if (options.prepare or options.tag) and not options.package:
        parser.error("--prepare and --tag are for one --package")
    return options


def _chosen(name: str | None, root: Path) -> list[Package]:
    chosen = [package for package in packages(root) if name in (None, package.name)]
    if not chosen:
        raise ValueError(f"there is no packages/{name}")
    return chosen


def _prepare(package: Package, new: str, date: str) -> None:
    path = package.folder / "CHANGELOG.md"
    # First what may be refused: a half of it must not be written.
    text = changelog.moved(path.read_text(encoding="utf-8"), new, date)
    version.raise_to(package, new)
    path.write_text(text, encoding="utf-8")
    print(f"{package.distribution} is {new} now: look at it, and commit it")


def _check(package: Package, repository: Repository, *, for_tag: bool) -> str:
    """Check version and changelog; tell how the package stands to its last release."""
    number, tag = version.current(package), _tag_of(package)
    if not _entry(package, number):
        raise ValueError(f"the changelog has no entry for {number}")
    waiting = bool(_entry(package, "Unreleased"))
    if repository.is_tagged(tag):
        if for_tag:
            raise ValueError(f"{tag} is there already: prepare a higher version")
        if not waiting and repository.has_changed_since(tag, package):
            raise ValueError(f"it has changed since {tag}, and its changelog does not say how")
        return "tagged, and more to release" if waiting else "tagged"
    if for_tag and waiting:
        raise ValueError("the changelog has entries under [Unreleased]: prepare a version")
    return "not tagged, and more to release" if waiting else "not tagged"


def _entry(package: Package, number: str) -> str | None:
    text = (package.folder / "CHANGELOG.md").read_text(encoding="utf-8")
    return changelog.entry(text, number)


def _tag_of(package: Package) -> str:
    return f"{package.distribution}-v{version.current(package)}"


if __name__ == "__main__":
    sys.exit(main())
