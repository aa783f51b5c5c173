import base64
import binascii
import gzip
import quopri
import re
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_client_session._part_decoder import PartDecoder, part_decoder, transfer_units
from martlet_exceptions import ClientPayloadError, ContentEncodingError, PayloadEncodingError
from martlet_http_parser import available_codings, content_encoder

from .multipart_bodies import bytewise, cut

BASE64 = {"Content-Transfer-Encoding": "base64"}
PRINTABLE = {"Content-Transfer-Encoding": "quoted-printable"}
CUTS = st.lists(st.integers(0, 999), max_size=6)


def decoder_for(headers: dict[str, str], subtype: str = "mixed") -> PartDecoder:
    decoder = part_decoder(headers, subtype)
    assert decoder is not None
    return decoder


def decoded(headers: dict[str, str], *pieces: bytes, step: int = 1000) -> bytes:
    decoder = decoder_for(headers)
    data = b""
    for coded in filter(None, pieces):
        decoder.feed(coded)
        while piece := decoder.read(step):
            assert len(piece) <= step
            data += piece
    decoder.finish()
    return data


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Transfer-Encoding": "7bit"},
        {"Content-Transfer-Encoding": " 8BIT "},
        {"Content-Transfer-Encoding": "binary", "Content-Encoding": "identity"},
        {"Content-Encoding": " "},
    ],
)
def test_nothing_is_encoded(headers: dict[str, str]) -> None:
    assert part_decoder(headers, "mixed") is None
    assert transfer_units(headers) is None


def test_unknown_encodings_are_refused() -> None:
    with pytest.raises(PayloadEncodingError, match=r"Transfer-Encoding .* not known.*x-foo"):
        part_decoder({"Content-Transfer-Encoding": "x-Foo"}, "mixed")
    with pytest.raises(ContentEncodingError, match=r"Content-Encoding .* not known.*gzip, foo"):
        part_decoder({"Content-Encoding": "gzip, foo"}, "mixed")
    with pytest.raises(ContentEncodingError, match="More than"):
        part_decoder({"Content-Encoding": "gzip," * 9}, "mixed")


def test_parts_of_forms_have_no_content_coding() -> None:
    assert part_decoder({"Content-Encoding": "gzip"}, "form-data") is None
    decoder = decoder_for({**BASE64, "Content-Encoding": "gzip"}, "form-data")
    decoder.feed(b"YWJj")
    assert decoder.read(9) == b"abc"


# base64


@given(st.binary(max_size=99), CUTS)
def test_base64_comes_back_however_it_is_cut(data: bytes, cuts: list[int]) -> None:
    coded = base64.encodebytes(data).replace(b"\n", b"\r\n")
    assert decoded(BASE64, *cut(coded, cuts), step=7) == data


BASE64_GRAMMAR = re.compile(rb"(?:[\w+/]{4})*(?:[\w+/]{2}==|[\w+/]{3}=)?", re.ASCII)


@given(st.text("AQab+/= \r\n-!", max_size=12).map(str.encode), CUTS)
def test_base64_is_read_if_it_is_that_and_nothing_else(coded: bytes, cuts: list[int]) -> None:
    bare = coded.translate(None, b" \r\n")
    if BASE64_GRAMMAR.fullmatch(bare):
        assert decoded(BASE64, *cut(coded, cuts)) == base64.b64decode(bare)
    else:
        with pytest.raises(PayloadEncodingError, match="base64"):
            decoded(BASE64, *cut(coded, cuts))


@pytest.mark.parametrize(
    ("pieces", "message"),
    [
        ([b"YW=="], None),
        ([b"YW==", b"YW=="], "goes on behind its padding"),
        ([b"YW==", b" ", b"Y"], "goes on behind its padding"),
        ([b"YW!j"], "is not base64"),
        ([b"YWJj===="], "too much padding"),
        ([b"YWJj="], "ends early"),
        ([b"YWJjY"], "ends early"),
        ([b"YW="], "ends early"),
    ],
)
def test_garbage_in_base64_is_refused(pieces: list[bytes], message: str | None) -> None:
    if message is None:
        assert decoded(BASE64, *pieces) == b"a"
        return
    with pytest.raises(PayloadEncodingError, match=message):
        decoded(BASE64, *pieces)


# quoted-printable


