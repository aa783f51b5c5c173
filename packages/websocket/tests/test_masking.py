from itertools import cycle, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_websocket._masking import ShortMasks, apply_mask, mask_keys

KEY = b"\x12\x00\xff\x80"


def by_octets(data: bytes, key: bytes) -> bytes:
    return bytes(octet ^ mask for octet, mask in zip(data, cycle(key), strict=False))


@pytest.mark.parametrize("size", [*range(10), 399, 400, 401, 402, 403, 5000])
def test_each_octet_is_masked_with_its_own(size: int) -> None:
    data = bytes(number * 7 & 0xFF for number in range(size))
    masked = apply_mask(data, KEY)
    assert type(masked) is bytes
    assert masked == by_octets(data, KEY)


@given(data=st.binary(max_size=1000), key=st.binary(min_size=4, max_size=4))
def test_masking_twice_gives_the_data(data: bytes, key: bytes) -> None:
    assert apply_mask(apply_mask(data, key), key) == data


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
