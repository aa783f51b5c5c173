"""`ConformanceError`: what it says, and to whom."""

import pickle

import pytest

from martlet_interfaces.testing import ConformanceError
from martlet_interfaces.testing._conformance_error import ViolationError, demand


def test_it_names_each_duty_and_what_happened_instead() -> None:
    error = ConformanceError({"cookies are left alone": "one was sent", "heads come": "none came"})
    assert str(error).splitlines() == [
        "The connector fails in these duties:",
        "* cookies are left alone: one was sent",
        "* heads come: none came",
    ]
    assert error.failures == {"cookies are left alone": "one was sent", "heads come": "none came"}


def test_test_frameworks_take_it_for_a_failed_assertion() -> None:
    assert issubclass(ConformanceError, AssertionError)


def test_it_pickles() -> None:
    error = pickle.loads(pickle.dumps(ConformanceError({"duty": "problem"})))
    assert (error.failures, str(error).count("duty: problem")) == ({"duty": "problem"}, 1)


def test_a_demand_that_is_met_says_nothing() -> None:
    demand(True, "never said")


def test_a_demand_that_is_not_met_says_so() -> None:
    with pytest.raises(ViolationError, match=r"^it was called twice$"):
        demand(False, "it was called twice")
