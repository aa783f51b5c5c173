"""What one end of a WebSocket writes, the other reads as exactly that."""

from martlet_websocket import FrameWriter, MessageParser, WSMsgType

from ._input import Input, cut
from ._target import FindingError, Target
from ._websocket_reading import DEFLATES, Event, facts, masks, read

__all__ = ["IDENTITY"]

_COMPRESS = (None, True, False, 0, 1, 6, 9, 15)
_MOST_MESSAGES = 50
_MOST_CONTROL = 125


def write_and_read(data: bytes) -> int:
    """Write messages, cut what was written, and read it.

    The first choice is made of the end that writes, compression (2 bits), whether text is decoded;
    the next are a level of compression, three lengths of pieces, and the length of fragments. Then
    each message has three: its kind and compression, how often its data is repeated, how long it
    is; and its data.
    """
    source = Input(data)
    client, low, high, decode, *_ = source.flags()
    level = 1 + source.byte() % 9
    lengths = [source.byte() + 1 for _ in range(3)]
    fragment = source.byte()
    deflate = DEFLATES[low + 2 * high]
    writer = FrameWriter(client=client, deflate=deflate, level=level, random=masks)
    written: list[bytes] = []
    wanted: list[Event] = []
    while source.rest() and len(wanted) < _MOST_MESSAGES:
        kind, times, size = source.byte(), source.byte(), source.byte()
        payload = source.take(size) * (1 + times)
        written.append(_write(writer, kind, payload, fragment))
        wanted.append(_event(kind, payload, decode=decode))
    octets = b"".join(written)
    parser = MessageParser(client=not client, deflate=deflate, decode_text=decode)
    found = facts(read(parser, cut(octets, lengths), 0))
    if found != wanted:
        raise FindingError(f"written: {wanted!r:.2000}\nread: {found!r:.2000}")
    return 2 * len(octets) + 3 * sum(len(str(event[1])) for event in wanted)


def _kind(kind: int) -> WSMsgType:
    return (WSMsgType.TEXT, WSMsgType.BINARY, WSMsgType.PING, WSMsgType.PONG)[kind & 3]


def _text(payload: bytes) -> str:
    return payload.decode("utf-8", "replace")


def _write(writer: FrameWriter, kind: int, payload: bytes, fragment: int) -> bytes:
    opcode = _kind(kind)
    if opcode in {WSMsgType.PING, WSMsgType.PONG}:
        return writer.control(opcode, payload[:_MOST_CONTROL])
    if opcode is WSMsgType.TEXT:
        payload = _text(payload).encode()
    return writer.message(payload, opcode, _COMPRESS[kind >> 2 & 7], fragment_size=fragment)


def _event(kind: int, payload: bytes, *, decode: bool) -> Event:
    opcode = _kind(kind)
    if opcode is WSMsgType.TEXT:
        text = _text(payload)
        return opcode.name, text if decode else text.encode(), ""
    return opcode.name, payload if opcode is WSMsgType.BINARY else payload[:_MOST_CONTROL], ""


def _message(kind: int, payload: bytes, times: int = 0) -> bytes:
    return bytes([kind, times, len(payload)]) + payload


_MESSAGES = (
    _message(0, b"hello") + _message(1, bytes(range(200))) + _message(2, b"?") + _message(0, b""),
    _message(1, b"hello", 255) + _message(0b10101, b"hello", 255) + _message(1, b"hello", 255),
    _message(0, "\xe9\U0001f600".encode(), 200)
    + _message(0b1000, b"\xed\xa0\x80")
    + _message(3, b""),
    b"".join(_message(kind, b"abc", 60) for kind in range(0, 32, 4)),
)

IDENTITY = Target(
    "ws-identity",
    write_and_read,
    tuple(
        bytes([choice, 0, *pieces, fragment]) + messages
        for messages in _MESSAGES
        for choice in (0b1000, 0b1011, 0b0100, 0b0111)
        for pieces, fragment in ((b"\0\0\0", 0), (b"\x40\xff\x02", 7))
    ),
    (b"hello", b"\xc3\xa9", b"\xed\xa0\x80", bytes(16)),
)