@given(
    st.binary(max_size=99) | st.text("=41 \t\r\n\u00e9", max_size=99).map(str.encode),
    st.booleans(),
    CUTS,
)
def test_quoted_printable_comes_back_however_it_is_cut(
    data: bytes, tabs: bool, cuts: list[int]
) -> None:
    # A CR of its own, or before an encoded LF, is encoded: it is no end of a line.
    coded = quopri.encodestring(data, quotetabs=tabs)
    expected = binascii.a2b_qp(coded)
    assert decoded(PRINTABLE, *cut(coded, cuts), step=7) == expected
    assert decoded(PRINTABLE, *cut(coded.replace(b"=\n", b"=  \r\n"), cuts)) == expected


@given(st.text("=4a \t\r\n", max_size=12).map(str.encode), CUTS)
def test_quoted_printable_has_one_reading_however_it_is_cut(coded: bytes, cuts: list[int]) -> None:
    def read(pieces: list[bytes]) -> bytes | None:
        try:
            return decoded(PRINTABLE, *pieces)
        except PayloadEncodingError:
            return None

    assert read([coded]) == read(cut(coded, cuts)) == read(bytewise(coded))


@given(st.binary(max_size=99).map(lambda data: data.replace(b"=", b"")))
def test_what_is_no_escape_is_left_as_it_is(data: bytes) -> None:
    assert decoded(PRINTABLE, data) == data


@pytest.mark.parametrize(
    ("coded", "data"),
    [
        (b"a=3D=\r\nb", b"a=b"),
        (b"=e9=E9", b"\xe9\xe9"),
        (b"a= \t\r\nb=\nc", b"abc"),
        (b"a=", b"a"),
        (b"a= \r", b"a"),
        (b"a=\r\n", b"a"),
        (b"a \r\n", b"a \r\n"),
        (b"a=" + b" " * 80 + b"\r\nb", b"ab"),
    ],
)
def test_quoted_printable_is_read(coded: bytes, data: bytes) -> None:
    assert decoded(PRINTABLE, coded) == data


@pytest.mark.parametrize(
    "coded", [b"a=4", b"=4g", b"=g4", b"==\r\n41", b"= x", b"=\rx", b"=" + b" " * 81]
)
def test_garbage_in_quoted_printable_is_refused(coded: bytes) -> None:
    for pieces in ([coded], bytewise(coded)):
        with pytest.raises(PayloadEncodingError, match="quoted-printable"):
            decoded(PRINTABLE, *pieces)


# What can be decoded by itself


@given(st.binary(max_size=60), CUTS, st.sampled_from([BASE64, PRINTABLE]))
def test_whole_units_can_be_decoded_one_by_one(
    data: bytes, cuts: list[int], headers: dict[str, str]
) -> None:
    units = transfer_units(headers)
    assert units is not None
    encode = base64.encodebytes if headers is BASE64 else quopri.encodestring
    left = b""
    gathered = b""
    for piece in cut(encode(data), cuts):
        left += piece
        whole = units(left)
        gathered += decoded(headers, left[:whole])
        left = left[whole:]
    assert gathered == decoded(headers, encode(data))
    assert left.strip() == b""


# Content codings


@pytest.mark.parametrize("coding", [*available_codings(), "gzip, deflate", " GZIP "])
def test_content_codings_are_removed_in_bounded_steps(coding: str) -> None:
    data = bytes(100_000)
    encoder = content_encoder(coding)
    coded = encoder.encode(data) + encoder.finish()
    assert decoded({"Content-Encoding": coding}, coded, step=1000) == data


def test_both_encodings_are_removed() -> None:
    coded = base64.encodebytes(gzip.compress(b"hello"))
    headers = {**BASE64, "Content-Encoding": "gzip"}
    assert decoded(headers, *bytewise(coded)) == b"hello"


@pytest.mark.parametrize("coded", [gzip.compress(b"hello")[:-1], b"garbage", zlib.compress(b"a")])
def test_broken_content_coding_is_refused(coded: bytes) -> None:
    with pytest.raises(ContentEncodingError):
        decoded({"Content-Encoding": "gzip"}, coded)


@given(
    st.binary(min_size=1, max_size=60),
    st.sampled_from(["base64", "quoted-printable", ""]),
    st.sampled_from(["gzip", "deflate", ""]),
)
def test_anything_is_decoded_or_refused(data: bytes, transfer: str, coding: str) -> None:
    headers = {"Content-Transfer-Encoding": transfer, "Content-Encoding": coding}
    if transfer or coding:
        try:
            decoded(headers, data)
        except ClientPayloadError:
            pass
