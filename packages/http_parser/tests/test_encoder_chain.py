import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_http_parser import content_encoder
from martlet_http_parser._encoder_chain import encoder_chain

from .decoding import CODERS, TEXT, UNCODERS

SOME_CODINGS = st.lists(st.sampled_from(sorted(CODERS)), min_size=1, max_size=5)


def uncode(coded: bytes, codings: list[str]) -> bytes:
    for coding in reversed(codings):
        coded = UNCODERS[coding](coded)
    return coded


@given(SOME_CODINGS, st.lists(st.binary(max_size=100)), st.sets(st.integers(0, 5)))
def test_the_codings_are_applied_in_order(
    codings: list[str], texts: list[bytes], flushed: set[int]
) -> None:
    chain = encoder_chain([content_encoder(coding) for coding in codings])
    coded = b""
    for index, text in enumerate(texts):
        coded += chain.encode(text)
        if index in flushed:
            coded += chain.flush()
    coded += chain.finish()
    assert uncode(coded, codings) == b"".join(texts)


def test_what_is_flushed_goes_through_all_of_them() -> None:
    chain = encoder_chain([content_encoder("deflate"), content_encoder("gzip")])
    outer, inner = zlib.decompressobj(31), zlib.decompressobj()
    for text in (b"one", b"two", TEXT):
        assert inner.decompress(outer.decompress(chain.encode(text) + chain.flush())) == text
    inner.decompress(outer.decompress(chain.finish()))
    assert outer.eof
    assert inner.eof


def test_large_data_goes_through_in_slices() -> None:
    given_sizes = []

    class Watcher:
        def encode(self, data: bytes | bytearray | memoryview) -> bytes:
            given_sizes.append(len(data))
            return bytes(data)

        def flush(self) -> bytes:
            return b""

        def finish(self) -> bytes:
            return b""

    chain = encoder_chain([Watcher(), Watcher()])
    assert chain.encode(bytes(300_000)) == bytes(300_000)
    assert max(given_sizes) == 65536


def test_nothing_can_be_done_after_the_end() -> None:
    chain = encoder_chain([content_encoder("deflate"), content_encoder("gzip")])
    chain.finish()
    for call in (chain.flush, chain.finish, lambda: chain.encode(b"x")):
        with pytest.raises(RuntimeError, match="has been finished"):
            call()
