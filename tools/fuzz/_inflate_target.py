"""Decompressing messages: what zlib makes of them, up to a limit, however they are cut."""

import zlib

from martlet_websocket import FrameWriter, MessageParser, WSMessage, WSMsgType

from ._input import Input, cut
from ._target import FindingError, Target
from ._websocket_reading import DEFLATES, facts, masks, read, size_of

__all__ = ["INFLATE"]

_LIMITS = (10, 5_000, 100_000, 1 << 20)
_TEXT, _BINARY, _FIN, _RSV1 = 0x01, 0x02, 0x80, 0x40
_TAIL = b"\0\0\xff\xff"
_FEED = 64 * 1024


def inflate(data: bytes) -> int:
    """Read a compressed message twice, in fragments and whole, and compare it with zlib's.

    The first choice is made of text, the limit (2 bits), whether each message is compressed by
    itself, whether it comes twice; the next three are lengths of fragments.
    """
    source = Input(data)
    text, low, high, fresh, twice, *_ = source.flags()
    limit = _LIMITS[low + 2 * high]
    deflate = DEFLATES[2 if fresh else 1]
    lengths = [source.byte() + 1 for _ in range(3)]
    payload = source.rest()
    first = (_TEXT if text else _BINARY) | _RSV1

    def reading(parts: list[bytes]) -> list[WSMessage]:
        parser = MessageParser(client=True, deflate=deflate, max_msg_size=limit, decode_text=False)
        frames = _frames(first, parts)
        return read(parser, cut(frames * 2 if twice else frames, [_FEED]), limit)

    whole = reading([payload])
    split = reading(cut(payload, lengths) or [b""])
    # What is too large at sight may be found to be broken before, if it comes in fragments.
    if facts(whole) != facts(split) and len(payload) <= limit:
        raise FindingError(f"whole: {facts(whole)!r:.2000}\nsplit: {facts(split)!r:.2000}")
    _compare(whole, payload, limit, text=text)
    return 4 * len(payload) + 3 * sum(map(size_of, whole)) + 2 * limit


def _frames(first: int, parts: list[bytes]) -> bytes:
    writer = FrameWriter(client=False, random=masks)
    *others, last = parts
    found = []
    for part in others:
        found.append(writer.frame(first, part))
        first = 0
    found.append(writer.frame(first | _FIN, last))
    return b"".join(found)


def _compare(found: list[WSMessage], payload: bytes, limit: int, *, text: bool) -> None:
    """Hold the first message to what zlib makes of the payload, where that is all there is."""
    if not found:
        raise FindingError("a whole message gives nothing")
    stream = zlib.decompressobj(-15)
    try:
        wanted = stream.decompress(payload + _TAIL, limit + 1)
    except zlib.error:
        wanted = None
    if stream.eof or len(payload) > limit:
        # Where one stream ends another may begin; and much may be refused for its size alone.
        return
    message = found[0]
    code = getattr(message.data, "code", None)
    if wanted is None:
        # Before it breaks, it may have become too long, or no text.
        if message.type is not WSMsgType.ERROR:
            raise FindingError(f"zlib refuses what gives {message!r:.300}")
    elif len(wanted) > limit:
        if code not in ({1007, 1009} if text else {1009}):
            raise FindingError(f"more than {limit} octets give {message!r:.300}")
    elif message.data != wanted and (code != 1007 or not text or _is_text(wanted)):
        raise FindingError(f"zlib gives {wanted!r:.300}, the parser {message!r:.300}")


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _packed(data: bytes, level: int = 6, mode: int = zlib.Z_SYNC_FLUSH) -> bytes:
    stream = zlib.compressobj(level, zlib.DEFLATED, -15)
    return (stream.compress(data) + stream.flush(mode)).removesuffix(_TAIL)


_CONTENTS = (b"", b"hello", b"hello, world " * 40, "é".encode() * 200, bytes(range(256)))
_EXAMPLES = (
    *map(_packed, _CONTENTS),
    _packed(b"hello", 0),
    _packed(bytes(range(256)) * 20, 9),
    _packed(bytes(3_000_000), 9),
    _packed(b"hello", mode=zlib.Z_FULL_FLUSH),
    _packed(b"hello", mode=zlib.Z_FINISH) + b"\0",
    _packed(b"hello", mode=zlib.Z_FINISH) * 9 + b"\0",
    _packed(b"hello") + _TAIL + _packed(b"world"),
    b"\0" * 400,
    b"\x07",
    # Eleven octets, and what is corrupt right behind them.
    bytes.fromhex("ca 43 00 00 ff"),
)

INFLATE = Target(
    "ws-inflate",
    inflate,
    tuple(
        bytes([choice]) + (b"\0\0\0", b"\x06\x1d\x02")[number % 2] + example
        for number, example in enumerate(_EXAMPLES)
        for choice in (0b00110, 0b11111, 0b10011, 0b00000)
    ),
    (_TAIL, b"\x03\0", b"\0", b"\xf3\x48\xcd\xc9\xc9\x07\0", b"\0\x05\0\xfa\xff", b"\xc3\xa9"),
)
