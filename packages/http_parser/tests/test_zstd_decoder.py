import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_exceptions import ClientPayloadError, ContentEncodingError
from martlet_http_parser._zstd_decoder import ZstdDecoder
from martlet_http_parser._zstd_library import zstd_library

from .decoding import TEXT, decode, drain, zstd
from .recording import bytewise

MIB = 1024 * 1024
LONG = random.Random(1).randbytes(50_000) + bytes(200_000) + TEXT
SKIPPABLE = b"\x5a\x2a\x4d\x18\x05\0\0\0hello"
CODED = {
    "text": zstd.compress(TEXT),
    "long": zstd.compress(LONG),
    "frames": zstd.compress(TEXT[:100]) + zstd.compress(b"") + zstd.compress(TEXT[100:]),
    "skippable frames": SKIPPABLE + zstd.compress(TEXT) + SKIPPABLE + SKIPPABLE,
}


def decoder() -> ZstdDecoder:
    library = zstd_library()
    assert library is not None
    return ZstdDecoder(library)


def expected(name: str) -> bytes:
    return LONG if name == "long" else TEXT


def framed(text: bytes, window_log: int) -> bytes:
    """Make a frame that asks for a window of 2 to the power of *window_log*."""
    options: dict[int, int] = {zstd.CompressionParameter.window_log: window_log}
    compressor = zstd.ZstdCompressor(options=options)
    # In two pieces, or the window would be made as small as the text.
    return compressor.compress(text) + compressor.flush()


@pytest.mark.parametrize("name", CODED)
@pytest.mark.parametrize("size", [1, 1000, 65536, 10**9])
def test_a_body_is_decoded_however_it_comes_and_is_read(name: str, size: int) -> None:
    coded = CODED[name]
    assert decode(decoder(), [coded], size) == expected(name)
    assert decode(decoder(), bytewise(coded), size) == expected(name)


@pytest.mark.parametrize("name", [name for name in CODED if name != "long"])
@pytest.mark.parametrize("size", [1, 7, 65536])
def test_a_body_is_decoded_wherever_it_is_cut(name: str, size: int) -> None:
    coded = CODED[name]
    for at in range(1, len(coded)):
        assert decode(decoder(), [coded[:at], coded[at:]], size) == TEXT


@pytest.mark.parametrize("name", CODED)
def test_what_is_fed_while_some_is_unread_comes_after_it(name: str) -> None:
    coded = CODED[name]
    for cut in (10, 100, 40_000):
        decoding = decoder()
        read = bytearray()
        for at in range(0, len(coded), cut):
            decoding.feed(coded[at : at + cut])
            read += decoding.read(10)
        read += drain(decoding)
        decoding.finish()
        assert read == expected(name)


def test_a_body_that_is_cut_short_is_an_error() -> None:
    coded = CODED["text"]
    for length in range(1, len(coded)):
        with pytest.raises(ContentEncodingError) as caught:
            decode(decoder(), [coded[:length]])
        assert caught.value.message == "The zstd body is cut short"
        assert isinstance(caught.value, ClientPayloadError)


@pytest.mark.parametrize("frame", [CODED["text"], SKIPPABLE])
def test_a_further_frame_that_is_cut_short_is_an_error(frame: bytes) -> None:
    for length in range(1, len(frame)):
        with pytest.raises(ContentEncodingError, match=r"^The zstd body is cut short$"):
            decode(decoder(), [CODED["text"] + frame[:length]])
        with pytest.raises(ContentEncodingError, match=r"^The zstd body is cut short$"):
            decode(decoder(), bytewise(CODED["text"] + frame[:length]))


def test_a_body_that_nobody_has_read_is_cut_short() -> None:
    decoding = decoder()
    decoding.feed(CODED["text"])
    with pytest.raises(ContentEncodingError, match="cut short"):
        decoding.finish()


def test_an_empty_body_is_not_cut_short() -> None:
    decoding = decoder()
    assert decoding.read(10) == b""
    decoding.finish()


