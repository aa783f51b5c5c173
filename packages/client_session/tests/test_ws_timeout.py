import math
from typing import Any

import pytest
from attrs.exceptions import FrozenInstanceError

from martlet_client_session._ws_timeout import ClientWSTimeout

FIELDS = ("ws_receive", "ws_close")


def test_what_is_left_out_keeps_its_default() -> None:
    timeout = ClientWSTimeout()
    assert (timeout.ws_receive, timeout.ws_close) == (None, 10.0)
    assert ClientWSTimeout(ws_receive=5).ws_close == 10.0
    assert ClientWSTimeout(ws_close=5).ws_receive is None


def test_none_is_no_limit() -> None:
    assert ClientWSTimeout(ws_close=None).ws_close is None


def test_order_of_the_fields_is_frozen() -> None:
    assert ClientWSTimeout(1, 2) == ClientWSTimeout(ws_receive=1, ws_close=2)
    assert hash(ClientWSTimeout(1, 2)) == hash(ClientWSTimeout(1.0, 2.0))


def test_timeout_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        ClientWSTimeout().ws_close = 5  # type: ignore[misc]  # what is tested


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("value", [0, 0.5, 5, math.inf])
def test_a_number_is_taken_as_it_is(field: str, value: float) -> None:
    assert getattr(ClientWSTimeout(**{field: value}), field) == value


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("value", ["5", True, (5,), 1j, object()])
def test_anything_else_is_a_type_error_that_says_what_to_give(field: str, value: Any) -> None:
    text = f"^{field} must be a number of seconds or None, not {type(value).__name__}$"
    with pytest.raises(TypeError, match=text):
        ClientWSTimeout(**{field: value})


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("value", [-1, -0.001, -math.inf, math.nan])
def test_negative_limit_is_a_value_error_that_names_the_field(field: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"^{field} must not be negative: {value}$"):
        ClientWSTimeout(**{field: value})
