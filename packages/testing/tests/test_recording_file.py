from pathlib import Path

import pytest
from yarl import URL

from martlet_testing import (
    RecordedExchange,
    RecordedRequest,
    RecordedResponse,
    RecordingFormatError,
)
from martlet_testing._recording_file import load_recording, save_recording

EXCHANGE = RecordedExchange(
    RecordedRequest("GET", URL("http://a/"), (), b""), RecordedResponse(200, "OK", (), b"hello")
)


@pytest.mark.parametrize(
    ("name", "key"), [("a.json", "format"), ("a.har", "log"), ("a.HAR", "log")]
)
def test_the_name_says_the_format(name: str, key: str, tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / name
    save_recording(path, [EXCHANGE])
    assert path.read_text(encoding="utf-8").startswith(f'{{\n  "{key}"')
    assert load_recording(path) == [EXCHANGE]
    assert [one.name for one in path.parent.iterdir()] == [name]


def test_what_fails_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.json"
    path.write_text("before")

    def fail(_self: Path, _target: Path) -> Path:
        raise OSError("no room")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="no room"):
        save_recording(path, [EXCHANGE])
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target.json", tmp_path / "link.json"
    link.symlink_to(target)
    save_recording(link, [EXCHANGE])
    assert link.is_symlink()
    assert load_recording(target) == [EXCHANGE]


def test_what_cannot_be_read_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_recording(tmp_path / "none.json")
    path = tmp_path / "a.har"
    path.write_bytes(b"[")
    with pytest.raises(RecordingFormatError, match=r"a\.har: line 1, column 2"):
        load_recording(path)
