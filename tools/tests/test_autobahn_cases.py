"""Which cases are played, with which programs."""

import json
import os
import sys
from pathlib import Path

import pytest

from autobahn import _cli
from autobahn._cases import ALL, GROUPS, QUICK, chosen, group_of, order_of
from autobahn._environment import AutobahnError, needed
from autobahn._python2 import candidates, find_python2
from autobahn._server import fuzzing_server, specification
from checks.places import packages


def program(path: Path, body: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="ascii")
    path.chmod(0o755)
    return path


def test_the_quick_part_leaves_out_what_is_long() -> None:
    assert QUICK == ("1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "10.*")
    assert ALL == ("*",)


@pytest.mark.parametrize(
    ("text", "patterns"),
    [
        ("1.*", ("1.*",)),
        ("1.1.*, 7.1.6,,13.3.18", ("1.1.*", "7.1.6", "13.3.18")),
        ("*", ("*",)),
        ("2.10", ("2.10",)),
    ],
)
def test_patterns_of_a_user(text: str, patterns: tuple[str, ...]) -> None:
    assert chosen(text) == patterns


@pytest.mark.parametrize("text", ["8.*", "1.", "a", "1.1.1.1", "1*", "1.*.1", "1.1\n2.1"])
def test_what_is_no_pattern(text: str) -> None:
    with pytest.raises(ValueError, match="is none of the cases"):
        chosen(text)


@pytest.mark.parametrize("text", ["", " , "])
def test_no_pattern_at_all(text: str) -> None:
    with pytest.raises(ValueError, match="no cases are given"):
        chosen(text)


def test_the_order_of_the_suite() -> None:
    assert sorted(["10.1.1", "7.1.10", "7.1.9", "1.1.1"], key=order_of) == [
        "1.1.1",
        "7.1.9",
        "7.1.10",
        "10.1.1",
    ]
    assert list(GROUPS) == sorted(GROUPS, key=order_of)
    assert group_of("10.1.1") == "10"


def test_the_servers_specification() -> None:
    found = json.loads(specification(1234, ("1.*", "7.1.6"), Path("/pages")))
    assert found["url"] == "ws://127.0.0.1:1234"
    assert found["outdir"] == "/pages"
    assert found["cases"] == ["1.*", "7.1.6"]
    assert found["exclude-cases"] == []


def test_a_server_that_ends_at_once_says_why(tmp_path: Path) -> None:
    broken = program(tmp_path / "wstest", "echo there is no Twisted; exit 1")
    with (
        pytest.raises(AutobahnError, match="there is no Twisted"),
        fuzzing_server(broken, ("1.*",), tmp_path / "run", tmp_path / "pages"),
    ):
        raise AssertionError("it has not started")


def test_python2_is_looked_for_under_pyenv_and_on_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pyenv = tmp_path / "pyenv"
    ours = program(pyenv / "versions" / "2.7.18" / "bin" / "python2.7", "")
    program(pyenv / "versions" / "3.11.7" / "bin" / "python3.11", "")
    program(pyenv / "shims" / "python2.7", "exit 127")
    system = program(tmp_path / "bin" / "python2.7", "")
    monkeypatch.setenv("PYENV_ROOT", str(pyenv))
    monkeypatch.setenv("PATH", os.pathsep.join(map(str, [pyenv / "shims", system.parent])))
    assert list(candidates()) == [ours, system]


def test_only_a_cpython_of_2_7_will_do(tmp_path: Path) -> None:
    broken = program(tmp_path / "broken", "exit 127")
    pypy = program(tmp_path / "pypy", "echo \"('PyPy', (2, 7))\"")
    good = program(tmp_path / "good", "echo \"('CPython', (2, 7))\"")
    others = [tmp_path / "missing", broken, pypy, Path(sys.executable)]
    assert find_python2([*others, good]) == good
    assert find_python2(others) is None


def test_the_client_gets_what_martlet_needs_and_no_more() -> None:
    members, others = needed("martlet", packages())
    names = {member.name for member in members}
    assert {"martlet", "client_session", "websocket", "interfaces"} <= names
    assert any(one.startswith("multidict") for one in others)
    assert not any(one.startswith("martlet") for one in others)
    members, others = needed("martlet-websocket", packages())
    assert [member.name for member in members] == ["websocket"]
    assert [one.partition(">")[0] for one in others] == ["attrs"]


def test_without_python2_the_run_is_skipped_loudly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(_cli, "find_python2", lambda _places: None)
    monkeypatch.setattr(sys, "argv", ["autobahn", "--quick"])
    assert _cli.main() == 0
    printed = capsys.readouterr().out
    assert "nothing was tested" in printed
    # What the summary of all steps shows.
    assert printed.splitlines()[-1].startswith("SKIPPED, no Python 2.7")


def test_a_wrong_pattern_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["autobahn", "--cases", "8.*"])
    assert _cli.main() == 1
    assert "'8.*' is none of the cases" in capsys.readouterr().err
