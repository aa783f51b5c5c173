import json
import zlib
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from isal import igzip_lib

from martlet_exceptions import ContentEncodingError
from martlet_http_parser import (
    content_decoder,
    content_encoder,
    set_zlib_backend,
    zlib_backend,
)
from martlet_http_parser._zlib_backend import zlib_library

from .decoding import BACKENDS, TEXT, decode, gzipped, using_backend


@pytest.fixture(autouse=True)
def _zlib_afterwards() -> Iterator[None]:
    yield
    set_zlib_backend(zlib)


def shaped_like_zlib(**changed: Any) -> Any:
    names = ("compressobj", "decompressobj", "error")
    return SimpleNamespace(**{name: getattr(zlib, name) for name in names} | changed)


def test_the_standard_library_is_what_things_begin_with() -> None:
    assert zlib_library().decompressobj is zlib.decompressobj
    assert zlib_library().compressobj is zlib.compressobj
    assert zlib_library().error is zlib.error
    before = zlib_library()
    set_zlib_backend(zlib)
    assert zlib_library() == before


@pytest.mark.parametrize("name", BACKENDS)
def test_decoders_and_encoders_are_made_with_the_backend_from_then_on(name: str) -> None:
    earlier_decoder, earlier_encoder = content_decoder("gzip"), content_encoder("gzip", level=9)
    with using_backend(name) as backend:
        assert zlib_library().error is backend.error
        decoder = content_decoder("gzip")
        assert decoder is not None
        assert decode(decoder, [gzipped(TEXT)]) == TEXT
        broken = content_decoder("deflate")
        assert broken is not None
        with pytest.raises(ContentEncodingError) as caught:
            decode(broken, [b"\x78\x9c\xff\xff\xff"])
        assert type(caught.value.__cause__) is backend.error
        # Those that were made before go on with what they have.
        assert earlier_decoder is not None
        coded = earlier_encoder.encode(TEXT) + earlier_encoder.finish()
        assert decode(earlier_decoder, [coded]) == TEXT
    assert zlib_library().error is zlib.error


def test_whether_a_library_reads_headers_in_pieces_is_tried() -> None:
    found = {}
    for name in BACKENDS:
        with using_backend(name):
            found[name] = zlib_library().reads_headers
    assert found == {"zlib": True, "isal": False, "zlib-ng": True}


@pytest.mark.parametrize(
    ("backend", "missing"),
    [
        (json, "compressobj, decompressobj, error"),
        (None, "compressobj, decompressobj, error"),
        (igzip_lib, "compressobj, decompressobj"),
        (shaped_like_zlib(compressobj=lambda **_: SimpleNamespace(compress=len)), "flush"),
        (
            shaped_like_zlib(decompressobj=lambda **_: SimpleNamespace(eof=False, decompress=len)),
            "unconsumed_tail, unused_data",
        ),
    ],
)
def test_what_is_not_of_the_shape_of_zlib_is_refused(backend: Any, missing: str) -> None:
    with pytest.raises(TypeError) as caught:
        set_zlib_backend(backend)
    assert zlib_backend() is zlib
    expected = f"Not of the shape of zlib, it lacks {missing}: {backend!r:.200}"
    assert str(caught.value) == expected
    assert zlib_library().error is zlib.error


@pytest.mark.parametrize("error", [zlib.error(), int, None, KeyboardInterrupt])
def test_an_error_that_is_no_class_of_exceptions_is_refused(error: Any) -> None:
    with pytest.raises(TypeError, match=r"^Its error is no class of exceptions: namespace"):
        set_zlib_backend(shaped_like_zlib(error=error))
    assert zlib_library().error is zlib.error


def test_what_is_not_called_as_zlib_is_is_refused() -> None:
    with pytest.raises(TypeError):
        set_zlib_backend(shaped_like_zlib(compressobj=lambda: None))
    assert zlib_library().error is zlib.error


def test_anything_of_the_shape_of_zlib_will_do() -> None:
    windows = []

    def decompressobj(*, wbits: int) -> Any:
        windows.append(wbits)
        return zlib.decompressobj(wbits)

    set_zlib_backend(shaped_like_zlib(decompressobj=decompressobj))
    windows.clear()
    decoder = content_decoder("gzip")
    assert decoder is not None
    assert decode(decoder, [gzipped(TEXT)]) == TEXT
    assert windows == [31]
