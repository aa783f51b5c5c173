import pytest

from martlet_client_session._boundary_scanner import MAX_HEAD, BoundaryScanner
from martlet_exceptions import ClientPayloadError, PayloadEncodingError

from .multipart_bodies import bytewise

Parts = list[tuple[bytes, bytes]]


def scan(*pieces: bytes, boundary: bytes = b"b", eof: bool = True) -> Parts:
    """Read the heads and the data of all parts, as far as they have come."""
    scanner = BoundaryScanner(boundary)
    waiting = list(pieces)
    parts: Parts = []
    while True:
        head = scanner.take_head()
        while head is None and not scanner.closed:
            if not waiting and not eof:
                return parts
            feed(scanner, waiting)
            head = scanner.take_head()
        if head is None:
            return parts
        data = b""
        while scanner.in_part:
            piece = scanner.take_data(1000)
            data += piece
            if not piece and scanner.in_part:
                feed(scanner, waiting)
        parts.append((head, data))


def feed(scanner: BoundaryScanner, waiting: list[bytes]) -> None:
    if waiting:
        scanner.feed(waiting.pop(0))
    else:
        scanner.feed_eof()


READ: list[tuple[bytes, Parts]] = [
    (b"--b--", []),
    (b"--b--\r\n", []),
    (b"--b--\n", []),
    (b"--b-- \t", []),
    (b"--b\r\n\r\nx\r\n--b--\r\n", [(b"", b"x")]),
    (b"\r\n--b\r\n\r\nx\r\n--b--", [(b"", b"x")]),
    (b"--b\r\nA: b\r\n\r\nx\r\n--b--", [(b"A: b\r\n", b"x")]),
    (b"--b\r\nA: b\r\nC: d\r\n\r\nx\r\n--b--", [(b"A: b\r\nC: d\r\n", b"x")]),
    # Lines of the header, and those of delimiters, may end in a lone LF.
    (b"--b\nA: b\n\nx\r\n--b--", [(b"A: b\n", b"x")]),
    (b"--b\n\nx\r\n--b \n\r\ny\r\n--b--\n", [(b"", b"x"), (b"", b"y")]),
    # But a delimiter begins with CRLF.
    (b"--b\r\n\r\nx\n--b\r\n\r\ny\r\n--b--", [(b"", b"x\n--b\r\n\r\ny")]),
    (b"--b\r\n\r\nx\r--b\r\n--b--", [(b"", b"x\r--b")]),
    # Padding.
    (b"--b \t\r\n\r\nx\r\n--b \r\n\r\ny\r\n--b--\t \r\n", [(b"", b"x"), (b"", b"y")]),
    # Preamble and epilogue.
    (b"pre\r\namble --b\r\n-- b\r\n--b\r\n\r\nx\r\n--b--\r\n--b\r\n\r\ny", [(b"", b"x")]),
    (b"--\r\n--b\r\n\r\nx\r\n--b--z"[:-1], [(b"", b"x")]),
    # No data, with and without the delimiter's CRLF.
    (b"--b\r\n\r\n\r\n--b--", [(b"", b"")]),
    (b"--b\r\n\r\n--b--", [(b"", b"")]),
    (b"--b\r\nA: b\r\n\r\n--b\r\n\r\n\r\n--b--", [(b"A: b\r\n", b""), (b"", b"")]),
    # Data that is nearly a delimiter.
    (b"--b\r\n\r\n--\r\n-b\r\n\r\n--\r\r\n-\r\n--b--", [(b"", b"--\r\n-b\r\n\r\n--\r\r\n-")]),
    (b"--b\r\n\r\n-\r\n--b--", [(b"", b"-")]),
    (b"--b\r\n\r\n\r\n\r\n--b--", [(b"", b"\r\n")]),
    (b"--b\r\n\r\nx--b\r\n--b--", [(b"", b"x--b")]),
]


@pytest.mark.parametrize(("body", "parts"), READ)
def test_parts_are_found(body: bytes, parts: Parts) -> None:
    assert scan(body) == parts
    assert scan(*bytewise(body)) == parts
    for i in range(1, len(body)):
        assert scan(body[:i], body[i:]) == parts


EARLY = [
    (b"", "first delimiter"),
    (b"--", "first delimiter"),
    (b"garbage", "first delimiter"),
    (b"garbage\r\n--", "first delimiter"),
    (b"--b", "a delimiter"),
    (b"--b\r", "a delimiter"),
    (b"--b--\r", "a delimiter"),
    (b"--b\r\n", "header of a part"),
    (b"--b\r\nA: b\r\n", "header of a part"),
    (b"--b\r\n\r\n", "data of a part"),
    (b"--b\r\n\r\n--", "data of a part"),
    (b"--b\r\n\r\nx\r\n", "data of a part"),
    (b"--b\r\n\r\nx\r\n--", "data of a part"),
    (b"--b\r\n\r\nx\r\n--b", "a delimiter"),
    (b"--b\r\n\r\nx\r\n--b ", "a delimiter"),
    (b"--b\r\n\r\nx\r\n--b\r\n", "header of a part"),
]


@pytest.mark.parametrize(("body", "where"), EARLY)
def test_end_before_the_closing_delimiter_raises(body: bytes, where: str) -> None:
    for pieces in ([body], bytewise(body)):
        with pytest.raises(ClientPayloadError, match=rf"ended within .*{where}.*'--b--'"):
            scan(*pieces)


