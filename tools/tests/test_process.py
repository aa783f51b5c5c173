"""Programs run in a clean environment; a failing or hanging one fails the step, its output kept."""

import sys

import pytest

from checks.process import Report, StepError, clean_environment


def test_output_is_kept() -> None:
    report = Report()
    assert report.run(sys.executable, "-c", "print(6 * 7)") == "42\n"
    assert report.lines[-1] == "42"


def test_failure() -> None:
    report = Report()
    with pytest.raises(StepError, match="exit status 3"):
        report.run(sys.executable, "-c", "print('why'); raise SystemExit(3)")
    assert "why" in report.lines


def test_hanging_program_is_stopped_with_its_children() -> None:
    report = Report()
    with pytest.raises(StepError, match="stopped after 0 s"):
        # The child holds the pipe open: only stopping the whole session ends this.
        report.run("sh", "-c", "echo begun; sleep 60 & sleep 60", timeout=0.2)


def test_developers_settings_do_not_leak(monkeypatch: pytest.MonkeyPatch) -> None:
    clean_environment.cache_clear()
    monkeypatch.setenv("PYTEST_ADDOPTS", "--boom")
    monkeypatch.setenv("PYTHONWARNINGS", "ignore")
    environment = clean_environment()
    clean_environment.cache_clear()
    assert "PYTEST_ADDOPTS" not in environment
    assert "PYTHONWARNINGS" not in environment
