import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_exceptions import ContentEncodingError
from martlet_http_parser._gzip_header import GzipHeader

FIXED = b"\x1f\x8b\x08%c\0\0\0\0\0\3"
TEXT = st.binary(max_size=20).map(lambda text: text.replace(b"\0", b"x"))


def header_of(extra: bytes | None, name: bytes | None, comment: bytes | None, crc: bool) -> bytes:
    flags = (extra is not None) * 4 + (name is not None) * 8 + (comment is not None) * 16 + crc * 2
    header = FIXED % flags
    if extra is not None:
        header += len(extra).to_bytes(2, "little") + extra
    for text in (name, comment):
        if text is not None:
            header += text + b"\0"
    if crc:
        header += (zlib.crc32(header) & 0xFFFF).to_bytes(2, "little")
    return header


HEADERS = st.builds(
    header_of,
    st.none() | st.binary(max_size=20),
    st.none() | TEXT,
    st.none() | TEXT,
    st.booleans(),
)


@given(HEADERS, st.lists(st.integers(1, 7)))
def test_a_header_ends_at_the_same_place_however_it_is_cut(header: bytes, cuts: list[int]) -> None:
    data = header + b"the body"
    whole = GzipHeader()
    assert whole.feed(data) == len(header)
    assert whole.done
    in_pieces = GzipHeader()
    read = start = 0
    for cut in [*cuts, len(data)]:
        read += in_pieces.feed(data[start : start + cut])
        start += cut
        assert in_pieces.done is (start >= len(header))
    assert read == len(header)
    assert in_pieces.done


@given(HEADERS)
def test_a_header_that_is_cut_short_is_not_done(header: bytes) -> None:
    for length in range(len(header)):
        reader = GzipHeader()
        assert reader.feed(header[:length]) == length
        assert not reader.done


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"x", "incorrect header check"),
        (b"\x1fx", "incorrect header check"),
        (b"\x1f\x8b\x07", "incorrect header check"),
        (FIXED % 0x20, "unknown header flags set"),
        (FIXED % 0x9F, "unknown header flags set"),
        (FIXED % 2 + b"\0\0", "header crc mismatch"),
    ],
)
def test_what_is_no_header_is_an_error(data: bytes, why: str) -> None:
    with pytest.raises(ContentEncodingError) as caught:
        GzipHeader().feed(data + b"x" * 200)
    assert caught.value.message == f"The body is not valid gzip: {why}"
    assert caught.value.excerpt == (data + b"x" * 200)[:100]


def test_nothing_of_a_long_header_is_kept() -> None:
    reader = GzipHeader()
    reader.feed(FIXED % 0x1C + b"\xff\xff")
    piece = b"x" * 65536
    tracemalloc.start()
    try:
        for _ in range(100):
            assert reader.feed(piece) == len(piece)
        assert tracemalloc.get_traced_memory()[1] < 200_000
    finally:
        tracemalloc.stop()
    assert not reader.done
    reader.feed(b"\0\0")
    assert reader.done
