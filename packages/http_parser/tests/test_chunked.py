from collections.abc import Iterable

import pytest

from martlet_exceptions import InvalidHeader, TransferEncodingError
from martlet_http_parser import DEFAULT_LIMITS, LAST_CHUNK, Limits, _chunked, serialize_chunk
from martlet_http_parser._chunked import ChunkedDecoder

from .recording import bytewise

BAD_LINE = "A chunk's size line is not 1 to 16 hexadecimal digits and CRLF"
BAD_END = "A chunk's data is not followed by CRLF"


def feed_pieces(decoder: ChunkedDecoder, pieces: Iterable[bytes]) -> bytes:
    body = bytearray()
    for piece in pieces:
        decoder.feed(piece, body.extend)
    return bytes(body)


def decode(
    pieces: Iterable[bytes], limits: Limits = DEFAULT_LIMITS
) -> tuple[ChunkedDecoder, bytes]:
    decoder = ChunkedDecoder(limits)
    return decoder, feed_pieces(decoder, pieces)


def refuse(data: bytes, limits: Limits = DEFAULT_LIMITS) -> TransferEncodingError:
    """Check that *data* is refused whole and byte by byte; give the first error."""
    with pytest.raises(TransferEncodingError) as caught:
        decode([data], limits)
    with pytest.raises(TransferEncodingError) as bit_by_bit:
        decode(bytewise(data), limits)
    assert type(caught.value) is TransferEncodingError
    assert caught.value.offset is not None
    assert (bit_by_bit.value.message, bit_by_bit.value.offset) == (
        caught.value.message,
        caught.value.offset,
    )
    return caught.value


@pytest.mark.parametrize(
    ("data", "body", "tail"),
    [
        (b"0\r\n\r\n", b"", b""),
        (b"5\r\nhello\r\n0\r\n\r\n", b"hello", b""),
        (b"1\r\na\r\n2\r\nbc\r\n0\r\n\r\n", b"abc", b""),
        (b"0000000000000005\r\nhello\r\n00\r\n\r\n", b"hello", b""),
        (b"A\r\n0123456789\r\n0\r\n\r\n", b"0123456789", b""),
        (b"2\r\n\r\n\r\n0\r\n\r\n", b"\r\n", b""),
        (b"0\r\n\r\nHTTP/1.1", b"", b"HTTP/1.1"),
        (b"0\r\n\r\n\r\n", b"", b"\r\n"),
        (b"1;a\r\nx\r\n0;b=c\r\n\r\n", b"x", b""),
        (b'1;a="b \xff;\\"";c=d\r\nx\r\n0\r\n\r\n', b"x", b""),
    ],
)
def test_a_body_is_decoded(data: bytes, body: bytes, tail: bytes) -> None:
    for pieces in ([data], bytewise(data[: len(data) - len(tail)])):
        decoder, decoded = decode(pieces)
        assert decoder.done
        assert decoded == body
        assert decoder.trailers == []
        assert not decoder.sloppy
    assert decode([data])[0].tail == tail


BLANKS = [b"1 \r\n", b"1\t \r\n", b"1 ;a\r\n", b"1" + b" " * 99 + b"\r\n"]
ODD_EXTENSIONS = [b"1;\r\n", b"1; a\r\n", b"1;a =b\r\n", b"1;a=\r\n", b'1;a="b\r\n', b"1;\xff\r\n"]


@pytest.mark.parametrize("line", [*BLANKS, *ODD_EXTENSIONS])
def test_blanks_and_odd_extensions_are_accepted_but_sloppy(line: bytes) -> None:
    data = line + b"x\r\n0\r\n\r\n"
    for pieces in ([data], bytewise(data)):
        decoder, body = decode(pieces)
        assert decoder.done
        assert body == b"x"
        assert decoder.sloppy


