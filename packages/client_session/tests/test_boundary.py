import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_client_session._boundary import boundary_parameter, check_boundary, new_boundary

from .part_recording import INJECTIONS

ALLOWED = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'()+_,-./:=? "


def test_a_new_boundary_has_128_random_bits() -> None:
    boundaries = {new_boundary() for _ in range(100)}
    assert len(boundaries) == 100
    assert all(re.fullmatch("[0-9a-f]{32}", boundary) for boundary in boundaries)
    assert all(check_boundary(boundary) == boundary for boundary in boundaries)


@pytest.mark.parametrize("boundary", ["a", "x" * 70, " a b", ALLOWED[:-1], "gc0pJq0M:08jU534c0p"])
def test_a_boundary_as_the_grammar_has_it_is_taken(boundary: str) -> None:
    assert check_boundary(boundary[:70]) == boundary[:70]


@pytest.mark.parametrize(
    "boundary",
    ["", " ", "a ", "x" * 71, 'a"b', "a\\b", "a;b", "ü", "a\tb", "a\n"]
    + [f"a{part}b" for part in INJECTIONS]
    + INJECTIONS,
)
def test_another_one_is_a_value_error_that_says_what_to_give(boundary: str) -> None:
    with pytest.raises(ValueError, match=r"No boundary: .* give 1 to 70 ASCII letters"):
        check_boundary(boundary)


@pytest.mark.parametrize("boundary", [5, b"abc", ["a"]])
def test_what_is_no_string_is_a_type_error(boundary: str) -> None:
    with pytest.raises(TypeError, match=r"boundary cannot be .*: give str, or None"):
        check_boundary(boundary)


@pytest.mark.parametrize(
    ("boundary", "parameter"),
    [
        ("a-b", "boundary=a-b"),
        ("a'b", "boundary=a'b"),
        ("a b", 'boundary="a b"'),
        ("a:b", 'boundary="a:b"'),
        ("(?)=/,", 'boundary="(?)=/,"'),
    ],
)
def test_it_is_quoted_where_it_is_no_token(boundary: str, parameter: str) -> None:
    assert boundary_parameter(boundary) == parameter


@given(st.text(ALLOWED, min_size=1, max_size=80))
def test_all_that_can_be_a_boundary_is_one(boundary: str) -> None:
    if len(boundary) > 70 or boundary.endswith(" "):
        with pytest.raises(ValueError, match="No boundary"):
            check_boundary(boundary)
    else:
        assert check_boundary(boundary) == boundary
