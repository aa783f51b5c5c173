"""What the check of users' environments reads, and that it runs what it says."""

import sys
from pathlib import Path

import pytest

from checks.places import ROOT
from checks.process import Report, StepError
from checks.uses import USES, Use, cost_of_import


@pytest.mark.parametrize("use", USES, ids=[use.name for use in USES])
def test_the_tests_of_each_use_are_there(use: Use) -> None:
    places = [ROOT / test for test in use.tests]
    found = [place.is_file() or list(place.glob("test_*.py")) for place in places]
    assert all(found)
    assert any(requirement.startswith("martlet") for requirement in use.requirements)


def test_an_import_has_its_cost() -> None:
    report = Report()
    cheap = cost_of_import(report, sys.executable, "sys")
    dear = cost_of_import(report, Path(sys.executable), "asyncio")
    assert 0 <= cheap < dear < 10


def test_what_cannot_be_imported_is_a_fault() -> None:
    with pytest.raises(StepError):
        cost_of_import(Report(), sys.executable, "no_such_module")
