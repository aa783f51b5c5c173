"""What a bomb takes while it goes off: no more than what was asked for, a mebibyte, and a window.

The memory is that of a process of its own, as the system counts it: libraries take theirs
where Python does not see it.
"""

import subprocess
import sys
import tracemalloc
import zlib
from functools import cache

import brotli
import pytest

from .decoding import BACKENDS, CODERS, decoder_for, drain, zstd

MIB = 1024 * 1024
SIZE = 1024 * MIB
ASKED = 65536

# Prints how much came, the longest piece, and what the process's peak has grown by, in KiB.
WATCH = """
import importlib, sys
import martlet_http_parser

def peak():
    with open("/proc/self/status") as status:
        return int(next(line for line in status if line.startswith("VmHWM:")).split()[1])

def watch(field, backend, asked):
    martlet_http_parser.set_zlib_backend(importlib.import_module(backend))
    coded = sys.stdin.buffer.read()
    martlet_http_parser.available_codings()  # load what will be needed
    before = peak()
    decoder = martlet_http_parser.content_decoder(field)
    decoder.feed(coded)
    del coded
    total = longest = 0
    while piece := decoder.read(asked):
        total += len(piece)
        longest = max(longest, len(piece))
    decoder.finish()
    print(total, longest, peak() - before)

watch(sys.argv[1], sys.argv[2], int(sys.argv[3]))
"""


@cache
def bomb(coding: str) -> bytes:
    """Encode a gibibyte of zeros, without ever holding it."""
    zeros = bytes(MIB)
    if coding == "br":
        compressor = brotli.Compressor(quality=1, lgwin=22)
        return b"".join(
            [*(compressor.process(zeros) for _ in range(SIZE // MIB)), compressor.finish()]
        )
    if coding == "zstd":
        options: dict[int, int] = {zstd.CompressionParameter.window_log: 23}
        encoder = zstd.ZstdCompressor(options=options)
        return b"".join(encoder.compress(zeros) for _ in range(SIZE // MIB)) + encoder.flush()
    # After a full flush a block can be repeated: it refers to nothing before it.
    deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    blocks = (deflate.compress(zeros) + deflate.flush(zlib.Z_FULL_FLUSH)) * (SIZE // MIB) + b"\3\0"
    if coding == "deflate":
        return blocks  # without its wrapper
    checksum = 0
    for _ in range(SIZE // MIB):
        checksum = zlib.crc32(zeros, checksum)
    trailer = checksum.to_bytes(4, "little") + SIZE.to_bytes(4, "little")
    return b"\x1f\x8b\x08\0\0\0\0\0\0\3" + blocks + trailer


# The windows that the peer has chosen, in KiB.
WINDOWS = {"gzip": 32, "deflate": 32, "br": 4096, "zstd": 8192}
OTHER_BACKENDS = [BACKENDS[name].__name__ for name in ("isal", "zlib-ng")]  # type: ignore[attr-defined]  # modules

FIELDS = [
    ("gzip", "zlib"),
    *(("gzip", backend) for backend in OTHER_BACKENDS),
    *(("deflate", backend) for backend in OTHER_BACKENDS),
    ("br", "zlib"),
    ("zstd", "zlib"),
    ("zstd, zstd", "zlib"),
    ("br, gzip, zstd, br", OTHER_BACKENDS[0]),
]


@pytest.mark.parametrize(("field", "backend"), FIELDS)
def test_a_gibibyte_goes_off_in_small_steps(field: str, backend: str) -> None:
    first, *others = field.split(", ")
    coded = bomb(first)
    for coding in others:
        coded = CODERS[coding](coded)
    command = [sys.executable, "-c", WATCH, field, backend, str(ASKED)]
    done = subprocess.run(command, input=coded, stdout=subprocess.PIPE, check=True)
    total, longest, grown = map(int, done.stdout.split())
    assert total == SIZE
    assert longest <= ASKED
    windows = sum(WINDOWS[coding] for coding in (first, *others))
    assert grown <= 1024 + ASKED // 1024 + windows


@pytest.mark.parametrize("codings", [["gzip"], ["br"], ["zstd"], ["gzip"] * 5, ["zstd"] * 5])
def test_python_holds_little_of_a_bomb(codings: list[str]) -> None:
    coded = CODERS[codings[0]](bytes(64 * MIB))
    for coding in codings[1:]:
        coded = CODERS[coding](coded)
    tracemalloc.start()
    try:
        decoder = decoder_for(*codings)
        decoder.feed(coded)
        seen = 0
        while data := decoder.read(ASKED):
            assert len(data) <= ASKED
            seen += len(data)
        decoder.finish()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert seen == 64 * MIB
    assert peak <= MIB + ASKED


@pytest.mark.parametrize("coding", CODERS)
@pytest.mark.parametrize("size", [1, 1000])
def test_a_little_of_a_bomb_can_be_had(coding: str, size: int) -> None:
    decoder = decoder_for(coding)
    decoder.feed(bomb(coding))
    for _ in range(1000):
        assert 0 < len(decoder.read(size)) <= size


@pytest.mark.parametrize("coding", CODERS)
def test_much_may_be_asked_for_at_once(coding: str) -> None:
    decoder = decoder_for(coding)
    decoder.feed(CODERS[coding](bytes(5 * MIB)))
    assert len(drain(decoder, 4 * MIB)) == 5 * MIB
