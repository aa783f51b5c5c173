import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_exceptions import ContentEncodingError
from martlet_http_parser import (
    MAX_CODINGS,
    available_codings,
    content_decoder,
    content_decoders,
)
from martlet_http_parser._brotli_decoder import BrotliDecoder
from martlet_http_parser._brotli_library import brotli_library
from martlet_http_parser._decoder_chain import DecoderChain
from martlet_http_parser._zlib_decoder import ZlibDecoder
from martlet_http_parser._zstd_decoder import ZstdDecoder
from martlet_http_parser._zstd_library import zstd_library

from .decoding import CODERS, TEXT, code, decode, decoder_for, raw_deflate, zstd
from .recording import bytewise

CODINGS = st.lists(st.sampled_from(sorted(CODERS)), min_size=1, max_size=MAX_CODINGS)


@pytest.fixture
def no_libraries(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let none of the optional libraries be installed."""
    finders = (brotli_library, zstd_library, available_codings)
    for finder in finders:
        finder.cache_clear()
    with monkeypatch.context() as patch:
        for name in ("brotli", "brotlicffi", zstd.__name__):
            patch.setitem(sys.modules, name, None)
        yield
    for finder in finders:
        finder.cache_clear()


FIELDS = [
    ("gzip", ["gzip"]),
    ("x-gzip", ["gzip"]),
    ("GZip", ["gzip"]),
    ("deflate", ["deflate"]),
    ("br", ["br"]),
    ("Br", ["br"]),
    ("zstd", ["zstd"]),
    ("gzip, identity", ["gzip"]),
    ("gzip,deflate", ["gzip", "deflate"]),
    ("deflate ,\tgzip", ["deflate", "gzip"]),
    ("br, zstd, x-gzip", ["br", "zstd", "gzip"]),
    ("gzip, gzip, gzip, gzip, gzip", ["gzip"] * 5),
]


@pytest.mark.parametrize(("field", "codings"), FIELDS)
def test_the_codings_of_a_field_are_removed_last_one_first(field: str, codings: list[str]) -> None:
    coded = code(TEXT, *codings)
    assert decode(decoder_for(field), [coded]) == TEXT
    decoders = content_decoders(field)
    assert decoders is not None
    assert len(decoders) == len(codings)
    for decoder in decoders:
        coded = decode(decoder, [coded])
    assert coded == TEXT


@pytest.mark.parametrize("field", ["identity", "", " , ", "Identity, identity"])
def test_where_there_is_no_coding_there_is_no_decoder(field: str) -> None:
    assert content_decoders(field) == []
    assert content_decoder(field) is None


def test_deflate_may_lack_its_wrapper() -> None:
    assert decode(decoder_for("deflate"), [raw_deflate(TEXT)]) == TEXT


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("gzip", ZlibDecoder),
        ("deflate", ZlibDecoder),
        ("br", BrotliDecoder),
        ("zstd", ZstdDecoder),
        ("identity, GZIP", ZlibDecoder),
        ("gzip, br", DecoderChain),
    ],
)
def test_one_coding_is_not_chained(field: str, kind: type) -> None:
    assert type(content_decoder(field)) is kind


@pytest.mark.parametrize(
    "field",
    [
        "compress",
        "gzip, compress",
        "compress, gzip",
        "gzip;q=1",
        "gzip gzip",
        "*",
        "\N{KELVIN SIGN}",
        "gz\N{LATIN SMALL LETTER DOTLESS I}p",
    ],
)
def test_a_coding_that_is_not_known_leaves_the_body_as_it_is(field: str) -> None:
    assert content_decoders(field) is None
    assert content_decoder(field) is None


@pytest.mark.parametrize("coding", ["gzip", "compress", "br"])
def test_more_codings_than_anybody_needs_are_an_error(coding: str) -> None:
    field = ", ".join([coding] * (MAX_CODINGS + 1))
    for make in (content_decoder, content_decoders):
        with pytest.raises(ContentEncodingError) as caught:
            make(field)
        assert caught.value.message == "More than 5 content codings"
        assert caught.value.excerpt == field.encode()


def test_a_field_in_an_error_is_cut_and_keeps_its_bytes() -> None:
    with pytest.raises(ContentEncodingError) as caught:
        content_decoder("\udcff," * 200)
    assert caught.value.excerpt == b"\xff," * 50


def test_the_codings_that_can_be_decoded_are_told_in_order() -> None:
    assert available_codings() == ("gzip", "deflate", "br", "zstd")
    assert available_codings() is available_codings()


@pytest.mark.usefixtures("no_libraries")
def test_without_libraries_there_are_fewer_codings() -> None:
    assert available_codings() == ("gzip", "deflate")
    for field in ("br", "zstd", "gzip, br", "zstd, gzip"):
        assert content_decoder(field) is None
        assert content_decoders(field) is None
    assert decode(decoder_for("gzip"), [code(TEXT, "gzip")]) == TEXT


def test_optional_libraries_are_imported_by_the_first_body_that_needs_them() -> None:
    script = (
        "import sys, martlet_http_parser as parser\n"
        "def loaded(): return sorted({'brotli', sys.argv[1]} & sys.modules.keys())\n"
        "print(loaded())\n"
        "parser.content_decoder('gzip, deflate'); parser.content_encoder('gzip')\n"
        "print(loaded())\n"
        "parser.content_decoder('br')\n"
        "print(loaded())\n"
        "parser.available_codings()\n"
        "print(loaded())\n"
    )
    command = [sys.executable, "-c", script, zstd.__name__]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    both = sorted(["brotli", zstd.__name__])
    assert done.stdout.splitlines() == ["[]", "[]", "['brotli']", str(both)]


@given(
    CODINGS,
    st.binary(max_size=300),
    st.lists(st.integers(1, 50)),
    st.integers(1, 100),
)
def test_any_text_in_any_codings_comes_back_however_it_is_cut_and_read(
    codings: list[str], text: bytes, cuts: list[int], size: int
) -> None:
    coded = rest = code(text, *codings)
    pieces = []
    for cut in cuts:
        pieces.append(rest[:cut])
        rest = rest[cut:]
    pieces = [piece for piece in [*pieces, rest] if piece]
    assert decode(decoder_for(*codings), pieces, size) == text
    assert decode(decoder_for(*codings), bytewise(coded)) == text


@given(CODINGS, st.binary(max_size=100), st.integers(1, 10))
def test_a_body_that_is_cut_short_is_an_error_in_any_codings(
    codings: list[str], text: bytes, missing: int
) -> None:
    coded = code(text, *codings)[:-missing]
    if coded:
        with pytest.raises(ContentEncodingError, match="cut short"):
            decode(decoder_for(*codings), [coded])


@given(CODINGS, st.binary(min_size=1, max_size=200))
def test_arbitrary_bytes_give_a_text_or_a_documented_error(codings: list[str], data: bytes) -> None:
    for body in (data, code(data, codings[-1])):
        try:
            text = decode(decoder_for(*codings), [body])
        except ContentEncodingError:
            continue
        assert isinstance(text, bytes)
