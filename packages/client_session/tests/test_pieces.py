import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_client_session._pieces import peek_pieces, take_pieces


@pytest.mark.parametrize(
    ("n", "taken", "left", "offset"),
    [
        (1, b"a", [b"ab", b"cd"], 1),
        (2, b"ab", [b"cd"], 0),
        (3, b"abc", [b"cd"], 1),
        (4, b"abcd", [], 0),
        (9, b"abcd", [], 0),
    ],
)
def test_take_gives_bytes_and_where_the_rest_begins(
    n: int, taken: bytes, left: list[bytes], offset: int
) -> None:
    pieces = [b"ab", b"cd"]
    assert take_pieces(pieces, n) == (taken, offset)
    assert pieces == left


def test_nothing_is_taken_of_nothing() -> None:
    assert take_pieces([], 3) == (b"", 0)
    assert peek_pieces([], 3) == b""


@given(st.lists(st.binary(min_size=1, max_size=5)), st.integers(min_value=0, max_value=30))
def test_what_is_taken_and_what_is_left_are_the_whole(pieces: list[bytes], n: int) -> None:
    whole = b"".join(pieces)
    assert peek_pieces(pieces, n) == whole[:n]
    taken, offset = take_pieces(pieces, n)
    assert taken == whole[:n]
    assert b"".join(pieces)[offset:] == whole[n:]
