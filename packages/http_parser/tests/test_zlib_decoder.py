import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_exceptions import ClientPayloadError, ContentEncodingError
from martlet_http_parser import ContentDecoder
from martlet_http_parser._zlib_decoder import ZlibDecoder

from .decoding import (
    BACKENDS,
    TEXT,
    decode,
    drain,
    gzipped,
    raw_deflate,
    using_backend,
    zlib_deflate,
)
from .recording import bytewise


@pytest.fixture(params=BACKENDS, scope="module", autouse=True)
def backend(request: pytest.FixtureRequest) -> Iterator[str]:
    with using_backend(request.param):
        yield request.param


def gzipped_with(flags: int, text: bytes = TEXT) -> bytes:
    """Make a gzip member whose header has the fields of *flags*."""
    header = b"\x1f\x8b\x08" + bytes([flags]) + b"\0\0\0\0\0\3"
    if flags & 4:
        header += b"\5\0ex\0ra"
    if flags & 8:
        header += b"name\0"
    if flags & 16:
        header += b"a comment\0"
    if flags & 2:
        header += (zlib.crc32(header) & 0xFFFF).to_bytes(2, "little")
    return header + gzipped(text)[10:]


CODED = {
    "gzip": gzipped(TEXT),
    "gzip-all-fields": gzipped_with(0x1F),
    "deflate": zlib_deflate(TEXT),
    "deflate-raw": raw_deflate(TEXT),
    "deflate-small-window": zlib_deflate(TEXT, 9),
}


def decoder_for(name: str) -> ContentDecoder:
    return ZlibDecoder("gzip" if name.startswith("gzip") else "deflate")


@pytest.mark.parametrize("name", CODED)
@pytest.mark.parametrize("size", [1, 7, 65536])
def test_a_body_is_decoded_however_it_comes_and_is_read(name: str, size: int) -> None:
    coded = CODED[name]
    assert decode(decoder_for(name), [coded], size) == TEXT
    assert decode(decoder_for(name), bytewise(coded), size) == TEXT
    for at in range(1, len(coded)):
        assert decode(decoder_for(name), [coded[:at], coded[at:]], size) == TEXT


@pytest.mark.parametrize("name", CODED)
def test_what_is_fed_before_anything_is_read_is_kept(name: str) -> None:
    decoder = decoder_for(name)
    for byte in bytewise(CODED[name]):
        decoder.feed(byte)
    assert drain(decoder) == TEXT
    decoder.finish()


@pytest.mark.parametrize("name", CODED)
def test_what_is_fed_while_some_is_unread_comes_after_it(name: str) -> None:
    decoder = decoder_for(name)
    coded = CODED[name]
    decoder.feed(coded[:-5])
    first = decoder.read(10)
    decoder.feed(coded[-5:])
    assert first + drain(decoder) == TEXT
    decoder.finish()


@pytest.mark.parametrize("name", CODED)
def test_a_body_that_is_cut_short_is_an_error(name: str) -> None:
    coded = CODED[name]
    for length in range(1, len(coded)):
        decoder = decoder_for(name)
        with pytest.raises(ContentEncodingError) as caught:
            decode(decoder, [coded[:length]])
        coding = name.partition("-")[0]
        assert caught.value.message == f"The {coding} body is cut short"
        assert isinstance(caught.value, ClientPayloadError)


@pytest.mark.parametrize("name", ["gzip", "deflate"])
def test_an_empty_body_is_not_cut_short(name: str) -> None:
    # What answers HEAD may name a coding, too.
    decoder = decoder_for(name)
    assert decoder.read(10) == b""
    decoder.finish()


@pytest.mark.parametrize("name", CODED)
def test_an_empty_text_can_be_coded(name: str) -> None:
    coded = {
        "gzip": gzipped(b""),
        "gzip-all-fields": gzipped_with(0x1F, b""),
        "deflate-raw": raw_deflate(b""),
    }.get(name, zlib_deflate(b""))
    assert decode(decoder_for(name), bytewise(coded)) == b""


@pytest.mark.parametrize("name", [name for name in CODED if name != "deflate-raw"])
def test_a_changed_byte_in_the_checksum_is_an_error(name: str, backend: str) -> None:
    coded = bytearray(CODED[name])
    coded[-8 if name.startswith("gzip") else -1] ^= 1
    with pytest.raises(
        ContentEncodingError, match=r"(?i)incorrect (data check|checksum)"
    ) as caught:
        decode(decoder_for(name), [bytes(coded)])
    assert type(caught.value.__cause__) is BACKENDS[backend].error


