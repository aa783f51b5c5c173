import zlib

import pytest

from martlet_exceptions import ContentEncodingError
from martlet_http_parser import ContentDecoder
from martlet_http_parser._decoder_chain import DecoderChain
from martlet_http_parser._zlib_decoder import ZlibDecoder

from .decoding import TEXT, code, decode, decoder_for, drain, gzipped
from .recording import bytewise

MIB = 1024 * 1024


class Copying:
    """A decoder of nothing, that writes down how much is asked of it."""

    def __init__(self) -> None:
        self.data = b""
        self.sizes: list[int] = []
        self.finished = False

    def feed(self, data: bytes) -> None:
        self.data += data

    def read(self, size: int) -> bytes:
        self.sizes.append(size)
        data, self.data = self.data[:size], self.data[size:]
        return data

    def finish(self) -> None:
        self.finished = True


@pytest.mark.parametrize("codings", [["gzip"], ["gzip", "br"], ["br", "zstd", "deflate"] * 2])
@pytest.mark.parametrize("size", [1, 7, 65536])
def test_a_chain_is_a_decoder(codings: list[str], size: int) -> None:
    coded = code(TEXT, *codings)

    def chain() -> ContentDecoder:
        return DecoderChain([decoder_for(coding) for coding in reversed(codings)])

    assert decode(chain(), [coded], size) == TEXT
    assert decode(chain(), bytewise(coded), size) == TEXT


def test_only_the_last_decoder_is_asked_for_what_the_caller_wants() -> None:
    decoders = [Copying(), Copying(), Copying()]
    chain = DecoderChain(decoders)
    chain.feed(bytes(200_000))
    assert len(drain(chain, 1000)) == 200_000
    assert set(decoders[2].sizes) == {1000}
    assert set(decoders[0].sizes) == set(decoders[1].sizes) == {65536}
    chain.finish()
    assert all(decoder.finished for decoder in decoders)


@pytest.mark.parametrize("size", [0, -1])
def test_reading_nothing_is_the_callers_mistake(size: int) -> None:
    chain = DecoderChain([ZlibDecoder("gzip"), ZlibDecoder("gzip")])
    with pytest.raises(ValueError, match=rf"^Cannot read {size} bytes$"):
        chain.read(size)


@pytest.mark.parametrize("outer", [True, False])
def test_a_coding_that_is_cut_short_is_an_error(outer: bool) -> None:
    coded = gzipped(gzipped(TEXT))[:-1] if outer else gzipped(gzipped(TEXT)[:-1])
    chain = DecoderChain([ZlibDecoder("gzip"), ZlibDecoder("gzip")])
    with pytest.raises(ContentEncodingError, match="The gzip body is cut short"):
        decode(chain, [coded])


def test_a_body_of_nothing_needs_no_coding() -> None:
    chain = DecoderChain([ZlibDecoder("gzip"), ZlibDecoder("deflate")])
    assert chain.read(10) == b""
    chain.finish()


def test_what_inflates_to_nothing_is_given_up() -> None:
    # A gzip file's name may be of any length, and is no output.
    name = zlib.compressobj(9, wbits=31)
    coded = name.compress(b"\x1f\x8b\x08\x08\0\0\0\0\0\0")
    coded += b"".join(name.compress(b"a" * MIB) for _ in range(65)) + name.flush()
    chain = DecoderChain([ZlibDecoder("gzip"), ZlibDecoder("gzip")])
    chain.feed(coded)
    with pytest.raises(ContentEncodingError) as caught:
        chain.read(65536)
    assert caught.value.message == "The body inflates again and again, to nothing"


def test_what_gives_something_may_be_of_any_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("martlet_http_parser._decoder_chain._MAX_BARREN", 100_000)
    compressor = zlib.compressobj(0, wbits=31)
    stored = compressor.compress(bytes(MIB)) + compressor.flush()
    chain = DecoderChain([ZlibDecoder("gzip"), ZlibDecoder("gzip")])
    assert decode(chain, [gzipped(stored)]) == bytes(MIB)
