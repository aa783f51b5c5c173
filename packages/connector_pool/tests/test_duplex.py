"""A connection that has left HTTP."""

import asyncio
import errno
from typing import Any

import pytest

from martlet_exceptions import ClientConnectionError
from martlet_interfaces import Duplex, Timeouts

from .net import Call, Net, on_net
from .scripted import OK, Answer, Wire

SWITCHING = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\n\r\n"
UPGRADE = {"Upgrade": "echo", "Connection": "Upgrade"}


async def switched(net: Net, early: bytes = b"", **options: Any) -> tuple[Call, Wire]:
    call, wire = await net.sent(headers=UPGRADE, **options)
    wire.send(SWITCHING + early)
    await call.exchange()
    return call, wire


async def upgraded(net: Net, early: bytes = b"") -> tuple[Duplex, Wire]:
    call, wire = await switched(net, early)
    return call.task.result().upgrade(), wire


@on_net
async def test_both_sides_speak(net: Net) -> None:
    duplex, wire = await upgraded(net)
    reader = Answer()
    duplex.set_reader(reader)
    duplex.write(b"ping")
    wire.send(b"pong")

    assert wire.writes[-1] == b"ping"
    assert reader.pieces == [b"pong"]
    assert net.pool.slots.used == 1
    duplex.close()
    assert net.pool.slots.used == 0


@on_net
async def test_the_body_of_the_101_has_ended(net: Net) -> None:
    call, _ = await switched(net)

    assert call.answer.head.status == 101
    assert call.answer.complete
    call.task.result().upgrade().close()


@on_net
async def test_what_came_early_is_not_lost(net: Net) -> None:
    call, wire = await switched(net, b"one ")
    wire.send(b"two ")
    duplex = call.task.result().upgrade()
    wire.send(b"three")
    reader = Answer()
    duplex.set_reader(reader)
    wire.send(b"!")

    assert reader.body == b"one two three!"
    duplex.close()


@on_net
async def test_what_comes_before_anybody_takes_it_waits_in_the_socket(net: Net) -> None:
    call, wire = await switched(net, b"early")
    reading = [wire.reading]
    duplex = call.task.result().upgrade()
    reading.append(wire.reading)
    duplex.set_reader(Answer())
    reading.append(wire.reading)
    assert reading == [False, False, True]
    duplex.close()


@pytest.mark.parametrize("when", ["before upgrade", "before set_reader", "after"])
@pytest.mark.parametrize("how", ["fin", "reset"])
@on_net
async def test_the_end_is_told_after_what_came_before_it(net: Net, when: str, how: str) -> None:
    call, wire = await switched(net, b"last words")
    reader = Answer()
    if when == "before upgrade":
        getattr(wire, how)()
        await net.loop.quiet()
    duplex = call.task.result().upgrade()
    if when == "before set_reader":
        getattr(wire, how)()
        await net.loop.quiet()
    duplex.set_reader(reader)
    if when == "after":
        getattr(wire, how)()
    await net.loop.quiet()

    # The slot is free although nobody has closed the duplex.
    assert net.pool.slots.used == 0
    assert reader.body == b"last words"
    if how == "fin":
        assert reader.complete
    else:
        failure = reader.failure
        assert isinstance(failure, ClientConnectionError)
        assert str(failure).startswith("The connection broke: ")
        assert isinstance(failure.__cause__, ConnectionResetError)
        assert failure.__cause__.errno == errno.ECONNRESET
    duplex.write(b"into the void")
    with pytest.raises(ClientConnectionError, match=r"^Connection closed$"):
        await duplex.drain()
    duplex.close()
    duplex.close()


@on_net
async def test_the_end_is_told_once(net: Net) -> None:
    duplex, wire = await upgraded(net)
    reader = Answer()
    duplex.set_reader(reader)
    wire.fin()
    wire.reset()
    await net.loop.quiet()

    assert reader.ends == [None]


@on_net
async def test_an_upgraded_connection_has_no_silence_to_fear(net: Net) -> None:
    call, wire = await switched(net, timeouts=Timeouts(sock_read=2))

    assert not net.armed()
    await net.loop.until(net.loop.time() + 1000)
    duplex = call.task.result().upgrade()
    reader = Answer()
    duplex.set_reader(reader)
    await net.loop.until(net.loop.time() + 1000)
    wire.send(b"still here")
    assert reader.body == b"still here"
    duplex.close()


