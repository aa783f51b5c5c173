"""What an observer hears, and that it can do no harm."""

import asyncio
from collections.abc import Callable

import pytest

from martlet_exceptions import ClientConnectionError, ServerDisconnectedError
from martlet_interfaces import (
    ChunkReceived,
    ChunkSent,
    ConnectionCreateEnd,
    ConnectionCreateStart,
    ConnectionQueuedEnd,
    ConnectionQueuedStart,
    ConnectionReused,
    Event,
    HeadSent,
)

from .bodies import Pieces
from .net import Net, on_net
from .scripted import OK, Log


class NoisyError(Exception):
    """What an observer raises in these tests."""


@on_net
async def test_a_new_connection(net: Net) -> None:
    log = Log()
    call, wire = await net.sent(observer=log)
    wire.send(OK)
    await call.body()
    await net.loop.quiet()

    assert log.names == [
        "ConnectionCreateStart",
        "ConnectionCreateEnd",
        "HeadSent",
        "ChunkReceived",
    ]


@on_net
async def test_an_idle_connection(net: Net) -> None:
    await net.warm()
    log = Log()
    call, wire = await net.sent(observer=log)
    wire.send(OK)
    await call.body()
    await net.loop.quiet()

    assert log.names == ["ConnectionReused", "HeadSent", "ChunkReceived"]


@pytest.mark.parametrize(
    ("url", "end"),
    [
        ("http://a.test/", ["ConnectionReused", "HeadSent"]),
        ("http://b.test/", ["ConnectionCreateStart", "ConnectionCreateEnd", "HeadSent"]),
    ],
)
@on_net
async def test_the_queue(net: Net, url: str, end: list[str]) -> None:
    net.configure(limit=1)
    call, wire = await net.sent()
    log = Log()
    queued = net.send(url=url, observer=log)
    await net.loop.quiet()
    assert log.names == ["ConnectionQueuedStart"]
    wire.send(OK)
    await call.body()
    await net.loop.quiet()
    net.wires[-1].send(OK)
    await queued.body()
    await net.loop.quiet()

    assert log.names == ["ConnectionQueuedStart", "ConnectionQueuedEnd", *end, "ChunkReceived"]


@on_net
async def test_the_head_is_sent_when_that_is_said(net: Net) -> None:
    seen: list[bytes] = []
    log = Log(at=HeadSent, act=lambda: seen.append(net.wires[0].received))
    call, wire = await net.sent(observer=log)
    wire.send(OK)
    await call.body()

    assert seen == [b"GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"]


def nothing(net: Net) -> None:
    del net


def fill(net: Net) -> None:
    net.configure(limit=1)
    net.dialer.on_made = lambda wire: setattr(wire, "respond", None)
    net.send()


def leave_one(net: Net) -> None:
    net.dialer.respond = lambda wire: wire.send(OK)
    net.send()


EVENTS: list[tuple[type[Event], Callable[[Net], None]]] = [
    (ConnectionQueuedStart, fill),
    (ConnectionQueuedEnd, fill),
    (ConnectionCreateStart, nothing),
    (ConnectionCreateEnd, nothing),
    (ConnectionReused, leave_one),
    (HeadSent, nothing),
    (HeadSent, leave_one),
]


async def prepared(net: Net, prepare: Callable[[Net], None]) -> None:
    prepare(net)
    await net.loop.quiet()
    net.dialer.respond = None
    for wire in net.wires:
        wire.respond = None
        wire.writes.clear()


async def finish_others(net: Net) -> None:
    await net.loop.quiet()
    for wire in net.wires:
        if wire.protocol.exchange is not None:
            wire.send(OK)
    await net.loop.quiet()


@pytest.mark.parametrize(("event", "prepare"), EVENTS)
@on_net
async def test_what_it_raises_comes_out_and_nothing_leaks(
    net: Net, event: type[Event], prepare: Callable[[Net], None]
) -> None:
    await prepared(net, prepare)
    call = net.send(observer=Log(at=event, error=NoisyError()))
    await finish_others(net)

    with pytest.raises(NoisyError):
        await call.task


@pytest.mark.parametrize(("event", "prepare"), EVENTS)
@on_net
async def test_cancelled_while_it_thinks_nothing_leaks(
    net: Net, event: type[Event], prepare: Callable[[Net], None]
) -> None:
    await prepared(net, prepare)
    log = Log(at=event, gate=asyncio.Event())
    call = net.send(observer=log)
    await finish_others(net)
    assert isinstance(log.events[-1], event)
    call.task.cancel()
    await net.loop.quiet()

    assert call.task.cancelled()


@pytest.mark.parametrize("how", ["fin", "reset"])
@pytest.mark.parametrize("end", ["raises", "is cancelled"])
@on_net
async def test_a_connection_lost_while_it_thinks_about_the_queue(
    net: Net, how: str, end: str
) -> None:
    net.configure(limit=2)
    call, wire = await net.sent()
    other, second = await net.sent()
    gate = asyncio.Event()
    log = Log(at=ConnectionQueuedEnd, gate=gate, error=NoisyError())
    queued = net.send(observer=log)
    await net.loop.quiet()
    wire.send(OK)
    await call.body()
    await net.loop.quiet()
    getattr(wire, how)()
    await net.loop.quiet()
    assert net.pool.slots.used == 1
    if end == "raises":
        gate.set()
    else:
        queued.task.cancel()
    await net.loop.quiet()

    assert net.pool.slots.used == 1
    assert queued.task.done()
    second.send(OK)
    assert await other.body() == b"ok"
    if end == "raises":
        assert isinstance(queued.task.exception(), NoisyError)


