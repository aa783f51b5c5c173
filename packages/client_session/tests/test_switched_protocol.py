from typing import cast

import pytest

from martlet_client_session import DataQueue, EofStream
from martlet_client_session._switched_protocol import SwitchedProtocol
from martlet_exceptions import ClientConnectionError, ClientPayloadError
from martlet_interfaces import BodySink, Duplex


class Stream:
    """A `Duplex` that notes what is asked of it."""

    def __init__(self, early: bytes = b"", *, ended: bool = False) -> None:
        self.calls: list[str] = []
        self.early = early
        self.ended = ended
        self.reader: BodySink | None = None

    def write(self, data: bytes, /) -> None:
        raise AssertionError("it is written to the transport")

    async def drain(self) -> None:
        self.calls.append("drain")
        if self.ended:
            raise ClientConnectionError("Connection closed")

    def set_reader(self, reader: BodySink, /) -> None:
        assert self.reader is None
        self.reader = reader
        if self.early:
            reader.feed(self.early)
        if self.ended:
            reader.eof()

    def pause(self) -> None:
        self.calls.append("pause")

    def resume(self) -> None:
        self.calls.append("resume")

    def close(self) -> None:
        self.calls.append("close")


class Lines:
    """Makes lines; ends with an empty one."""

    def __init__(self, queue: DataQueue[bytes]) -> None:
        self.queue = queue
        self.rest = b""

    def feed_data(self, data: bytes, /) -> tuple[bool, bytes]:
        *lines, self.rest = (self.rest + data).split(b"\n")
        for number, line in enumerate(lines):
            if line == b"bad":
                raise ValueError("a bad line")
            if not line:
                return True, b"\n".join([*lines[number + 1 :], self.rest])
            self.queue.feed_data(line, len(line))
        return False, b""

    def feed_eof(self) -> None:
        self.queue.feed_eof()


def spoken_on(stream: Duplex) -> SwitchedProtocol:
    return SwitchedProtocol(stream, None)


def parsed(protocol: SwitchedProtocol) -> DataQueue[bytes]:
    queue = DataQueue[bytes]()
    protocol.set_parser(Lines(queue), queue)
    return queue


async def test_what_comes_goes_to_the_parser() -> None:
    stream = Stream(early=b"one\ntw")
    queue = parsed(spoken_on(stream))
    reader = cast("BodySink", stream.reader)
    assert await queue.read() == b"one"
    reader.feed(b"o\n")
    assert await queue.read() == b"two"
    reader.eof()
    with pytest.raises(EofStream):
        await queue.read()


async def test_what_is_behind_a_parsers_end_is_the_next_ones() -> None:
    stream = Stream(early=b"one\n\ntwo\n")
    protocol = spoken_on(stream)
    first = parsed(protocol)
    reader = cast("BodySink", stream.reader)
    reader.feed(b"three\n")
    assert await first.read() == b"one"
    assert not first
    second = parsed(protocol)
    assert [await second.read(), await second.read()] == [b"two", b"three"]
    reader.feed(b"four\n")
    assert await second.read() == b"four"


async def test_a_parser_that_comes_after_the_end() -> None:
    protocol = spoken_on(Stream(early=b"one\n\ntwo\n", ended=True))
    parsed(protocol)
    queue = parsed(protocol)
    assert await queue.read() == b"two"
    with pytest.raises(EofStream):
        await queue.read()


async def test_a_connection_that_breaks() -> None:
    stream = Stream()
    protocol = spoken_on(stream)
    queue = parsed(protocol)
    reader = cast("BodySink", stream.reader)
    reader.fail(ClientPayloadError("broken"))
    with pytest.raises(ClientPayloadError, match="broken"):
        await queue.read()
    reader.fail(ClientPayloadError("twice"))


async def test_a_parser_that_raises_ends_the_queue() -> None:
    stream = Stream(early=b"one\nbad\n")
    queue = parsed(spoken_on(stream))
    assert await queue.read() == b"one"
    with pytest.raises(ValueError, match="a bad line"):
        await queue.read()
    cast("BodySink", stream.reader).feed(b"more\n")
    cast("BodySink", stream.reader).eof()


async def test_back_pressure_and_the_end() -> None:
    stream = Stream()
    protocol = spoken_on(stream)
    assert protocol.should_close
    assert not protocol.connected
    assert repr(protocol) == "<SwitchedProtocol closed>"
    for _ in range(2):
        protocol.pause_reading()
    for _ in range(2):
        protocol.resume_reading()
    await protocol.drain()
    protocol.force_close()
    protocol.close()
    assert stream.calls == ["pause", "resume", "drain", "close"]
    stream.ended = True
    with pytest.raises(ClientConnectionError):
        await protocol._drain_helper()
