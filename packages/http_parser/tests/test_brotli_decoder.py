import random

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_exceptions import ClientPayloadError, ContentEncodingError
from martlet_http_parser._brotli_decoder import BrotliDecoder
from martlet_http_parser._brotli_library import brotli_library

from .decoding import TEXT, decode, drain
from .recording import bytewise

LONG = random.Random(1).randbytes(50_000) + bytes(200_000) + TEXT
CODED = {"text": brotli.compress(TEXT), "long": brotli.compress(LONG, quality=3)}
EXPECTED = {"text": TEXT, "long": LONG}


def decoder() -> BrotliDecoder:
    library = brotli_library()
    assert library is not None
    return BrotliDecoder(library)


@pytest.mark.parametrize("name", CODED)
@pytest.mark.parametrize("size", [1, 1000, 65536, 10**9])
def test_a_body_is_decoded_however_it_comes_and_is_read(name: str, size: int) -> None:
    coded = CODED[name]
    assert decode(decoder(), [coded], size) == EXPECTED[name]
    assert decode(decoder(), bytewise(coded), size) == EXPECTED[name]


@pytest.mark.parametrize("size", [1, 7, 65536])
def test_a_body_is_decoded_wherever_it_is_cut(size: int) -> None:
    coded = CODED["text"]
    for at in range(1, len(coded)):
        assert decode(decoder(), [coded[:at], coded[at:]], size) == TEXT


def test_what_is_fed_while_some_is_unread_comes_after_it() -> None:
    coded = CODED["long"]
    for cut in (100, 1000, 40_000):
        decoding = decoder()
        read = bytearray()
        for at in range(0, len(coded), cut):
            decoding.feed(coded[at : at + cut])
            read += decoding.read(10)
        read += drain(decoding)
        decoding.finish()
        assert read == LONG


def test_a_read_gives_more_than_one_block_of_output_never() -> None:
    decoding = decoder()
    decoding.feed(brotli.compress(bytes(1_000_000)))
    pieces = []
    while piece := decoding.read(10**9):
        pieces.append(len(piece))
    assert sum(pieces) == 1_000_000
    assert max(pieces) < 33_000


def test_a_body_that_is_cut_short_is_an_error() -> None:
    coded = CODED["text"]
    for length in range(1, len(coded)):
        with pytest.raises(ContentEncodingError) as caught:
            decode(decoder(), [coded[:length]])
        assert caught.value.message == "The br body is cut short"
        assert isinstance(caught.value, ClientPayloadError)


def test_a_body_that_nobody_has_read_is_cut_short() -> None:
    decoding = decoder()
    decoding.feed(CODED["text"])
    with pytest.raises(ContentEncodingError, match="cut short"):
        decoding.finish()


def test_an_empty_body_is_not_cut_short() -> None:
    decoding = decoder()
    assert decoding.read(10) == b""
    decoding.finish()


def test_an_empty_text_can_be_coded() -> None:
    assert decode(decoder(), bytewise(brotli.compress(b""))) == b""
    # It may be long, too: of metablocks that hold nothing (RFC 7932 section 9.2).
    assert decode(decoder(), [b"\x0c" + b"\x06" * 50_000 + b"\x03"]) == b""


@pytest.mark.parametrize("garbage", [b"x", b"\0", CODED["text"], b"x" * 200, b"x" * 100_000])
def test_anything_after_the_end_is_an_error(garbage: bytes) -> None:
    coded = CODED["text"]
    with pytest.raises(ContentEncodingError) as caught:
        decode(decoder(), [coded, *bytewise(garbage[:200])])
    assert caught.value.message == "There is something after the end of the br body"
    assert caught.value.excerpt == garbage[:1]
    with pytest.raises(ContentEncodingError, match="The body is not valid br: "):
        decode(decoder(), [coded + garbage])


def test_what_is_after_the_end_of_a_step_is_shown() -> None:
    stored = brotli.Compressor(quality=0)
    coded = stored.process(random.Random(1).randbytes(16380)) + stored.finish()
    assert len(coded) == 16384  # as much as is looked at at once
    with pytest.raises(ContentEncodingError) as caught:
        decode(decoder(), [coded + b"garbage" * 100])
    assert caught.value.message == "There is something after the end of the br body"
    assert caught.value.excerpt == (b"garbage" * 100)[:100]


def test_what_is_not_in_the_coding_is_an_error() -> None:
    nonsense = b"<html>nonsense</html>" * 10
    decoding = decoder()
    decoding.feed(nonsense)
    with pytest.raises(ContentEncodingError) as caught:
        drain(decoding)
    assert caught.value.message.startswith("The body is not valid br: ")
    assert caught.value.excerpt == nonsense[:100]
    assert type(caught.value.__cause__) is brotli.error
    # And it stays one.
    with pytest.raises(ContentEncodingError, match="not valid br"):
        decoding.read(10)
    with pytest.raises(ContentEncodingError, match="cut short"):
        decoding.finish()


def test_an_error_far_behind_what_has_been_given_shows_where() -> None:
    coded = bytearray(brotli.compress(bytes(100_000)))
    decoding = decoder()
    decoding.feed(bytes(coded) + b"x")
    with pytest.raises(ContentEncodingError) as caught:
        drain(decoding, 1000)
    assert caught.value.excerpt == bytes(coded) + b"x"


def test_a_window_beyond_rfc_7932_is_an_error() -> None:
    # RFC 9841's large windows would be 1 GiB long; 0x11 begins one.
    with pytest.raises(ContentEncodingError, match="not valid br"):
        decode(decoder(), [b"\x11\x1e" + bytes(20)])


@pytest.mark.parametrize("size", [0, -1])
def test_reading_nothing_is_the_callers_mistake(size: int) -> None:
    decoding = decoder()
    decoding.feed(CODED["text"])
    with pytest.raises(ValueError, match=rf"^Cannot read {size} bytes$"):
        decoding.read(size)
    assert drain(decoding) == TEXT


@given(st.binary(max_size=500), st.integers(1, 100), st.integers(1, 100), st.integers(0, 11))
def test_any_bytes_come_back(text: bytes, cut: int, size: int, quality: int) -> None:
    coded = brotli.compress(text, quality=quality)
    pieces = [coded[at : at + cut] for at in range(0, len(coded), cut)]
    assert decode(decoder(), pieces, size) == text


def outcome(pieces: list[bytes]) -> bytes | type[Exception]:
    try:
        return decode(decoder(), pieces)
    except ContentEncodingError as exc:
        return type(exc)


MANGLED = st.tuples(
    st.sampled_from([CODED["text"], brotli.compress(b"a"), brotli.compress(LONG[:300], quality=1)]),
    st.integers(0, 80),
    st.binary(max_size=3),
).map(lambda parts: parts[0][: parts[1]] + parts[2] + parts[0][parts[1] + len(parts[2]) :])


@given(st.one_of(st.binary(min_size=1), MANGLED))
def test_arbitrary_bytes_give_a_text_or_a_documented_error(data: bytes) -> None:
    # An error may show after less of the text if more has come at once.
    assert outcome([data]) == outcome(bytewise(data))
