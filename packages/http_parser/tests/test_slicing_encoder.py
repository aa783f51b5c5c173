import array
import tracemalloc
from collections.abc import Callable

import pytest

from martlet_http_parser._slicing_encoder import SlicingEncoder

MIB = 1024 * 1024


class Library:
    """Writes down what it is given."""

    def __init__(self) -> None:
        self.calls: list[object] = []

    def compress(self, data: bytes) -> bytes:
        assert type(data) is bytes, "not every library takes anything else"
        self.calls.append(data)
        return data.lower()

    def flush(self) -> bytes:
        self.calls.append("flush")
        return b"<flush>"

    def finish(self) -> bytes:
        self.calls.append("finish")
        return b"<end>"

    def encoder(self) -> SlicingEncoder:
        return SlicingEncoder(self.compress, self.flush, self.finish)


def test_each_call_is_one_of_the_librarys() -> None:
    library = Library()
    encoder = library.encoder()
    assert encoder.encode(b"ONE") == b"one"
    assert encoder.flush() == b"<flush>"
    assert encoder.encode(b"") == b""
    assert encoder.finish() == b"<end>"
    assert library.calls == [b"ONE", "flush", b"", "finish"]


@pytest.mark.parametrize("size", [0, 1, 65536, 65537, 200_000])
@pytest.mark.parametrize(
    "make", [bytes, bytearray, memoryview, lambda data: array.array("B", data)]
)
def test_large_data_of_any_kind_is_sliced(size: int, make: Callable[[bytes], bytes]) -> None:
    data = (b"ABCDEFG" * 30_000)[:size]
    library = Library()
    assert library.encoder().encode(make(data)) == data.lower()
    assert b"".join(call for call in library.calls if isinstance(call, bytes)) == data
    assert {len(call) for call in library.calls if isinstance(call, bytes)} <= {65536, size % 65536}


def test_a_view_of_wide_items_is_its_bytes() -> None:
    for count in (3, 30_000):
        view = memoryview(array.array("Q", [0x4142434445464748] * count))
        assert Library().encoder().encode(view) == bytes(view).lower()


def test_what_is_encoded_may_be_changed_afterwards() -> None:
    data = bytearray(b"A" * 100_000)
    library = Library()
    library.encoder().encode(data)
    data.clear()  # raises if a view is left
    assert b"".join(call for call in library.calls if isinstance(call, bytes)) == b"A" * 100_000


@pytest.mark.parametrize("data", ["text", 5, None, [65], memoryview(b"ABCD")[::2]])
def test_what_is_not_bytes_in_a_row_is_the_callers_mistake(data: bytes) -> None:
    library = Library()
    with pytest.raises(TypeError):
        library.encoder().encode(data)
    assert library.calls == []


def test_nothing_can_be_done_after_the_end() -> None:
    library = Library()
    encoder = library.encoder()
    encoder.finish()
    calls: list[Callable[[], bytes]] = [
        encoder.flush,
        encoder.finish,
        lambda: encoder.encode(b""),
        lambda: encoder.encode(b"x" * 100_000),
    ]
    for call in calls:
        with pytest.raises(RuntimeError, match=r"^The encoder has been finished$"):
            call()
    assert library.calls == ["finish"]


def test_large_data_takes_no_more_than_its_size_again() -> None:
    data = bytes(32 * MIB)
    encoder = SlicingEncoder(lambda data: data, bytes, bytes)  # the worst: nothing gets shorter
    tracemalloc.start()
    try:
        coded = encoder.encode(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert coded == data
    assert peak < 1.25 * len(data)
