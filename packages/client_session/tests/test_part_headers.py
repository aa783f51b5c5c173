import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_client_session._part_headers import parse_part_headers, part_length
from martlet_exceptions import ClientPayloadError, PayloadEncodingError


def parse(block: bytes, *, size: int = 8190, count: int = 128) -> list[tuple[str, str]]:
    headers = parse_part_headers(block, max_field_size=size, max_headers=count)
    return [(str(name), value) for name, value in headers.items()]


@pytest.mark.parametrize(
    ("block", "fields"),
    [
        (b"", []),
        (b"A: b\r\n", [("A", "b")]),
        (b"A: b\nC:d\r\n", [("A", "b"), ("C", "d")]),
        (b"A:\r\na: \t x \t\r\n", [("A", ""), ("a", "x")]),
        (b"A: b:c\r\n", [("A", "b:c")]),
        (b"A: b\r\n  c \r\n\td\r\nE: f\r\n", [("A", "b c d"), ("E", "f")]),
        (b"A:\r\n b\r\n  \r\n", [("A", "b")]),
        (b"A: \xc3\xa9\r\n", [("A", "\u00e9")]),
        (b"A: \xe9\r\n", [("A", "\udce9")]),
    ],
)
def test_fields_are_taken_apart(block: bytes, fields: list[tuple[str, str]]) -> None:
    assert parse(block) == fields


def test_names_are_found_in_any_case() -> None:
    headers = parse_part_headers(b"content-TYPE: a/b\r\n", max_field_size=99, max_headers=9)
    assert headers["Content-Type"] == "a/b"


@pytest.mark.parametrize(
    ("block", "message"),
    [
        (b"A\r\n", "has no colon"),
        (b"A b: c\r\n", "no token"),
        (b"A : c\r\n", "no token"),
        (b": c\r\n", "no token"),
        (b"\xc3\xa9: c\r\n", "no token"),
        (b" A: c\r\n", "first field of a part is folded"),
        (b"A: b\0\r\n", "control character"),
        (b"A: b\rc\r\n", "control character"),
        (b"A: b\r\r\n", "control character"),
        (b"A: b\r\n \x7f\r\n", "control character"),
    ],
)
def test_malformed_fields_are_refused(block: bytes, message: str) -> None:
    with pytest.raises(PayloadEncodingError, match=message) as caught:
        parse(block)
    assert caught.value.excerpt


def test_fields_are_bounded_with_their_folds() -> None:
    assert parse(b"A: 3456\r\n", size=7)
    assert parse(b"A: 3\r\n 23\r\nB: 3456\r\n", size=7)
    for block in (b"A: 34567\r\n", b"A: 3\r\n 234\r\n", b"A: 3\r\n" + b" 2\r\n" * 2):
        with pytest.raises(PayloadEncodingError, match="longer than 7 bytes"):
            parse(block, size=7)


def test_number_of_fields_is_bounded() -> None:
    assert len(parse(b"a:\r\n b\r\n" * 3, count=3)) == 3
    with pytest.raises(PayloadEncodingError, match="more than 3 header fields"):
        parse(b"a:\r\n" * 4, count=3)


@given(st.binary(max_size=50) | st.text("aB-: \t\r\n\0\u00e9", max_size=20).map(str.encode))
def test_anything_is_parsed_or_refused(block: bytes) -> None:
    try:
        for name, value in parse(block + b"\r\n"):
            assert name.isascii()
            assert value == value.strip(" \t")
            assert not {*"\r\n\0"} & {*value}
    except ClientPayloadError:
        pass


def test_length_of_a_part() -> None:
    assert part_length({}, "mixed") is None
    assert part_length({"Content-Length": "012"}, "mixed") == 12
    assert part_length({"Content-Length": "x"}, "form-data") is None


@pytest.mark.parametrize("value", ["", "+5", "-5", "5_0", "\u0665", "1, 1", "1" * 20, "\udce9"])
def test_length_that_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(PayloadEncodingError, match="is no number"):
        part_length({"Content-Length": value}, "mixed")
