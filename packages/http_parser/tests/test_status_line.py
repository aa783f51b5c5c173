from collections.abc import Iterator

import pytest

from martlet_exceptions import BadStatusLine
from martlet_http_parser import _status_line
from martlet_http_parser._status_line import (
    STATUS_LINES,
    StatusLine,
    bad_status_line,
    read_status_line,
)
from martlet_interfaces import HttpVersion10, HttpVersion11


@pytest.fixture(autouse=True)
def _nothing_remembered_before() -> Iterator[None]:
    STATUS_LINES.clear()
    yield
    STATUS_LINES.clear()


def decoded(line: bytes) -> str:
    return line.decode("utf-8", "surrogateescape")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"HTTP/1.1 200 OK", (HttpVersion11, 200, "OK", False)),
        (b"HTTP/1.0 404 Not Found", (HttpVersion10, 404, "Not Found", False)),
        (b"HTTP/1.1 299 ", (HttpVersion11, 299, "", False)),
        (b"HTTP/1.1 200", (HttpVersion11, 200, "", True)),
        (b"HTTP/1.1 999  a\tb ", (HttpVersion11, 999, " a\tb ", False)),
        (b"HTTP/1.1 200 caf\xc3\xa9 \xff\xc2\x85", (HttpVersion11, 200, "café \udcff\x85", False)),
        (b"HTTP/1.1 200 " + b"r" * 500, (HttpVersion11, 200, "r" * 500, False)),
    ],
)
def test_a_status_line_is_taken_apart(line: bytes, expected: StatusLine) -> None:
    for _ in range(2):  # the second time, it is remembered
        assert read_status_line(decoded(line)) == expected


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
        (b"\x15\x03\x01\x00\x02\x02\x16", NO_PREFIX),
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
        (b"HTTP/1.1 200 O\nK", CONTROL),
        (b"HTTP/1.1 200 O\x7fK", CONTROL),
        (b"HTTP/1.1 200 " + b"x" * 200 + b"\x1b", CONTROL),
    ],
)
def test_a_bad_status_line_is_refused_and_explained(line: bytes, why: str) -> None:
    assert read_status_line(decoded(line)) is None
    assert not STATUS_LINES
    error = bad_status_line(decoded(line))
    assert type(error) is BadStatusLine
    assert (error.message, error.offset, error.excerpt) == (why, 0, line[:100])


def test_the_beginning_of_no_status_line_can_be_explained() -> None:
    error = bad_status_line("HTTP/3")
    assert (error.message, error.offset, error.excerpt) == (VERSION, 0, b"HTTP/3")


def test_lines_are_remembered_unless_they_are_long() -> None:
    limit = _status_line._MAX_LENGTH
    longest = "HTTP/1.1 200 ".ljust(limit, "x")
    for line in ("HTTP/1.1 200 OK", longest, longest + "x"):
        assert read_status_line(line) is not None
    assert set(STATUS_LINES) == {"HTTP/1.1 200 OK", longest}
    assert read_status_line(longest) is STATUS_LINES[longest]


def test_however_many_lines_come_few_are_remembered() -> None:
    most = _status_line._MAX_ENTRIES
    for number in range(2 * most + 10):
        read_status_line(f"HTTP/1.1 200 {number}")
        assert len(STATUS_LINES) <= most
    # It starts anew when it is full, and goes on remembering.
    assert f"HTTP/1.1 200 {2 * most + 9}" in STATUS_LINES
