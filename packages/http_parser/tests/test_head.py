import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_exceptions import BadHttpMessage, BadStatusLine, InvalidHeader, LineTooLong
from martlet_http_parser import DEFAULT_LIMITS, Limits
from martlet_http_parser._head import (
    bad_status_line,
    find_head_end,
    parse_head,
    parse_head_slowly,
    read_field_line,
)
from martlet_interfaces import HttpVersion10, HttpVersion11, ResponseHead

Fields = list[tuple[str, str]]

OK = b"HTTP/1.1 200 OK\r\n"


def facts(head: ResponseHead) -> tuple[object, ...]:
    return head.version, head.status, head.reason, list(head.headers.items())


@pytest.mark.parametrize(
    ("data", "start", "span"),
    [
        (b"", 0, None),
        (b"a\r\n", 0, None),
        (b"a\r\n\r", 0, None),
        (b"a\r\n\r\nb", 0, (1, 5)),
        (b"a\n\nb", 0, (1, 3)),
        (b"a\r\n\nb", 0, (1, 4)),
        (b"a\n\r\nb", 0, (1, 4)),
        (b"a\n\nb\r\n\r\n", 0, (1, 3)),
        (b"a\r\r\n\r\n", 0, (2, 6)),
        (b"a\n\nb\n\n", 3, (4, 6)),
    ],
)
def test_a_head_ends_at_its_first_empty_line(
    data: bytes, start: int, span: tuple[int, int] | None
) -> None:
    assert find_head_end(data, start) == span
    assert find_head_end(bytearray(data), start) == span


GOOD: list[tuple[bytes, tuple[object, ...]]] = [
    (b"HTTP/1.1 200 OK", (HttpVersion11, 200, "OK", [])),
    (b"HTTP/1.0 404 Not Found", (HttpVersion10, 404, "Not Found", [])),
    (b"HTTP/1.1 299 ", (HttpVersion11, 299, "", [])),
    (b"HTTP/1.1 999  a\tb ", (HttpVersion11, 999, " a\tb ", [])),
    (b"HTTP/1.1 200 caf\xc3\xa9 \xff", (HttpVersion11, 200, "café \udcff", [])),
    (OK + b"A: b", (HttpVersion11, 200, "OK", [("A", "b")])),
    (
        OK + b"A:b\r\na: \t c d\t \r\nB:",
        (HttpVersion11, 200, "OK", [("A", "b"), ("a", "c d"), ("B", "")]),
    ),
    (OK + b"A: b:c: d", (HttpVersion11, 200, "OK", [("A", "b:c: d")])),
    (OK + b"A: \xc3\xa9\xff\xc2\x85", (HttpVersion11, 200, "OK", [("A", "é\udcff\x85")])),
    (OK + b"!#$%&'*+-.^_`|~09: x", (HttpVersion11, 200, "OK", [("!#$%&'*+-.^_`|~09", "x")])),
    (OK + b"%s: x" % (b"n" * 500), (HttpVersion11, 200, "OK", [("n" * 500, "x")])),
    (b"HTTP/1.1 200 " + b"r" * 500, (HttpVersion11, 200, "r" * 500, [])),
]


@pytest.mark.parametrize(("block", "expected"), GOOD)
def test_a_good_head_is_read_alike_both_ways(block: bytes, expected: tuple[object, ...]) -> None:
    for _ in range(2):  # the second time, its lines are remembered
        head = parse_head(block, DEFAULT_LIMITS)
        assert head is not None
        assert facts(head) == expected
    slow, sloppy = parse_head_slowly(block, DEFAULT_LIMITS)
    assert facts(slow) == expected
    assert not sloppy


@pytest.mark.parametrize(
    ("block", "reason", "fields"),
    [
        (b"HTTP/1.1 200", "", []),
        (b"HTTP/1.1 200\r\nA: b", "", [("A", "b")]),
        (b"HTTP/1.1 200 OK\nA: b", "OK", [("A", "b")]),
        (OK + b"A: b\nC: d", "OK", [("A", "b"), ("C", "d")]),
        (OK + b"A: b\r\n c", "OK", [("A", "b c")]),
        (OK + b"A: b\r\n\t c \r\n \r\n d\r\nE: f", "OK", [("A", "b c d"), ("E", "f")]),
        (OK + b"A:\r\n b\n c", "OK", [("A", "b c")]),
        (OK + b"A: b\r\n \r\nC: d\r\n e", "OK", [("A", "b"), ("C", "d e")]),
    ],
)
def test_a_sloppy_head_is_read_slowly(block: bytes, reason: str, fields: Fields) -> None:
    for _ in range(2):
        assert parse_head(block, DEFAULT_LIMITS) is None
        head, sloppy = parse_head_slowly(block, DEFAULT_LIMITS)
        assert facts(head) == (HttpVersion11, 200, reason, fields)
        assert sloppy


