"""`close`: at once, for everybody, and never with a cancellation that nobody asked for."""

import asyncio
from collections.abc import Callable

import pytest

from martlet_exceptions import ClientConnectionError
from martlet_interfaces import (
    ConnectionCreateEnd,
    ConnectionCreateStart,
    ConnectionQueuedEnd,
    ConnectionQueuedStart,
    ConnectionReused,
    Event,
    HeadSent,
    Timeouts,
)

from .bodies import Pieces
from .net import Call, Net, on_net
from .scripted import OK, Log

CLOSED = r"^Connector is closed$"
LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"


async def fails(call: Call) -> BaseException:
    with pytest.raises(ClientConnectionError, match=CLOSED) as caught:
        await call.body()
    assert type(caught.value) is ClientConnectionError
    return caught.value


@on_net
async def test_everybody_fails_at_once_with_an_exception_of_their_own(net: Net) -> None:
    net.configure(limit=2)
    in_body, wire = await net.sent()
    wire.send(LENGTH + b"ab")
    awaiting = net.send(url="http://b.test/")
    await net.loop.quiet()
    queued = net.send(url="http://c.test/")
    await net.loop.quiet()

    net.connector.close()

    assert isinstance(in_body.answer.failure, ClientConnectionError)
    assert net.pool.slots.used == 0
    errors = [await fails(call) for call in (in_body, awaiting, queued)]
    assert len({id(error) for error in errors}) == 3


@on_net
async def test_a_dial_under_way_fails(net: Net) -> None:
    net.dialer.gate = asyncio.Event()
    call = net.send(timeouts=Timeouts(connect=5, sock_connect=3))
    await net.loop.quiet()
    began = net.loop.time()
    closing = net.connector.close()

    await fails(call)
    await closing
    assert net.loop.time() == began
    assert net.wires == []
    assert net.dialer.closed


@on_net
async def test_an_idle_connection_is_closed_and_its_timer_too(net: Net) -> None:
    (wire,) = await net.warm()
    await net.connector.close()

    assert wire.lost
    assert net.connector._leases is not None
    assert net.connector._leases._prune_timer is None


@on_net
async def test_an_upload_is_ended(net: Net) -> None:
    body = Pieces([b"ab", b"cd"], 4, gate=asyncio.Event())
    call, _ = await net.sent("POST", body=body)
    net.connector.close()

    await fails(call)
    assert [type(error) for error in body.errors] == [asyncio.CancelledError]


@on_net
async def test_closing_twice_is_closing_once(net: Net) -> None:
    call, wire = await net.sent()
    first = net.connector.close()
    second = net.connector.close()

    await fails(call)
    await second
    await first
    await first
    assert wire.lost


@on_net
async def test_what_it_returns_may_be_ignored_or_awaited_by_several(net: Net) -> None:
    leave = held_up(net)
    call = net.send()
    await net.loop.quiet()
    net.connector.close()
    waiting = [asyncio.ensure_future(wait_for(net)) for _ in range(3)]
    await net.loop.quiet()
    waiting[1].cancel()
    await net.loop.quiet()
    assert [task.done() for task in waiting] == [False, True, False]
    leave.set()

    assert [await waiting[0], await waiting[2]] == ["drained", "drained"]
    await fails(call)


def held_up(net: Net) -> asyncio.Event:
    """Let dials hang, and take their time to end when they are given up."""
    leave = asyncio.Event()
    dial = net.dialer.dial

    async def slow_to_end(*args: object) -> object:
        try:
            return await dial(*args)  # type: ignore[arg-type]  # as they came
        finally:
            await leave.wait()

    net.dialer.dial = slow_to_end  # type: ignore[method-assign,assignment]  # only here
    net.dialer.gate = asyncio.Event()
    return leave


async def wait_for(net: Net) -> str:
    await net.connector.close()
    return "drained"


@on_net
async def test_closing_from_inside_a_sink(net: Net) -> None:
    call, wire = await net.sent()
    call.answer.on_feed = lambda _: net.connector.close()
    wire.send(LENGTH + b"ab")

    await fails(call)


