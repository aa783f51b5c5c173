import errno
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from stat import S_IMODE, S_ISFIFO
from unittest import mock

import pytest

from martlet_cookiejar._atomic_file import write_private


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return S_IMODE(path.stat().st_mode)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("data", [b"", b"x", b"\r\n\x00\xff\x1a", bytes(range(256)) * 5000])
def test_file_holds_exactly_the_data(tmp_path: Path, data: bytes) -> None:
    write_private(tmp_path / "f", data)
    assert (tmp_path / "f").read_bytes() == data
    assert names(tmp_path) == ["f"]


@pytest.mark.usefixtures("umask")
def test_new_file_is_private(tmp_path: Path) -> None:
    write_private(tmp_path / "f", b"new")
    assert mode(tmp_path / "f") == 0o600


@pytest.mark.usefixtures("umask")
@pytest.mark.parametrize("before", [0o644, 0o666, 0o400, 0o000], ids=oct)
def test_file_in_the_place_of_one_that_others_can_read_is_private(
    tmp_path: Path, before: int
) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"a longer old one")
    path.chmod(before)
    write_private(path, b"new")
    assert mode(path) == 0o600
    assert path.read_bytes() == b"new"


def test_new_file_is_private_from_the_first_moment_and_no_one_elses(tmp_path: Path) -> None:
    with mock.patch.object(os, "open", wraps=os.open) as opened:
        write_private(tmp_path / "f", b"new")
    temporary, flags, mode = opened.call_args_list[0].args
    assert temporary.parent == tmp_path
    assert flags & os.O_CREAT
    assert flags & os.O_EXCL
    assert mode == 0o600


def test_who_has_the_old_file_open_goes_on_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"old")
    with path.open("rb") as file:
        write_private(path, b"new")
        assert file.read() == b"old"


def test_path_may_be_a_text_or_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_private("f", b"1")
    write_private(str(tmp_path / "g"), b"2")
    assert names(tmp_path) == ["f", "g"]


@pytest.mark.parametrize(
    "name", ["f" * 255, "\u6f22" * 85, "\U0001f36a" * 63, ".f", "a b", "-", "\udcff" * 255]
)
def test_name_may_be_as_long_and_odd_as_the_system_allows(tmp_path: Path, name: str) -> None:
    write_private(tmp_path / name, b"1")
    assert names(tmp_path) == [name]


@pytest.mark.parametrize("link", ["f", "./f", "../folder/f"])
def test_link_stays_and_the_file_that_it_points_to_is_replaced(tmp_path: Path, link: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "f").write_bytes(b"old")
    (folder / "to f").symlink_to(link)
    (tmp_path / "to to f").symlink_to(folder / "to f")
    write_private(tmp_path / "to to f", b"new")
    assert (folder / "f").read_bytes() == b"new"
    assert mode(folder / "f") == 0o600
    assert not (folder / "f").is_symlink()
    assert (folder / "to f").is_symlink()
    assert (tmp_path / "to to f").is_symlink()
    assert names(folder) == ["f", "to f"]


def test_link_to_a_file_that_is_not_there_yet_makes_it(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("f")
    write_private(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "f").read_bytes() == b"new"


def test_another_name_of_the_old_file_keeps_it(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"old")
    (tmp_path / "g").hardlink_to(tmp_path / "f")
    write_private(tmp_path / "f", b"new")
    assert (tmp_path / "f").read_bytes() == b"new"
    assert (tmp_path / "g").read_bytes() == b"old"


def test_folder_that_does_not_exist_is_an_error_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_private(tmp_path / "none" / "f", b"new")
    assert names(tmp_path) == []


def test_file_in_the_place_of_the_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    with pytest.raises(NotADirectoryError):
        write_private(tmp_path / "file" / "f", b"new")
    assert names(tmp_path) == ["file"]


def test_folder_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder")
    for path in (tmp_path / "folder", tmp_path / "link", Path("/"), Path()):
        with pytest.raises(IsADirectoryError, match="not a file"):
            write_private(path, b"new")
    assert names(tmp_path) == ["folder", "link"]
    assert names(tmp_path / "folder") == []


def test_pipe_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    for name in ("pipe", "link"):
        with pytest.raises(OSError, match="not a file") as raised:
            write_private(tmp_path / name, b"new")
        assert raised.value.errno == errno.EINVAL
        assert raised.value.filename == str((tmp_path / "pipe").resolve())
    assert S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    assert names(tmp_path) == ["link", "pipe"]


def test_of_writers_at_the_same_time_one_wins_whole(tmp_path: Path) -> None:
    path = tmp_path / "f"
    contents = {bytes([letter]) * 20_000 for letter in b"abcdefgh"}
    write_private(path, b"a" * 20_000)

    def write(content: bytes) -> None:
        for _ in range(10):
            write_private(path, content)
            assert path.read_bytes() in contents

    with ThreadPoolExecutor(len(contents)) as pool:
        list(pool.map(write, contents))
    assert path.read_bytes() in contents
    assert names(tmp_path) == ["f"]
