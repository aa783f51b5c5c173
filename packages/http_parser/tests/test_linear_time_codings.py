"""Removing and applying codings takes time in proportion to what was sent, however it is cut."""

import zlib
from collections.abc import Callable

import brotli
import pytest

from linear_time import Work, grows_linearly
from martlet_exceptions import ContentEncodingError
from martlet_http_parser import content_encoder

from .decoding import decoder_for, gzipped, using_backend, zstd
from .recording import bytewise

MEMBER = gzipped(b"")
NAMED = MEMBER[:3] + b"\x08" + MEMBER[4:10]
FRAME = zstd.compress(b"")
SKIPPABLE = b"\x50\x2a\x4d\x18\0\0\0\0"
# A stream of brotli with metablocks that hold nothing (RFC 7932 section 9.2), a byte each.
BR_BEGIN, BR_NOTHING, BR_END = b"\x0c", b"\x06", b"\x03"
# And with metablocks of one byte, four bytes each.
BR_BYTE_BEGIN, BR_BYTE = b"\x0b\x00\x80x", b"\x00\x00\x08y"


def decoding(field: str, pieces: list[bytes], *, size: int = 65536, backend: str = "zlib") -> Work:
    def work() -> None:
        with using_backend(backend):
            decoder = decoder_for(field)
            for piece in pieces:
                decoder.feed(piece)
                while decoder.read(size):
                    pass
            decoder.finish()

    return work


def decoding_garbage(field: str, data: bytes) -> Work:
    def work() -> None:
        with pytest.raises(ContentEncodingError):
            decoding(field, [data])()

    return work


def encoding(field: str, pieces: list[bytes], *, flush: bool = False) -> Work:
    def work() -> None:
        encoder = content_encoder(field, level=1)
        for piece in pieces:
            encoder.encode(piece)
            if flush:
                encoder.flush()
        encoder.finish()

    return work


# How to make the work of a size; the size; sizes are such that a quadratic part shows.
CASES: dict[str, tuple[Callable[[int], Work], int]] = {
    "gzip members, by isal": (lambda n: decoding("gzip", [MEMBER * n], backend="isal"), 3_000),
    "gzip members byte by byte, by isal": (
        lambda n: decoding("gzip", bytewise(MEMBER * n), backend="isal"),
        300,
    ),
    "gzip members, by zlib-ng": (
        lambda n: decoding("gzip", [MEMBER * n], backend="zlib-ng"),
        3_000,
    ),
    "a long name in a gzip header, by isal": (
        lambda n: decoding("gzip", [NAMED + b"x" * n + b"\0" + MEMBER[10:]], backend="isal"),
        1_000_000,
    ),
    "a name in a gzip header byte by byte, by isal": (
        lambda n: decoding(
            "gzip", bytewise(NAMED + b"x" * n + b"\0" + MEMBER[10:]), backend="isal"
        ),
        5_000,
    ),
    "zstd frames": (lambda n: decoding("zstd", [FRAME * n]), 2_000),
    "zstd frames byte by byte": (lambda n: decoding("zstd", bytewise(FRAME * n)), 300),
    "skippable zstd frames": (lambda n: decoding("zstd", [SKIPPABLE * n]), 2_000),
    "zstd frames read by the byte": (
        lambda n: decoding("zstd", [zstd.compress(b"xy") * n], size=1),
        1_000,
    ),
    "a long skippable frame": (
        lambda n: decoding("zstd", [SKIPPABLE[:4] + n.to_bytes(4, "little") + bytes(n)]),
        2_000_000,
    ),
    "a zstd bomb": (lambda n: decoding("zstd", [zstd.compress(bytes(n * 1000), 1)]), 10_000),
    "zstd without end, byte by byte": (
        lambda n: decoding("zstd", bytewise(zstd.compress(bytes(range(256)) * n, -100))),
        100,
    ),
    "brotli metablocks of nothing": (
        lambda n: decoding("br", [BR_BEGIN + BR_NOTHING * n + BR_END]),
        1_000_000,
    ),
    "brotli metablocks of nothing, byte by byte": (
        lambda n: decoding("br", bytewise(BR_BEGIN + BR_NOTHING * n + BR_END)),
        5_000,
    ),
    "brotli metablocks of a byte": (
        lambda n: decoding("br", [BR_BYTE_BEGIN + BR_BYTE * n + BR_END]),
        50_000,
    ),
    "brotli metablocks of a byte, read by the byte": (
        lambda n: decoding("br", [BR_BYTE_BEGIN + BR_BYTE * n + BR_END], size=1),
        5_000,
    ),
    "a brotli bomb": (
        lambda n: decoding("br", [brotli.compress(bytes(n * 1000), quality=1)]),
        2_000,
    ),
    "garbage after brotli": (
        lambda n: decoding_garbage("br", brotli.compress(b"") + b"x" * n),
        1_000_000,
    ),
    "a chain of two": (
        lambda n: decoding("gzip, br", [brotli.compress(MEMBER * n, quality=1)]),
        2_000,
    ),
    "a chain of five bombs": (
        lambda n: decoding(
            "zstd, gzip, gzip, gzip, gzip",
            [gzipped(gzipped(gzipped(gzipped(zstd.compress(bytes(n * 1000))))))],
        ),
        10_000,
    ),
}
ENCODINGS = ("gzip", "deflate", "br", "zstd", "gzip, br")


@pytest.mark.parametrize("case", CASES)
def test_decoding_takes_time_in_proportion(case: str) -> None:
    make, size = CASES[case]
    assert grows_linearly(make, size)


@pytest.mark.parametrize("field", ENCODINGS)
def test_encoding_takes_time_in_proportion(field: str) -> None:
    assert grows_linearly(lambda n: encoding(field, [bytes(n)]), 2_000_000)
    assert grows_linearly(lambda n: encoding(field, [b"x"] * n, flush=True), 500)


def test_the_metablocks_are_what_they_are_said_to_be() -> None:
    assert brotli.decompress(BR_BEGIN + BR_NOTHING * 5 + BR_END) == b""
    assert brotli.decompress(BR_BYTE_BEGIN + BR_BYTE * 5 + BR_END) == b"xyyyyy"
    assert zlib.decompress(NAMED + b"name\0" + MEMBER[10:], 31) == b""
