import sys
from collections.abc import Iterator

import pytest

from martlet_http_parser._zstd_library import zstd_library

from .decoding import zstd


@pytest.fixture(autouse=True)
def _looked_for_anew() -> Iterator[None]:
    zstd_library.cache_clear()
    yield
    zstd_library.cache_clear()


def test_the_library_that_is_there_is_found_once() -> None:
    library = zstd_library()
    assert library is not None
    assert library.error is zstd.ZstdError
    assert isinstance(library.decompressor(), zstd.ZstdDecompressor)
    assert isinstance(library.compressor(None), zstd.ZstdCompressor)
    assert zstd_library() is library


def test_without_a_library_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, zstd.__name__, None)
    assert zstd_library() is None