def test_a_changed_byte_in_the_length_is_an_error(backend: str) -> None:
    coded = bytearray(gzipped(TEXT))
    coded[-1] ^= 1
    with pytest.raises(ContentEncodingError, match="The body is not valid gzip: ") as caught:
        decode(ZlibDecoder("gzip"), [bytes(coded)])
    assert type(caught.value.__cause__) is BACKENDS[backend].error


@pytest.mark.parametrize("name", ["gzip", "deflate"])
def test_what_is_not_in_the_coding_is_an_error(name: str, backend: str) -> None:
    nonsense = b"<html>nonsense</html>" * 10
    decoder = decoder_for(name)
    decoder.feed(nonsense)
    with pytest.raises(ContentEncodingError) as caught:
        decoder.read(10)
    assert caught.value.message.startswith(f"The body is not valid {name}: ")
    assert caught.value.excerpt == nonsense[:100]
    if (name, backend) == ("gzip", "isal"):  # its headers are not read by the library
        assert caught.value.__cause__ is None
    else:
        assert type(caught.value.__cause__) is BACKENDS[backend].error


def test_a_preset_dictionary_is_an_error() -> None:
    compressor = zlib.compressobj(zdict=b"hello")
    decoder = ZlibDecoder("deflate")
    decoder.feed(compressor.compress(b"hello") + compressor.flush())
    with pytest.raises(ContentEncodingError, match="not valid deflate"):
        decoder.read(10)


@pytest.mark.parametrize("flags", range(32))
def test_a_gzip_header_may_have_any_fields(flags: int) -> None:
    coded = gzipped_with(flags)
    assert decode(ZlibDecoder("gzip"), [coded]) == TEXT
    assert decode(ZlibDecoder("gzip"), bytewise(coded)) == TEXT
    assert decode(ZlibDecoder("gzip"), [gzipped(b"one ") + coded]) == b"one " + TEXT
    assert decode(ZlibDecoder("gzip"), bytewise(coded + gzipped(b" two"))) == TEXT + b" two"
    for at in range(1, 45):
        assert decode(ZlibDecoder("gzip"), [coded[:at], coded[at:]]) == TEXT


@pytest.mark.parametrize("flag", [0x20, 0x40, 0x80])
def test_a_flag_that_has_no_meaning_is_an_error(flag: int) -> None:
    for pieces in ([gzipped_with(flag)], bytewise(gzipped_with(flag))):
        with pytest.raises(ContentEncodingError, match=r"not valid gzip: .*header flags set"):
            decode(ZlibDecoder("gzip"), pieces)


def test_a_wrong_checksum_of_a_header_is_an_error() -> None:
    coded = gzipped_with(0x1E).replace(b"name", b"nome")
    for pieces in ([coded], bytewise(coded)):
        with pytest.raises(ContentEncodingError, match=r"not valid gzip: .*header crc mismatch"):
            decode(ZlibDecoder("gzip"), pieces)


@pytest.mark.parametrize("padding", [b"", b"\0", b"\0" * 1000])
def test_gzip_may_have_several_members_and_padding(padding: bytes) -> None:
    coded = gzipped(b"one ") + padding + gzipped(b"") + gzipped(b"two") + padding
    expected = b"one two"
    assert decode(ZlibDecoder("gzip"), [coded]) == expected
    assert decode(ZlibDecoder("gzip"), bytewise(coded)) == expected
    assert decode(ZlibDecoder("gzip"), [coded], 1) == expected
    for at in range(1, len(coded), 7):
        assert decode(ZlibDecoder("gzip"), [coded[:at], coded[at:]]) == expected


def test_many_members_are_decoded_however_they_are_cut() -> None:
    texts = [bytes([byte]) * byte for byte in range(1, 60)]
    coded = b"".join(map(gzipped, texts))
    for cut in range(1, 30):
        pieces = [coded[at : at + cut] for at in range(0, len(coded), cut)]
        assert decode(ZlibDecoder("gzip"), pieces) == b"".join(texts)
        assert decode(ZlibDecoder("gzip"), pieces, 1) == b"".join(texts)


