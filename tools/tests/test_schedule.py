"""Steps run after what they need; one fault does not hide another."""

import pytest

from checks.process import Report
from checks.schedule import Step, closure, run_all, summary


def good(report: Report) -> None:
    report.say("======= 3 passed in 0.1s =======\nand more")


def bad(report: Report) -> None:
    report.fail("it is broken")


def crash(report: Report) -> None:
    raise RuntimeError("the tool itself")


STEPS = [
    Step("first", "a", good),
    Step("bad", "b", bad, ("first",)),
    Step("after-bad", "c", good, ("bad",)),
    Step("crash", "d", crash),
    Step("last", "e", good, ("first",)),
]


def test_all_faults_shown(capsys: pytest.CaptureFixture[str]) -> None:
    results = run_all(STEPS)
    assert [result.ok for result in results] == [True, False, False, False, True]
    table = summary(results, 12.3)
    assert "not run: bad failed" in table
    assert table.endswith("3 of 5 steps failed in 12 s")
    output = capsys.readouterr().out
    assert "it is broken" in output
    assert "RuntimeError: the tool itself" in output
    assert "======= 3 passed in 0.1s =======" in output


def test_closure() -> None:
    assert [step.name for step in closure(STEPS, ["after-bad"])] == ["first", "bad", "after-bad"]
