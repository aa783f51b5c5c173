import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import cycle, islice
from types import ModuleType, SimpleNamespace
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_websocket._masking import ShortMasks, apply_mask, mask_keys

KEY = b"\x12\x00\xff\x80"


def by_octets(data: bytes, key: bytes) -> bytes:
    return bytes(octet ^ mask for octet, mask in zip(data, cycle(key), strict=False))


@cache
def numpy() -> ModuleType:
    # Other tests are to be as in a program that does not use it.
    module = importlib.import_module("numpy")
    del sys.modules["numpy"]
    return module


@contextmanager
def masking(*, by: str) -> Iterator[None]:
    """Mask in a program that has imported numpy, or is about to, or has not."""
    modules = {"numpy": numpy() if by == "numpy" else SimpleNamespace()}
    with patch.dict(sys.modules):
        sys.modules.pop("numpy", None)
        if by != "python":
            sys.modules.update(modules)  # type: ignore[arg-type]  # a module that is not ready yet
        yield


@pytest.mark.parametrize("by", ["python", "numpy", "half a numpy"])
@pytest.mark.parametrize(
    "size", [*range(10), 399, 400, 401, 402, 403, *range(998, 1006), 5000, 100_003]
)
def test_each_octet_is_masked_with_its_own(size: int, by: str) -> None:
    data = bytes(number * 7 & 0xFF for number in range(size))
    with masking(by=by):
        masked = apply_mask(data, KEY)
    assert type(masked) is bytes
    assert masked == by_octets(data, KEY)


@pytest.mark.parametrize("by", ["python", "numpy"])
@given(data=st.binary(max_size=2000), key=st.binary(min_size=4, max_size=4))
def test_masking_twice_gives_the_data(by: str, data: bytes, key: bytes) -> None:
    with masking(by=by):
        assert apply_mask(apply_mask(data, key), key) == data


def test_numpy_is_not_imported_for_that() -> None:
    with masking(by="python"):
        apply_mask(bytes(5000), KEY)
        assert "numpy" not in sys.modules


@given(
    first=st.integers(0, 255),
    data=st.binary(max_size=125),
    key=st.binary(min_size=4, max_size=4),
)
def test_a_short_frame_is_head_key_and_masked_payload(first: int, data: bytes, key: bytes) -> None:
    head, repeat, cut, size = ShortMasks()[first][len(data)]
    plain = int.from_bytes(head + data, "little")
    mask = int.from_bytes(key, "little") * repeat & cut
    frame = (plain ^ mask).to_bytes(size, "little")
    assert frame == bytes((first, 0x80 | len(data))) + key + by_octets(data, key)


def test_keys_come_from_blocks_of_randomness() -> None:
    asked = []

    def random(size: int) -> bytes:
        asked.append(size)
        return bytes((len(asked),)) * size

    keys = list(islice(mask_keys(random), 257))
    assert asked == [1024, 1024]
    assert keys == [0x01010101] * 256 + [0x02020202]


def test_keys_are_random_by_default() -> None:
    assert len(set(islice(mask_keys(), 1000))) > 990
