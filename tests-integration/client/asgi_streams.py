"""Coded streams that the ASGI app sends, and the bodies behind them.

The tests import this, too: what they compare with has been made by the same function, but
never by the client.
"""

import gzip
import sys
import zlib
from collections.abc import Iterator
from functools import cache
from typing import Final

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = ["BLOCK", "BOMB", "CODINGS", "TEXT", "block_bytes", "bomb", "coded", "pseudo_random"]

CODINGS: Final = ("deflate", "gzip", "br", "zstd")
TEXT: Final = "".join(f"line {number}: Grüße 東京\n" for number in range(3000))
BOMB: Final = 1024**3
_STEP: Final = 16 * 1024 * 1024


def pseudo_random(size: int, seed: int = 1) -> bytes:
    """Make bytes that do not compress and are the same everywhere."""
    import random

    return random.Random(seed).randbytes(size)


BLOCK: Final = pseudo_random(64 * 1024)


def block_bytes(count: int) -> Iterator[bytes]:
    """Give *count* bytes: the block, repeated."""
    while count > 0:
        yield BLOCK[:count] if count < len(BLOCK) else BLOCK
        count -= len(BLOCK)


def coded(coding: str, data: bytes) -> bytes:
    """Apply a content coding."""
    if coding == "deflate":
        return zlib.compress(data)
    if coding == "gzip":
        return gzip.compress(data, mtime=0)
    if coding == "br":
        return bytes(brotli.compress(data, quality=5))
    return zstd.compress(data)


@cache
def bomb(coding: str) -> bytes:
    """Give a GiB of zeros, coded: a few hundred kilobytes."""
    zeros = bytes(_STEP)
    steps = BOMB // _STEP
    if coding == "br":
        brotlied = brotli.Compressor(quality=1)
        pieces = [brotlied.process(zeros) for _ in range(steps)]
        return b"".join([*pieces, brotlied.finish()])
    if coding == "zstd":
        return zstd.compress(zeros) * steps  # a stream may have several frames
    if coding == "gzip":
        return gzip.compress(zeros, mtime=0) * steps  # and several members
    # Each step is whole in itself, so that only the checksum has to be made for all of it.
    deflate = zlib.compressobj(9, zlib.DEFLATED, 15)
    first = deflate.compress(zeros) + deflate.flush(zlib.Z_FULL_FLUSH)
    body = first[2:]
    checksum = (BOMB % 65521) << 16 | 1
    return first[:2] + body * steps + b"\x03\x00" + checksum.to_bytes(4, "big")
