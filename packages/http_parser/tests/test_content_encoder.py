import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_http_parser import MAX_CODINGS, available_codings, content_encoder
from martlet_http_parser._brotli_library import brotli_library
from martlet_http_parser._zstd_library import zstd_library

from .decoding import (
    BACKENDS,
    CODERS,
    TEXT,
    UNCODERS,
    WORDS,
    decode,
    decoder_for,
    using_backend,
    zstd,
)


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


@pytest.mark.parametrize(
    ("field", "codings"),
    [
        ("gzip", ["gzip"]),
        ("x-gzip", ["gzip"]),
        (" GZIP ", ["gzip"]),
        ("deflate", ["deflate"]),
        ("br", ["br"]),
        ("zstd", ["zstd"]),
        ("identity, gzip", ["gzip"]),
        ("gzip, br", ["gzip", "br"]),
        ("zstd,deflate,br", ["zstd", "deflate", "br"]),
        ("gzip, gzip, gzip, gzip, gzip", ["gzip"] * 5),
    ],
)
@pytest.mark.parametrize("backend", BACKENDS)
def test_the_codings_of_a_field_are_applied_in_order(
    field: str, codings: list[str], backend: str
) -> None:
    with using_backend(backend):
        encoder = content_encoder(field)
        coded = encoder.encode(TEXT[:100]) + encoder.encode(bytearray(TEXT[100:]))
        coded += encoder.finish()
    assert decode(decoder_for(field), [coded]) == TEXT
    for coding in reversed(codings):
        coded = UNCODERS[coding](coded)
    assert coded == TEXT


@pytest.mark.parametrize("coding", ["compress", "gzip;q=1", "gzip br", "gzip, *", "exi"])
def test_a_coding_that_is_not_known_is_the_callers_mistake(coding: str) -> None:
    with pytest.raises(ValueError, match=r"^Not a content coding that is known here: ") as caught:
        content_encoder(coding)
    assert repr(coding.removeprefix("gzip, ")) in str(caught.value)
    assert str(caught.value).endswith("; available: gzip, deflate, br, zstd")


@pytest.mark.usefixtures("no_libraries")
@pytest.mark.parametrize("coding", ["br", "zstd"])
def test_a_coding_whose_library_is_missing_says_what_to_install(coding: str) -> None:
    for field in (coding, f"gzip, {coding}"):
        with pytest.raises(ValueError, match="is not installed") as caught:
            content_encoder(field)
        assert str(caught.value) == (
            f"The library for {coding} is not installed: pip install martlet-http-parser[{coding}]"
        )
    with pytest.raises(ValueError, match=r"; available: gzip, deflate$"):
        content_encoder("compress")


@pytest.mark.parametrize("field", ["", " , ", "identity"])
def test_no_coding_is_the_callers_mistake(field: str) -> None:
    with pytest.raises(ValueError, match=f"^No content coding: {field!r}$"):
        content_encoder(field)


def test_more_codings_than_anybody_decodes_are_the_callers_mistake() -> None:
    with pytest.raises(
        ValueError, match=r"^More than 5 content codings: 'gzip,gzip,gzip,"
    ) as caught:
        content_encoder(",".join(["gzip"] * (MAX_CODINGS + 1)))
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("field", ["gzip", "deflate", "br", "zstd", "gzip, br"])
def test_a_level_that_there_is_not_is_the_callers_mistake(field: str) -> None:
    with pytest.raises(ValueError, match=r"^There is no level 100 of (gzip|deflate|br|zstd): "):
        content_encoder(field, level=100)


def test_a_level_goes_to_each_coding() -> None:
    for field in ("gzip", "br", "zstd", "gzip, br"):
        sizes = []
        for level in (1, 9):
            encoder = content_encoder(field, level=level)
            sizes.append(len(encoder.encode(WORDS) + encoder.finish()))
        assert sizes[0] != sizes[1], field


@given(
    st.lists(st.sampled_from(sorted(CODERS)), min_size=1, max_size=MAX_CODINGS),
    st.lists(st.tuples(st.binary(max_size=100), st.booleans())),
    st.none() | st.integers(0, 9),
    st.sampled_from(sorted(BACKENDS)),
)
def test_what_is_encoded_here_is_decoded_here(
    codings: list[str], texts: list[tuple[bytes, bool]], level: int | None, backend: str
) -> None:
    if backend == "isal" and level is not None:
        level %= 4
    with using_backend(backend):
        encoder, decoder = content_encoder(",".join(codings), level=level), decoder_for(*codings)
        text = b""
        for piece, flushed in texts:
            coded = encoder.encode(piece) + (encoder.flush() if flushed else b"")
            if coded:
                decoder.feed(coded)
            while data := decoder.read(50):
                text += data
            if flushed:
                assert text.endswith(piece)
        decoder.feed(encoder.finish())
        while data := decoder.read(50):
            text += data
        decoder.finish()
    assert text == b"".join(piece for piece, _ in texts)