MALFORMED = [
    (b"--bc\r\n\r\nx\r\n--b--", "Neither -- nor the end of the line"),
    (b"--b-", "Neither"),
    (b"--b-\r\n", "Neither"),
    (b"--b\rx", "Neither"),
    (b"--b--\rx", "Neither"),
    (b"--b--c\r\n", "Neither"),
    (b"--b --\r\n", "Neither"),
    (b"--b\r\n\r\nx\r\n--bc\r\n\r\n--b--", "Neither"),
    (b"--b\r\n\r\n--b--c", "Neither"),
    (b"pre\n--b\r\n\r\nx\r\n--b--", "follows a lone LF"),
    (b"\n--b\r\n\r\nx\r\n--b--", "follows a lone LF"),
]


@pytest.mark.parametrize(("body", "message"), MALFORMED)
def test_what_has_two_readings_is_refused(body: bytes, message: str) -> None:
    for pieces in ([body], bytewise(body)):
        with pytest.raises(PayloadEncodingError, match=message):
            scan(*pieces)


def test_preamble_is_bounded() -> None:
    most = b"\r\n".rjust(65536 + 1, b"p")[:-1] + b"\n"
    assert len(most) == 65537
    rest = b"--b--"
    assert scan(most + rest) == []
    assert scan(*bytewise(most + rest)) == []
    for pieces in ([b"p" + most + rest], bytewise(b"p" + most + rest), [b"p" * 65538]):
        with pytest.raises(PayloadEncodingError, match="in the first 65536 bytes"):
            scan(*pieces, eof=False)


@pytest.mark.parametrize("closing", [b"", b"--"])
def test_padding_is_bounded(closing: bytes) -> None:
    start = b"--b" + closing
    assert scan(start + b" " * 1024 + b"\r\n", eof=False) == []
    for pieces in ([start + b" " * 1025], bytewise(start + b"\t" * 1025)):
        with pytest.raises(PayloadEncodingError, match="More than 1024 blanks"):
            scan(*pieces, eof=False)


def test_header_is_bounded() -> None:
    most = b"a" * (MAX_HEAD - 2) + b"\r\n"
    body = b"--b\r\n" + most + b"\r\nx\r\n--b--"
    assert scan(body) == [(most, b"x")]
    assert scan(*bytewise(body)) == [(most, b"x")]
    for pieces in ([body.replace(b"aa", b"aaa", 1)], [b"--b\n", *bytewise(b"a" * 2 * MAX_HEAD)]):
        with pytest.raises(PayloadEncodingError, match="longer than 65536 bytes"):
            scan(*pieces, eof=False)


@pytest.mark.parametrize(
    "body",
    [b"p" * 70000, b"--bc", b"--b" + b" " * 2000, b"--b\r\n" + b"a" * 70000, b""],
)
def test_asked_again_it_raises_again(body: bytes) -> None:
    scanner = BoundaryScanner(b"b")
    scanner.feed(body)
    scanner.feed_eof()
    messages = []
    for _ in range(3):
        with pytest.raises(ClientPayloadError) as caught:
            scanner.take_head()
        messages.append(str(caught.value))
    assert messages == messages[:1] * 3


def test_asked_again_for_data_it_raises_again() -> None:
    scanner = BoundaryScanner(b"b", in_part=True)
    scanner.feed(b"x\r\n")
    assert scanner.take_data(9) == b"x"
    scanner.feed_eof()
    for _ in range(3):
        with pytest.raises(ClientPayloadError, match="ended within the data"):
            scanner.take_data(9)


def test_data_is_given_as_it_comes_and_not_copied_when_it_comes_alone() -> None:
    scanner = BoundaryScanner(b"b")
    scanner.feed(b"--b\r\n\r\n")
    assert scanner.take_head() == b""
    piece = bytes(100_000)
    scanner.feed(piece)
    assert scanner.take_data(200_000) is piece
    assert scanner.take_data(200_000) == b""
    assert scanner.in_part


def test_only_what_may_begin_a_delimiter_is_kept() -> None:
    scanner = BoundaryScanner(b"b", in_part=True)
    given = []
    for piece in (b"x\r", b"\n", b"--", b"c\r\n-", b"-b", b"--"):
        scanner.feed(piece)
        given.append(scanner.take_data(100))
    assert given == [b"x", b"", b"", b"\r\n--c", b"", b""]
    assert not scanner.in_part
    assert scanner.take_head() is None
    assert not scanner.closed
    scanner.feed_eof()
    assert scanner.take_head() is None
    assert scanner.closed


def test_data_is_given_in_the_size_asked_for() -> None:
    scanner = BoundaryScanner(b"b", in_part=True)
    scanner.feed(b"abcde\r\n--b--")
    assert [scanner.take_data(2) for _ in range(3)] == [b"ab", b"cd", b"e"]
    assert not scanner.in_part
    assert scanner.take_data(2) == b""


def test_part_that_begins_with_its_delimiter_is_empty() -> None:
    scanner = BoundaryScanner(b"b", in_part=True)
    scanner.feed(b"--b\r\n\r\nx")
    assert scanner.take_data(2) == b""
    assert not scanner.in_part
    assert scanner.take_head() == b""


def test_what_is_not_taken_is_passed_over() -> None:
    scanner = BoundaryScanner(b"b")
    scanner.feed(b"--b\r\n\r\nxx")
    assert scanner.take_head() == b""
    assert scanner.take_head() is None
    scanner.feed(b"yy\r\n--b\r\nA: b\r\n\r\nzz")
    assert scanner.take_head() == b"A: b\r\n"
    assert scanner.take_data(9) == b"zz"


def test_repr_says_where_it_is() -> None:
    assert repr(BoundaryScanner(b"b")) == "<BoundaryScanner preamble, b'--b'>"
