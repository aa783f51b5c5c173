"""Frames of a WebSocket: cut in any way, the same is read, or refused."""

from functools import partial

from martlet_websocket import FrameWriter, MessageParser, WebSocketConnection, WSMsgType

from ._input import Input, cut
from ._target import FindingError, Target
from ._websocket_reading import DEFLATES, converse, facts, masks, read, size_of

__all__ = ["FRAMES"]

# Small enough to be reached by what a fuzzer makes; the last is what a bomb needs to be one.
_LIMITS = (0, 7, 200, 1 << 20)
_MOST_SMALL = 5
# What an input of any length grows to is bounded if no message is larger than this.
_LONG_LIMIT = 1 << 16


def read_frames(client: bool, data: bytes) -> int:
    """Read a connection twice, and let one of its ends live through it.

    The first choice is made of what was agreed on for compression (2 bits), the limit of a message
    (2), whether text is decoded, whether fragments are limited; the next three are lengths of
    pieces, less one.
    """
    source = Input(data)
    low, high, small, large, decode, few, *_ = source.flags()
    deflate = DEFLATES[low + 2 * high]
    limit = _LIMITS[small + 2 * large]
    if deflate is not None:
        limit = limit or _LIMITS[-1]
    lengths = [source.byte() + 1 for _ in range(3)]
    rest = source.rest()

    def parser() -> MessageParser:
        most = _MOST_SMALL if few else len(rest)
        return MessageParser(
            client=client,
            deflate=deflate,
            max_msg_size=limit,
            max_small_fragments=most,
            decode_text=decode,
        )

    pieces = cut(rest, lengths)
    messages = read(parser(), [rest] if rest else [], limit)
    whole, split = facts(messages), facts(read(parser(), pieces, limit))
    if whole != split:
        raise FindingError(f"whole: {whole!r:.2000}\nsplit: {split!r:.2000}")
    size = sum(map(size_of, messages))
    if deflate is None and size > len(rest):
        raise FindingError(f"{size} octets come out of {len(rest)}")
    connection = WebSocketConnection(
        client=client, deflate=deflate, max_msg_size=limit, decode_text=decode, random=masks
    )
    converse(connection, pieces, client=client)
    return 4 * len(rest) + 3 * size


def read_long_frames(data: bytes) -> int:
    """Read what is long because a part of it is repeated: time has to be linear.

    The first choice is made of the end that reads and of the compression (2 bits); the next is the
    length of pieces, less one; then comes what is repeated.
    """
    source = Input(data)
    client, low, high, *_ = source.flags()
    length = source.byte() + 1
    rest = source.swollen_rest()
    parser = MessageParser(
        client=client, deflate=DEFLATES[low + 2 * high], max_msg_size=_LONG_LIMIT
    )
    messages = read(parser, cut(rest, [length]), _LONG_LIMIT)
    return 2 * len(rest) + sum(map(size_of, messages))


def _examples(writer: FrameWriter, packer: FrameWriter) -> tuple[bytes, ...]:
    """Connections as one end writes them: good ones, and such as break each rule."""
    frame, packed = writer.frame, packer.message
    text, binary = WSMsgType.TEXT, WSMsgType.BINARY
    hello, end = frame(0x81, b"hello"), frame(0x88, b"\x03\xe8bye")
    return (
        hello + frame(0x82, bytes(range(200))) + end + hello,
        frame(0x01, b"he") + frame(0x89, b"?") + frame(0x00, b"llo ") + frame(0x80, b"\xc3\xa9"),
        frame(0x02, b"") + frame(0x00, b"") * 4 + frame(0x80, b"") + frame(0x8A, b"!"),
        frame(0x82, bytes(300)) + frame(0x02, b"x" * 130) + frame(0x80, b"y" * 70_000),
        frame(0x81, b"\xf0\x9f\x98\x80") + frame(0x81, b"ok\xed\xa0\x80"),
        frame(0x81, "é".encode() * 100) + frame(0x01, b"\xe2\x82") + frame(0x80, b"\xac\xff"),
        packed(b"hello" * 50, text) + packed(b"hello" * 50, binary) + packed(b"", text) + end,
        packed(b"a" * 2_000_000, binary) + hello,
        packed(b"hello" * 50, binary, fragment_size=4)
        + packed("é".encode() * 300, text, fragment_size=1),
        frame(0xC1, b"\xf3\x48\xcd\xc9\xc9\x07\x00\x00") + frame(0xC2, b"\x03\x00" * 12 + b"\x00"),
        frame(0xC1, b"\xff\xff") + hello,
        *(frame(first, b"") + hello for first in (0x83, 0x8B, 0x91, 0xC9, 0x09, 0x80, 0xA1)),
        *(frame(0x88, payload) for payload in (b"", b"\x03", b"\x03\xed", b"\x0b\xb8\xff")),
        frame(0x89, b"x" * 126),
        b"\x82\xfe\x00\x05" + bytes(9) + hello,
        b"\x82\x7e\x00\x05" + bytes(5) + hello,
        b"\x82\x7f" + (1 << 62).to_bytes(8) + b"x",
        b"\x82\xff" + (1 << 63).to_bytes(8) + bytes(9),
    )


_WORDS = (
    *(bytes([first]) for first in (0x00, 0x01, 0x02, 0x80, 0x81, 0x82, 0x88, 0x89, 0x8A)),
    *(bytes([first]) for first in (0x41, 0x42, 0xC1, 0xC2)),
    b"\x81\x85\0\0\0\0hello",
    b"\x80\x80\0\0\0\0",
    b"\0\0",
    b"\x80\0",
    b"\x89\0",
    b"\x88\x02\x03\xe8",
    b"\x7e\x01\x00",
    b"\xfe\x01\x00\0\0\0\0",
    b"\x7f\0\0\0\0\0\x01\0\0",
    b"\xff\0\0\0\0\0\x01\0\0",
    b"\xc3\xa9",
    b"\xed\xa0\x80",
    b"\xf4\x90",
    b"\0\0\xff\xff",
    b"\x03\0",
)


def _writers(client: bool) -> tuple[FrameWriter, FrameWriter]:
    """Those of the end whose frames are read: *client* is the one that reads."""
    return (
        FrameWriter(client=not client, random=masks),
        FrameWriter(client=not client, deflate=DEFLATES[1], random=masks),
    )


def _seeds(client: bool) -> tuple[bytes, ...]:
    """Each example under some choices, octet by octet and in pieces."""
    lengths = (b"\0\0\0", b"\x06\x1d\x02")
    choices = (0b00_00_01, 0b01_11_01, 0b11_10_10, 0b01_00_00)
    return tuple(
        bytes([choice]) + lengths[number % 2] + example
        for number, example in enumerate(_examples(*_writers(client)))
        for choice in choices
        if len(example) < 8_000
    )


# The whole of it 2,048 times, and its second half so often.
_LONG = tuple(
    bytes([client + 2 * number, pieces]) + swell + example
    for client in (False, True)
    for example in _examples(*_writers(client))
    if len(example) < 250
    for number, pieces in ((0, 0), (1, 255))
    for swell in (b"\x0a\0\xff", b"\x0a" + bytes([len(example) // 2]) + b"\x0a")
)

FRAMES = (
    Target("ws-client", partial(read_frames, True), _seeds(True), _WORDS),
    Target("ws-server", partial(read_frames, False), _seeds(False), _WORDS),
    Target("ws-long", read_long_frames, _LONG, _WORDS),
)
