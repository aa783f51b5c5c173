import asyncio
from typing import Any
from unittest.mock import Mock

import pytest

from martlet import StreamReader
from martlet._response_handler import BaseProtocol, ResponseHandler


class Transport(asyncio.Transport):
    """Notes what is asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def pause_reading(self) -> None:
        self.asked.append("pause")

    def resume_reading(self) -> None:
        self.asked.append("resume")

    def close(self) -> None:
        self.asked.append("close")

    def is_closing(self) -> bool:
        return "close" in self.asked


@pytest.fixture
def transport() -> Transport:
    return Transport()


def made(transport: Transport, loop: Any = None) -> ResponseHandler:
    handler = ResponseHandler(loop)
    handler.connection_made(transport)
    return handler


def test_it_knows_its_transport(transport: Transport) -> None:
    handler = ResponseHandler(Mock())
    assert isinstance(handler, BaseProtocol)
    assert isinstance(handler, asyncio.Protocol)
    assert (handler.transport, handler.connected) == (None, False)
    handler.connection_made(transport)
    assert (handler.transport, handler.connected) == (transport, True)
    handler.connection_lost(None)
    assert (handler.transport, handler.connected) == (None, False)


def test_reading_is_paused_once(transport: Transport) -> None:
    handler = made(transport)
    handler.pause_reading()
    handler.pause_reading()
    handler.resume_reading()
    handler.resume_reading()
    assert transport.asked == ["pause", "resume"]


def test_without_a_transport_there_is_nothing_to_pause_or_close() -> None:
    handler = ResponseHandler(Mock())
    handler.pause_reading()
    handler.resume_reading()
    handler.close()
    assert not handler.connected


def test_who_speaks_first_is_left(transport: Transport) -> None:
    handler = made(transport)
    handler.data_received(b"HTTP/1.1 200 OK\r\n\r\n")
    assert transport.asked == ["close"]
    assert not handler.connected


def test_the_end_closes_it(transport: Transport) -> None:
    assert not made(transport).eof_received()


async def test_there_is_room_to_write(transport: Transport) -> None:
    await made(transport)._drain_helper()


async def test_writing_waits_for_room(transport: Transport) -> None:
    handler = made(transport, asyncio.get_running_loop())
    handler.pause_writing()
    waiting = asyncio.create_task(handler._drain_helper())
    given_up = asyncio.create_task(handler._drain_helper())
    await asyncio.sleep(0)
    assert not waiting.done()
    given_up.cancel()
    handler.resume_writing()
    await waiting
    with pytest.raises(asyncio.CancelledError):
        await given_up
    await handler._drain_helper()


@pytest.mark.parametrize("exc", [None, OSError("torn")])
async def test_writing_ends_with_the_connection(
    transport: Transport, exc: Exception | None
) -> None:
    handler = made(transport, asyncio.get_running_loop())
    handler.pause_writing()
    waiting = asyncio.create_task(handler._drain_helper())
    await asyncio.sleep(0)
    handler.connection_lost(exc)
    with pytest.raises(OSError, match="torn" if exc else "Connection lost"):
        await waiting
    with pytest.raises(ConnectionResetError, match="Connection lost"):
        await handler._drain_helper()


async def test_a_reader_of_ones_own_stands_on_it() -> None:
    loop = asyncio.get_running_loop()
    reader = StreamReader(ResponseHandler(loop), 2**16, loop=loop)
    reader.feed_data(b"body")
    reader.feed_eof()
    assert await reader.read() == b"body"
