import asyncio

import pytest

from martlet_client_session import ClientResponse, ClientSession, DataQueue, EofStream
from martlet_client_session._response_connection import ResponseConnection, _SwitchedExchange
from martlet_connector_pool import TCPConnector

from .scripted import ScriptedExchange


class Known(ScriptedExchange):
    def __init__(self) -> None:
        pass

    def info(self, name: str, /) -> object | None:
        return {"peername": ("127.0.0.1", 80)}.get(name)


def test_facts_are_told() -> None:
    connection = ResponseConnection(Known())
    assert connection.get_extra_info("peername") == ("127.0.0.1", 80)
    assert connection.get_extra_info("cipher") is None
    assert connection.get_extra_info("cipher", "none") == "none"
    assert connection.transport is None
    assert repr(connection) == "<ResponseConnection ('127.0.0.1', 80)>"
    assert connection.protocol is None


class Echo:
    """Puts what comes into a queue, as it is."""

    def __init__(self, queue: DataQueue[bytes]) -> None:
        self.queue = queue

    def feed_data(self, data: bytes, /) -> tuple[bool, bytes]:
        self.queue.feed_data(data, len(data))
        return False, b""

    def feed_eof(self) -> None:
        self.queue.feed_eof()


HEAD = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n"


async def shout(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(HEAD + b"early")
    while data := await reader.read(100):
        writer.write(data.upper())
    writer.close()


@pytest.mark.parametrize("read_until_eof", [True, False])
async def test_a_connection_is_spoken_on_after_a_101(read_until_eof: bool) -> None:
    server = await asyncio.start_server(shout, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    connector = TCPConnector(limit=1)
    async with server, ClientSession(connector=connector) as session:
        for _ in range(2):
            fields = {"Connection": "Upgrade", "Upgrade": "echo"}
            response = await session.post(url, headers=fields, read_until_eof=read_until_eof)
            assert await response.read() == b""
            connection = response.connection
            assert connection is not None
            protocol = connection.protocol
            assert protocol is not None
            assert protocol.connected
            assert repr(protocol) == "<SwitchedProtocol connected>"
            again = response.connection
            assert again is not None
            assert again.protocol is protocol
            transport = again.transport
            assert transport is not None
            assert transport is protocol.transport
            queue = DataQueue[bytes]()
            protocol.set_parser(Echo(queue), queue)
            assert await queue.read() == b"early"
            transport.write(b"swift")
            await protocol._drain_helper()
            assert await queue.read() == b"SWIFT"
            transport.write_eof()
            with pytest.raises(EofStream):
                await queue.read()
            assert repr(protocol) == "<SwitchedProtocol closed>"
            assert response.connection is not None
            # The one connection that there may be is free then.
            response.release()
            assert response.connection is None


async def test_who_does_not_speak_on_it_ends_it() -> None:
    server = await asyncio.start_server(shout, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    connector = TCPConnector(limit=1)
    async with server, ClientSession(connector=connector) as session:
        for _ in range(2):
            async with session.get(url, headers={"Upgrade": "echo"}) as response:
                assert response.connection is not None
            assert response.connection is None


def test_a_connection_that_somebody_else_has() -> None:
    switched = _SwitchedExchange(Known())
    assert ResponseConnection(switched).protocol is None
    assert ResponseConnection(switched).get_extra_info("peername") == ("127.0.0.1", 80)
    with pytest.raises(RuntimeError, match="did not switch"):
        switched.upgrade()


def test_there_is_none_of_a_response_that_has_come() -> None:
    assert ClientResponse.build(body=b"ok").connection is None
    assert ClientResponse.build(status=101).connection is None
