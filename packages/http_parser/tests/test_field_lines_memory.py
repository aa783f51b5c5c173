"""What is remembered of lines that were read: little, of good ones only, and no secrets."""

from collections.abc import Iterator

import pytest
from multidict import CIMultiDict

from martlet_http_parser import ResponseParser, _field_lines, _redirect_heads, _response_parser
from martlet_http_parser._field_lines import Field, read_fields
from martlet_http_parser._status_line import STATUS_LINES

from .recording import Recorder

OK = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture(autouse=True)
def _nothing_remembered_before() -> Iterator[None]:
    memories: list[dict[str, object]] = [
        vars(_field_lines)["_field_lines"],
        vars(_field_lines)["_names"],
        vars(_response_parser)["_heads"],
        vars(_redirect_heads)["_around"],
    ]
    for memory in memories:
        memory.clear()
    yield
    for memory in memories:
        memory.clear()


def parse(*lines: str) -> list[Field]:
    fields, _ = read_fields(list(lines))
    assert fields is not None
    return fields


def test_good_lines_are_remembered() -> None:
    lines = ["Server: x", "Date: today"]
    assert read_fields(lines)[1] == 2
    assert set(_field_lines._field_lines) == set(lines)
    assert set(_field_lines._names) == {"Server", "Date"}
    assert read_fields(lines)[1] == 0


def test_a_line_beside_a_new_one_is_read_from_memory() -> None:
    first = parse("Server: x")
    second = parse("Server: x", "Date: today")
    assert second[0] is first[0]


@pytest.mark.parametrize("line", ["Server: \0", "Server", "Ser ver: x", "Server : x", " x", ""])
def test_bad_lines_are_not_remembered(line: str) -> None:
    assert read_fields([line]) == (None, 1)
    assert not _field_lines._field_lines
    assert set(_field_lines._names) <= {"Server"}


@pytest.mark.parametrize(
    "name",
    [
        "Set-Cookie",
        "SET-COOKIE2",
        "Cookie",
        "WWW-Authenticate",
        "Proxy-Authenticate",
        "Authentication-Info",
        "Proxy-Authentication-Info",
        "Authorization",
        "Proxy-Authorization",
        "Location",
        "content-location",
        "Refresh",
        "Referer",
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
    lines = [f"{name}: s3cret", "Server: x"]
    for unknown in (2, 1):
        assert read_fields(lines) == ([(name, "s3cret"), ("Server", "x")], unknown)
    assert set(_field_lines._field_lines) == {"Server: x"}
    parser = ResponseParser()
    for _ in range(3):
        parser.expect("GET", Recorder().on_head)
        parser.feed(OK + "\r\n".join(lines).encode() + b"\r\nContent-Length: 0\r\n\r\n")
    assert not _response_parser._heads
    assert "s3cret" not in repr(_redirect_heads._around)
    assert not any("s3cret" in line for line in STATUS_LINES)


def test_long_lines_are_not_remembered() -> None:
    limit = _field_lines._MAX_LENGTH
    value = "x" * (limit - len("A: "))
    parse(f"A: {value}", f"B: {value}x")
    assert set(_field_lines._field_lines) == {f"A: {value}"}
    parse(f"{'n' * limit}:", f"{'n' * (limit + 1)}:")
    assert set(_field_lines._names) == {"A", "B", "n" * limit}


def test_however_many_lines_come_few_are_remembered() -> None:
    most = _field_lines._MAX_ENTRIES
    for number in range(2 * most + 10):
        parse(f"Name-{number}: x")
        assert len(_field_lines._field_lines) <= most
        assert len(_field_lines._names) <= most
    # It starts anew when it is full, and goes on remembering.
    assert f"Name-{2 * most + 9}: x" in _field_lines._field_lines


def test_names_with_different_cases_keep_their_own() -> None:
    for lines in (["SERVER: x"], ["server: x"], ["SERVER: x", "server: y"]):
        assert parse(*lines) == [tuple(line.split(": ")) for line in lines]


def test_heads_do_not_share_what_their_receivers_may_change() -> None:
    parser = ResponseParser()
    for _ in range(3):  # the third time, the whole head is remembered
        recorder = Recorder()
        parser.expect("GET", recorder.on_head)
        parser.feed(OK + b"Server: x\r\nContent-Length: 0\r\n\r\n")
        headers = recorder.heads[0].headers
        assert headers == CIMultiDict([("Server", "x"), ("Content-Length", "0")])
        headers["Server"] = "changed"
        headers.add("More", "y")
    assert len(_response_parser._heads) == 1


def test_however_many_heads_come_few_are_remembered() -> None:
    parser = ResponseParser()
    most = _response_parser._MAX_HEADS
    for number in range(most + 10):
        head = OK + b"X: %d\r\nContent-Length: 0\r\n\r\n" % number
        for _ in range(2):
            parser.expect("GET", Recorder().on_head)
            parser.feed(head)
        assert len(_response_parser._heads) <= most
    assert any(b"X: %d\r\n" % (most + 9) in head for head in _response_parser._heads)


def test_large_heads_are_not_remembered() -> None:
    parser = ResponseParser()
    lines = b"X: %s\r\n" % (b"y" * 95) * 41
    for extra in (b"", b"Z: z\r\n"):
        for _ in range(3):
            recorder = Recorder()
            parser.expect("HEAD", recorder.on_head)
            parser.feed(OK + extra + lines[: _response_parser._MAX_REMEMBERED - 17] + b"\r\n\r\n")
            assert len(recorder.heads) == 1
    assert [len(head) for head in _response_parser._heads] == [_response_parser._MAX_REMEMBERED]