@pytest.mark.parametrize("garbage", [b"x", b"\0\0x", b"\x8b", b"\r\n", b"x" * 200])
def test_anything_else_after_gzip_is_an_error(garbage: bytes) -> None:
    for pieces in ([gzipped(TEXT) + garbage], [gzipped(TEXT), *bytewise(garbage)]):
        with pytest.raises(ContentEncodingError) as caught:
            decode(ZlibDecoder("gzip"), pieces)
        assert caught.value.message == "There is something after the end of the gzip body"
        assert caught.value.excerpt
        assert garbage.lstrip(b"\0").startswith(caught.value.excerpt)
        assert len(caught.value.excerpt) <= 100


def test_what_only_begins_like_a_member_is_an_error() -> None:
    coded = gzipped(TEXT) + b"\x1f\x8c"
    for pieces in ([coded], bytewise(coded)):
        with pytest.raises(ContentEncodingError):
            decode(ZlibDecoder("gzip"), pieces)


def test_the_good_text_before_garbage_is_given_out() -> None:
    decoder = ZlibDecoder("gzip")
    decoder.feed(gzipped(TEXT) + b"x")
    assert decoder.read(65536) == TEXT
    with pytest.raises(ContentEncodingError):
        decoder.read(65536)


@pytest.mark.parametrize("start", [b"\x1f", b"\x1f\x8b", gzipped(TEXT)[:-1]])
def test_a_further_member_that_is_cut_short_is_an_error(start: bytes) -> None:
    with pytest.raises(ContentEncodingError, match="The gzip body is cut short"):
        decode(ZlibDecoder("gzip"), [gzipped(TEXT) + start])


@pytest.mark.parametrize("name", ["deflate", "deflate-raw"])
def test_what_follows_deflate_is_passed_over(name: str) -> None:
    decoder = decoder_for(name)
    assert decode(decoder, [CODED[name] + b"rest"]) == TEXT
    decoder.feed(b"more")
    assert decoder.read(10) == b""
    decoder.finish()


@pytest.mark.parametrize("name", ["deflate", "deflate-raw"])
@pytest.mark.parametrize("size", [1, 1000])
def test_what_follows_deflate_may_have_been_looked_at_ahead(name: str, size: int) -> None:
    # isal takes in some bytes before they are due. What it has too many, it gives back at the
    # end, even if they came earlier.
    coded = CODED[name] + b"rest of it"
    for cut in range(1, 12):
        pieces = [coded[at : at + cut] for at in range(0, len(coded), cut)]
        assert decode(decoder_for(name), pieces, size) == TEXT


@pytest.mark.parametrize("size", [0, -1])
def test_reading_nothing_is_the_callers_mistake(size: int) -> None:
    # To zlib, zero is no limit at all.
    decoder = ZlibDecoder("gzip")
    decoder.feed(gzipped(TEXT))
    with pytest.raises(ValueError, match=rf"^Cannot read {size} bytes$"):
        decoder.read(size)
    assert drain(decoder) == TEXT


@pytest.mark.parametrize("coding", ["br", "GZIP", "identity", ""])
def test_a_coding_that_is_not_known_has_no_decoder(coding: str) -> None:
    with pytest.raises(ValueError, match=r"^Not a content coding that is known here: "):
        ZlibDecoder(coding)  # type: ignore[arg-type]  # that is what is tested


@given(
    st.sampled_from(["gzip", "deflate", "deflate-raw"]),
    st.lists(st.binary(max_size=100), min_size=1, max_size=6),
    st.integers(1, 100),
)
def test_any_bytes_come_back(name: str, texts: list[bytes], size: int) -> None:
    text = b"".join(texts)
    if name == "gzip":
        coded = b"".join(map(gzipped, texts))  # a member each
    else:
        coded = zlib_deflate(text) if name == "deflate" else raw_deflate(text)
    assert decode(decoder_for(name), [coded], size) == text
    assert decode(decoder_for(name), bytewise(coded), size) == text


def outcome(name: str, pieces: list[bytes]) -> bytes | type[Exception]:
    try:
        return decode(decoder_for(name), pieces)
    except ContentEncodingError as exc:
        return type(exc)


MANGLED = st.tuples(
    st.sampled_from([*CODED.values(), gzipped(b"a") + gzipped(b"b")]),
    st.integers(0, 80),
    st.binary(max_size=3),
).map(lambda parts: parts[0][: parts[1]] + parts[2] + parts[0][parts[1] + len(parts[2]) :])


@given(st.sampled_from(["gzip", "deflate"]), st.one_of(st.binary(min_size=1), MANGLED))
def test_arbitrary_bytes_give_a_text_or_a_documented_error(name: str, data: bytes) -> None:
    assert outcome(name, [data]) == outcome(name, bytewise(data))
