"""What is remembered of heads that were read: little, for good lines only, and no secrets."""

from collections.abc import Iterator

import pytest

from martlet_http_parser import DEFAULT_LIMITS
from martlet_http_parser import _head as head_module
from martlet_http_parser._head import parse_head
from martlet_interfaces import ResponseHead

OK = b"HTTP/1.1 200 OK"


@pytest.fixture(autouse=True)
def _nothing_remembered_before() -> Iterator[None]:
    memories = (head_module._status_lines, head_module._field_lines, head_module._names)
    for memory in memories:
        memory.clear()
    yield
    for memory in memories:
        memory.clear()


def parse(*lines: bytes, status_line: bytes = OK) -> ResponseHead:
    head = parse_head(b"\r\n".join([status_line, *lines]), DEFAULT_LIMITS)
    assert head is not None
    return head


def test_good_lines_are_remembered() -> None:
    parse(b"Server: x", b"Date: today")
    assert set(head_module._status_lines) == {"HTTP/1.1 200 OK"}
    assert set(head_module._field_lines) == {"Server: x", "Date: today"}
    assert set(head_module._names) == {"Server", "Date"}


def test_a_line_beside_a_new_one_is_read_from_memory() -> None:
    first = parse(b"Server: x")
    second = parse(b"Server: x", b"Date: today")
    assert next(iter(second.headers.values())) is next(iter(first.headers.values()))


@pytest.mark.parametrize("line", [b"Server: \0", b"Server", b"Ser ver: x", b"Server : x", b" x"])
def test_bad_lines_are_not_remembered(line: bytes) -> None:
    assert parse_head(OK + b"\r\n" + line, DEFAULT_LIMITS) is None
    assert not head_module._field_lines
    assert set(head_module._names) <= {"Server"}
    assert parse_head(b"HTTP/1.1 20 OK", DEFAULT_LIMITS) is None
    assert set(head_module._status_lines) == {"HTTP/1.1 200 OK"}


@pytest.mark.parametrize(
    "name",
    [
        "Set-Cookie",
        "SET-COOKIE2",
        "WWW-Authenticate",
        "Proxy-Authenticate",
        "Authentication-Info",
        "Proxy-Authentication-Info",
        "Authorization",
        "Location",
        "content-location",
        "Refresh",
        "Link",
        "X-Auth-Token",
        "X-CSRF-Token",
        "X-Api-Key",
        "X-Session-Id",
        "X-Amz-Security-Token",
        "Signature",
        "Client-Secret",
    ],
)
def test_what_may_be_secret_is_never_remembered(name: str) -> None:
    for _ in range(2):
        head = parse(f"{name}: s3cret".encode(), b"Server: x")
        assert head.headers[name] == "s3cret"
    assert set(head_module._field_lines) == {"Server: x"}


def test_long_lines_are_not_remembered() -> None:
    limit = head_module._MAX_LENGTH
    value = "x" * (limit - len("A: "))
    parse(f"A: {value}".encode(), f"B: {value}x".encode())
    assert set(head_module._field_lines) == {f"A: {value}"}
    parse(f"{'n' * limit}:".encode(), f"{'n' * (limit + 1)}:".encode())
    assert set(head_module._names) == {"A", "B", "n" * limit}
    reason = "x" * (limit - len("HTTP/1.1 200 "))
    parse(status_line=f"HTTP/1.1 200 {reason}".encode())
    parse(status_line=f"HTTP/1.1 200 {reason}x".encode())
    assert set(head_module._status_lines) == {"HTTP/1.1 200 OK", f"HTTP/1.1 200 {reason}"}


def test_however_many_lines_come_few_are_remembered() -> None:
    most = head_module._MAX_ENTRIES
    for number in range(2 * most + 10):
        parse(f"Name-{number}: x".encode(), status_line=f"HTTP/1.1 200 {number}".encode())
        assert len(head_module._status_lines) <= most
        assert len(head_module._field_lines) <= most
        assert len(head_module._names) <= most
    # It starts anew when it is full, and goes on remembering.
    assert f"Name-{2 * most + 9}: x" in head_module._field_lines


def test_names_with_different_cases_keep_their_own() -> None:
    for lines in ([b"SERVER: x"], [b"server: x"], [b"SERVER: x", b"server: y"]):
        expected = [tuple(line.decode().split(": ")) for line in lines]
        assert list(parse(*lines).headers.items()) == expected


def test_heads_do_not_share_what_their_receivers_may_change() -> None:
    first = parse(b"Server: x")
    first.headers["Server"] = "changed"
    first.headers.add("More", "y")
    assert list(parse(b"Server: x").headers.items()) == [("Server", "x")]
