"""`Timeouts`: its defaults, and that it is a value."""

import attrs
import pytest
from attrs.exceptions import FrozenInstanceError

from martlet_interfaces import NO_TIMEOUTS, Timeouts


def test_only_a_head_that_trickles_in_is_limited_by_default() -> None:
    assert attrs.asdict(Timeouts()) == {
        "connect": None,
        "sock_connect": None,
        "sock_read": None,
        "head": 60.0,
    }


def test_no_timeouts_limit_nothing() -> None:
    assert set(attrs.astuple(NO_TIMEOUTS)) == {None}


def test_they_are_values() -> None:
    assert Timeouts(sock_read=1.0) == Timeouts(sock_read=1.0)
    assert len({Timeouts(sock_read=1.0), Timeouts(sock_read=1.0), Timeouts(connect=1.0)}) == 2
    with pytest.raises(FrozenInstanceError):
        NO_TIMEOUTS.head = 1.0  # type: ignore[misc]  # what is tested
