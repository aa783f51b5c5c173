import pytest

from martlet_client_session import ClientResponse
from martlet_client_session._reading import READING, Reading


def resolver(_response: ClientResponse, _body: bytes) -> str:
    return "latin-1"


def facts(reading: Reading) -> tuple[object, ...]:
    return reading.auto_decompress, reading.read_limit, reading.until_eof, reading.resolver


def test_what_a_session_begins_with() -> None:
    assert facts(READING) == (True, 262144, True, None)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ((None, None, True), (False, 5, True, resolver)),
        ((None, None, False), (False, 5, False, resolver)),
        ((True, None, True), (True, 5, True, resolver)),
        ((False, 0, True), (False, 0, True, resolver)),
        ((None, 7, True), (False, 7, True, resolver)),
    ],
)
def test_a_request_changes_what_it_names(
    wanted: tuple[bool | None, int | None, bool], expected: tuple[object, ...]
) -> None:
    session = Reading(False, 5, True, resolver)
    assert facts(session.but(*wanted)) == expected
    assert facts(session) == (False, 5, True, resolver)


def test_a_negative_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="read_bufsize must not be negative: -1"):
        Reading(read_limit=-1)
    with pytest.raises(ValueError, match="read_bufsize"):
        READING.but(None, -1, True)


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(TypeError):
        Reading(read_limit="5")  # type: ignore[arg-type]  # what is tested