NO_PREFIX = "The response does not begin with 'HTTP/'"
VERSION = "The response's version is neither HTTP/1.0 nor HTTP/1.1"
CONTROL = "The status line has a control character"
NO_STATUS = "The status line has no status code of three digits"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"", NO_PREFIX),
        (b" HTTP/1.1 200 OK", NO_PREFIX),
        (b"http/1.1 200 OK", NO_PREFIX),
        (b"ICY 200 OK", NO_PREFIX),
        (b"\x00HTTP/1.1 200 OK", NO_PREFIX),
        (b"HTTP/", VERSION),
        (b"HTTP/2 200", VERSION),
        (b"HTTP/1.2 200 OK", VERSION),
        (b"HTTP/1.10 200 OK", VERSION),
        (b"HTTP/01.1 200 OK", VERSION),
        (b"HTTP/1.1\t200 OK", VERSION),
        (b"HTTP/1.1", NO_STATUS),
        (b"HTTP/1.1 ", NO_STATUS),
        (b"HTTP/1.1  200 OK", NO_STATUS),
        (b"HTTP/1.1 20 OK", NO_STATUS),
        (b"HTTP/1.1 2000 OK", NO_STATUS),
        (b"HTTP/1.1 099 OK", NO_STATUS),
        (b"HTTP/1.1 +20 OK", NO_STATUS),
        (b"HTTP/1.1 2_0 OK", NO_STATUS),
        (b"HTTP/1.1 \xd9\xa2\xd9\xa0\xd9\xa0 OK", NO_STATUS),
        (b"HTTP/1.1 200OK", NO_STATUS),
        (b"HTTP/1.1 200 O\0K", CONTROL),
        (b"HTTP/1.1 200 OK\r", CONTROL),
        (b"HTTP/1.1 200 O\rK", CONTROL),
        (b"HTTP/1.1 200 O\x7fK", CONTROL),
        (b"HTTP/1.1 200 " + b"x" * 200 + b"\x1b", CONTROL),
    ],
)
@pytest.mark.parametrize("rest", [b"", b"\r\nA: b"])
def test_a_bad_status_line_is_refused(line: bytes, rest: bytes, why: str) -> None:
    assert parse_head(line + rest, DEFAULT_LIMITS) is None
    with pytest.raises(BadStatusLine) as caught:
        parse_head_slowly(line + rest, DEFAULT_LIMITS)
    assert type(caught.value) is BadStatusLine
    assert caught.value.message == why
    assert caught.value.offset == 0
    assert caught.value.excerpt == line[:100]


def test_the_beginning_of_no_status_line_can_be_explained() -> None:
    error = bad_status_line("HTTP/3")
    assert (error.message, error.offset, error.excerpt) == (VERSION, 0, b"HTTP/3")


NO_COLON = "A field line has no colon"
NAME_EMPTY = "The name of a field is empty"
NO_TOKEN = "The name of a field is no token"
SPACE = "The name of a field is followed by a space"
VALUE = "The value of a field has a control character"
FOLDED = "The first field line is folded"


@pytest.mark.parametrize(
    ("lines", "at", "why"),
    [
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
        (b"A: \0", 0, VALUE),
        (b"A: b\rc", 0, VALUE),
        (b"A: b\r", 0, VALUE),
        (b"A: b\x0b", 0, VALUE),
        (b"A: b\x7f", 0, VALUE),
        (b"A: b\x1b[0m", 0, VALUE),
        (b"A: b\nC: \x01", 5, VALUE),
        (b"A: b\r\n c\x01", 6, VALUE),
        (b"A: b\r\n c\rd", 6, VALUE),
        (b" A: b", 0, FOLDED),
        (b"\t", 0, FOLDED),
    ],
)
def test_a_bad_field_line_is_refused(lines: bytes, at: int, why: str) -> None:
    block = OK + lines
    assert parse_head(block, DEFAULT_LIMITS) is None
    with pytest.raises(InvalidHeader) as caught:
        parse_head_slowly(block, DEFAULT_LIMITS)
    assert type(caught.value) is InvalidHeader
    assert caught.value.message == why
    assert caught.value.offset == len(OK) + at
    assert caught.value.excerpt == lines[at:]