@pytest.mark.parametrize("coded", [zstd.compress(b""), SKIPPABLE, SKIPPABLE + zstd.compress(b"")])
def test_an_empty_text_can_be_coded(coded: bytes) -> None:
    assert decode(decoder(), [coded]) == b""
    assert decode(decoder(), bytewise(coded)) == b""


@pytest.mark.parametrize(
    "garbage", [b"x", b"\0", b"\x28\xb6", b"\x50\x2b", b"\x60\x2a", b"x" * 200]
)
def test_anything_but_a_frame_after_the_end_is_an_error(garbage: bytes) -> None:
    decoding = decoder()
    decoding.feed(CODED["text"] + garbage)
    assert decoding.read(65536) == TEXT  # what is good is given out
    with pytest.raises(ContentEncodingError) as caught:
        decoding.read(65536)
    assert caught.value.message == "There is something after the end of the zstd body"
    assert caught.value.excerpt == garbage[:100]
    with pytest.raises(ContentEncodingError):
        decode(decoder(), bytewise(CODED["text"] + garbage))


@pytest.mark.parametrize("nonsense", [b"<html>nonsense</html>" * 10, b"\x27\xb5\x2f\xfd" * 30])
def test_what_is_not_in_the_coding_is_an_error(nonsense: bytes) -> None:
    # What begins as zstd did before its version 0.8 is no frame, either.
    decoding = decoder()
    decoding.feed(nonsense)
    with pytest.raises(ContentEncodingError) as caught:
        decoding.read(10)
    assert caught.value.message == "The body is not valid zstd: it begins with no frame"
    assert caught.value.excerpt == nonsense[:100]


def test_a_frame_that_is_damaged_is_an_error() -> None:
    compressor = zstd.ZstdCompressor(options={zstd.CompressionParameter.checksum_flag: 1})
    coded = bytearray(compressor.compress(TEXT) + compressor.flush())
    assert decode(decoder(), [bytes(coded)]) == TEXT
    coded[-1] ^= 1
    decoding = decoder()
    decoding.feed(bytes(coded))
    with pytest.raises(ContentEncodingError, match=r"^The body is not valid zstd: ") as caught:
        drain(decoding, 100)
    assert caught.value.excerpt == bytes(coded)[:100]
    assert type(caught.value.__cause__) is zstd.ZstdError
    with pytest.raises(ContentEncodingError, match="cut short"):
        decoding.finish()


def test_a_window_of_8_mib_is_the_largest() -> None:
    assert decode(decoder(), [framed(TEXT, 23)]) == TEXT
    for window_log in (24, 27, 30):
        with pytest.raises(ContentEncodingError, match=r"not valid zstd: .*too much memory"):
            decode(decoder(), [framed(TEXT, window_log)])


def test_a_text_that_is_one_segment_is_no_larger() -> None:
    # Then the window is the whole text (RFC 8878 section 3.1.1.1.2).
    for size, fits in ((8 * MIB, True), (8 * MIB + 1, False)):
        compressor = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 24})
        compressor.set_pledged_input_size(size)
        coded = compressor.compress(bytes(size), compressor.FLUSH_FRAME)
        assert coded[4] & 0x20
        if fits:
            assert decode(decoder(), [coded]) == bytes(size)
        else:
            with pytest.raises(ContentEncodingError, match="too much memory"):
                decode(decoder(), [coded])


def test_a_dictionary_that_nobody_has_is_an_error() -> None:
    samples = [b"%d hello %d world %d" % (n, n * n, n * 7) for n in range(500)]
    trained = zstd.train_dict(samples, 2000)
    with pytest.raises(ContentEncodingError, match="not valid zstd"):
        decode(decoder(), [zstd.compress(TEXT, zstd_dict=trained)])


@pytest.mark.parametrize("size", [0, -1])
def test_reading_nothing_is_the_callers_mistake(size: int) -> None:
    # To zstd, -1 is no limit at all.
    decoding = decoder()
    decoding.feed(CODED["text"])
    with pytest.raises(ValueError, match=rf"^Cannot read {size} bytes$"):
        decoding.read(size)
    assert drain(decoding) == TEXT


