"""What a peer sends is looked at a bounded number of times."""

import zlib
from collections.abc import Callable
from contextlib import suppress

import pytest

from linear_time import Work, grows_linearly
from martlet_websocket import (
    ClientHandshake,
    DeflateParameters,
    FrameWriter,
    HandshakeError,
    MessageParser,
    WebSocketConnection,
    WSMsgType,
    accept_handshake,
    parse_extensions,
)

SERVER = FrameWriter(client=False)
CLIENT = FrameWriter(client=True)


def fed(data: bytes, piece: int, *, client: bool = True, deflate: bool = False) -> Work:
    # The limits are above what is sent: no work is spared.
    def work() -> None:
        parser = MessageParser(
            client=client,
            deflate=DeflateParameters() if deflate else None,
            max_msg_size=0,
            max_small_fragments=1 << 40,
        )
        for start in range(0, len(data), piece):
            parser.feed(data[start : start + piece])

    return work


def whole(data: bytes, **options: bool) -> Work:
    return fed(data, len(data), **options)


def packed(data: bytes, *, fragment_size: int = 0) -> bytes:
    writer = FrameWriter(client=False, deflate=DeflateParameters(), level=9)
    return writer.message(data, WSMsgType.BINARY, fragment_size=fragment_size)


def noise(size: int) -> bytes:
    return bytes(number * number >> 5 & 0xFF for number in range(size))


def streams(size: int) -> bytes:
    """A message that consists of several streams, each of which ends."""
    stream = zlib.compress(noise(size), wbits=-15)
    payload = stream * 7 + b"\0"
    return SERVER.frame(0xC2, payload)


def pings(size: int) -> Work:
    data = b"\x89\0" * size

    def work() -> None:
        connection = WebSocketConnection(client=True)
        for start in range(0, len(data), 1000):
            connection.receive_data(data[start : start + 1000])
            connection.answers()

    return work


def extensions(text: str) -> Work:
    def work() -> None:
        with suppress(HandshakeError):
            parse_extensions(text)

    return work


def answered(name: str, value: str) -> Work:
    handshake = ClientHandshake(["chat"])
    _, *fields = accept_handshake("GET", handshake.fields()).fields

    def work() -> None:
        with suppress(HandshakeError):
            handshake.check(101, [("Upgrade", "websocket"), *fields, (name, value)])

    return work


def asked(name: str, value: str) -> Work:
    fields = [*ClientHandshake().fields(), (name, value)]

    def work() -> None:
        with suppress(HandshakeError):
            accept_handshake("GET", fields, protocols=["chat"], deflate=DeflateParameters())

    return work


