"""Calls that fail while a file is written."""

import errno
import os
from pathlib import Path

import pytest

from martlet_cookiejar._atomic_file import write_private

from .watched_calls import watched

OLD = b"old"
NEW = b"new " * 30
MOST = 40
CALLS = ["open", "write", "write", "write", "fsync", "close", "replace", "open", "fsync", "close"]
REPLACE = CALLS.index("replace")
CODES = (errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS, errno.EDQUOT, errno.EMFILE)


class Fault:
    """Fails at the nth call; that a file is closed is true even if close() fails."""

    def __init__(self, number: int, error: BaseException) -> None:
        self.number = number
        self.error = error

    def __call__(self, number: int, name: str, *, done: bool) -> None:
        if number == self.number and done == (name == "close"):
            raise self.error


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "cookies.json"
    path.write_bytes(OLD)
    return path


def test_calls_are_these(path: Path) -> None:
    with watched(Fault(-1, OSError()), most=MOST) as calls:
        write_private(path, NEW)
    assert calls.names == CALLS
    assert path.read_bytes() == NEW


@pytest.mark.parametrize("code", CODES, ids=errno.errorcode.get)
@pytest.mark.parametrize("number", range(REPLACE + 1), ids=lambda n: f"{n}-{CALLS[n]}")
def test_a_call_that_fails_leaves_the_old_file_and_nothing_else(
    path: Path, number: int, code: int
) -> None:
    with watched(Fault(number, OSError(code, os.strerror(code))), most=MOST) as calls:
        with pytest.raises(OSError, match=os.strerror(code)) as raised:
            write_private(path, NEW)
    assert raised.value.errno == code
    assert path.read_bytes() == OLD
    assert list(path.parent.iterdir()) == [path]
    assert calls.names[: number + 1] == CALLS[: number + 1]
    assert not calls.open


@pytest.mark.parametrize("number", range(REPLACE + 1), ids=lambda n: f"{n}-{CALLS[n]}")
def test_an_interruption_leaves_the_old_file_and_nothing_else(path: Path, number: int) -> None:
    with watched(Fault(number, KeyboardInterrupt()), most=MOST) as calls:
        with pytest.raises(KeyboardInterrupt):
            write_private(path, NEW)
    assert path.read_bytes() == OLD
    assert list(path.parent.iterdir()) == [path]
    assert not calls.open


@pytest.mark.parametrize("number", range(REPLACE + 1), ids=lambda n: f"{n}-{CALLS[n]}")
def test_without_an_old_file_a_call_that_fails_leaves_none(tmp_path: Path, number: int) -> None:
    with watched(Fault(number, OSError(errno.ENOSPC, "full")), most=MOST):
        with pytest.raises(OSError, match="full"):
            write_private(tmp_path / "cookies.json", NEW)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", range(REPLACE + 1, len(CALLS)), ids=lambda n: f"{n}-{CALLS[n]}")
def test_a_folder_that_cannot_be_synced_is_no_error(path: Path, number: int) -> None:
    with watched(Fault(number, OSError(errno.EINVAL, "no")), most=MOST) as calls:
        write_private(path, NEW)
    assert path.read_bytes() == NEW
    assert list(path.parent.iterdir()) == [path]
    assert not calls.open


def test_the_first_error_comes_out_even_if_cleaning_up_fails_too(path: Path) -> None:
    def fail(number: int, name: str, *, done: bool) -> None:
        if name == "fsync" and not done:
            raise OSError(errno.EIO, "the disk is broken")
        if name == "unlink" and not done:
            raise OSError(errno.EROFS, "and cannot be written any more")

    with watched(fail), pytest.raises(OSError, match="the disk is broken"):
        write_private(path, NEW)
    assert path.read_bytes() == OLD


def test_the_data_is_on_the_disk_before_the_file_has_the_name(path: Path) -> None:
    synced: list[str] = []

    def look(number: int, name: str, *, done: bool) -> None:
        if name == "fsync" and done:
            synced.append(path.read_bytes().decode()[:3])

    with watched(look):
        write_private(path, NEW)
    assert synced == ["old", "new"]  # the data, then the folder


def test_short_writes_go_on_until_all_is_written(path: Path) -> None:
    data = os.urandom(1000)
    with watched(Fault(-1, OSError()), most=1) as calls:
        write_private(path, data)
    assert calls.names.count("write") == 1000
    assert path.read_bytes() == data
