import gzip
import zlib
from collections.abc import Iterator
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_http_parser._zlib_encoder import zlib_encoder

from .decoding import BACKENDS, TEXT, UNCODERS, WORDS, using_backend

Coding = Literal["gzip", "deflate"]
CODINGS: list[Coding] = ["gzip", "deflate"]
WINDOWS = {"gzip": 31, "deflate": 15}
LEVELS = {"zlib": range(-1, 10), "isal": range(4), "zlib-ng": range(-1, 10)}


@pytest.fixture(params=BACKENDS, scope="module", autouse=True)
def backend(request: pytest.FixtureRequest) -> Iterator[str]:
    with using_backend(request.param):
        yield request.param


@pytest.mark.parametrize("coding", CODINGS)
def test_every_level_of_the_backend_is_there(coding: Coding, backend: str) -> None:
    for level in (None, *LEVELS[backend]):
        encoder = zlib_encoder(coding, level)
        coded = encoder.encode(TEXT) + encoder.finish()
        assert UNCODERS[coding](coded) == TEXT


@pytest.mark.parametrize("coding", CODINGS)
def test_another_level_is_refused_before_anything_is_encoded(coding: Coding, backend: str) -> None:
    levels = LEVELS[backend]
    for level in (levels[0] - 1, levels[-1] + 1, 10**30, -(10**30)):
        with pytest.raises(ValueError, match=rf"^There is no level {level} of {coding}: "):
            zlib_encoder(coding, level)
    with pytest.raises(TypeError):
        zlib_encoder(coding, "9")  # type: ignore[arg-type]  # that is what is tested


@pytest.mark.parametrize("coding", CODINGS)
def test_a_higher_level_is_heeded(coding: Coding, backend: str) -> None:
    sizes = []
    for level in (0, LEVELS[backend][-1]):
        encoder = zlib_encoder(coding, level)
        sizes.append(len(encoder.encode(WORDS) + encoder.finish()))
    assert sizes[0] > sizes[1]


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("texts", [[b"one ", b"two ", b"three"], [b""], [TEXT, b"", b"x"]])
def test_what_is_flushed_can_be_decoded_at_once(coding: Coding, texts: list[bytes]) -> None:
    encoder = zlib_encoder(coding, None)
    peer = zlib.decompressobj(WINDOWS[coding])
    for text in texts:
        assert peer.decompress(encoder.encode(text) + encoder.flush()) == text
        assert peer.decompress(encoder.flush()) == b""
    assert peer.decompress(encoder.finish()) == b""
    assert peer.eof
    assert not peer.unused_data


@pytest.mark.parametrize("coding", CODINGS)
def test_a_body_of_nothing_is_a_coded_one(coding: Coding) -> None:
    assert UNCODERS[coding](zlib_encoder(coding, None).finish()) == b""


def test_gzip_names_no_time_and_no_file() -> None:
    encoder = zlib_encoder("gzip", None)
    coded = encoder.encode(TEXT) + encoder.finish()
    assert coded[:8] == b"\x1f\x8b\x08\0\0\0\0\0"
    again = zlib_encoder("gzip", None)
    assert again.encode(TEXT) + again.finish() == coded
    assert gzip.decompress(coded) == TEXT


def test_deflate_has_the_zlib_wrapper() -> None:
    encoder = zlib_encoder("deflate", None)
    coded = encoder.encode(TEXT) + encoder.finish()
    assert coded[0] == 0x78
    assert int.from_bytes(coded[:2], "big") % 31 == 0
    assert coded[-4:] == zlib.adler32(TEXT).to_bytes(4, "big")


@given(st.sampled_from(CODINGS), st.lists(st.binary(max_size=100)), st.integers(0, 3))
def test_any_bytes_come_back(coding: Coding, texts: list[bytes], level: int) -> None:
    encoder = zlib_encoder(coding, level)
    coded = b"".join(map(encoder.encode, texts)) + encoder.finish()
    assert UNCODERS[coding](coded) == b"".join(texts)
