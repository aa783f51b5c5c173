"""Much of what costs a peer nothing, as an end of a connection takes it."""

import tracemalloc
from collections.abc import Callable

import pytest

from martlet_websocket import (
    DeflateParameters,
    FrameWriter,
    MessageParser,
    WebSocketConnection,
    WSMessage,
    WSMsgType,
    WSState,
)
from martlet_websocket._limits import MAX_PONGS

PIECE = 1 << 16


def peak_of(work: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def pongs_of(here: WebSocketConnection) -> list[WSMessage]:
    return MessageParser(client=False).feed(here.answers())


def refused(here: WebSocketConnection, messages: list[WSMessage], code: int) -> None:
    """See that the end of *messages* is an error, which the peer learns, and nothing else."""
    assert [message.type for message in messages] == [WSMsgType.ERROR]
    assert messages[0].data.code == here.close_code == code
    assert pongs_of(here) == [(WSMsgType.CLOSE, code, "")]
    assert here.state is WSState.CLOSED


def test_a_flood_of_pings_takes_no_memory_even_if_nothing_is_answered() -> None:
    here = WebSocketConnection(client=True)
    some = b"\x89\x7d" + b"q" * 125

    def work() -> None:
        for _ in range(20_000):
            assert here.receive_data(some) == []

    assert peak_of(work) < 100_000
    assert len(pongs_of(here)) == MAX_PONGS


def test_each_piece_of_a_flood_is_answered_in_bounds() -> None:
    here = WebSocketConnection(client=True)
    flood = b"\x89\0" * 1000
    for _ in range(100):
        assert here.receive_data(flood) == []
        assert len(pongs_of(here)) == MAX_PONGS
    assert here.state is WSState.OPEN


def test_a_flood_of_pongs_leaves_nothing() -> None:
    here = WebSocketConnection(client=True)
    assert here.receive_data(b"\x8a\0" * 100_000) == []
    assert here.answers() == b""


@pytest.mark.parametrize("size", [1, 3, PIECE])
def test_empty_fragments_without_end(size: int) -> None:
    here = WebSocketConnection(client=True)
    flood = b"\x02\0" + b"\0\0" * 100_000
    found: list[WSMessage] = []

    def work() -> None:
        for start in range(0, len(flood), size):
            found.extend(here.receive_data(flood[start : start + size]))

    assert peak_of(work) < 4 * PIECE
    refused(here, found, 1009)


@pytest.mark.parametrize("fragment", [0, 1, 1000])
def test_a_bomb(fragment: int) -> None:
    limit = 1 << 20
    deflate = DeflateParameters()
    here = WebSocketConnection(client=True, deflate=deflate, max_msg_size=limit)
    writer = FrameWriter(client=False, deflate=deflate, level=9)
    bomb = writer.message(bytes(40 << 20), WSMsgType.BINARY, fragment_size=fragment)
    found: list[WSMessage] = []

    def work() -> None:
        for start in range(0, len(bomb), PIECE):
            found.extend(here.receive_data(bomb[start : start + PIECE]))

    assert peak_of(work) < 3 * limit
    refused(here, found, 1009)