# How to make the work of a size; the size; sizes are such that a quadratic part shows.
CASES: dict[str, tuple[Callable[[int], Work], int]] = {
    "messages": (lambda n: whole(SERVER.frame(0x82, b"abc") * n), 10_000),
    "messages of texts": (lambda n: whole(SERVER.frame(0x81, b"abc") * n), 10_000),
    "messages that are masked": (
        lambda n: whole(CLIENT.frame(0x82, b"abc") * n, client=False),
        10_000,
    ),
    "messages in pieces": (lambda n: fed(SERVER.frame(0x82, b"abc") * n, 3), 10_000),
    "messages of some length in pieces": (lambda n: fed(SERVER.frame(0x81, b"a" * 125) * n, 3), 50),
    "a message": (lambda n: whole(SERVER.frame(0x82, bytes(n))), 1_000_000),
    "a message in pieces": (lambda n: fed(SERVER.frame(0x82, bytes(n)), 100), 1_000_000),
    "a message octet by octet": (lambda n: fed(SERVER.frame(0x82, bytes(n)), 1), 10_000),
    "a message that is masked": (
        lambda n: whole(CLIENT.frame(0x82, bytes(n)), client=False),
        500_000,
    ),
    "a masked message octet by octet": (
        lambda n: fed(CLIENT.frame(0x82, bytes(n)), 1, client=False),
        5_000,
    ),
    "a text octet by octet": (lambda n: fed(SERVER.frame(0x81, "\xe9".encode() * n), 1), 5_000),
    "a text that is bad at its end": (
        lambda n: fed(SERVER.frame(0x81, b"a" * n + b"\xff"), 100),
        1_000_000,
    ),
    "empty fragments": (lambda n: whole(b"\x02\0" + b"\0\0" * n), 5_000),
    "empty fragments in pieces": (lambda n: fed(b"\x02\0" + b"\0\0" * n, 3), 5_000),
    "fragments": (lambda n: whole(b"\x01\x01a" + b"\0\x01b" * n + b"\x80\0"), 5_000),
    "fragments that are large": (
        lambda n: whole(SERVER.frame(0x02, b"a") + SERVER.frame(0x00, bytes(2000)) * n),
        500,
    ),
    "pings": (pings, 10_000),
    "pings between fragments": (lambda n: whole(b"\x01\0" + b"\0\0\x89\0" * n), 5_000),
    "what follows the end": (lambda n: fed(b"\x88\0" + bytes(n), 10), 100_000),
    "compressed messages": (lambda n: whole(packed(b"abc") * n, deflate=True), 2_000),
    "a compressed message": (lambda n: whole(packed(noise(n)), deflate=True), 50_000),
    "a compressed message octet by octet": (
        lambda n: fed(packed(noise(n)), 1, deflate=True),
        10_000,
    ),
    "a compressed message in fragments": (
        lambda n: whole(packed(noise(n), fragment_size=1), deflate=True),
        10_000,
    ),
    "a bomb": (lambda n: whole(packed(bytes(n)), deflate=True), 1_000_000),
    "a bomb octet by octet": (lambda n: fed(packed(bytes(n)), 1, deflate=True), 1_000_000),
    "empty blocks": (
        lambda n: whole(SERVER.frame(0xC2, b"\0\0\0\xff\xff" * n + b"\0"), deflate=True),
        50_000,
    ),
    "streams": (lambda n: whole(streams(n), deflate=True), 10_000),
    "extensions": (lambda n: extensions("a," * n), 10_000),
    "commas": (lambda n: extensions("," * n), 10_000),
    "blanks": (lambda n: extensions(" \t" * n), 100_000),
    "blanks before the end": (lambda n: extensions("a" + " " * n + "b"), 100_000),
    "a name of an extension": (lambda n: extensions("a" * n + "\0"), 200_000),
    "parameters": (lambda n: extensions("a" + ";b=c" * n), 5_000),
    "blanks in parameters": (lambda n: extensions("a" + " ; b = c" * n + "\0"), 5_000),
    "a parameter without an end": (lambda n: extensions('a; b="' + "c" * n), 100_000),
    "escapes": (lambda n: extensions('a; b="' + "\\c" * n + '"'), 20_000),
    "escapes without an end": (lambda n: extensions('a; b="' + "\\c" * n), 100_000),
    "quotes without an end": (lambda n: extensions("a" + ';b="' * n), 20_000),
    "offers of compression": (
        lambda n: asked("Sec-WebSocket-Extensions", "permessage-deflate" + ";server_x" * n),
        5_000,
    ),
    "protocols that are asked for": (lambda n: asked("Sec-WebSocket-Protocol", "a," * n), 20_000),
    "a key": (lambda n: asked("Sec-WebSocket-Key", "A" * n), 200_000),
    "a protocol that was not asked for": (
        lambda n: answered("Sec-WebSocket-Protocol", "a" * n),
        200_000,
    ),
    "what a connection becomes": (lambda n: answered("Connection", "a, " * n), 20_000),
}


@pytest.mark.parametrize("case", CASES)
def test_time_grows_no_faster_than_what_was_sent(case: str) -> None:
    assert grows_linearly(*CASES[case])
