import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_http_parser import ContentEncoder
from martlet_http_parser._brotli_encoder import brotli_encoder
from martlet_http_parser._brotli_library import brotli_library

from .decoding import TEXT, WORDS


def encoder(level: int | None = None) -> ContentEncoder:
    library = brotli_library()
    assert library is not None
    return brotli_encoder(library, level)


def test_every_level_is_there() -> None:
    for level in (None, *range(12)):
        encoding = encoder(level)
        assert brotli.decompress(encoding.encode(TEXT) + encoding.finish()) == TEXT


def test_the_default_is_a_level_for_what_is_sent_once() -> None:
    coded = {}
    for level in (None, 1, 5, 11):
        encoding = encoder(level)
        coded[level] = encoding.encode(WORDS) + encoding.finish()
    assert coded[None] == coded[5]
    assert len(coded[1]) > len(coded[5]) > len(coded[11])


@pytest.mark.parametrize("level", [-1, 12, 10**30, -(10**30)])
def test_another_level_is_refused_before_anything_is_encoded(level: int) -> None:
    with pytest.raises(ValueError, match=rf"^There is no level {level} of br: it is 0 to 11$"):
        encoder(level)


@pytest.mark.parametrize("level", ["9", 3.5])
def test_a_level_is_a_number(level: int) -> None:
    with pytest.raises(TypeError):
        encoder(level)


@pytest.mark.parametrize("texts", [[b"one ", b"two ", b"three"], [b""], [TEXT, b"", b"x"]])
def test_what_is_flushed_can_be_decoded_at_once(texts: list[bytes]) -> None:
    encoding = encoder()
    peer = brotli.Decompressor()
    for text in texts:
        assert peer.process(encoding.encode(text) + encoding.flush()) == text
        assert peer.process(encoding.flush()) == b""
    assert peer.process(encoding.finish()) == b""
    assert peer.is_finished()


def test_a_body_of_nothing_is_a_coded_one() -> None:
    assert brotli.decompress(encoder().finish()) == b""


@given(st.lists(st.binary(max_size=100)), st.integers(0, 11))
def test_any_bytes_come_back(texts: list[bytes], level: int) -> None:
    encoding = encoder(level)
    coded = b"".join(map(encoding.encode, texts)) + encoding.finish()
    assert brotli.decompress(coded) == b"".join(texts)
