"""Much of what costs a peer nothing: bounded memory, bounded work."""

import tracemalloc
import zlib
from collections.abc import Callable

import pytest

from martlet_websocket import DeflateParameters, MessageParser, WSMessage, WSMsgType

LIMIT = 1 << 20


def peak_of(work: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_empty_fragments_without_end() -> None:
    parser = MessageParser(client=True)
    assert parser.feed(b"\x02\0") == []
    fragments = b"\0\0" * 1000
    found: list[WSMessage] = []
    for _ in range(100):
        found += parser.feed(fragments)
    (error,) = found
    assert error.type is WSMsgType.ERROR
    assert error.data.code == 1009


def test_empty_fragments_at_once() -> None:
    (error,) = MessageParser(client=True).feed(b"\x02\0" + b"\0\0" * 100_000)
    assert error.data.code == 1009


def test_as_many_small_fragments_as_are_allowed() -> None:
    parser = MessageParser(client=True)
    (message,) = parser.feed(b"\x02\x01a" + b"\0\x01b" * 65_534 + b"\x80\x01c")
    assert message.data == b"a" + b"b" * 65_534 + b"c"


def test_a_large_message_octet_by_octet_takes_little_memory() -> None:
    parser = MessageParser(client=True)
    parser.feed(b"\x81\x7f" + (1 << 16).to_bytes(8))
    octet = b"a"

    def work() -> None:
        for _ in range(1 << 16):
            parser.feed(octet)

    assert peak_of(work) < 400_000


def test_an_announced_size_takes_no_memory() -> None:
    parser = MessageParser(client=True, max_msg_size=0)
    assert peak_of(lambda: parser.feed(b"\x82\x7f" + (1 << 62).to_bytes(8) + b"a")) < 10_000


def test_pings_between_fragments() -> None:
    parser = MessageParser(client=True)
    messages = parser.feed(b"\x01\0" + b"\x89\0" * 50_000 + b"\x80\x01a")
    assert len(messages) == 50_001
    assert messages[-1].data == "a"


@pytest.mark.parametrize("kind", [0xC1, 0xC2])
@pytest.mark.parametrize("size", [100, 1 << 16])
def test_a_bomb_is_stopped_at_the_limit(kind: int, size: int) -> None:
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = stream.compress(b"a" * (80 << 20)) + stream.flush(zlib.Z_SYNC_FLUSH)
    head = bytes((kind, 0x7F)) + len(bomb).to_bytes(8)
    parser = MessageParser(client=True, deflate=DeflateParameters(), max_msg_size=LIMIT)
    found: list[WSMessage] = []

    def work() -> None:
        found.extend(parser.feed(head))
        for start in range(0, len(bomb), size):
            found.extend(parser.feed(bomb[start : start + size]))

    assert peak_of(work) < 3 * LIMIT
    (error,) = found
    assert error.data.code == 1009


def test_compressed_messages_that_are_small_leave_nothing_behind() -> None:
    parser = MessageParser(client=True, deflate=DeflateParameters(server_no_context_takeover=True))
    messages = parser.feed(b"\xc2\x01\0" * 10_000)
    assert [message.data for message in messages] == [b""] * 10_000