@pytest.mark.parametrize(("event", "queue"), [(ConnectionQueuedEnd, 1), (ConnectionReused, 0)])
@pytest.mark.parametrize("how", ["fin", "reset"])
@on_net
async def test_a_pooled_connection_lost_while_it_thinks_is_replaced(
    net: Net, event: type[Event], queue: int, how: str
) -> None:
    # Nothing has been written, so it does not matter what the method is.
    net.configure(limit=1)
    gate = asyncio.Event()
    log = Log(at=event, gate=gate)
    first, wire = await net.sent()
    calls = [net.send("POST", observer=log)] if queue else []
    await net.loop.quiet()
    wire.send(OK)
    await first.body()
    calls = calls or [net.send("POST", observer=log)]
    await net.loop.quiet()
    getattr(wire, how)()
    await net.loop.quiet()
    gate.set()
    await net.loop.quiet()

    net.wires[1].send(OK)
    assert await calls[0].body() == b"ok"
    await net.loop.quiet()
    assert log.names[-4:] == [
        "ConnectionCreateStart",
        "ConnectionCreateEnd",
        "HeadSent",
        "ChunkReceived",
    ]


@pytest.mark.parametrize("how", ["fin", "reset", "vanish"])
@on_net
async def test_a_new_connection_lost_while_it_thinks_is_an_error(net: Net, how: str) -> None:
    log = Log(at=ConnectionCreateEnd, act=lambda: getattr(net.wires[0], how)())
    call = net.send(observer=log)

    with pytest.raises(ServerDisconnectedError, match=r"^Server disconnected before the request"):
        await call.task
    assert net.wires[0].writes == []


@pytest.mark.parametrize("how", ["fin", "reset"])
@on_net
async def test_a_connection_lost_while_it_thinks_about_the_sent_head(net: Net, how: str) -> None:
    log = Log(at=HeadSent, act=lambda: getattr(net.wires[0], how)())
    call = net.send(observer=log)

    with pytest.raises(ClientConnectionError):
        await call.task


@pytest.mark.parametrize("error", [None, NoisyError()])
@on_net
async def test_a_response_may_come_while_it_thinks_about_the_sent_head(
    net: Net, error: Exception | None
) -> None:
    log = Log(at=HeadSent, act=lambda: net.wires[0].send(OK), error=error)
    call = net.send(observer=log)

    if error is None:
        assert await call.body() == b"ok"
    else:
        with pytest.raises(NoisyError):
            await call.task
    assert len(net.pool.idle) == 1


@on_net
async def test_a_failure_that_it_talks_over_is_not_left_lying_about(net: Net) -> None:
    log = Log(at=HeadSent, act=lambda: net.wires[0].fin(), error=NoisyError())
    call = net.send(observer=log)

    with pytest.raises(NoisyError):
        await call.task


@on_net
async def test_every_piece_of_both_bodies_is_told(net: Net) -> None:
    log = Log()
    call, wire = await net.sent("POST", body=Pieces([b"ab", b"cd"]), observer=log)
    await net.loop.quiet()
    wire.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n")
    await net.loop.quiet()
    wire.send(b"1\r\n!\r\n0\r\n\r\n")
    await call.body()
    await net.loop.quiet()

    assert [event.chunk for event in log.events if isinstance(event, ChunkSent)] == [b"ab", b"cd"]
    assert [e.chunk for e in log.events if isinstance(e, ChunkReceived)] == [b"ok", b"!"]


@pytest.mark.parametrize("body", [b"data", bytes(300_000)])
@on_net
async def test_a_body_of_bytes_is_told(net: Net, body: bytes) -> None:
    log = Log()
    call, wire = await net.sent("POST", body=body, observer=log)
    wire.send(OK)
    await call.body()
    await net.loop.quiet()

    assert b"".join(event.chunk for event in log.events if isinstance(event, ChunkSent)) == body


@on_net
async def test_what_it_raises_about_a_piece_fails_the_response(net: Net) -> None:
    log = Log(at=ChunkReceived, error=NoisyError())
    call, wire = await net.sent(observer=log)
    wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nok")

    with pytest.raises(NoisyError):
        await call.body()
    assert len(net.pool.idle) == 0


@on_net
async def test_what_it_raises_about_the_last_piece_is_too_late(net: Net) -> None:
    log = Log(at=ChunkReceived, error=NoisyError())
    call, wire = await net.sent(observer=log)
    wire.send(OK)

    assert await call.body() == b"ok"
    await net.loop.quiet()
    assert len(net.pool.idle) == 1


@on_net
async def test_it_hears_no_more_of_a_response_that_was_given_up(net: Net) -> None:
    log = Log(at=ChunkReceived, gate=asyncio.Event())
    call, wire = await net.sent(observer=log)
    wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nok")
    exchange = await call.exchange()
    await net.loop.quiet()
    exchange.abort()
    await net.loop.quiet()

    assert call.answer.body == b"ok"
    assert call.answer.ends == []


@pytest.mark.parametrize("url", ["http://a.test/", "http://b.test/"])
@on_net
async def test_what_becomes_free_while_it_hears_of_the_queue_is_not_missed(
    net: Net, url: str
) -> None:
    net.configure(limit=1)
    call, wire = await net.sent()
    gate = asyncio.Event()
    queued = net.send(url=url, observer=Log(at=ConnectionQueuedStart, gate=gate))
    await net.loop.quiet()
    wire.send(OK)
    await call.body()
    gate.set()
    await net.loop.quiet()

    net.wires[-1].send(OK)
    assert await queued.body() == b"ok"