def test_an_excerpt_is_short() -> None:
    with pytest.raises(InvalidHeader) as caught:
        read_field_line(b"x" * 5000, 7)
    assert (caught.value.offset, caught.value.excerpt) == (7, b"x" * 100)


def test_a_status_line_may_be_so_long_and_no_longer() -> None:
    limits = Limits(line=20)
    head, _ = parse_head_slowly(b"HTTP/1.1 200 4567890\r\nA: b", limits)
    assert head.reason == "4567890"
    with pytest.raises(LineTooLong) as caught:
        parse_head_slowly(b"HTTP/1.1 200 45678901\r\nA: b", limits)
    assert type(caught.value) is LineTooLong
    assert caught.value.message == "The status line is longer than 20 bytes"
    assert caught.value.offset == 0
    assert caught.value.excerpt == b"HTTP/1.1 200 45678901"


def test_a_field_line_may_be_so_long_and_no_longer() -> None:
    limits = Limits(line=20)
    good = OK + b"A: b\r\nC: " + b"x" * 17
    # Longer as a whole than a line may be: that is for the slow reader to look into.
    assert parse_head(good, limits) is None
    assert not parse_head_slowly(good, limits)[1]
    with pytest.raises(LineTooLong) as caught:
        parse_head_slowly(good + b"x", limits)
    assert caught.value.message == "A field line is longer than 20 bytes"
    assert caught.value.offset == len(OK) + 6
    assert caught.value.excerpt == b"C: " + b"x" * 18


def test_a_folded_field_may_be_so_long_and_no_longer() -> None:
    limits = Limits(line=20)
    good = OK + b"A: 45678\r\n 23456\r\n 23456789"
    assert parse_head_slowly(good, limits)[0].headers["A"] == "45678 23456 23456789"
    with pytest.raises(LineTooLong) as caught:
        parse_head_slowly(good + b"0", limits)
    assert caught.value.message == "A folded field is longer than 20 bytes"
    assert caught.value.offset == good.index(b" 23456789")
    assert caught.value.excerpt == b" 234567890"


def test_blank_folds_count() -> None:
    with pytest.raises(LineTooLong):
        parse_head_slowly(OK + b"A: b" + b"\n " * 200, Limits(line=100))


def test_there_may_be_so_many_fields_and_no_more() -> None:
    limits = Limits(fields=3)
    good = OK + b"A: b\r\nA: b\r\nA: b"
    assert parse_head(good, limits) is not None
    assert not parse_head_slowly(good, limits)[1]
    assert parse_head(good + b"\r\nA: b", limits) is None
    with pytest.raises(BadHttpMessage) as caught:
        parse_head_slowly(good + b"\r\nA: b", limits)
    assert type(caught.value) is BadHttpMessage
    assert caught.value.message == "More than 3 header fields"
    assert caught.value.offset == len(good) + 2


def test_folded_lines_are_no_fields_of_their_own() -> None:
    head, _ = parse_head_slowly(OK + b"A: b" + b"\r\n c" * 9, Limits(fields=1))
    assert head.headers["A"] == "b" + " c" * 9


PIECES = st.sampled_from(
    [
        b"HTTP/1.1 200 OK",
        b"HTTP/1.0 404",
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


@given(st.lists(PIECES, max_size=12).map(b"".join), st.integers(0, 3), st.integers(0, 30))
def test_what_the_fast_reader_takes_the_slow_one_takes_alike(
    rest: bytes, fields: int, line: int
) -> None:
    block = b"HTTP/1.1 200 OK" + rest
    limits = Limits(fields=fields, line=line)
    for _ in range(2):
        head = parse_head(block, limits)
        try:
            slow, sloppy = parse_head_slowly(block, limits)
        except BadHttpMessage:
            assert head is None
        else:
            # What is longer than a line may be is left to the slow one, for it to see.
            assert (head is None) == (sloppy or len(block) > line)
            assert head is None or facts(head) == facts(slow)
