"""`HttpVersion`: a pair that compares."""

import pytest

from martlet_interfaces import HttpVersion, HttpVersion10, HttpVersion11


def test_it_is_a_pair() -> None:
    major, minor = HttpVersion11
    assert (major, minor) == (1, 1)
    assert (HttpVersion10.major, HttpVersion10.minor) == (1, 0)
    assert HttpVersion(1, 1) == HttpVersion11


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (HttpVersion10, HttpVersion11),
        (HttpVersion11, HttpVersion(2, 0)),
        (HttpVersion(1, 9), HttpVersion(1, 10)),
    ],
)
def test_versions_are_ordered(older: HttpVersion, newer: HttpVersion) -> None:
    assert older < newer
