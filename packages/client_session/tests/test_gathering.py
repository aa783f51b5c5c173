import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_client_session._gathering import UntilSeparator, UntilSize


class Wake:
    """Counts how often it is called."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        self.count += 1


def test_size_is_enough_when_it_is_there_with_what_was_there_before() -> None:
    wake = Wake()
    gathering = UntilSize(wake, 5)
    gathering.writelines([b"ab"])
    assert gathering.write(b"cd") == 2
    assert (gathering.enough, wake.count) == (False, 0)
    gathering.write(b"e")
    gathering.write(b"f")
    assert (gathering.enough, wake.count) == (True, 2)
    assert gathering.getvalue() == b"abcdef"


def until(separator: bytes, before: bytes, *pieces: bytes, limit: int = 100) -> UntilSeparator:
    gathering = UntilSeparator(Wake(), separator, limit, before)
    gathering.writelines([before])
    for piece in pieces:
        gathering.write(piece)
    return gathering


@pytest.mark.parametrize(
    ("separator", "before", "pieces", "end"),
    [
        (b"\n", b"", [b"ab\ncd\n"], 3),
        (b"\n", b"ab", [b"c", b"\nd", b"\n"], 4),
        (b"\r\n", b"a\r", [b"\n"], 3),
        (b"---", b"a-", [b"-", b"-", b"---"], 4),
        (b"---", b"a--", [b"b", b"--", b"-c"], 7),
        (b"--", b"-", [b"a", b"-a", b"-"], -1),
        (b"abc", b"ab", [b"abc"], 5),
    ],
)
def test_separator_is_found_wherever_it_is_cut(
    separator: bytes, before: bytes, pieces: list[bytes], end: int
) -> None:
    gathering = until(separator, before, *pieces)
    assert gathering.end == end
    assert gathering.enough is (end >= 0)


def test_more_than_the_limit_is_enough_without_a_separator() -> None:
    assert not until(b"\n", b"ab", b"c", limit=3).enough
    gathering = until(b"\n", b"ab", b"cd", limit=3)
    assert gathering.enough
    assert gathering.end == -1
    assert isinstance(gathering._wake, Wake)
    gathering.write(b"\n")
    assert gathering.end == -1
    assert gathering._wake.count == 2


@given(
    st.lists(st.binary(min_size=1, max_size=3).map(lambda b: bytes(x & 1 for x in b))),
    st.binary(min_size=1, max_size=4).map(lambda b: bytes(x & 1 for x in b)),
)
def test_first_separator_is_found(pieces: list[bytes], separator: bytes) -> None:
    whole = b"".join(pieces)
    gathering = until(separator, b"", *pieces)
    at = whole.find(separator)
    assert gathering.end == (at + len(separator) if at >= 0 else -1)
    assert gathering.getvalue() == whole
