import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_exceptions import BadHttpMessage, InvalidHeader, LineTooLong
from martlet_http_parser import DEFAULT_LIMITS, Limits
from martlet_http_parser._field_lines import (
    LINE_END,
    Field,
    read_field_line,
    read_fields,
    read_fields_slowly,
)

START = b"HTTP/1.1 200 OK\r\n"


def fast(lines: bytes) -> list[Field] | None:
    return read_fields(lines.decode("utf-8", "surrogateescape").split("\r\n"))[0]


def slow(
    lines: bytes, limits: Limits = DEFAULT_LIMITS, *, strict: bool = False
) -> tuple[list[Field], bool]:
    return read_fields_slowly(START + lines, len(START), limits, strict=strict)


def refused(
    lines: bytes, limits: Limits = DEFAULT_LIMITS, *, strict: bool = False
) -> BadHttpMessage:
    with pytest.raises(BadHttpMessage) as caught:
        slow(lines, limits, strict=strict)
    return caught.value


def test_a_lone_lf_ends_a_line_too() -> None:
    assert LINE_END.split(b"a\r\nb\nc\r\r\nd\re") == [b"a", b"b", b"c\r", b"d\re"]


@pytest.mark.parametrize(
    ("lines", "fields"),
    [
        (b"A: b", [("A", "b")]),
        (b"A:b\r\na: \t c d\t \r\nB:", [("A", "b"), ("a", "c d"), ("B", "")]),
        (b"A: b:c: d", [("A", "b:c: d")]),
        (b"A: b\tc", [("A", "b\tc")]),
        (b"A: \xc3\xa9\xff\xc2\x85\xe2\x80\xa8", [("A", "é\udcff\x85\u2028")]),
        (b"!#$%&'*+-.^_`|~09: x", [("!#$%&'*+-.^_`|~09", "x")]),
        (b"%s: x" % (b"n" * 500), [("n" * 500, "x")]),
    ],
)
def test_good_lines_are_read_alike_both_ways(lines: bytes, fields: list[Field]) -> None:
    for _ in range(2):  # the second time, they are remembered
        assert fast(lines) == fields
    for strict in (False, True):
        assert slow(lines, strict=strict) == (fields, False)


@pytest.mark.parametrize(
    ("lines", "fields", "at", "why"),
    [
        (b"A: b\nC: d", [("A", "b"), ("C", "d")], 0, "A field line ends in a lone LF"),
        (b"A: b\r\nB:\nC: d", [("A", "b"), ("B", ""), ("C", "d")], 6, "A field line ends in a"),
        (b"A: b\r\n c", [("A", "b c")], 6, "A field line is folded"),
        (b"A: b\r\n\t c \r\n \r\n d\r\nE: f", [("A", "b c d"), ("E", "f")], 6, "A field line is"),
        (b"A:\r\n b\n c", [("A", "b c")], 4, "A field line is folded"),
        (b"A: b\r\n \r\nC: d\r\n e", [("A", "b"), ("C", "d e")], 6, "A field line is folded"),
        (b"A: b\r\nC:\r\n \xc3\xa9", [("A", "b"), ("C", "é")], 10, "A field line is folded"),
    ],
)
def test_sloppy_lines_are_read_slowly_unless_strict(
    lines: bytes, fields: list[Field], at: int, why: str
) -> None:
    for _ in range(2):
        assert fast(lines) is None
        assert slow(lines) == (fields, True)
    error = refused(lines, strict=True)
    assert type(error) is InvalidHeader
    assert error.message.startswith(why)
    assert error.offset == len(START) + at
    assert lines[at:].startswith(error.excerpt)


NO_COLON = "A field line has no colon"
NAME_EMPTY = "The name of a field is empty"
NO_TOKEN = "The name of a field is no token"
SPACE = "The name of a field is followed by a space"
VALUE = "The value of a field has a control character"
FOLDED = "The first field line is folded"


