import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_client_session._chunk_ends import ChunkEnds


def ends_of(*calls: tuple[list[bytes], bool]) -> ChunkEnds:
    ends, at = ChunkEnds(), 0
    for pieces, open_end in calls:
        after = at + len(b"".join(pieces))
        ends.add(pieces, open_end, at, after)
        at = after
    return ends


def all_of(ends: ChunkEnds, position: int = 0) -> list[int]:
    found = []
    while (end := ends.next(position)) is not None:
        found.append(end)
        ends.passed(end)
        position = end
    return found


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        ([], []),
        ([([b"ab", b"c"], False)], [2, 3]),
        ([([b"ab", b"c"], True)], [2]),
        ([([b"ab", b"c"], True), ([b"de"], False)], [2, 5]),
        ([([b"ab"], True), ([b"c"], True), ([b"d", b"e"], True), ([b"f"], False)], [4, 6]),
        ([([b"ab"], True), ([b"c"], False), ([b"d"], False)], [3, 4]),
    ],
)
def test_pieces_end_chunks_but_for_an_open_one(
    calls: list[tuple[list[bytes], bool]], expected: list[int]
) -> None:
    assert all_of(ends_of(*calls)) == expected


def test_an_end_stays_until_it_is_passed() -> None:
    ends = ends_of(([b"ab", b"cd", b"ef"], False))
    assert len(ends) == 3
    assert ends.next(0) == ends.next(2) == 2
    assert len(ends) == 3
    assert ends.next(3) == 4
    assert len(ends) == 2
    ends.passed(4)
    assert ends.next(0) == 6
    assert ends.next(7) is None
    assert len(ends) == 0


def test_settling_keeps_the_last_end() -> None:
    ends = ends_of(([b"ab", b"cd"], False))
    ends.settle()
    assert all_of(ends, 4) == [4]
    ends.add([b"e"], False, 4, 5)
    assert all_of(ends, 4) == [5]


def test_settling_within_an_open_chunk_does_not_lose_its_beginning() -> None:
    ends = ends_of(([b"ab", b"cd"], True))
    ends.settle()
    assert ends.next(4) is None
    ends.add([b"e"], False, 4, 5)
    assert all_of(ends, 4) == [5]


@pytest.mark.parametrize(
    ("pieces", "open_end", "then"),
    [
        ([b"cd"], False, [5, 6]),
        ([b"cd"], True, [6]),
        ([b"c", b"d"], True, [6]),
        ([b"c", b"d"], False, [5, 6]),
    ],
)
def test_ends_of_what_is_skipped_are_not_kept_but_for_the_last(
    pieces: list[bytes], open_end: bool, then: list[int]
) -> None:
    ends = ends_of(([b"a", b"b"], False), ([b"x"], True))
    ends.skip(pieces, open_end, 5)
    assert len(ends) == 1
    ends.add([b"e"], False, 5, 6)
    assert all_of(ends, 5) == then


def test_ends_told_by_hand_do_not_make_empty_chunks() -> None:
    ends = ChunkEnds()
    for position in (0, 2, 2, 5, 5):
        ends.end(position)
    assert all_of(ends) == [2, 5]


_CALLS = st.lists(
    st.tuples(st.lists(st.binary(min_size=1, max_size=3), min_size=1, max_size=5), st.booleans())
)


@given(_CALLS, st.lists(st.integers(min_value=0, max_value=60)))
def test_next_end_is_the_first_that_is_not_before_the_position(
    calls: list[tuple[list[bytes], bool]], positions: list[int]
) -> None:
    ends = ends_of(*calls)
    expected, at = [], 0
    for pieces, open_end in calls:
        for index, piece in enumerate(pieces, 1):
            at += len(piece)
            if index < len(pieces) or not open_end:
                expected.append(at)
    for position in sorted(positions):
        assert ends.next(position) == next((end for end in expected if end >= position), None)
