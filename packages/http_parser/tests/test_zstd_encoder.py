import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_http_parser import ContentEncoder
from martlet_http_parser._zstd_encoder import zstd_encoder
from martlet_http_parser._zstd_library import zstd_library

from .decoding import TEXT, WORDS, zstd

MAX_WINDOW = 8 * 1024 * 1024
LEVELS = [-131072, -5, *range(23)]


def encoder(level: int | None = None) -> ContentEncoder:
    library = zstd_library()
    assert library is not None
    return zstd_encoder(library, level)


def window_of(frame: bytes) -> int:
    """Read the window of a frame that is not a single segment (RFC 8878 section 3.1.1.1.2)."""
    assert frame[:4] == b"\x28\xb5\x2f\xfd"
    assert not frame[4] & 0x20
    base = 1 << 10 + (frame[5] >> 3)
    return base + base // 8 * (frame[5] & 7)


@pytest.mark.parametrize("level", [None, *LEVELS])
def test_every_level_is_there_and_needs_no_large_window(level: int | None) -> None:
    encoding = encoder(level)
    coded = encoding.encode(TEXT) + encoding.flush() + encoding.finish()
    assert zstd.decompress(coded) == TEXT
    assert window_of(coded) <= MAX_WINDOW


def test_a_higher_level_is_heeded() -> None:
    sizes = []
    for level in (1, 22):
        encoding = encoder(level)
        sizes.append(len(encoding.encode(WORDS) + encoding.finish()))
    assert sizes[0] > sizes[1]


@pytest.mark.parametrize("level", [-131073, 23, 10**30, -(10**30)])
def test_another_level_is_refused_before_anything_is_encoded(level: int) -> None:
    with pytest.raises(ValueError, match=rf"^There is no level {level} of zstd: "):
        encoder(level)


@pytest.mark.parametrize("level", ["9", 3.5])
def test_a_level_is_a_number(level: int) -> None:
    with pytest.raises(TypeError):
        encoder(level)


@pytest.mark.parametrize("texts", [[b"one ", b"two ", b"three"], [b""], [TEXT, b"", b"x"]])
def test_what_is_flushed_can_be_decoded_at_once(texts: list[bytes]) -> None:
    encoding = encoder()
    peer = zstd.ZstdDecompressor()
    for text in texts:
        assert peer.decompress(encoding.encode(text) + encoding.flush()) == text
        assert peer.decompress(encoding.flush()) == b""
    assert peer.decompress(encoding.finish()) == b""
    assert peer.eof
    assert not peer.unused_data


def test_a_body_of_nothing_is_a_coded_one() -> None:
    coded = encoder().finish()
    assert coded
    assert zstd.decompress(coded) == b""


@given(st.lists(st.binary(max_size=100)), st.integers(-5, 22))
def test_any_bytes_come_back(texts: list[bytes], level: int) -> None:
    encoding = encoder(level)
    coded = b"".join(map(encoding.encode, texts)) + encoding.finish()
    assert zstd.decompress(coded) == b"".join(texts)
