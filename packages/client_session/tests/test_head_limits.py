import pytest

from martlet_client_session._head_limits import head_limits
from martlet_interfaces import HeadLimits


def test_what_nobody_has_said_is_left_to_the_connector() -> None:
    assert head_limits(None, None, None, None) is None


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((1, None, None), HeadLimits(line=1)),
        ((None, 2, None), HeadLimits(field=2)),
        ((None, None, 3), HeadLimits(fields=3)),
        ((1, 2, 3), HeadLimits(line=1, field=2, fields=3)),
        ((0, 0, 0), HeadLimits(line=0, field=0, fields=0)),
    ],
)
def test_what_is_given_is_a_cap(
    given: tuple[int | None, int | None, int | None], expected: HeadLimits
) -> None:
    assert head_limits(None, *given) == expected


def test_a_request_changes_what_it_names_of_the_sessions() -> None:
    session = HeadLimits(line=1, field=2, fields=3)
    assert head_limits(session, None, None, None) is session
    assert head_limits(session, None, 9, None) == HeadLimits(line=1, field=9, fields=3)
    assert session == HeadLimits(line=1, field=2, fields=3)


@pytest.mark.parametrize("position", [0, 1, 2])
@pytest.mark.parametrize(
    ("value", "error"), [("1", TypeError), (True, TypeError), (1.5, TypeError), (-1, ValueError)]
)
def test_what_is_no_number_of_bytes_or_fields_is_refused(
    position: int, value: object, error: type[Exception]
) -> None:
    given = [None, None, None, None]
    given[position + 1] = value  # type: ignore[call-overload]  # what is tested
    name = ("max_line_size", "max_field_size", "max_headers")[position]
    with pytest.raises(error, match=name):
        head_limits(*given)
