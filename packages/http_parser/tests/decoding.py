"""What the tests of codings share: bodies that others have coded, whole decodings, backends."""

import gzip
import random
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import reduce

import brotli
from isal import isal_zlib
from zlib_ng import zlib_ng

from martlet_http_parser import ContentDecoder, ZlibBackend, content_decoder, set_zlib_backend

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = [
    "BACKENDS",
    "CODERS",
    "TEXT",
    "UNCODERS",
    "WORDS",
    "code",
    "decode",
    "decoder_for",
    "drain",
    "gzipped",
    "raw_deflate",
    "using_backend",
    "zlib_deflate",
    "zstd",
]

TEXT = b"Hello, hello, hello! " * 50

# A text that a better level makes shorter.
_random = random.Random(1)
_words = [_random.randbytes(8).hex().encode()[: 2 + number % 9] for number in range(500)]
WORDS = b" ".join(_random.choices(_words, range(500), k=5000))

BACKENDS: dict[str, ZlibBackend] = {"zlib": zlib, "isal": isal_zlib, "zlib-ng": zlib_ng}


@contextmanager
def using_backend(name: str) -> Iterator[ZlibBackend]:
    set_zlib_backend(BACKENDS[name])
    try:
        yield BACKENDS[name]
    finally:
        set_zlib_backend(zlib)


def zlib_deflate(data: bytes, window: int = zlib.MAX_WBITS) -> bytes:
    compressor = zlib.compressobj(wbits=window)
    return compressor.compress(data) + compressor.flush()


def raw_deflate(data: bytes) -> bytes:
    return zlib_deflate(data, -zlib.MAX_WBITS)


def gzipped(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


# Each coding by a library's own function for a whole text.
CODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzipped,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}
UNCODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "deflate": zlib.decompress,
    "br": brotli.decompress,
    "zstd": zstd.decompress,
}


def code(data: bytes, *codings: str) -> bytes:
    return reduce(lambda coded, coding: CODERS[coding](coded), codings, data)


def decoder_for(*codings: str) -> ContentDecoder:
    decoder = content_decoder(", ".join(codings))
    assert decoder is not None
    return decoder


def drain(decoder: ContentDecoder, size: int = 65536) -> bytes:
    pieces: list[bytes] = []
    while piece := decoder.read(size):
        assert len(piece) <= size
        pieces.append(piece)
    return b"".join(pieces)


def decode(decoder: ContentDecoder, pieces: Iterable[bytes], size: int = 65536) -> bytes:
    output = bytearray()
    for piece in pieces:
        decoder.feed(piece)
        output += drain(decoder, size)
    decoder.finish()
    return bytes(output)
