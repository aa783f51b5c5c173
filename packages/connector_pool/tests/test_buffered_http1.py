import asyncio
import threading

import pytest

from martlet_connector_pool import TCPConnector
from martlet_connector_pool._buffered_http1 import BufferedHttp1Connection, connection_class
from martlet_connector_pool._http1 import Http1Connection
from martlet_exceptions import ClientPayloadError
from martlet_interfaces import NO_TIMEOUTS

from .net import Net, head, on_net
from .scripted import OK, Answer
from .servers import serving


@on_net
async def test_what_is_in_the_buffer_is_received(net: Net) -> None:
    call, wire = await net.sent()
    connection = wire.protocol
    assert isinstance(connection, BufferedHttp1Connection)
    buffer = connection.get_buffer(-1)
    buffer[: len(OK)] = OK
    connection.buffer_updated(len(OK))
    # What was passed on does not change with the buffer.
    buffer[:] = bytes(len(buffer))

    assert await call.body() == b"ok"


@on_net
async def test_connections_of_a_thread_share_a_buffer(net: Net) -> None:
    one, other = [wire.protocol for wire in await net.warm(2)]
    assert isinstance(one, BufferedHttp1Connection)
    assert isinstance(other, BufferedHttp1Connection)

    assert one.get_buffer(1) is other.get_buffer(-1)


def test_connections_of_another_thread_do_not() -> None:
    buffers: list[memoryview] = []

    @on_net
    async def look(net: Net) -> None:
        (wire,) = await net.warm()
        assert isinstance(wire.protocol, BufferedHttp1Connection)
        buffers.append(wire.protocol.get_buffer(-1))

    look()
    thread = threading.Thread(target=look)
    thread.start()
    thread.join()

    assert len(buffers) == 2
    assert buffers[0] is not buffers[1]


def test_loops_that_read_ahead_get_a_plain_connection() -> None:
    loop = asyncio.SelectorEventLoop()
    loop.close()

    assert connection_class(loop) is BufferedHttp1Connection
    # Such as uvloop's, or the one for Windows.
    other = asyncio.BaseEventLoop()
    other.close()
    assert connection_class(other) is Http1Connection


@pytest.mark.parametrize("size", [10, 1024 * 1024])
async def test_bodies_of_any_size_arrive(size: int) -> None:
    data = bytes(range(256)) * (size // 256) + bytes(size % 256)

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size + data)
        await reader.read()

    async with serving(handler) as server, TCPConnector() as connector:
        answer = Answer()
        request = head(url=f"http://127.0.0.1:{server.port}/")
        await connector.send(request, None, answer, timeouts=NO_TIMEOUTS)

        assert await answer.read() == data


async def test_a_body_that_is_cut_short_is_an_error() -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc")
        writer.write_eof()
        await reader.read()

    async with serving(handler) as server, TCPConnector() as connector:
        answer = Answer()
        request = head(url=f"http://127.0.0.1:{server.port}/")
        await connector.send(request, None, answer, timeouts=NO_TIMEOUTS)

        with pytest.raises(ClientPayloadError, match="2 bytes before the end"):
            await answer.read()
