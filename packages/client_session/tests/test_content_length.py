import pytest
from multidict import CIMultiDict

from martlet_client_session._content_length import content_length


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0", 0),
        ("0012", 12),
        ("9" * 19, int("9" * 19)),
        ("9" * 20, None),
        ("", None),
        ("-1", None),
        ("+1", None),
        ("1, 1", None),
        ("\u0661", None),
    ],
)
def test_only_a_number_counts(value: str, expected: int | None) -> None:
    assert content_length(CIMultiDict({"content-length": value})) == expected


def test_no_field_says_nothing() -> None:
    assert content_length(CIMultiDict()) is None
