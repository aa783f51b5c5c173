import sys
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_websocket._deflater import Deflater
from martlet_websocket._inflater import Inflater

TEXT = b'{"name": "martlet", "feet": null}' * 5


def inflated(inflater: Inflater, data: bytes) -> bytes:
    pieces: list[bytes] = []

    def keep(piece: bytes) -> int:
        pieces.append(piece)
        return sys.maxsize

    inflater.inflate(data, keep, last=True)
    return b"".join(pieces)


def test_the_examples_of_the_rfc() -> None:
    deflater = Deflater(15, fresh=False, level=6)
    assert deflater.deflate(b"Hello") == bytes.fromhex("f2 48 cd c9 c9 07 00")
    assert deflater.deflate(b"Hello") == bytes.fromhex("f2 00 11 00 00")


def test_a_fresh_start_gives_the_same_octets_again() -> None:
    deflater = Deflater(15, fresh=True, level=6)
    assert deflater.deflate(TEXT) == deflater.deflate(TEXT)


def test_nothing_is_one_octet() -> None:
    for fresh in (True, False):
        deflater, inflater = Deflater(15, fresh=fresh, level=1), Inflater(fresh=fresh)
        for message in (b"", TEXT, b"", b"", TEXT):
            packed = deflater.deflate(message)
            assert message or packed == b"\x00"
            assert inflated(inflater, packed) == message


@given(
    messages=st.lists(
        st.tuples(st.one_of(st.binary(), st.just(TEXT)), st.none() | st.integers(1, 9))
    ),
    bits=st.integers(8, 15),
    fresh=st.booleans(),
    level=st.integers(1, 9),
)
def test_what_is_compressed_is_decompressed(
    messages: list[tuple[bytes, int | None]], bits: int, fresh: bool, level: int
) -> None:
    deflater, inflater = Deflater(bits, fresh=fresh, level=level), Inflater(fresh=fresh)
    for message, own_level in messages:
        assert inflated(inflater, deflater.deflate(message, own_level)) == message


@pytest.mark.parametrize("bits", range(8, 16))
@pytest.mark.parametrize("level", [1, 6, 9])
def test_no_distance_is_larger_than_the_window(bits: int, level: int) -> None:
    deflater, strict = Deflater(bits, fresh=False, level=level), zlib.decompressobj(-bits)
    # Each distance up to twice the window occurs.
    for distance in range(1, 2 << bits, 1 + (1 << bits >> 5)):
        message = bytes(number * number >> 3 & 0xFF for number in range(distance)) * 2
        data = deflater.deflate(message) + b"\x00\x00\xff\xff"
        # zlib holds to the window from call to call only, hence the small steps.
        found = b""
        while data:
            piece = strict.decompress(data, 64)
            data = strict.unconsumed_tail
            found += piece
        while piece := strict.decompress(b"", 64):
            found += piece
        assert found == message
