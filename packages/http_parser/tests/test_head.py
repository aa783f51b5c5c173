import pytest

from martlet_exceptions import BadHttpMessage, BadStatusLine, InvalidHeader, LineTooLong
from martlet_http_parser import DEFAULT_LIMITS, Limits
from martlet_http_parser._head import field_offset, find_head_end, parse_head_slowly
from martlet_http_parser._status_line import StatusLine, bad_status_line, read_status_line
from martlet_interfaces import HttpVersion11

OK = b"HTTP/1.1 200 OK\r\n"


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


def parse(
    block: bytes, limits: Limits = DEFAULT_LIMITS, *, strict: bool = False
) -> tuple[StatusLine, list[tuple[str, str]], bool]:
    (first, headers), sloppy = parse_head_slowly(
        block, limits, read_status_line, bad_status_line, strict=strict
    )
    return first, list(headers.items()), sloppy


def refused(
    block: bytes, limits: Limits = DEFAULT_LIMITS, *, strict: bool = False
) -> BadHttpMessage:
    with pytest.raises(BadHttpMessage) as caught:
        parse(block, limits, strict=strict)
    return caught.value


FIRST = (HttpVersion11, 200, "OK", False)


@pytest.mark.parametrize(
    ("block", "fields"),
    [
        (b"HTTP/1.1 200 OK", []),
        (OK + b"A: b", [("A", "b")]),
        (OK + b"A: b\r\nC:d", [("A", "b"), ("C", "d")]),
        (OK + b"A: \xc3\xa9\xff", [("A", "é\udcff")]),
    ],
)
def test_a_head_is_a_first_line_and_fields(block: bytes, fields: list[tuple[str, str]]) -> None:
    for strict in (False, True):
        assert parse(block, strict=strict) == (FIRST, fields, False)


@pytest.mark.parametrize(
    ("block", "fields", "at", "why"),
    [
        (b"HTTP/1.1 200 OK\nA: b", [("A", "b")], 0, "The first line ends in a lone LF"),
        (OK + b"A: b\nC: d", [("A", "b"), ("C", "d")], 17, "A field line ends in a lone LF"),
        (OK + b"A: b\r\n c", [("A", "b c")], 23, "A field line is folded"),
    ],
)
def test_a_sloppy_head_is_read_and_told_of_unless_strict(
    block: bytes, fields: list[tuple[str, str]], at: int, why: str
) -> None:
    assert parse(block) == (FIRST, fields, True)
    error = refused(block, strict=True)
    assert (error.message, error.offset) == (why, at)
    assert error.excerpt
    assert block[at:].startswith(error.excerpt)


@pytest.mark.parametrize("rest", [b"", b"\r\nA: b", b"\nA", b"\r\n c"])
def test_a_bad_first_line_is_refused_before_what_follows(rest: bytes) -> None:
    error = refused(b"HTTP/1.1 OK" + rest)
    assert type(error) is BadStatusLine
    assert (error.offset, error.excerpt) == (0, b"HTTP/1.1 OK")


def test_a_bad_field_is_refused_where_it_is() -> None:
    error = refused(OK + b"A: b\r\nC\r\nD: e")
    assert type(error) is InvalidHeader
    assert (error.offset, error.excerpt) == (23, b"C")


def test_a_first_line_may_be_so_long_and_no_longer() -> None:
    limits = Limits(line=20)
    assert parse(b"HTTP/1.1 200 4567890\r\nA: b", limits)[0][2] == "4567890"
    for rest in (b"", b"\r\nA: b"):
        error = refused(b"HTTP/1.1 200 45678901" + rest, limits)
        assert type(error) is LineTooLong
        assert error.message == "The first line is longer than 20 bytes"
        assert (error.offset, error.excerpt) == (0, b"HTTP/1.1 200 45678901")


@pytest.mark.parametrize("value", [b"x", b"\xff"])
def test_the_limits_of_fields_hold_however_they_are_read(value: bytes) -> None:
    limits = Limits(field=20, fields=2)
    good = OK + b"A: b\r\nC: " + value * 17
    assert not parse(good, limits)[2]
    error = refused(good + value, limits)
    assert type(error) is LineTooLong
    assert error.offset == len(OK) + 6
    error = refused(good + b"\r\nD: e", limits)
    assert type(error) is BadHttpMessage
    assert (error.message, error.offset) == ("More than 2 header fields", len(good) + 2)


@pytest.mark.parametrize(
    ("name", "at"),
    [("Host", 17), ("host", 17), ("A", 26), ("b", 32), ("HTTP/1.1 200 OK", 0), ("x", 0), ("C", 0)],
)
def test_the_place_of_a_field_is_where_its_line_begins(name: str, at: int) -> None:
    assert field_offset(OK + b"HOST: x\r\nA: C:\nB: y\r\n", name) == at