@pytest.mark.parametrize("line", [*BLANKS, *ODD_EXTENSIONS])
def test_a_strict_decoder_refuses_them(line: bytes) -> None:
    what = "Blanks follow a chunk's size" if line in BLANKS else "An extension is malformed"
    for pieces in ([b"1\r\nx\r\n" + line], bytewise(b"1\r\nx\r\n" + line)):
        decoder = ChunkedDecoder(DEFAULT_LIMITS, strict=True, offset=1000)
        with pytest.raises(TransferEncodingError) as caught:
            feed_pieces(decoder, pieces)
        error = caught.value
        assert (error.message, error.offset, error.excerpt) == (what, 1006, line[:100])


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b" 5",
        b"\t5",
        b"+5",
        b"-5",
        b"0x5",
        b"5_0",
        b"5 5",
        b"g",
        b"5,",
        b"5.",
        b"\xd9\xa5",
        b"12345678123456781",
        b"00000000000000000",
        b";a",
        b"5\x0b",
        b"5\0",
        b"5;\x00",
        b"5;a\x7f",
        b"5;a\x1f",
        b"5 a",
        b"5 ;a\x01",
        b"\r",
        b"5\r",
        b"5;a\r",
        b"5\rx",
        b"5;a\rx",
    ],
)
@pytest.mark.parametrize("before", [b"", b"1\r\nx\r\n"])
def test_a_size_line_that_is_not_in_the_grammar_is_refused(line: bytes, before: bytes) -> None:
    error = refuse(before + line + b"\r\nhello\r\n0\r\n\r\n")
    assert error.message == BAD_LINE
    assert error.excerpt.startswith(line)


@pytest.mark.parametrize("line", [b"5\n", b"5;a\n", b"5;a\nb\r\n", b"5\r\r\n", b"\n", b"\r\n"])
def test_a_lone_line_end_in_a_size_line_is_refused(line: bytes) -> None:
    assert refuse(line + b"hello\r\n0\r\n\r\n").message == BAD_LINE


@pytest.mark.parametrize("start", [b"x", b"5x", b"\n", b"5\r\r", b"5;\0", b"5;\rx", b"1" * 17])
def test_what_no_ending_makes_right_is_refused_at_once(start: bytes) -> None:
    assert refuse(start).message == BAD_LINE


@pytest.mark.parametrize("end", [b"\n", b"\r\r\n", b"x\r\n", b"\rx", b" \r\n", b"0\r\n\r\n"])
def test_data_that_is_not_followed_by_crlf_is_refused(end: bytes) -> None:
    error = refuse(b"5\r\nhello" + end + b"0\r\n\r\n")
    assert error.message == BAD_END
    assert error.excerpt.startswith(end)


def test_good_data_is_given_out_before_an_error_is_raised() -> None:
    decoder = ChunkedDecoder(DEFAULT_LIMITS)
    body = bytearray()
    with pytest.raises(TransferEncodingError):
        decoder.feed(b"2\r\nab\r\n3\r\ncde\r\nx", body.extend)
    assert body == b"abcde"


def test_the_data_of_one_feed_is_given_out_in_one_piece() -> None:
    decoder = ChunkedDecoder(DEFAULT_LIMITS)
    pieces: list[bytes] = []
    decoder.feed(b"2\r\nab\r\n3\r\nc", pieces.append)
    decoder.feed(b"d", pieces.append)
    decoder.feed(b"e\r", pieces.append)
    decoder.feed(b"\n1\r\nf\r\n0\r\n", pieces.append)
    decoder.feed(b"\r\n", pieces.append)
    assert pieces == [b"abc", b"d", b"e", b"f"]
    assert decoder.done


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "a chunk's size line"),
        (b"5", "a chunk's size line"),
        (b"5\r", "a chunk's size line"),
        (b"5\r\n", "a chunk's data"),
        (b"5\r\nhell", "a chunk's data"),
        (b"5\r\nhello", "the line end after a chunk"),
        (b"5\r\nhello\r", "the line end after a chunk"),
        (b"5\r\nhello\r\n", "a chunk's size line"),
        (b"0\r\n", "the trailer section"),
        (b"0\r\n\r", "the trailer section"),
        (b"0\r\nA: b\r\n", "the trailer section"),
        (b"0\r\n\r\n", "the end"),
    ],
)
def test_it_says_what_has_to_come_next(data: bytes, expected: str) -> None:
    for pieces in ([data], bytewise(data)):
        decoder, _ = decode(pieces)
        assert decoder.expected == expected
        assert decoder.done is (expected == "the end")


