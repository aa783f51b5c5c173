"""Releases are built the same twice, checked, prepared and tagged: in a repository of its own."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from checks.places import Package
from checks.process import Report, StepError
from release import options_of, release
from releasing import archives

CHANGELOG = """# Changelog of martlet-pool

## [Unreleased]

### Added

- `Pool.size`.

## [0.1.0] - 2026-01-01

- The first release.
"""
RELEASED = CHANGELOG.replace("## [Unreleased]\n\n### Added\n\n- `Pool.size`.\n\n", "")
PROJECT = """[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "martlet-pool"
version = "0.1.0"
description = "A pool"
readme = "README.md"
requires-python = ">=3.11"
"""
SOUND = {
    "CHANGELOG.md": RELEASED,
    "README.md": "# A pool\n\nIt holds connections.\n",
    "pyproject.toml": PROJECT,
    "src/martlet_pool/__init__.py": '__version__ = "0.1.0"\n',
}
Run = Callable[..., str]


@pytest.fixture
def package(tmp_path: Path) -> Package:
    """Make a repository with one package, all of it committed."""
    package = Package(tmp_path / "packages" / "pool")
    for name, text in SOUND.items():
        path = package.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / ".gitignore").write_text("/dist/\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "config", "user.name", "Ada")
    git(tmp_path, "config", "user.email", "ada@example.org")
    commit(tmp_path)
    return package


@pytest.fixture
def run(package: Package, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Give a function that releases and tells what was printed, or else why it was refused."""

    def run(*arguments: str) -> str:
        report = Report()
        try:
            release(options_of(arguments), tmp_path, report)
        except StepError:
            return "\n".join(report.lines)
        return capsys.readouterr().out

    return run


def git(root: Path, *arguments: str) -> str:
    # Signing, or a template of the user's, would be in the way.
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    command = ["git", *arguments]
    return subprocess.run(
        command, cwd=root, env=environment, check=True, capture_output=True, text=True
    ).stdout.strip()


def commit(root: Path) -> None:
    git(root, "add", "--all")
    git(root, "commit", "-q", "-m", "pool: a change")


def write(package: Package, name: str, text: str) -> None:
    (package.folder / name).write_text(text)


def test_check_builds_into_dist(run: Run, tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "martlet_pool-0.0.9-py3-none-any.whl").touch()
    (tmp_path / "dist" / "martlet_pools-0.0.9.tar.gz").touch()
    assert run() == "martlet-pool-v0.1.0: built and checked; not tagged\n"
    assert {path.name for path in (tmp_path / "dist").iterdir()} == {
        "martlet_pool-0.1.0.tar.gz",
        "martlet_pool-0.1.0-py3-none-any.whl",
        "martlet_pools-0.0.9.tar.gz",  # another package's
    }
    assert git(tmp_path, "tag") == ""


def test_the_same_bytes_twice(package: Package, tmp_path: Path) -> None:
    built = []
    for folder in ("once", "again"):
        files = archives.build(Report(), package, tmp_path / folder, "1767225600")
        built.append([path.read_bytes() for path in files])
        # As in another clone: written at another time, by someone with another umask.
        source = package.source / "__init__.py"
        source.chmod(0o600)
        os.utime(source, (1, 1))
    assert built[0] == built[1]
    other = archives.build(Report(), package, tmp_path / "later", "1767312000")
    assert [path.read_bytes() for path in other] != built[0]


def test_readme_that_the_index_would_not_show(package: Package) -> None:
    write(package, "README.md", "")
    report = Report()
    files = archives.build(report, package, package.folder.parents[1] / "dist", "1767225600")
    with pytest.raises(StepError):
        archives.check(report, *files, "1767225600")
    assert any("long_description" in line for line in report.lines)


def test_sdist_that_makes_another_wheel(package: Package) -> None:
    targets = '[tool.hatch.build.targets.sdist]\nexclude = ["_left_out.py"]\n'
    write(package, "pyproject.toml", PROJECT + targets)
    write(package, "src/martlet_pool/_left_out.py", "")
    report = Report()
    files = archives.build(report, package, package.folder.parents[1] / "dist", "1767225600")
    with pytest.raises(StepError, match="makes another wheel"):
        archives.check(report, *files, "1767225600")


def test_prepare(run: Run, package: Package) -> None:
    write(package, "CHANGELOG.md", CHANGELOG)
    said = run("--package", "pool", "--prepare", "0.2.0", "--date", "2026-02-03")
    assert said == "martlet-pool is 0.2.0 now: look at it, and commit it\n"
    text = (package.folder / "CHANGELOG.md").read_text()
    assert text == CHANGELOG.replace("[Unreleased]", "[0.2.0] - 2026-02-03")
    assert package.pyproject["project"]["version"] == "0.2.0"
    assert (package.source / "__init__.py").read_text() == '__version__ = "0.2.0"\n'


@pytest.mark.parametrize(
    ("text", "version", "why"),
    [
        (RELEASED, "0.2.0", "nothing under"),
        (CHANGELOG, "0.1.0", "has a section"),
        (CHANGELOG, "0.0.9", "not above"),
        (CHANGELOG, "0.2", "three numbers"),
    ],
)
def test_prepare_refused(run: Run, package: Package, text: str, version: str, why: str) -> None:
    write(package, "CHANGELOG.md", text)
    with pytest.raises(ValueError, match=why):
        run("--package", "pool", "--prepare", version)
    assert (package.folder / "CHANGELOG.md").read_text() == text
    assert (package.folder / "pyproject.toml").read_text() == PROJECT


def test_tag(run: Run, tmp_path: Path) -> None:
    assert run("--package", "pool", "--tag").endswith("tagged martlet-pool-v0.1.0, here only\n")
    assert git(tmp_path, "cat-file", "-t", "martlet-pool-v0.1.0") == "tag"
    notes = git(tmp_path, "tag", "--list", "--format=%(contents)", "martlet-pool-v0.1.0")
    assert notes == "martlet-pool-v0.1.0\n\n- The first release."
    assert run() == "martlet-pool-v0.1.0: built and checked; tagged\n"
    assert "is there already" in run("--package", "pool", "--tag")


def test_headings_of_the_changelog_stay_in_the_tag(
    run: Run, package: Package, tmp_path: Path
) -> None:
    write(package, "CHANGELOG.md", CHANGELOG)
    run("--package", "pool", "--prepare", "0.2.0")
    commit(tmp_path)
    run("--package", "pool", "--tag")
    notes = git(tmp_path, "tag", "--list", "--format=%(contents)", "martlet-pool-v0.2.0")
    assert notes == "martlet-pool-v0.2.0\n\n### Added\n\n- `Pool.size`."


def test_nothing_is_tagged_that_is_not_committed(
    run: Run, package: Package, tmp_path: Path
) -> None:
    write(package, "new.txt", "")
    with pytest.raises(ValueError, match="not committed"):
        run("--package", "pool", "--tag")
    assert git(tmp_path, "tag") == ""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (CHANGELOG, "has entries under [Unreleased]"),
        (RELEASED.replace("0.1.0", "0.0.9"), "no entry for 0.1.0"),
        (RELEASED.replace("- The first release.", ""), "no entry for 0.1.0"),
    ],
)
def test_nothing_is_tagged_without_its_entry(
    run: Run, package: Package, tmp_path: Path, text: str, why: str
) -> None:
    write(package, "CHANGELOG.md", text)
    commit(tmp_path)
    assert why in run("--package", "pool", "--tag")
    assert git(tmp_path, "tag") == ""


def test_changed_since_its_tag(run: Run, package: Package, tmp_path: Path) -> None:
    run("--package", "pool", "--tag")
    write(package, "src/martlet_pool/_more.py", "")
    assert "has changed since" in run()
    commit(tmp_path)
    assert "has changed since" in run()
    write(package, "CHANGELOG.md", CHANGELOG)
    assert run() == "martlet-pool-v0.1.0: built and checked; tagged, and more to release\n"


def test_unknown_package(run: Run) -> None:
    with pytest.raises(ValueError, match="no packages/none"):
        run("--package", "none")


@pytest.mark.parametrize("arguments", [["--tag"], ["--prepare", "0.2.0"], ["--tag", "--check"]])
def test_command_lines_that_are_none(arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        options_of(arguments)
