import pytest

from martlet_exceptions import InvalidHeader, TransferEncodingError
from martlet_http_parser import DEFAULT_LIMITS, Limits
from martlet_http_parser._trailers import TrailerSection

from .recording import bytewise

LONE = "The trailer section has a lone LF or a folded line"


def feed_all(section: TrailerSection, pieces: list[bytes]) -> int:
    return max(section.feed(piece, 0) for piece in pieces)


def refuse(data: bytes, limits: Limits = DEFAULT_LIMITS) -> TransferEncodingError:
    """Check that *data* is refused whole and byte by byte, for the same reason."""
    errors: list[TransferEncodingError] = []
    for pieces in ([data], bytewise(data)):
        section = TrailerSection(limits)
        with pytest.raises(TransferEncodingError) as caught:
            feed_all(section, pieces)
        errors.append(caught.value)
    assert errors[0].message == errors[1].message
    assert errors[0].excerpt == errors[1].excerpt
    return errors[0]


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        (b"\r\n", []),
        (b"A: b\r\n\r\n", [("A", "b")]),
        (b"a:\t b c \r\nB:\r\n\r\n", [("a", "b c"), ("B", "")]),
        (b"A: \xff\xc3\xa9\r\n\r\n", [("A", "\udcffé")]),
    ],
)
def test_fields_are_read(data: bytes, fields: list[tuple[str, str]]) -> None:
    section = TrailerSection(DEFAULT_LIMITS)
    assert section.feed(b"0\r\n" + data + b"tail", 3) == 3 + len(data)
    assert section.fields == fields
    section = TrailerSection(DEFAULT_LIMITS)
    assert [section.feed(byte, 0) for byte in bytewise(data)] == [-1] * (len(data) - 1) + [1]
    assert section.fields == fields


@pytest.mark.parametrize(
    ("data", "excerpt"),
    [
        (b"\n", b"\n"),
        (b"A: b\n", b"A: b\n"),
        (b"A: b\r\n\n", b"\n"),
        (b" A: b\r\n", b" A: b\r\n"),
        (b"A: b\r\n c\r\n", b" c\r\n"),
        (b"A: b\r\n\t\r\n", b"\t\r\n"),
    ],
)
def test_lone_line_feeds_and_folds_are_refused_at_once(data: bytes, excerpt: bytes) -> None:
    error = refuse(data)
    assert error.message == LONE
    assert error.excerpt == excerpt


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"A\r\n", "A field line has no colon"),
        (b"\r\r\n", "A field line has no colon"),
        (b": b\r\n", "The name of a field is empty"),
        (b"A : b\r\n", "The name of a field is followed by a space"),
        (b"\rA: b\r\n", "The name of a field is no token"),
        (b"A: b\rc\r\n", "The value of a field has a control character"),
        (b"A: \0\r\n", "The value of a field has a control character"),
    ],
)
def test_what_is_not_well_formed_is_refused(line: bytes, why: str) -> None:
    error = refuse(b"Good: x\r\n" + line)
    assert error.message == f"In the trailer section: {why}"
    assert error.excerpt == line
    assert type(error.__cause__) is InvalidHeader


@pytest.mark.parametrize("name", ["Content-Length", "transfer-encoding", "Host", "TRAILER"])
def test_fields_that_frame_or_route_are_refused(name: str) -> None:
    error = refuse(f"{name}: 5\r\n".encode())
    assert error.message == f"{name} is not allowed in a trailer section"


def test_a_section_may_be_so_large_and_no_larger() -> None:
    limits = Limits(trailers=20)
    good = b"A: b\r\n" * 2 + b"A: bc" + b"\r\n\r\n"
    assert len(good) == 21
    assert refuse(good, limits).message == "The trailer section exceeds 20 bytes"
    good = good.replace(b"c", b"")
    for pieces in ([good], bytewise(good)):
        section = TrailerSection(limits)
        assert feed_all(section, pieces) > 0


def test_a_section_without_end_is_refused() -> None:
    assert refuse(b"A" * 30, Limits(trailers=20)).message == "The trailer section exceeds 20 bytes"


def test_a_line_may_be_so_long_and_no_longer() -> None:
    limits = Limits(field=10)
    TrailerSection(limits).feed(b"A: 4567890\r\n", 0)
    error = refuse(b"A: 45678901\r\n", limits)
    assert error.message == "A field line of the trailer section is longer than 10 bytes"


def test_there_may_be_so_many_fields_and_no_more() -> None:
    limits = Limits(fields=3)
    TrailerSection(limits).feed(b"A: b\r\n" * 3, 0)
    assert refuse(b"A: b\r\n" * 4, limits).message == "More than 3 fields in the trailer section"
