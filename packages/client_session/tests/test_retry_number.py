"""Numbers that a retry policy is given."""

from math import inf, nan

import pytest

from martlet_client_session._retry_number import given_number


@pytest.mark.parametrize(("value", "least"), [(0, 0.0), (1.5, 1.0), (1, 1.0), (2**1000, 0.0)])
def test_what_is_taken(value: float, least: float) -> None:
    number = given_number("x", value, least)
    assert number == value
    assert isinstance(number, float)


def test_infinity_where_it_may_be() -> None:
    assert given_number("x", inf, finite=False) == inf
    assert given_number("x", 10**400, finite=False) == inf


@pytest.mark.parametrize("value", ["1", None, True, [1], 1j])
def test_what_is_no_number(value: object) -> None:
    with pytest.raises(TypeError, match=r"^wait must be a number, not "):
        given_number("wait", value)


@pytest.mark.parametrize(
    ("value", "shown"), [(-1, "-1"), (nan, "nan"), (-inf, "-inf"), (-(10**400), "-inf")]
)
def test_what_is_too_little(value: float, shown: str) -> None:
    for finite, upper in ((True, " and finite"), (False, "")):
        with pytest.raises(ValueError, match=f"^wait must be at least 0{upper}, not {shown}$"):
            given_number("wait", value, finite=finite)


@pytest.mark.parametrize("value", [inf, 10**400], ids=["infinity", "large"])
def test_what_is_too_much(value: float) -> None:
    with pytest.raises(ValueError, match=r"^wait must be at least 1 and finite, not inf$"):
        given_number("wait", value, 1.0)
