import gzip
import tracemalloc
import zlib
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_exceptions import ClientPayloadError, ContentEncodingError
from martlet_http_parser import MAX_CODINGS, ContentDecoder, content_decoders

from .recording import bytewise

TEXT = b"Hello, hello, hello! " * 50


def zlib_deflate(data: bytes, window: int = zlib.MAX_WBITS) -> bytes:
    compressor = zlib.compressobj(wbits=window)
    return compressor.compress(data) + compressor.flush()


def raw_deflate(data: bytes) -> bytes:
    return zlib_deflate(data, -zlib.MAX_WBITS)


def gzipped(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


CODED = {
    "gzip": gzipped(TEXT),
    "deflate": zlib_deflate(TEXT),
    "deflate-raw": raw_deflate(TEXT),
    "deflate-small-window": zlib_deflate(TEXT, 9),
}


def decoder_for(name: str) -> ContentDecoder:
    return ContentDecoder("gzip" if name == "gzip" else "deflate")


def drain(decoder: ContentDecoder, size: int = 65536) -> bytes:
    pieces: list[bytes] = []
    while piece := decoder.read(size):
        assert len(piece) <= size
        pieces.append(piece)
    return b"".join(pieces)


def decode(decoder: ContentDecoder, pieces: Iterable[bytes], size: int = 65536) -> bytes:
    output = bytearray()
    for piece in pieces:
        decoder.feed(piece)
        output += drain(decoder, size)
    decoder.finish()
    return bytes(output)


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
    coded = {"gzip": gzipped(b""), "deflate-raw": raw_deflate(b"")}.get(name, zlib_deflate(b""))
    assert decode(decoder_for(name), bytewise(coded)) == b""


@pytest.mark.parametrize("name", ["gzip", "deflate", "deflate-small-window"])
def test_a_changed_byte_in_the_checksum_is_an_error(name: str) -> None:
    coded = bytearray(CODED[name])
    coded[-8 if name == "gzip" else -1] ^= 1
    with pytest.raises(ContentEncodingError, match="incorrect data check") as caught:
        decode(decoder_for(name), [bytes(coded)])
    assert type(caught.value.__cause__) is zlib.error


@pytest.mark.parametrize("name", ["gzip", "deflate"])
def test_what_is_not_in_the_coding_is_an_error(name: str) -> None:
    nonsense = b"<html>nonsense</html>" * 10
    decoder = decoder_for(name)
    decoder.feed(nonsense)
    with pytest.raises(ContentEncodingError) as caught:
        decoder.read(10)
    assert caught.value.message.startswith(f"The body is not valid {name}: ")
    assert caught.value.excerpt == nonsense[:100]
    assert type(caught.value.__cause__) is zlib.error


def test_a_preset_dictionary_is_an_error() -> None:
    compressor = zlib.compressobj(zdict=b"hello")
    decoder = ContentDecoder("deflate")
    decoder.feed(compressor.compress(b"hello") + compressor.flush())
    with pytest.raises(ContentEncodingError, match="not valid deflate"):
        decoder.read(10)


@pytest.mark.parametrize("padding", [b"", b"\0", b"\0" * 1000])
def test_gzip_may_have_several_members_and_padding(padding: bytes) -> None:
    coded = gzipped(b"one ") + padding + gzipped(b"") + gzipped(b"two") + padding
    expected = b"one two"
    assert decode(ContentDecoder("gzip"), [coded]) == expected
    assert decode(ContentDecoder("gzip"), bytewise(coded)) == expected
    assert decode(ContentDecoder("gzip"), [coded], 1) == expected
    for at in range(1, len(coded), 7):
        assert decode(ContentDecoder("gzip"), [coded[:at], coded[at:]]) == expected


@pytest.mark.parametrize("garbage", [b"x", b"\0\0x", b"\x8b", b"\r\n", b"x" * 200])
def test_anything_else_after_gzip_is_an_error(garbage: bytes) -> None:
    for pieces in ([gzipped(TEXT) + garbage], [gzipped(TEXT), *bytewise(garbage)]):
        with pytest.raises(ContentEncodingError) as caught:
            decode(ContentDecoder("gzip"), pieces)
        assert caught.value.message == "There is something after the end of the gzip body"
        assert caught.value.excerpt
        assert garbage.lstrip(b"\0").startswith(caught.value.excerpt)
        assert len(caught.value.excerpt) <= 100


def test_what_only_begins_like_a_member_is_an_error() -> None:
    coded = gzipped(TEXT) + b"\x1f\x8c"
    for pieces in ([coded], bytewise(coded)):
        with pytest.raises(ContentEncodingError):
            decode(ContentDecoder("gzip"), pieces)


def test_the_good_text_before_garbage_is_given_out() -> None:
    decoder = ContentDecoder("gzip")
    decoder.feed(gzipped(TEXT) + b"x")
    assert decoder.read(65536) == TEXT
    with pytest.raises(ContentEncodingError):
        decoder.read(65536)


@pytest.mark.parametrize("start", [b"\x1f", b"\x1f\x8b", gzipped(TEXT)[:-1]])
def test_a_further_member_that_is_cut_short_is_an_error(start: bytes) -> None:
    with pytest.raises(ContentEncodingError, match="The gzip body is cut short"):
        decode(ContentDecoder("gzip"), [gzipped(TEXT) + start])


@pytest.mark.parametrize("name", ["deflate", "deflate-raw"])
def test_what_follows_deflate_is_passed_over(name: str) -> None:
    decoder = decoder_for(name)
    assert decode(decoder, [CODED[name] + b"rest"]) == TEXT
    decoder.feed(b"more")
    assert decoder.read(10) == b""
    decoder.finish()


@pytest.mark.parametrize("size", [0, -1])
def test_reading_nothing_is_the_callers_mistake(size: int) -> None:
    # To zlib, zero is no limit at all.
    decoder = ContentDecoder("gzip")
    decoder.feed(gzipped(TEXT))
    with pytest.raises(ValueError, match=rf"^Cannot read {size} bytes$"):
        decoder.read(size)
    assert drain(decoder) == TEXT


@pytest.mark.parametrize("coding", ["br", "GZIP", "identity", ""])
def test_a_coding_that_is_not_known_has_no_decoder(coding: str) -> None:
    with pytest.raises(ValueError, match=r"^Not a content coding that is known here: "):
        ContentDecoder(coding)  # type: ignore[arg-type]  # that is what is tested


def test_a_bomb_goes_off_in_small_steps() -> None:
    size = 64 * 1024 * 1024
    compressor = zlib.compressobj(9, wbits=31)
    zeros = bytes(1024 * 1024)
    coded = b"".join(compressor.compress(zeros) for _ in range(64)) + compressor.flush()
    decoder = ContentDecoder("gzip")
    tracemalloc.start()
    try:
        decoder.feed(coded)
        seen = 0
        while data := decoder.read(65536):
            assert len(data) <= 65536
            seen += len(data)
        decoder.finish()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert seen == size
    assert peak < 1024 * 1024


def run_chain(decoders: Sequence[ContentDecoder], data: bytes) -> bytes:
    for decoder in decoders:
        data = decode(decoder, [data])
    return data


@pytest.mark.parametrize(
    ("field", "coded"),
    [
        ("gzip", gzipped(TEXT)),
        ("x-gzip", gzipped(TEXT)),
        ("GZip", gzipped(TEXT)),
        ("deflate", zlib_deflate(TEXT)),
        ("identity", TEXT),
        ("", TEXT),
        (" , ", TEXT),
        ("gzip, identity", gzipped(TEXT)),
        ("gzip,deflate", zlib_deflate(gzipped(TEXT))),
        ("deflate ,\tgzip", gzipped(zlib_deflate(TEXT))),
        ("gzip, gzip, gzip, gzip, gzip", gzipped(gzipped(gzipped(gzipped(gzipped(TEXT)))))),
    ],
)
def test_the_codings_of_a_field_are_removed_last_one_first(field: str, coded: bytes) -> None:
    decoders = content_decoders(field)
    assert decoders is not None
    assert run_chain(decoders, coded) == TEXT


@pytest.mark.parametrize(
    "field",
    [
        "br",
        "zstd",
        "gzip, br",
        "gzip;q=1",
        "gzip gzip",
        "\N{KELVIN SIGN}",
        "gz\N{LATIN SMALL LETTER DOTLESS I}p",
    ],
)
def test_a_coding_that_is_not_known_leaves_the_body_as_it_is(field: str) -> None:
    assert content_decoders(field) is None


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_more_codings_than_anybody_needs_are_an_error(coding: str) -> None:
    field = ", ".join([coding] * (MAX_CODINGS + 1))
    with pytest.raises(ContentEncodingError) as caught:
        content_decoders(field)
    assert caught.value.message == "More than 5 content codings"
    assert caught.value.excerpt == field.encode()


def test_a_field_in_an_error_is_cut_and_keeps_its_bytes() -> None:
    with pytest.raises(ContentEncodingError) as caught:
        content_decoders("\udcff," * 200)
    assert caught.value.excerpt == b"\xff," * 50


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
