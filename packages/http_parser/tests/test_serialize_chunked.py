from array import array
from itertools import chain

import pytest

from martlet_http_parser import LAST_CHUNK, serialize_chunk, serialize_last_chunk
from martlet_http_parser._serialize_chunked import NOT_IN_TRAILERS
from martlet_http_parser._trailers import FRAMING_FIELDS

from .independent import read_chunked


@pytest.mark.parametrize(
    ("data", "chunk"),
    [
        (b"", b""),
        (b"a", b"1\r\na\r\n"),
        (bytearray(b"x" * 26), b"1a\r\n" + b"x" * 26 + b"\r\n"),
        (memoryview(b""), b""),
        (memoryview(b"\r\n"), b"2\r\n\r\n\r\n"),
        (memoryview(b"abcdefgh").cast("I"), b"8\r\nabcdefgh\r\n"),
        (memoryview(b"abcdef")[::2], b"3\r\nace\r\n"),
        (memoryview(b"abcdef")[::-1], b"6\r\nfedcba\r\n"),
        (array("H", b"abcdef"), b"6\r\nabcdef\r\n"),
    ],
)
def test_a_chunk_is_written(data: bytes, chunk: bytes) -> None:
    assert serialize_chunk(data) == chunk


def test_the_last_chunk_has_no_trailers() -> None:
    assert LAST_CHUNK == b"0\r\n\r\n"


class Lying(bytes):
    """Bytes that are fewer than they are."""

    __slots__ = ()

    def __len__(self) -> int:
        return 1


def test_what_is_counted_is_what_is_written() -> None:
    assert serialize_chunk(Lying(b"abc")) == b"3\r\nabc\r\n"


@pytest.mark.parametrize("wrong", ["", "abc", None, 5, [], [97]])
def test_what_is_not_bytes_like_is_the_callers_mistake(wrong: object) -> None:
    with pytest.raises(TypeError, match="bytes-like"):
        serialize_chunk(wrong)  # type: ignore[arg-type]  # that is what is tested


def test_trailers_are_written_in_order() -> None:
    trailers = [("ETag", '"x"'), ("Digest", "é"), ("etag", "")]
    data = serialize_last_chunk(trailers)
    assert data == '0\r\nETag: "x"\r\nDigest: é\r\netag: \r\n\r\n'.encode()
    assert read_chunked(data) == (b"", trailers, b"")
    assert serialize_last_chunk(iter(trailers)) == data


def test_no_trailers_are_the_last_chunk() -> None:
    assert serialize_last_chunk() == serialize_last_chunk({}) == LAST_CHUNK


# RFC 9110 section 6.5.1, with examples for each of its words.
REFUSED: dict[str, list[str]] = {
    "framing": ["Content-Length", "Transfer-Encoding", "Trailer", "Connection", "Upgrade"],
    "routing": ["Host", "Max-Forwards"],
    "authentication": ["Authorization", "WWW-Authenticate", "Proxy-Authorization", "Set-Cookie"],
    "request modifiers": ["Expect", "If-Match", "Range", "TE", "Accept-Encoding"],
    "response controls": ["Age", "Cache-Control", "Location", "Retry-After", "Vary"],
    "content format": ["Content-Encoding", "Content-Type", "Content-Range"],
}


@pytest.mark.parametrize("name", [*chain.from_iterable(REFUSED.values()), *sorted(NOT_IN_TRAILERS)])
def test_fields_that_are_needed_before_the_content_are_refused(name: str) -> None:
    for spelled in (name, name.upper()):
        with pytest.raises(ValueError, match="trailer section") as caught:
            serialize_last_chunk([("ETag", "x"), (spelled, "1"), ("Host", "a")])
        assert str(caught.value) == f"{spelled} is not allowed in a trailer section"


@pytest.mark.parametrize("name", ["Authentication-Info", "ETag", "Server-Timing", "X-Host", "Hos"])
def test_other_fields_may_be_trailers(name: str) -> None:
    assert serialize_last_chunk({name: "1"}) == f"0\r\n{name}: 1\r\n\r\n".encode()


def test_what_is_not_read_is_not_sent() -> None:
    assert FRAMING_FIELDS < NOT_IN_TRAILERS
    assert all(name == name.lower() for name in NOT_IN_TRAILERS)


def test_a_bad_trailer_is_refused_before_its_place() -> None:
    with pytest.raises(ValueError, match=r"^Header Host has a control character in its value$"):
        serialize_last_chunk([("Host", "\r\n")])
    with pytest.raises(TypeError, match=r"^Header A has a value that is no string: int$"):
        serialize_last_chunk([("A", 5)])  # type: ignore[list-item]  # that is what is tested
