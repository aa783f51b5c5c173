"""Removing content codings: in bounded steps, with one error, however it is cut."""

import zlib
from collections.abc import Iterable
from functools import partial

from martlet_exceptions import ContentEncodingError
from martlet_http_parser import (
    ContentDecoder,
    available_codings,
    content_decoder,
    content_encoder,
)

from ._input import Input, cut
from ._target import FindingError, Target

__all__ = ["CODINGS"]

_NAMES = (*available_codings(), "gzip, deflate")
# A bomb has no end: this many readings are enough to see that it comes in steps.
_READS = 200
_MOST = 1 << 20
_TEXTS = (b"", b"hello", b"hello, world " * 40, bytes(100_000), bytes(range(256)))


def _decoder(coding: str) -> ContentDecoder:
    decoder = content_decoder(coding)
    if decoder is None:
        raise FindingError(f"{coding} cannot be decoded here")
    return decoder


def decode(coding: str, pieces: Iterable[bytes], size: int, most: int) -> tuple[bytes, str]:
    """Decode *pieces*, *size* bytes at a time, up to *most* in all; tell how it ended, too."""
    decoder = _decoder(coding)
    output = bytearray()
    try:
        for piece in pieces:
            decoder.feed(piece)
            while step := decoder.read(size):
                if len(step) > size:
                    raise FindingError(f"{len(step)} bytes are read in place of {size}")
                output += step
                if len(output) >= most:
                    return bytes(output[:most]), "stopped"
        decoder.finish()
    except ContentEncodingError:
        return bytes(output), "refused"
    return bytes(output), "complete"


def try_coding(coding: str, data: bytes) -> int:
    """Decode twice: by one choice in small pieces and steps, and whole; or encode, then decode.

    The first choice is which of these; then come three lengths of pieces, less one, and the
    size of a step, less one.
    """
    source = Input(data)
    encode, *_ = source.flags()
    lengths = [source.byte() + 1 for _ in range(3)]
    size = source.byte() + 1
    rest = source.rest()
    if encode:
        _check_identity(coding, rest, lengths)
        return 2 * len(rest)
    most = size * _READS
    whole = decode(coding, [rest] if rest else [], 65_536, most)
    split = decode(coding, cut(rest, lengths), size, most)
    _check_same(whole, split)
    return 2 * len(rest) + len(whole[0]) + len(split[0])


def try_long(data: bytes) -> int:
    """Decode what is long because a part of it is repeated: time has to be linear.

    The first choice is the coding, the next is the length of pieces, less one, in units of 16
    bytes; then comes what is repeated.
    """
    source = Input(data)
    coding = _NAMES[source.byte() % len(_NAMES)]
    length = 16 * source.byte() + 1
    rest = source.swollen_rest()
    output, _ = decode(coding, cut(rest, [length]), 65_536, _MOST)
    return len(rest) + len(output)


def _check_same(whole: tuple[bytes, str], split: tuple[bytes, str]) -> None:
    output, end = whole
    other, other_end = split
    # What is refused may have been given out in part: as far as it came, it is the same.
    common = min(len(output), len(other)) if "refused" in (end, other_end) else None
    if output[:common] != other[:common]:
        raise FindingError(f"whole: {output[-100:]!r}\nsplit: {other[-100:]!r}")
    # Where one of them stopped, it has not seen the rest.
    if end != other_end and "stopped" not in (end, other_end):
        raise FindingError(f"whole: {end}, split: {other_end}")


def _encoded(coding: str, pieces: Iterable[bytes]) -> list[bytes]:
    encoder = content_encoder(coding)
    coded = [encoder.encode(piece) for piece in pieces]
    coded.append(encoder.finish())
    return [piece for piece in coded if piece]


def _check_identity(coding: str, text: bytes, lengths: list[int]) -> None:
    decoded = decode(coding, _encoded(coding, cut(text, lengths)), 65_536, _MOST)
    if decoded != (text, "complete"):
        raise FindingError(f"encoded and decoded, it is {decoded[1]}: {decoded[0][:100]!r}")


def _coded(coding: str) -> list[bytes]:
    texts = [b"".join(_encoded(coding, [text] if text else [])) for text in _TEXTS]
    if coding == "deflate":
        texts.append(zlib.compress(b"hello, bare", wbits=-15))
    if coding == "gzip":
        texts += [texts[1] + texts[2], texts[1] + bytes(20)]
    return texts


# Decode, in pieces of 7, 1 and 33 bytes, in steps of 64; encode, cut likewise.
_DECODE = b"\0\x06\0\x20\x3f"
_ENCODE = b"\x01\x06\0\x20\x3f"
_WORDS = (b"\x1f\x8b\x08", b"\x78\x9c", b"\x28\xb5\x2f\xfd", b"\0\0\xff\xff")


def _target(coding: str) -> Target:
    seeds = (*(_DECODE + text for text in _coded(coding)), _ENCODE + _TEXTS[2])
    name = "decode-" + coding.replace(", ", "-")
    return Target(name, partial(try_coding, coding), seeds, _WORDS)


# The whole of it 2,048 times, and its last bytes so often.
_LONG = tuple(
    bytes([number, pieces]) + swell + text
    for number, coding in enumerate(_NAMES)
    for text in _coded(coding)[:2]
    for pieces in (0, 255)
    for swell in (b"\x0a\0\xff", b"\x0a" + bytes([max(0, len(text) - 4)]) + b"\x04")
)

CODINGS = (
    *map(_target, _NAMES),
    Target("long-codings", try_long, _LONG, _WORDS, seconds_per_byte=5e-6),
)
