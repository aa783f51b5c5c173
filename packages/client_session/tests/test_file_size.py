import gzip
import io
import os
import sys
import tempfile
from pathlib import Path
from typing import IO, cast

import pytest

from martlet_client_session._file_size import bytes_left, is_regular, position


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(b"abcdef")
    return path


def test_a_regular_file_is_counted_from_anywhere(path: Path) -> None:
    for buffering in (0, -1):
        with path.open("rb", buffering) as file:
            file.read(2)
            assert (position(file), is_regular(file)) == (2, True)
            assert (bytes_left(file, 2), bytes_left(file, 0), bytes_left(file, 9)) == (4, 6, 0)
            assert file.read() == b"cdef"


def test_what_still_waits_to_be_written_counts(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(6)
        file.write(b"gh")
        assert (is_regular(file), bytes_left(file, 4)) == (True, 4)


def test_an_empty_file_is_empty(path: Path) -> None:
    path.write_bytes(b"")
    with path.open("rb") as file:
        assert bytes_left(file, 0) == 0


@pytest.mark.parametrize("exists", [Path("/proc/self/status").exists()])
def test_a_file_that_only_says_so_is_not(exists: bool, path: Path) -> None:
    with (Path("/proc/self/status") if exists else path).open("rb") as file:
        assert is_regular(file)
        assert bytes_left(file, 0) == (None if exists else 6)


def test_memory_is_counted() -> None:
    file = io.BytesIO(b"abc")
    assert (bytes_left(file, 1), bytes_left(file, 7), is_regular(file)) == (2, 0, False)


@pytest.mark.parametrize("max_size", [2, 2000])
def test_a_spooled_file_is_counted(max_size: int) -> None:
    with tempfile.SpooledTemporaryFile(max_size) as file:
        file.write(b"abcdef")
        file.seek(2)
        assert (position(file), bytes_left(file, 2), file.tell()) == (2, 4, 2)
        assert is_regular(file) is False


def test_nothing_is_known_of_what_is_made_while_it_is_read(path: Path) -> None:
    path.write_bytes(gzip.compress(b"abc" * 100))
    with gzip.open(path) as file:
        packed = cast("IO[bytes]", file)
        assert (position(packed), bytes_left(packed, 0), is_regular(packed)) == (0, None, False)


def test_nothing_is_known_of_spooled_files_if_there_can_be_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "tempfile")
    assert bytes_left(cast("IO[bytes]", io.BufferedReader(io.BytesIO())), 0) is None


class Upper(io.FileIO):
    def read(self, size: int | None = -1) -> bytes:
        return super().read(size).upper()


def test_a_class_of_its_own_is_not_trusted(path: Path) -> None:
    with Upper(path) as file:
        assert (is_regular(file), bytes_left(cast("IO[bytes]", file), 0)) == (False, None)
    with io.BufferedReader(Upper(path)) as reader:
        assert (is_regular(reader), bytes_left(reader, 0)) == (False, None)


def test_a_pipe_has_no_position() -> None:
    reading, writing = os.pipe()
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        assert (position(file), is_regular(file), bytes_left(file, 0)) == (None, False, None)


def test_what_has_no_such_methods_has_no_position(path: Path) -> None:
    class Reads:
        def read(self, size: int) -> bytes:
            return b""

    assert position(cast("IO[bytes]", Reads())) is None
    with path.open() as text:
        for _ in text:
            assert position(text) is None  # while it is iterated over


def test_a_closed_file_is_the_callers_mistake(path: Path) -> None:
    with path.open("rb") as file:
        pass
    with pytest.raises(ValueError, match="closed file"):
        position(file)
