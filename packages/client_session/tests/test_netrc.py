"""Credentials from a file of the user's."""

import logging
import os
import re
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from martlet_client_session import _netrc
from martlet_client_session._basic_auth import BasicAuth
from martlet_client_session._netrc import netrc_auth

Write = Callable[[str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Give what makes a text the user's file."""
    path = tmp_path / "netrc"
    monkeypatch.setenv("NETRC", str(path))
    monkeypatch.setattr(_netrc, "_known", (None, _netrc._NONE))

    def written(content: str | bytes) -> Path:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return written


def _auth(login: str, password: str = "") -> BasicAuth:
    return BasicAuth(login, password, "utf-8")


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("login u password p", _auth("u", "p")),
        ("login u account a password p", _auth("u", "p")),
        ("account a password p", _auth("a", "p")),
        ("login u", _auth("u")),
        ("password p", _auth("", "p")),
        ("login ü password €", _auth("ü", "€")),
        ('login "a b" password "c d"', _auth("a b", "c d")),
        ("", None),
    ],
)
def test_an_entry(write: Write, entry: str, expected: BasicAuth | None) -> None:
    write(f"machine example.org {entry}\n")
    assert netrc_auth("example.org") == expected
    assert netrc_auth("example.com") is None


def test_the_default_entry(write: Write) -> None:
    write("machine a login u password p\nmachine empty\ndefault login d password q\n")
    assert netrc_auth("b") == _auth("d", "q")
    assert netrc_auth("a") == _auth("u", "p")
    assert netrc_auth("empty") is None
    assert netrc_auth("b", default=False) is None
    assert netrc_auth("a", default=False) == _auth("u", "p")
    # It is the entry for all hosts, whatever they are called.
    assert netrc_auth("default", default=False) is None


@pytest.mark.parametrize("name", ["Example.ORG", "example.org.", "example.org"])
@pytest.mark.parametrize("host", ["EXAMPLE.org", "example.org", "example.org."])
def test_names_of_hosts(write: Write, name: str, host: str) -> None:
    write(f"machine {name} login u\n")
    assert netrc_auth(host) == _auth("u")


def test_it_is_read_again_when_it_has_changed(write: Write) -> None:
    path = write("machine a login u password p\n")
    assert netrc_auth("a") == _auth("u", "p")
    with patch("netrc.netrc", side_effect=AssertionError):
        assert netrc_auth("a") == _auth("u", "p")
    write("machine a login u password longer\n")
    assert netrc_auth("a") == _auth("u", "longer")
    write("machine a login u password LONGER\n")
    os.utime(path, ns=(0, 12345))
    assert netrc_auth("a") == _auth("u", "LONGER")
    path.unlink()
    assert netrc_auth("a") is None


def test_a_file_that_took_its_place(write: Write, tmp_path: Path) -> None:
    path = write("machine a login u password p\n")
    found = path.stat()
    assert netrc_auth("a") == _auth("u", "p")
    other = tmp_path / "other"
    other.write_text("machine a login u password q\n")
    os.utime(other, ns=(found.st_atime_ns, found.st_mtime_ns))
    other.replace(path)
    assert netrc_auth("a") == _auth("u", "q")


@pytest.mark.parametrize(("platform", "name"), [("linux", ".netrc"), ("win32", "_netrc")])
@pytest.mark.parametrize("empty", [True, False])
def test_in_the_home_folder(
    write: Write,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    platform: str,
    name: str,
    *,
    empty: bool,
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    if empty:
        monkeypatch.setenv("NETRC", "")
    else:
        monkeypatch.delenv("NETRC")
    monkeypatch.setattr("sys.platform", platform)
    (tmp_path / name).write_text("machine a login u\n")
    assert netrc_auth("a") == _auth("u")


def test_none_is_no_fault(
    write: Write, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert netrc_auth("a") is None
    monkeypatch.setenv("NETRC", "~no-such-user/netrc")
    assert netrc_auth("a") is None
    monkeypatch.setenv("NETRC", os.devnull)
    assert netrc_auth("a") is None
    monkeypatch.setenv("NETRC", str(write("")))
    assert netrc_auth("a") is None
    assert caplog.records == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("machine a login u password p\nhunter2\n", r"it is malformed near line [23]"),
        ("machine a login u hunter2\n", r"it is malformed near line [12]"),
        (b"machine a login u password hunter2\xff\n", r"it is not UTF-8"),
        ("#" * 2**20 + "\n", r"it is larger than 1 MiB"),
    ],
)
def test_one_that_cannot_be_used(
    write: Write, caplog: pytest.LogCaptureFixture, content: str | bytes, reason: str
) -> None:
    path = write(content)
    for _ in range(3):
        assert netrc_auth("a") is None
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("martlet.client", logging.WARNING)
    assert re.fullmatch(re.escape(f"Cannot use {path}: ") + reason, record.getMessage())
    write("machine a login u\n")
    assert netrc_auth("a") == _auth("u")


def test_one_of_the_largest_size(write: Write, caplog: pytest.LogCaptureFixture) -> None:
    write("machine a login u\n".ljust(2**20))
    assert netrc_auth("a") == _auth("u")
    assert caplog.records == []


def test_what_is_no_file(
    write: Write,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("NETRC", str(tmp_path))
    assert netrc_auth("a") is None
    assert caplog.messages == [f"Cannot use {tmp_path}: it is not a regular file"]


@pytest.mark.parametrize(
    ("failure", "reason"),
    [(PermissionError(13, "Permission denied"), "Permission denied"), (OSError(), "OSError")],
)
def test_one_that_cannot_be_read(
    write: Write, caplog: pytest.LogCaptureFixture, failure: OSError, reason: str
) -> None:
    path = write("machine a login u\n")
    with patch("netrc.netrc", side_effect=failure):
        assert netrc_auth("a") is None
    assert caplog.messages == [f"Cannot use {path}: {reason}"]


@pytest.mark.parametrize("entry", ["login u:hunter2 password p", 'login u password "hunter2\n"'])
def test_an_entry_that_basic_cannot_send(
    write: Write, caplog: pytest.LogCaptureFixture, entry: str
) -> None:
    path = write(f"machine a {entry}\nmachine b login v\ndefault login d\n")
    assert netrc_auth("a") is None
    assert netrc_auth("b") == _auth("v")
    (message,) = caplog.messages
    assert message.startswith(f"Cannot use an entry of {path}: ")
    assert "hunter2" not in message


_WORDS = st.sampled_from(
    ["machine", "default", "login", "password", "account", "macdef", "a", '"', "\\", "#", "\n", "é"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(), st.lists(_WORDS).map(lambda words: " ".join(words).encode())))
def test_whatever_stands_in_it(write: Write, content: bytes) -> None:
    write(content)
    for default in (True, False):
        auth = netrc_auth("a", default=default)
        assert auth is None or auth.encode().startswith("Basic ")
