import pickle

import pytest

from martlet_client_session._body_line import BodyLineTooLong, checked_separator
from martlet_exceptions import BadHttpMessage, ClientPayloadError, LineTooLong


@pytest.mark.parametrize("kind", [LineTooLong, BadHttpMessage, ClientPayloadError, ValueError])
def test_line_that_is_too_long_is_caught_by_whatever_caught_it_before(
    kind: type[Exception],
) -> None:
    error = BodyLineTooLong("Got more than 3 bytes of a line", excerpt=b"x" * 1000)
    assert isinstance(error, kind)
    assert error.excerpt == b"x" * 100
    assert str(error).startswith("Got more than 3 bytes of a line: ")
    assert pickle.loads(pickle.dumps(error)).message == error.message


@pytest.mark.parametrize("separator", [b"ab", bytearray(b"ab"), memoryview(b"ab")])
def test_bytes_like_separator_is_made_bytes(separator: object) -> None:
    checked = checked_separator(separator)
    assert checked == b"ab"
    assert type(checked) is bytes


@pytest.mark.parametrize("separator", [b"", bytearray()])
def test_empty_separator_is_a_value_error(separator: object) -> None:
    with pytest.raises(ValueError, match=r"^The separator is empty: give at least one byte$"):
        checked_separator(separator)


@pytest.mark.parametrize("separator", ["\n", 10, None])
def test_separator_that_is_no_bytes_is_a_type_error(separator: object) -> None:
    with pytest.raises(TypeError, match=r"^The separator cannot be \w+: give bytes$"):
        checked_separator(separator)
