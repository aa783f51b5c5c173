import asyncio

import pytest

from martlet_asgi._duplex import MemoryDuplex
from martlet_exceptions import ClientConnectionError

from .applications import settle


class Server:
    def __init__(self) -> None:
        self.heard: list[bytes | str] = []
        self.free = asyncio.Event()

    def data_received(self, data: bytes, /) -> None:
        self.heard.append(data)

    def client_closed(self) -> None:
        self.heard.append("closed")

    async def room(self) -> None:
        await self.free.wait()


class Reader:
    def __init__(self, duplex: MemoryDuplex | None = None) -> None:
        self.heard: list[bytes | str] = []
        self._duplex = duplex

    def feed(self, data: bytes, /) -> None:
        self.heard.append(data)
        if data == b"pause" and self._duplex is not None:
            self._duplex.pause()
        if data == b"close" and self._duplex is not None:
            self._duplex.close()

    def eof(self) -> None:
        self.heard.append("eof")

    def fail(self, exc: BaseException, /) -> None:
        self.heard.append(str(exc))


def made() -> tuple[MemoryDuplex, Server]:
    server = Server()
    return MemoryDuplex(asyncio.get_running_loop(), server), server


async def test_what_is_pushed_waits_for_a_reader() -> None:
    duplex, _ = made()
    duplex.push(b"one")
    flushed = asyncio.ensure_future(duplex.flushed())
    await settle()
    assert not flushed.done()
    reader = Reader()
    duplex.set_reader(reader)
    duplex.push(b"two")
    assert reader.heard == []
    await flushed
    assert reader.heard == [b"one", b"two"]


async def test_a_reader_may_pause() -> None:
    duplex, _ = made()
    reader = Reader(duplex)
    duplex.set_reader(reader)
    duplex.push(b"pause")
    duplex.push(b"one")
    duplex.finish()
    await settle()
    assert reader.heard == [b"pause"]
    duplex.resume()
    duplex.resume()
    await settle()
    assert reader.heard == [b"pause", b"one", "eof"]


async def test_what_is_written_goes_to_the_server_at_once() -> None:
    duplex, server = made()
    duplex.write(b"one")
    assert server.heard == [b"one"]
    draining = asyncio.ensure_future(duplex.drain())
    await settle()
    assert not draining.done()
    server.free.set()
    await draining


async def test_the_client_may_close() -> None:
    duplex, server = made()
    reader = Reader(duplex)
    duplex.set_reader(reader)
    duplex.push(b"one")
    duplex.push(b"close")
    duplex.push(b"two")
    await settle()
    duplex.close()
    duplex.write(b"late")
    duplex.push(b"late")
    await duplex.flushed()
    await settle()
    assert reader.heard == [b"one", b"close", "eof"]
    assert server.heard == ["closed"]
    with pytest.raises(ClientConnectionError, match="The stream is closed"):
        await duplex.drain()


async def test_one_who_waits_to_write_hears_of_the_close() -> None:
    duplex, server = made()
    draining = asyncio.ensure_future(duplex.drain())
    await settle()
    duplex.close()
    server.free.set()
    with pytest.raises(ClientConnectionError):
        await draining


async def test_the_server_may_end_it_after_what_it_pushed() -> None:
    duplex, server = made()
    reader = Reader()
    duplex.push(b"one")
    duplex.finish()
    duplex.finish(ValueError("late"))
    duplex.push(b"late")
    duplex.write(b"late")
    duplex.set_reader(reader)
    await settle()
    assert reader.heard == [b"one", "eof"]
    assert server.heard == []
    duplex.set_reader(reader)
    duplex.close()
    await settle()


async def test_the_server_may_break_it_off() -> None:
    duplex, _ = made()
    reader = Reader()
    duplex.set_reader(reader)
    duplex.push(b"one")
    duplex.finish(ValueError("lost"))
    await duplex.flushed()
    await settle()
    assert reader.heard == ["lost"]
