"""Masking what a client sends (RFC 6455 section 5.3).

Python has no XOR of two byte strings. For short ones, XOR of two big integers is the fastest;
their conversion costs more for each byte than translating every fourth byte with a table does,
which has a higher price to begin with. numpy has one, a tenth of the price of translating: it is
used if the program has imported it, but not for that imported.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from struct import iter_unpack
from typing import Final

# Half the time of looking it up each time.
_from_bytes: Final = int.from_bytes
# Where translating begins to be faster than integers.
_LONG: Final = 400
# Where numpy begins to be faster than translating.
_LONG_FOR_NUMPY: Final = 1000
# By the number of octets: what a key is multiplied with to be repeated, and what is cut off then.
_REPEAT: Final = [_from_bytes(b"\1\0\0\0" * (size + 3 >> 2), "little") for size in range(_LONG)]
_CUT: Final = [(1 << 8 * size) - 1 for size in range(_LONG)]
# Octets of randomness that are taken at once: a system call for 256 frames.
_BLOCK: Final = 1024


def apply_mask(data: bytes, key: bytes, /) -> bytes:
    """Mask data, or unmask it, which is the same.

    Args:
        data: Any number of octets.
        key: Four octets; the first is that of the first octet of the data.
    """
    if len(data) < _LONG:
        return _masked_by_integers(data, key)
    return b"".join(_masked(data, key))


def masked_frame(head: bytes, key: bytes, payload: bytes, /) -> bytes:
    """Make a frame of its head, its key and its payload, which is not masked yet."""
    if len(payload) < _LONG:
        return b"".join((head, key, _masked_by_integers(payload, key)))
    return b"".join((head, key, *_masked(payload, key)))


def _masked_by_integers(data: bytes, key: bytes) -> bytes:
    size = len(data)
    pattern = _from_bytes(key, "little") * _REPEAT[size] & _CUT[size]
    return (_from_bytes(data, "little") ^ pattern).to_bytes(size, "little")


def _masked(data: bytes, key: bytes) -> Sequence[bytes | bytearray | memoryview]:
    """Give what is masked in pieces, so that what is large is not copied once more."""
    size = len(data)
    if size >= _LONG_FOR_NUMPY:
        # None without numpy, and while another thread is about to import it.
        frombuffer = getattr(sys.modules.get("numpy"), "frombuffer", None)
        if frombuffer is not None:
            words = frombuffer(data, "u4", size >> 2) ^ frombuffer(key, "u4")
            return (memoryview(words), _masked_by_integers(data[size & ~3 :], key))
    masked = bytearray(data)
    tables = _tables()
    for place, octet in enumerate(key):
        masked[place::4] = masked[place::4].translate(tables[octet])
    return (masked,)


@cache
def _tables() -> list[bytes]:
    # One for each octet of a key; made when the first long message comes.
    identity = int.from_bytes(bytes(range(256)), "little")
    ones = int.from_bytes(b"\x01" * 256, "little")
    return [(identity ^ ones * octet).to_bytes(256, "little") for octet in range(256)]


class ShortMasks(dict[int, list[tuple[bytes, int, int, int]]]):
    """Says how a frame of up to 125 octets of payload is masked with one XOR.

    By the frame's first octet and the size of the payload: the head, with a key of zeros; what a
    key is multiplied with, to be there and repeated behind it; what is cut off of that; the size of
    the frame. Made when a first octet is met, which there are few of.
    """

    def __missing__(self, first: int) -> list[tuple[bytes, int, int, int]]:
        masks = self[first] = [
            (
                bytes((first, size | 0x80, 0, 0, 0, 0)),
                _REPEAT[size + 4] << 16,
                _CUT[size + 6],
                size + 6,
            )
            for size in range(126)
        ]
        return masks


def mask_keys(random: Callable[[int], bytes] = os.urandom, /) -> Iterator[int]:
    """Yield masks without end, from a source of randomness that nobody can predict."""
    while True:
        for (key,) in iter_unpack("<I", random(_BLOCK)):
            yield key
