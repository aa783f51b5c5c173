"""`HeadLimits`: what it leaves open, and that it is a value."""

import attrs
import pytest
from attrs.exceptions import FrozenInstanceError

import martlet_interfaces
from martlet_interfaces import HeadLimits


def test_what_is_not_given_is_left_to_the_connector() -> None:
    assert attrs.asdict(HeadLimits()) == {"line": None, "field": None, "fields": None}
    assert attrs.astuple(HeadLimits(1, 2, 3)) == (1, 2, 3)
    assert attrs.astuple(HeadLimits(field=0)) == (None, 0, None)


def test_they_are_values() -> None:
    # So that a connector may remember what it makes of them.
    assert len({HeadLimits(line=1), HeadLimits(line=1), HeadLimits(field=1)}) == 2
    with pytest.raises(FrozenInstanceError):
        HeadLimits().line = 1  # type: ignore[misc]  # what is tested


def test_they_are_loaded_when_they_are_first_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(vars(martlet_interfaces), "HeadLimits")
    assert martlet_interfaces.HeadLimits is HeadLimits
    assert vars(martlet_interfaces)["HeadLimits"] is HeadLimits
