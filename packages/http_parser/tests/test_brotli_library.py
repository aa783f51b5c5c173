import sys
from collections.abc import Iterator
from types import ModuleType

import brotli
import pytest

from martlet_http_parser._brotli_library import brotli_library


@pytest.fixture(autouse=True)
def _looked_for_anew() -> Iterator[None]:
    brotli_library.cache_clear()
    yield
    brotli_library.cache_clear()


def module(name: str, *, bounded: bool) -> ModuleType:
    made = ModuleType(name)
    methods = {"can_accept_more_data": bool} if bounded else {}
    made.Compressor = type("Compressor", (), {})  # type: ignore[attr-defined]  # a stand-in
    made.Decompressor = type("Decompressor", (), methods)  # type: ignore[attr-defined]  # same
    made.error = type("error", (Exception,), {})  # type: ignore[attr-defined]  # same
    return made


def test_the_library_that_is_installed_is_found_once() -> None:
    library = brotli_library()
    assert library is not None
    assert library.error is brotli.error
    assert library.decompressor is brotli.Decompressor
    assert library.compressor is brotli.Compressor
    assert brotli_library() is library


def test_brotlicffi_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    other = module("brotlicffi", bounded=True)
    monkeypatch.setitem(sys.modules, "brotli", None)
    monkeypatch.setitem(sys.modules, "brotlicffi", other)
    library = brotli_library()
    assert library is not None
    assert library.decompressor is other.Decompressor
    assert library.compressor is other.Compressor
    assert library.error is other.error


def test_brotlicffi_stands_in_for_one_that_is_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    other = module("brotlicffi", bounded=True)
    monkeypatch.setitem(sys.modules, "brotli", module("brotli", bounded=False))
    monkeypatch.setitem(sys.modules, "brotlicffi", other)
    library = brotli_library()
    assert library is not None
    assert library.decompressor is other.Decompressor


def test_brotli_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "brotlicffi", module("brotlicffi", bounded=True))
    library = brotli_library()
    assert library is not None
    assert library.decompressor is brotli.Decompressor


@pytest.mark.parametrize("old", [False, True])
def test_without_a_library_that_bounds_its_output_there_is_none(
    monkeypatch: pytest.MonkeyPatch, old: bool
) -> None:
    for name in ("brotli", "brotlicffi"):
        monkeypatch.setitem(sys.modules, name, module(name, bounded=False) if old else None)
    assert brotli_library() is None