@pytest.mark.parametrize("opening", [b"1;", b"1 ", b"1;a ", b"1 ;"])
def test_a_size_line_may_be_so_long_and_no_longer(opening: bytes) -> None:
    limits = Limits(chunk_line=20)
    fill = b" " if opening.endswith(b" ") and b";" not in opening else b"x"
    good = opening + fill * (18 - len(opening)) + b"\r\n"
    for pieces in ([good], bytewise(good)):
        decode(pieces, limits)
    error = refuse(good[:-2] + fill + b"\r\n", limits)
    assert error.message == "A chunk's size line is longer than 20 bytes"


@pytest.mark.parametrize("start", [b"1;" + b"x" * 8192, b"1;" + b"x" * 100_000])
def test_a_size_line_without_end_is_refused(start: bytes) -> None:
    assert refuse(start).message == "A chunk's size line is longer than 8192 bytes"


def test_all_extensions_of_a_body_count_together() -> None:
    limits = Limits(head=99)
    chunk = b"1;abcde\r\nx\r\n"  # nine bytes of them are a line with an extension
    for pieces in ([chunk * 11], bytewise(chunk * 11)):
        decode(pieces, limits)
    error = refuse(chunk * 12, limits)
    assert error.message == "The chunk extensions of one body exceed 99 bytes"


def test_no_more_of_a_line_is_kept_than_a_line_may_have() -> None:
    decoder = ChunkedDecoder(DEFAULT_LIMITS)
    for byte in bytewise(b"00000000000001" + b" " * 4000 + b";" + b"x" * 4000 + b"\r"):
        decoder.feed(byte, bytearray().extend)
    body = bytearray()
    decoder.feed(b"\ny", body.extend)
    assert body == b"y"
    assert not decoder._line


def test_sizes_that_were_met_count_against_a_small_limit_all_the_same() -> None:
    line = b"1234\r\n"
    decode([line])
    decode([line], Limits(chunk_line=6))
    error = refuse(line, Limits(chunk_line=5))
    assert error.message == "A chunk's size line is longer than 5 bytes"


def test_sizes_are_remembered_only_so_many() -> None:
    data = b"".join(serialize_chunk(b"x" * size) for size in range(1, 1300)) + LAST_CHUNK
    decoder, body = decode([data])
    assert decoder.done
    assert len(body) == sum(range(1, 1300))
    assert len(_chunked._sizes) <= _chunked._MAX_SIZES


def test_the_place_of_an_error_counts_from_the_beginning_of_the_message() -> None:
    good = b"1\r\nx\r\n" * 3
    for pieces in ([good + b"x\r\n"], bytewise(good + b"x\r\n")):
        decoder = ChunkedDecoder(DEFAULT_LIMITS, offset=50)
        with pytest.raises(TransferEncodingError) as caught:
            feed_pieces(decoder, pieces)
        assert caught.value.offset == 50 + len(good)


def test_chunks_without_extensions_are_not_limited_in_number() -> None:
    data = serialize_chunk(b"x") * 300_000 + LAST_CHUNK
    decoder, body = decode([data])
    assert decoder.done
    assert body == b"x" * 300_000


def test_trailers_come_after_the_last_chunk() -> None:
    data = b"1\r\nx\r\n0\r\nA: b\r\nC:d \r\nA:\r\n\r\nrest"
    decoder, body = decode([data])
    assert decoder.done
    assert (body, decoder.tail) == (b"x", b"rest")
    assert decoder.trailers == [("A", "b"), ("C", "d"), ("A", "")]
    decoder, _ = decode(bytewise(data[:-4]))
    assert decoder.trailers == [("A", "b"), ("C", "d"), ("A", "")]


def test_a_bad_trailer_is_refused_and_says_why() -> None:
    error = refuse(b"0\r\nA : b\r\n\r\n")
    assert error.message == "In the trailer section: The name of a field is followed by a space"
    assert error.excerpt == b"A : b\r\n"
    assert type(error.__cause__) is InvalidHeader
