import asyncio

import pytest

from martlet_exceptions import ClientConnectionError
from martlet_testing._memory_duplex import MemoryDuplex


class Sink:
    def __init__(self) -> None:
        self.calls: list[bytes | BaseException | None] = []

    def feed(self, data: bytes, /) -> None:
        self.calls.append(data)

    def eof(self) -> None:
        self.calls.append(None)

    def fail(self, exc: BaseException, /) -> None:
        self.calls.append(exc)


async def turn() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


async def test_what_is_written_comes_in_another_turn() -> None:
    duplex, client, server = MemoryDuplex(), Sink(), Sink()
    duplex.send(b"early")
    duplex.set_reader(client)
    duplex.serve(server)
    duplex.write(b"one")
    duplex.write(b"")
    duplex.write(b"two")
    assert (client.calls, server.calls) == ([], [])
    await duplex.drain()
    await turn()
    assert (client.calls, server.calls) == ([b"early"], [b"one", b"two"])


async def test_what_is_sent_waits_while_it_is_paused() -> None:
    duplex, client = MemoryDuplex(), Sink()
    duplex.set_reader(client)
    duplex.pause()
    duplex.send(b"one")
    duplex.hang_up()
    await turn()
    assert client.calls == []
    duplex.resume()
    await turn()
    assert client.calls == [b"one", None]


async def test_a_client_that_closes_hears_nothing_more() -> None:
    duplex, client, server = MemoryDuplex(), Sink(), Sink()
    duplex.set_reader(client)
    duplex.serve(server)
    duplex.write(b"last")
    duplex.send(b"never")
    duplex.close()
    duplex.close()
    duplex.write(b"late")
    duplex.send(b"late")
    await turn()
    assert (client.calls, server.calls) == ([], [b"last", None])
    duplex.hang_up()
    await turn()
    assert (client.calls, server.calls) == ([], [b"last", None])
    with pytest.raises(ClientConnectionError, match="closed"):
        await duplex.drain()


async def test_a_server_that_hangs_up_hears_nothing_more() -> None:
    duplex, client, server = MemoryDuplex(), Sink(), Sink()
    duplex.set_reader(client)
    duplex.serve(server)
    error = ClientConnectionError()
    duplex.write(b"never")
    duplex.send(b"last")
    duplex.hang_up(error)
    await turn()
    assert (client.calls, server.calls) == ([b"last", error], [])
    with pytest.raises(ClientConnectionError):
        await duplex.drain()