@pytest.mark.parametrize(
    ("lines", "at", "why"),
    [
        (b"", 0, NO_COLON),
        (b"A", 0, NO_COLON),
        (b"A: b\r\nC", 6, NO_COLON),
        (b"A: b\r\n\rC", 6, NO_COLON),
        (b": b", 0, NAME_EMPTY),
        (b"A : b", 0, SPACE),
        (b"A\t: b", 0, SPACE),
        (b"A B: c", 0, NO_TOKEN),
        (b"A\0: c", 0, NO_TOKEN),
        (b"\rA: c", 0, NO_TOKEN),
        (b"\xc3\xa9: c", 0, NO_TOKEN),
        (b"\xff: c", 0, NO_TOKEN),
        (b"(A): c", 0, NO_TOKEN),
        (b"\xef\xbb\xbfA: c", 0, NO_TOKEN),
        (b"A: \0", 0, VALUE),
        (b"A: b\rc", 0, VALUE),
        (b"A: b\r", 0, VALUE),
        (b"A: b\x0b", 0, VALUE),
        (b"A: b\x7f", 0, VALUE),
        (b"A: \xff\x7f", 0, VALUE),
        (b"A: b\x1b[0m", 0, VALUE),
        (b"A: b\nC: \x01", 5, VALUE),
        (b"A: b\r\n c\x01", 6, VALUE),
        (b"A: b\r\n c\rd", 6, VALUE),
        (b" A: b", 0, FOLDED),
        (b"\t", 0, FOLDED),
    ],
)
def test_a_bad_line_is_refused(lines: bytes, at: int, why: str) -> None:
    assert fast(lines) is None
    error = refused(lines)
    assert type(error) is InvalidHeader
    assert (error.message, error.offset, error.excerpt) == (why, len(START) + at, lines[at:])


def test_an_excerpt_is_short() -> None:
    with pytest.raises(InvalidHeader) as caught:
        read_field_line(b"x" * 5000, 7)
    assert (caught.value.offset, caught.value.excerpt) == (7, b"x" * 100)


def test_a_line_may_be_so_long_and_no_longer() -> None:
    limits = Limits(field=20)
    good = b"A: b\r\nC: " + b"x" * 17
    assert not slow(good, limits)[1]
    error = refused(good + b"x", limits)
    assert type(error) is LineTooLong
    assert error.message == "A field line is longer than 20 bytes"
    assert (error.offset, error.excerpt) == (len(START) + 6, b"C: " + b"x" * 18)


def test_a_folded_field_may_be_so_long_and_no_longer() -> None:
    limits = Limits(field=20)
    good = b"A: 45678\r\n 23456\r\n 23456789"
    assert slow(good, limits) == ([("A", "45678 23456 23456789")], True)
    error = refused(good + b"0", limits)
    assert type(error) is LineTooLong
    assert error.message == "A folded field is longer than 20 bytes"
    assert error.offset == len(START) + good.index(b" 23456789")
    assert error.excerpt == b" 234567890"


def test_blank_folds_count() -> None:
    assert type(refused(b"A: b" + b"\n " * 200, Limits(field=100))) is LineTooLong


def test_there_may_be_so_many_fields_and_no_more() -> None:
    limits = Limits(fields=3)
    good = b"A: b\r\nA: b\r\nA: b"
    assert len(slow(good, limits)[0]) == 3
    error = refused(good + b"\r\nA: b", limits)
    assert type(error) is BadHttpMessage
    assert error.message == "More than 3 header fields"
    assert error.offset == len(START) + len(good) + 2


def test_folded_lines_are_no_fields_of_their_own() -> None:
    assert slow(b"A: b" + b"\r\n c" * 9, Limits(fields=1)) == ([("A", "b" + " c" * 9)], True)


PIECES = st.sampled_from(
    [
        b"\r\n",
        b"\r\n",
        b"\n",
        b"\r",
        b" ",
        b"\t",
        b":",
        b"A",
        b"Date",
        b": b",
        b"\xff",
        b"\xc3\xa9",
        b"\0",
        b"\x7f",
        b"Set-Cookie: a=b",
        b"\x85",
    ],
)


@given(st.lists(PIECES, max_size=12).map(b"".join))
def test_what_the_fast_reader_takes_the_slow_one_takes_alike(lines: bytes) -> None:
    for _ in range(2):
        fields = fast(lines)
        try:
            expected, sloppy = slow(lines)
        except BadHttpMessage:
            assert fields is None
        else:
            assert (fields is None) == sloppy
            assert fields is None or fields == expected
