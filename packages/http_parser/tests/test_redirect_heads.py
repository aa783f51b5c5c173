"""Heads of redirects are remembered without where they lead."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_exceptions import BadHttpMessage
from martlet_http_parser import Limits, ResponseParser, _redirect_heads

from .recording import Recorder

REDIRECT = b"HTTP/1.1 302 Found\r\n"
END = b"\r\n\r\nbody!"
around = _redirect_heads._around


@pytest.fixture(autouse=True)
def _nothing_remembered_before() -> Iterator[None]:
    around.clear()
    yield
    around.clear()


def read(head: bytes, parser: ResponseParser | None = None, method: str = "GET") -> Recorder:
    parser, recorder = parser or ResponseParser(), Recorder()
    parser.expect(method, recorder.on_head)
    parser.feed(head + END)
    return recorder


def told(recorder: Recorder) -> tuple[object, ...]:
    (head,) = recorder.heads
    return head.version, head.status, head.reason, list(head.headers.items()), recorder.body


@pytest.mark.parametrize(
    "lines",
    [
        (b"Location: %s", b"Content-Length: 5", b"Server: x"),
        (b"Server: x", b"Location: %s", b"Content-Length: 5"),
        (b"Server: x", b"Content-Length: 5", b"Location: %s"),
    ],
)
def test_a_head_is_read_alike_each_time(lines: tuple[bytes, ...]) -> None:
    for number in range(6):
        place = b"http://h/%d?secret=s3cret" % number
        head = REDIRECT + b"\r\n".join(lines).replace(b"%s", place)
        parser = ResponseParser()
        version, status, reason, fields, body = told(read(head, parser))
        assert (version, status, reason) == ((1, 1), 302, "Found")
        expected = [line.replace(b"%s", place).decode().split(": ", 1) for line in lines]
        assert fields == [tuple(field) for field in expected]
        assert body == b"body!"
        assert parser.done
        assert parser.reusable
    assert len(around) == 1
    assert b"s3cret" not in b"".join(around)
    assert "s3cret" not in repr(around)


def test_what_is_remembered_cannot_be_changed_by_who_receives_it() -> None:
    head = REDIRECT + b"Server: x\r\nLocation: /a\r\nContent-Length: 5"
    for _ in range(5):
        (received,) = read(head).heads
        assert list(received.headers) == ["Server", "Location", "Content-Length"]
        received.headers.clear()


def test_the_place_of_the_line_counts() -> None:
    one = REDIRECT + b"A: x\r\nLocation: /a\r\nB: y\r\nContent-Length: 5"
    other = REDIRECT + b"Location: /a\r\nA: x\r\nB: y\r\nContent-Length: 5"
    for _ in range(4):
        assert [name for name, _ in told(read(one))[3]] == [  # type: ignore[attr-defined]  # pairs
            "A",
            "Location",
            "B",
            "Content-Length",
        ]
        assert next(iter(read(other).heads[0].headers)) == "Location"
    assert len(around) == 2


@pytest.mark.parametrize(
    "line",
    [
        b"LOCATION: /a",
        b"Location:/a",
        b"Location: /a\r\nLocation: /a",
        b"Location: /a\r\nSet-Cookie: a=b",
    ],
)
def test_other_heads_are_read_the_longer_way(line: bytes) -> None:
    head = REDIRECT + b"Server: x\r\n" + line + b"\r\nContent-Length: 5"
    first = told(read(head))
    for _ in range(3):
        assert told(read(head)) == first
    assert not around


@pytest.mark.parametrize(
    "place", [b"\xc3\xa9", b" \t/a \t", b"", b"\xff", b"a\tb", b"\xe2\x80\xa8"]
)
def test_any_value_is_read_as_it_is_the_longer_way(place: bytes) -> None:
    known = REDIRECT + b"Server: x\r\nLocation: /a\r\nContent-Length: 5"
    head = known.replace(b"/a", place)
    around.clear()
    first = told(read(head))
    for _ in range(3):
        read(known)
    assert len(around) == 1
    assert told(read(head)) == first


@pytest.mark.parametrize("place", [b"/a\0", b"/a\rb", b"/a\x7f"])
def test_a_bad_value_is_refused_as_the_longer_way_does(place: bytes) -> None:
    known = REDIRECT + b"Server: x\r\nLocation: /a\r\nContent-Length: 5"
    for _ in range(3):
        read(known)
    with pytest.raises(BadHttpMessage) as caught:
        read(known.replace(b"/a", place))
    around.clear()
    with pytest.raises(BadHttpMessage) as again:
        read(known.replace(b"/a", place))
    assert (caught.value.message, caught.value.offset) == (again.value.message, again.value.offset)


def test_the_fields_are_counted_also_of_what_is_known() -> None:
    head = REDIRECT + b"A: x\r\nB: y\r\nLocation: /a\r\nContent-Length: 5"
    for _ in range(3):
        read(head)
    assert len(around) == 1
    assert told(read(head, ResponseParser(Limits(fields=4))))[1] == 302
    with pytest.raises(BadHttpMessage, match="More than 3 header fields"):
        read(head, ResponseParser(Limits(fields=3)))


@pytest.mark.parametrize(
    ("line", "reusable"), [(b"Connection: close", False), (b"Connection: keep-alive", True)]
)
def test_what_it_frames_is_remembered_with_it(line: bytes, reusable: bool) -> None:
    head = REDIRECT + line + b"\r\nLocation: /a\r\nContent-Length: 5"
    for _ in range(4):
        parser = ResponseParser()
        assert read(head, parser).body == b"body!"
        assert parser.reusable is reusable
    (known,) = around.values()
    assert known.framing == (5, reusable)


def test_a_known_head_after_head_has_no_body() -> None:
    head = REDIRECT + b"Server: x\r\nLocation: /a\r\nContent-Length: 5"
    for _ in range(3):
        read(head)
    parser = ResponseParser()
    assert read(head, parser, "HEAD").body == b""
    assert parser.tail == b"body!"


def test_however_many_come_few_are_remembered() -> None:
    for number in range(300):
        head = REDIRECT + b"X: %d\r\nLocation: /a\r\nContent-Length: 5" % number
        for _ in range(2):
            read(head)
        assert len(around) <= 128
    assert any(b"X: 299" in key for key in around)


def test_large_heads_are_not_remembered() -> None:
    lines = b"X: %s\r\n" % (b"y" * 95) * 41
    for _ in range(3):
        read(REDIRECT + lines + b"Location: /a\r\nContent-Length: 5")
    assert not around


@given(st.lists(st.sampled_from([b"A: b", b"Location: /x", b"Location: /y?a", b"C:", b"B: c"])))
def test_memory_changes_nothing(lines: list[bytes]) -> None:
    head = REDIRECT + b"\r\n".join([*lines, b"Content-Length: 5"])
    around.clear()
    first = told(read(head))
    assert [told(read(head)) for _ in range(3)] == [first] * 3
