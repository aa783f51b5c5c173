import pytest

from martlet_cookiejar._file_size import MOST_BYTES, last_that_fit

HALF = "x" * (MOST_BYTES // 2)


@pytest.mark.parametrize(
    ("lines", "around", "between", "left_out"),
    [
        ([], 0, 0, 0),
        (["a"], 10, 2, 0),
        ([HALF, HALF], 0, 0, 0),
        ([HALF, HALF], 1, 0, 1),
        ([HALF, HALF], 0, 1, 1),
        (["a", HALF, HALF], 0, 0, 1),
        (["a", HALF, "b", HALF], 0, 0, 2),
        ([HALF + HALF + "x"], 0, 0, 1),
        (["a"], MOST_BYTES, 0, 1),
    ],
)
def test_the_first_are_left_out(lines: list[str], around: int, between: int, left_out: int) -> None:
    assert last_that_fit(lines, around, between) == lines[left_out:]


def test_octets_count_and_not_characters() -> None:
    large = "\xe9" * (MOST_BYTES // 2)
    assert last_that_fit([large], 0, 0) == [large]
    assert last_that_fit([large], 1, 0) == []
    odd = "\udcff" * MOST_BYTES
    assert last_that_fit(["a", odd], 0, 0) == [odd]
