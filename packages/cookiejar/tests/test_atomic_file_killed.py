"""A process that is killed while it writes, at each of the calls by which it does."""

import subprocess
import sys
from pathlib import Path
from stat import S_IMODE

import pytest

from martlet_cookiejar._atomic_file import write_private

OLD = "old " * 50
NEW = "new " * 30  # three writes of dying_writer's
CALLS = ["open", "write", "write", "write", "fsync", "close", "replace", "open", "fsync", "close"]


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folders in which processes were killed, by the point at which they were."""
    place = tmp_path_factory.mktemp("killed")
    script = Path(__file__).with_name("dying_writer.py")
    subprocess.run([sys.executable, script, place, OLD, NEW], check=True, timeout=50)
    return {folder.name: folder for folder in sorted(place.iterdir())}


def test_processes_were_killed_before_and_after_each_call(places: dict[str, Path]) -> None:
    points = [
        f"{number:02}-{name}-{when}"
        for number, name in enumerate(CALLS)
        for when in ("after", "before")
    ]
    assert list(places) == [*points, "whole"]


def test_old_file_is_there_until_the_new_one_has_the_name(places: dict[str, Path]) -> None:
    points = list(places)
    replaced = points.index("06-replace-after")
    assert points[replaced + 1] == "06-replace-before"
    for number, (point, folder) in enumerate(places.items()):
        is_old = number < replaced or point == "06-replace-before"
        content = (folder / "cookies.json").read_text()
        assert (point, content) == (point, OLD if is_old else NEW)


def test_nobody_else_can_read_the_new_file_at_any_moment(places: dict[str, Path]) -> None:
    for folder in places.values():
        for path in folder.iterdir():
            is_old = path.name == "cookies.json" and path.read_text() == OLD
            # With the umask 0 that the processes have.
            assert S_IMODE(path.stat().st_mode) == (0o666 if is_old else 0o600)


def test_what_is_left_behind_is_one_temporary_file(places: dict[str, Path]) -> None:
    for point, folder in places.items():
        others = [path.name for path in folder.iterdir() if path.name != "cookies.json"]
        is_left = "00-open-after" <= point < "06-replace-after" and point != "00-open-before"
        assert (point, len(others)) == (point, is_left or point == "06-replace-before")
        assert all(n.startswith(".cookies.json.") and n.endswith(".tmp") for n in others)


def test_what_is_left_behind_hinders_nobody(places: dict[str, Path]) -> None:
    for folder in places.values():
        before = {path.name for path in folder.iterdir()}
        write_private(folder / "cookies.json", b"newer")
        assert (folder / "cookies.json").read_bytes() == b"newer"
        assert {path.name for path in folder.iterdir()} == before