@on_net
async def test_closing_from_inside_the_receiver(net: Net) -> None:
    call, wire = await net.sent()
    call.answer.on_head_hook = lambda: net.connector.close()
    wire.send(LENGTH)

    with pytest.raises(ClientConnectionError, match=CLOSED):
        await call.task


@on_net
async def test_a_request_that_is_cancelled_and_closed_is_cancelled(net: Net) -> None:
    net.dialer.gate = asyncio.Event()
    call = net.send()
    await net.loop.quiet()
    net.connector.close()
    call.task.cancel()
    await net.loop.quiet()

    assert call.task.cancelled()


# In the same tick as something else happens


@on_net
async def test_in_the_tick_in_which_a_dial_succeeds(net: Net) -> None:
    net.dialer.on_made = lambda _: net.connector.close()
    call = net.send()

    await fails(call)
    assert net.wires[0].writes == []
    assert net.wires[0].lost


@on_net
async def test_in_the_tick_in_which_a_dial_fails(net: Net) -> None:
    net.dialer.gate = asyncio.Event()
    net.dialer.errors.append(ConnectionRefusedError())
    call = net.send()
    await net.loop.quiet()
    net.dialer.gate.set()
    net.connector.close()

    await fails(call)


@on_net
async def test_while_a_dial_that_took_too_long_is_ending(net: Net) -> None:
    leave = held_up(net)
    call = net.send(timeouts=Timeouts(sock_connect=3))
    await net.loop.until(net.loop.time() + 4)
    net.connector.close()
    await net.loop.quiet()
    assert not call.task.done()
    leave.set()

    await fails(call)


@on_net
async def test_after_a_slot_was_handed_over(net: Net) -> None:
    net.configure(limit=1)
    call, wire = await net.sent()
    queued = net.send(url="http://b.test/")
    await net.loop.quiet()
    wire.send(OK)
    net.connector.close()

    await fails(queued)
    assert await call.body() == b"ok"
    assert len(net.wires) == 1


@on_net
async def test_after_a_connection_was_handed_over(net: Net) -> None:
    net.configure(limit=1)
    call, wire = await net.sent()
    queued = net.send("POST")
    await net.loop.quiet()
    wire.send(OK)
    wire.writes.clear()
    net.connector.close()

    await fails(queued)
    assert await call.body() == b"ok"
    assert wire.writes == []


# While an observer is at it


def queued_first(net: Net) -> None:
    net.configure(limit=1)
    net.send()


def idle_first(net: Net) -> None:
    net.dialer.respond = lambda wire: wire.send(OK)
    net.send()


@pytest.mark.parametrize(
    ("event", "prepare"),
    [
        (ConnectionQueuedStart, queued_first),
        (ConnectionCreateStart, None),
        (ConnectionCreateEnd, None),
        (ConnectionReused, idle_first),
        (HeadSent, None),
        (HeadSent, idle_first),
    ],
)
@on_net
async def test_while_an_observer_thinks(
    net: Net, event: type[Event], prepare: Callable[[Net], None] | None
) -> None:
    if prepare is not None:
        prepare(net)
        await net.loop.quiet()
        net.dialer.respond = None
        for wire in net.wires:
            wire.respond = None
    log = Log(at=event, act=lambda: net.connector.close())
    call = net.send("POST", observer=log)

    await fails(call)
    assert isinstance(log.events[-1], event)
    for other in net.calls[:-1]:
        await asyncio.wait([other.task])
        other.task.exception()


@on_net
async def test_while_an_observer_thinks_about_a_handed_over_slot(net: Net) -> None:
    net.configure(limit=1)
    call, wire = await net.sent()
    log = Log(at=ConnectionQueuedEnd, act=lambda: net.connector.close())
    queued = net.send(url="http://b.test/", observer=log)
    await net.loop.quiet()
    wire.send(OK)

    await fails(queued)
    assert await call.body() == b"ok"
    assert log.names == ["ConnectionQueuedStart", "ConnectionQueuedEnd"]
    assert len(net.wires) == 1