@on_net
async def test_several_may_wait_for_room(net: Net) -> None:
    duplex, wire = await upgraded(net)
    wire.stop_taking()
    waiting = [asyncio.create_task(duplex.drain()) for _ in range(3)]
    await net.loop.quiet()
    waiting[1].cancel()
    await net.loop.quiet()
    assert [task.done() for task in waiting] == [False, True, False]
    wire.take()
    await asyncio.gather(waiting[0], waiting[2])

    await duplex.drain()
    duplex.close()


@pytest.mark.parametrize("how", ["reset", "vanish"])
@on_net
async def test_who_waits_for_room_hears_of_the_end(net: Net, how: str) -> None:
    duplex, wire = await upgraded(net)
    wire.stop_taking()
    waiting = [asyncio.create_task(duplex.drain()) for _ in range(3)]
    await net.loop.quiet()
    getattr(wire, how)()
    waiting[2].cancel()

    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [
        ClientConnectionError,
        ClientConnectionError,
        asyncio.CancelledError,
    ]
    assert outcomes[0] is not outcomes[1]


@on_net
async def test_room_and_the_end_in_one_tick(net: Net) -> None:
    duplex, wire = await upgraded(net)
    wire.stop_taking()
    waiting = asyncio.create_task(duplex.drain())
    await net.loop.quiet()
    wire.take()
    wire.protocol.resume_writing()
    wire.reset()

    await waiting


@on_net
async def test_it_can_be_paused(net: Net) -> None:
    duplex, wire = await upgraded(net)
    reader = Answer()
    duplex.set_reader(reader)
    duplex.pause()
    wire.send(b"later")
    assert reader.pieces == []
    duplex.resume()
    await net.loop.quiet()

    assert reader.pieces == [b"later"]
    duplex.close()


@on_net
async def test_close_sends_what_was_written(net: Net) -> None:
    duplex, wire = await upgraded(net)
    wire.stop_taking()
    duplex.write(b"goodbye")
    duplex.close()
    await net.loop.quiet()

    assert net.pool.slots.used == 0
    lost = wire.lost
    wire.take()
    await net.loop.quiet()
    assert (lost, wire.lost) == (False, True)
    assert wire.writes[-1] == b"goodbye"


@on_net
async def test_the_connectors_close_does_not_wait_for_a_peer_that_takes_nothing(net: Net) -> None:
    duplex, wire = await upgraded(net)
    wire.stop_taking()
    duplex.write(b"goodbye")
    duplex.close()

    await net.connector.close()

    assert wire.lost


@on_net
async def test_the_connectors_close_is_told_to_the_reader(net: Net) -> None:
    duplex, _ = await upgraded(net)
    reader = Answer()
    duplex.set_reader(reader)
    net.connector.close()

    assert isinstance(reader.failure, ClientConnectionError)
    assert str(reader.failure) == "Connector is closed"


@on_net
async def test_the_connectors_close_before_the_upgrade_fails_nothing_twice(net: Net) -> None:
    call, _ = await switched(net)
    net.connector.close()

    assert call.answer.complete
    with pytest.raises(RuntimeError, match=r"^The response did not switch protocols$"):
        call.task.result().upgrade()


@pytest.mark.parametrize("how", ["release", "abort"])
@on_net
async def test_whoever_does_not_want_the_upgrade_may_let_go(net: Net, how: str) -> None:
    call, wire = await switched(net)
    getattr(call.task.result(), how)()

    assert wire.is_closing()
    assert net.pool.slots.used == 0
    with pytest.raises(RuntimeError, match=r"^The response did not switch protocols$"):
        call.task.result().upgrade()


@on_net
async def test_there_is_one_upgrade_only(net: Net) -> None:
    call, _ = await switched(net)
    exchange = call.task.result()
    duplex = exchange.upgrade()

    with pytest.raises(RuntimeError, match=r"^The response did not switch protocols$"):
        exchange.upgrade()
    exchange.abort()
    assert net.pool.slots.used == 1
    duplex.close()


@on_net
async def test_other_responses_do_not_upgrade(net: Net) -> None:
    call, wire = await net.sent(headers=UPGRADE)
    wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")
    exchange = await call.exchange()

    with pytest.raises(RuntimeError, match=r"^The response did not switch protocols$"):
        exchange.upgrade()
    wire.send(b"123456789")
    assert await call.body() == b"123456789"
    with pytest.raises(RuntimeError, match=r"^The response did not switch protocols$"):
        exchange.upgrade()
    assert len(net.pool.idle) == 1


@on_net
async def test_a_refused_upgrade_is_an_ordinary_response(net: Net) -> None:
    call, wire = await net.sent(headers=UPGRADE)
    wire.send(OK)

    assert await call.body() == b"ok"
    assert len(net.pool.idle) == 1
