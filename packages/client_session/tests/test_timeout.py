import math
from typing import Any

import pytest
from attrs.exceptions import FrozenInstanceError

from martlet_client_session import DEFAULT_TIMEOUT, ClientTimeout
from martlet_client_session._timeout import connector_timeouts, given_timeout, session_timeout
from martlet_interfaces import NO_TIMEOUTS, UNSET, Timeouts


def test_default_is_five_minutes_in_all_and_thirty_seconds_to_connect() -> None:
    assert ClientTimeout(total=300, sock_connect=30) == DEFAULT_TIMEOUT


def test_order_of_the_fields_is_frozen() -> None:
    timeout = ClientTimeout(1, 2, 3, 4, 6)
    assert timeout == ClientTimeout(
        total=1, connect=2, sock_read=3, sock_connect=4, ceil_threshold=6
    )


def test_timeout_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        ClientTimeout().total = 5  # type: ignore[misc]  # what is tested


def test_a_timeout_is_taken_as_it_is() -> None:
    timeout = ClientTimeout(connect=1)
    assert given_timeout(timeout) is timeout


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (5, ClientTimeout(total=5)),
        (0.5, ClientTimeout(total=0.5)),
        (0, ClientTimeout(total=0)),
        (None, ClientTimeout()),
        (math.inf, ClientTimeout(total=math.inf)),
    ],
)
def test_number_is_the_limit_in_all_and_none_is_no_limit(
    given: float | None, expected: ClientTimeout
) -> None:
    assert given_timeout(given) == expected


@pytest.mark.parametrize("given", ["5", True, (5,), object])
def test_anything_else_is_a_type_error_that_says_what_to_give(given: object) -> None:
    with pytest.raises(TypeError, match="must be a ClientTimeout, a number or None, not "):
        given_timeout(given)


@pytest.mark.parametrize("field", ["total", "connect", "sock_read", "sock_connect"])
@pytest.mark.parametrize("value", [-1, -0.001, math.nan])
def test_negative_limit_is_a_value_error_that_names_the_field(field: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"timeout {field} must not be negative: {value}"):
        given_timeout(ClientTimeout(**{field: value}))


def test_negative_number_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="timeout total must not be negative: -1"):
        given_timeout(-1)


def test_connector_gets_its_phases_and_nothing_of_the_total() -> None:
    timeout = ClientTimeout(total=1, connect=2, sock_read=3, sock_connect=4)
    assert connector_timeouts(timeout) == Timeouts(connect=2, sock_connect=4, sock_read=3)


def test_zero_is_no_limit_to_the_connector() -> None:
    timeout = ClientTimeout(total=9, connect=0, sock_read=0, sock_connect=0)
    assert connector_timeouts(timeout) == Timeouts()


def test_without_any_limit_the_connector_keeps_none_of_its_own() -> None:
    assert connector_timeouts(given_timeout(None)) == NO_TIMEOUTS
    assert connector_timeouts(ClientTimeout(total=0)) == NO_TIMEOUTS


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((UNSET, UNSET, None), DEFAULT_TIMEOUT),
        ((5, UNSET, None), ClientTimeout(total=5)),
        ((None, UNSET, None), ClientTimeout()),
        ((ClientTimeout(connect=1), UNSET, None), ClientTimeout(connect=1)),
        ((UNSET, 5, None), ClientTimeout(total=5, sock_connect=30)),
        ((UNSET, None, None), ClientTimeout(sock_connect=30)),
        ((UNSET, 0, None), ClientTimeout(total=0, sock_connect=30)),
        ((UNSET, UNSET, 7), ClientTimeout(total=300, connect=7, sock_connect=30)),
        ((UNSET, 5, 7), ClientTimeout(total=5, connect=7, sock_connect=30)),
    ],
)
def test_a_session_may_be_told_in_the_older_way(
    given: tuple[Any, Any, Any], expected: ClientTimeout
) -> None:
    assert session_timeout(*given) == expected


@pytest.mark.parametrize(
    ("older", "name"), [((5, None), "read_timeout"), ((UNSET, 5), "conn_timeout")]
)
def test_only_in_one_way(older: tuple[Any, Any], name: str) -> None:
    with pytest.raises(ValueError, match=f"timeout and {name} cannot both be given"):
        session_timeout(None, *older)


@pytest.mark.parametrize(
    ("older", "error"),
    [
        ((-1, None), ValueError),
        (("5", None), TypeError),
        ((UNSET, -1), ValueError),
        ((UNSET, math.nan), ValueError),
        ((UNSET, "5"), TypeError),
    ],
)
def test_the_older_ones_are_checked_too(older: tuple[Any, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        session_timeout(UNSET, *older)
