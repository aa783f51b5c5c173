"""`OriginResponse`: what it is by default."""

import attrs
import pytest
from attrs.exceptions import FrozenInstanceError

from martlet_interfaces.testing import OriginResponse, Then


def test_by_default_it_is_an_empty_success() -> None:
    assert attrs.asdict(OriginResponse()) == {
        "status": 200,
        "headers": (),
        "chunks": (),
        "then": Then.END,
        "silent": False,
        "reason": "",
    }


def test_it_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        OriginResponse().status = 404  # type: ignore[misc]  # what is tested
