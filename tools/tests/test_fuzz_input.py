"""What the fuzzer makes of bytes, and of what a process prints."""

import pytest

from checks.places import packages
from fuzz._budget import run_within_budget
from fuzz._child import word_list
from fuzz._environment import requirements
from fuzz._input import Input, cut
from fuzz._outcome import Outcome, read_outcome
from fuzz._report import explain, table
from fuzz._runner import share
from fuzz._target import FindingError, Target


def test_choices_come_first() -> None:
    source = Input(b"\x05\x02rest")
    low, second, third, *others = source.flags()
    assert (low, second, third, any(others)) == (True, False, True, False)
    assert source.byte() == 2
    assert source.rest() == b"rest"


def test_choices_of_nothing() -> None:
    source = Input(b"")
    assert source.byte() == 0
    assert not any(source.flags())
    assert source.rest() == b""


@pytest.mark.parametrize(
    ("choices", "swollen"),
    [
        (b"\x00\x00\x02", b"abababcdef"[2:]),
        (b"\x00\x02\x02", b"abcdcdef"),
        (b"\x01\x05\x63", b"abcdeffff"),
        (b"\x0f\x06\x01", b"abcdef"),
        (b"\x0f\x00\x00", b"abcdef"),
    ],
)
def test_a_part_is_repeated(choices: bytes, swollen: bytes) -> None:
    assert Input(choices + b"abcdef").swollen_rest() == swollen


def test_what_swells_is_bounded() -> None:
    swollen = Input(b"\x0f\x01\x03" + b"abcdef").swollen_rest()
    assert 65_536 - 6 <= len(swollen) <= 65_536
    assert swollen.startswith(b"abcdbcd")
    assert swollen.endswith(b"bcdef")
    large = b"x" * 70_000
    assert Input(b"\x0f\x01\x03" + large).swollen_rest() == large


@pytest.mark.parametrize(
    ("lengths", "pieces"),
    [
        ([1], [b"a", b"b", b"c", b"d", b"e"]),
        ([2, 1], [b"ab", b"c", b"de"]),
        ([9], [b"abcde"]),
    ],
)
def test_cut(lengths: list[int], pieces: list[bytes]) -> None:
    assert cut(b"abcde", lengths) == pieces
    assert cut(b"", lengths) == []


@pytest.mark.parametrize(
    ("seconds", "targets", "jobs", "each"),
    [(60, 6, 2, 20), (60, 7, 2, 15), (60, 1, 2, 60), (5, 20, 1, 1)],
)
def test_share(seconds: int, targets: int, jobs: int, each: int) -> None:
    assert share(seconds, targets, jobs) == each


def test_words_are_quoted() -> None:
    assert word_list((b"a=b", b'"\\', b"\r\n\xff")) == '"a=b"\n"\\x22\\x5c"\n"\\x0d\\x0a\\xff"\n'


def test_budget_grows_with_the_input() -> None:
    target = Target("long", len, (), (), seconds_per_byte=0.25)
    run_within_budget(target, b"xx", iter([7.0, 8.0]).__next__)
    with pytest.raises(FindingError, match=r"1 bytes took 1\.00 s, more than 0\.75 s"):
        run_within_budget(target, b"x", iter([7.0, 8.0]).__next__)


PRINTED = """$ python -m fuzz._child run response
INFO: Instrumenting martlet_http_parser
#2\tINITED cov: 5 ft: 6 corp: 1/1b exec/s: 0 rss: 40Mb
#300\tNEW    cov: 46 ft: 48 corp: 3/6b lim: 14 exec/s: 0 rss: 50Mb L: 1/4 MS: 2 ChangeBit-
#400\tDONE   cov: 47 ft: 49 corp: 3/6b lim: 4096 exec/s: 98467 rss: 50Mb
stat::number_of_executed_units: 400
stat::average_exec_per_sec:     80
"""
FOUND = """ === Uncaught Python exception: ===
IndexError: there it is
artifact_prefix='/x/'; Test unit written to /x/crash-1
stat::number_of_executed_units: 7
"""


def test_figures() -> None:
    outcome = read_outcome("response", PRINTED, failed=False, before=10, corpus=12)
    assert outcome == Outcome("response", 400, 80, 47, 49, 2, 12, None, None)
    assert explain(outcome) == ""
    cells = [cell.strip() for cell in table([outcome]).splitlines()[2].split("|")[1:-1]]
    assert cells == ["response", "400", "80", "47", "49", "2", "12", "0"]


def test_finding() -> None:
    outcome = read_outcome("response", PRINTED + FOUND, failed=True, before=3, corpus=2)
    assert (outcome.finding, outcome.executions, outcome.added) == ("/x/crash-1", 7, 0)
    said = explain(outcome)
    assert said.startswith("response found /x/crash-1\n")
    assert "IndexError: there it is" in said
    assert "Instrumenting" not in said
    assert "--replay /x/crash-1 --target response" in said
    assert table([outcome]).splitlines()[2].endswith("1 |")


def test_a_process_that_does_not_start() -> None:
    outcome = read_outcome("response", "ImportError: no", failed=True, before=0, corpus=0)
    assert (outcome.executions, outcome.coverage, outcome.finding) == (0, 0, None)
    assert explain(outcome).startswith("response ended without an input to blame:\n")
    assert "ImportError: no" in explain(outcome)


def test_requirements_leave_siblings_out() -> None:
    found = requirements([one for one in packages() if one.name in ("exceptions", "interfaces")])
    assert any(one.startswith("multidict") for one in found)
    assert any(one.startswith("brotli") for one in found)
    assert not any(one.startswith("martlet") for one in found)
