import pytest

from martlet_client_session._part_head import part_head

from .part_recording import INJECTIONS


def test_the_fields_stand_between_the_delimiter_and_a_blank_line() -> None:
    assert part_head("--b", []) == b"--b\r\n\r\n"
    fields = [("X-A", "1"), ("x-a", ""), ("!#$%&'*+-.^_`|~9", "a\tb \"ü\u010a'")]
    assert part_head("--b", fields) == (
        "--b\r\nX-A: 1\r\nx-a: \r\n!#$%&'*+-.^_`|~9: a\tb \"ü\u010a'\r\n\r\n".encode()
    )


@pytest.mark.parametrize("part", [*INJECTIONS, "\x80", "\x85", "\x9f", "\x1f", "\x0b"])
@pytest.mark.parametrize("place", ["{}", "a{}", "{}a", "a{}b"])
def test_what_could_be_more_than_a_value_is_a_value_error(part: str, place: str) -> None:
    value = place.format(part)
    if part == "\u010a":
        assert part_head("--b", [("X-A", value)]) == f"--b\r\nX-A: {value}\r\n\r\n".encode()
    elif part == "\ud800":
        with pytest.raises(UnicodeEncodeError):
            part_head("--b", [("X-A", value)])
    else:
        with pytest.raises(ValueError, match="field 'X-A' of a part has a control character"):
            part_head("--b", [("X-A", value)])


@pytest.mark.parametrize(
    "name", ["", " ", "a b", "a:", ":a", "ü", "a\t", "X-A\n", *(f"a{p}b" for p in INJECTIONS)]
)
def test_a_name_that_is_no_token_is_a_value_error(name: str) -> None:
    # Twice, as names are remembered.
    for _ in range(2):
        with pytest.raises(ValueError, match="The name of a part's header field is no token"):
            part_head("--b", [("X-A", "1"), (name, "x")])


@pytest.mark.parametrize("value", [5, None, b"x"])
def test_a_value_that_is_no_string_is_a_type_error(value: str) -> None:
    with pytest.raises(TypeError, match=r"field 'X-A' of a part cannot be .*: give str"):
        part_head("--b", [("X-A", value)])