@given(st.lists(st.binary(max_size=100)), st.integers(1, 100), st.integers(1, 100))
def test_any_bytes_come_back(texts: list[bytes], cut: int, size: int) -> None:
    coded = b"".join(map(zstd.compress, texts))  # a frame each
    pieces = [coded[at : at + cut] for at in range(0, len(coded), cut)]
    assert decode(decoder(), pieces, size) == b"".join(texts)


def outcome(pieces: list[bytes]) -> bytes | type[Exception]:
    try:
        return decode(decoder(), pieces)
    except ContentEncodingError as exc:
        return type(exc)


MANGLED = st.tuples(
    st.sampled_from(
        [*(CODED[name] for name in CODED if name != "long"), zstd.compress(LONG[:300])]
    ),
    st.integers(0, 80),
    st.binary(max_size=3),
).map(lambda parts: parts[0][: parts[1]] + parts[2] + parts[0][parts[1] + len(parts[2]) :])


@given(st.one_of(st.binary(min_size=1), MANGLED))
def test_arbitrary_bytes_give_a_text_or_a_documented_error(data: bytes) -> None:
    assert outcome([data]) == outcome(bytewise(data))


def frame(descriptor: int, window: bytes, size: bytes, text: bytes) -> bytes:
    """Make a frame of one raw block, and of an empty last one (RFC 8878 section 3.1.1)."""
    raw = (len(text) << 3).to_bytes(3, "little") + text
    return b"\x28\xb5\x2f\xfd" + bytes([descriptor]) + window + size + raw + b"\1\0\0"


FRAMES = {
    "no size": (0x00, b"\x58", b"", 5),
    "one byte": (0x20, b"", b"\x05", 5),
    "two bytes": (0x60, b"", b"\x2c\0", 300),
    "two bytes and a window": (0x40, b"\x58", b"\x2c\0", 300),
    "four bytes": (0xA0, b"", b"\x05\0\0\0", 5),
    "eight bytes": (0xE0, b"", b"\x05" + bytes(7), 5),
    "eight bytes and a window": (0xC0, b"\x58", b"\x05" + bytes(7), 5),
}


@pytest.mark.parametrize("name", FRAMES)
def test_a_frame_holds_as_much_as_it_announces(name: str) -> None:
    descriptor, window, size, length = FRAMES[name]
    text = b"x" * (256 + 44 if length == 300 else 5)
    good = frame(descriptor, window, size, text)
    for pieces in ([good], bytewise(good)):
        assert decode(decoder(), pieces, 100) == text
    for other in (text[:-1], text + b"x") if size else ():
        bad = frame(descriptor, window, size, other)
        for pieces in ([bad], bytewise(bad)):
            with pytest.raises(ContentEncodingError):
                decode(decoder(), pieces, 100)


def test_what_a_frame_lacks_is_said() -> None:
    with pytest.raises(ContentEncodingError) as caught:
        decode(decoder(), bytewise(frame(0x20, b"", b"\x05", b"x")), 100)
    assert caught.value.message == "A zstd frame announces 5 bytes, and holds 1"


@pytest.mark.parametrize("length", range(1, 14))
def test_a_frame_that_ends_inside_its_header_is_cut_short(length: int) -> None:
    one = decoder()
    one.feed(frame(0xE0, b"", b"\x05" + bytes(7), b"hello")[: min(length, 12)])
    assert one.read(10) == b""
    with pytest.raises(ContentEncodingError, match="cut short"):
        one.finish()


@pytest.mark.parametrize("block", [b"\5\0\0", b"\4\0\0\1\0\0", b"\7\0\0", b"\3\0\0x"])
def test_a_damaged_frame_is_the_same_whole_and_in_pieces(block: bytes) -> None:
    coded = b"\x28\xb5\x2f\xfd\x20\0" + block
    ends: list[bytes | None] = []
    for pieces in ([coded], bytewise(coded), [coded[:7], coded[7:]]):
        try:
            ends.append(decode(decoder(), pieces, 100))
        except ContentEncodingError:
            ends.append(None)
    assert ends == [ends[0]] * 3
