"""What an exchange tells of the time that passed, by a clock that is set by hand."""

import asyncio
from collections.abc import Callable

import pytest

from martlet_connector_pool import _base_connector, _exchange, _http1, _leases, _queued_request
from martlet_connector_pool._http1 import Http1Connection
from martlet_interfaces import ConnectionKey, ConnectionQueuedStart, Observer

from .bodies import Pieces
from .net import Call, Net, head, on_net
from .scripted import OK, Log, ScriptedDialer

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"


class Clock:
    """Tells what it is set to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    for module in (_base_connector, _exchange, _http1, _leases, _queued_request):
        monkeypatch.setattr(module, "perf_counter", clock)
    return clock


async def timings(call: Call) -> dict[str, float]:
    told = (await call.exchange()).info("timings")
    assert isinstance(told, dict)
    return told


@on_net
async def test_each_moment_counts_from_the_beginning(net: Net, clock: Clock) -> None:
    net.dialer.on_made = lambda _: setattr(clock, "now", clock.now + 2)
    call, wire = await net.sent()
    clock.now += 3
    wire.send(HEAD)
    assert await timings(call) == {"sent": 2, "first_byte": 5}
    clock.now += 4
    wire.send(b"ab")
    assert await timings(call) == {"sent": 2, "first_byte": 5}
    clock.now += 1
    wire.send(b"cd")
    await call.body()
    clock.now += 100

    assert await timings(call) == {"sent": 2, "first_byte": 5, "done": 10}


@on_net
async def test_an_interim_response_is_no_first_byte(net: Net, clock: Clock) -> None:
    call, wire = await net.sent()
    clock.now += 1
    wire.send(b"HTTP/1.1 103 Early Hints\r\n\r\n" + HEAD[:10])
    clock.now += 1
    wire.send(HEAD[10:] + b"abcd")

    assert await timings(call) == {"sent": 0, "first_byte": 2, "done": 2}


@on_net
async def test_a_body_that_the_close_ends_is_done_then(net: Net, clock: Clock) -> None:
    call, wire = await net.sent()
    wire.send(b"HTTP/1.1 200 OK\r\n\r\nab")
    clock.now += 1
    assert "done" not in await timings(call)
    wire.fin()
    await call.body()

    assert (await timings(call))["done"] == 1


@pytest.mark.parametrize("how", ["abort", "reset", "nonsense"])
@on_net
async def test_what_fails_is_never_done(net: Net, how: str, clock: Clock) -> None:
    call, wire = await net.sent()
    wire.send(HEAD + b"ab")
    exchange = await call.exchange()
    clock.now += 1
    if how == "abort":
        exchange.abort()
    elif how == "reset":
        wire.reset()
    else:
        wire.fin()
    await net.loop.quiet()

    assert await timings(call) == {"sent": 0, "first_byte": 0}


@on_net
async def test_a_streamed_body_is_sent_when_all_of_it_is_written(net: Net, clock: Clock) -> None:
    gate = asyncio.Event()
    call, wire = await net.sent("POST", body=Pieces([b"ab", b"cd"], 4, gate=gate))
    clock.now += 2
    gate.set()
    await net.loop.quiet()
    clock.now += 1
    wire.send(OK)

    assert await timings(call) == {"sent": 2, "first_byte": 3, "done": 3}


@pytest.mark.parametrize("expects", [False, True])
@on_net
async def test_a_body_that_was_not_wanted_any_more_is_never_sent(
    net: Net, expects: bool, clock: Clock
) -> None:
    body = Pieces([b"ab", b"cd"], 4, gate=asyncio.Event())
    headers = {"Expect": "100-continue"} if expects else None
    call, wire = await net.sent("POST", body=body, headers=headers)
    clock.now += 2
    wire.send(OK)
    await call.body()

    assert await timings(call) == {"first_byte": 2, "done": 2}


# How the connection was got.


class TimedDialer(ScriptedDialer):
    """Says how long each phase took."""

    async def dial(
        self,
        key: ConnectionKey,
        factory: Callable[[ConnectionKey], Http1Connection],
        observer: Observer | None,
    ) -> Http1Connection:
        connection = await super().dial(key, factory, observer)
        connection.phases = {"dns": 1.0, "connect": 2.0}
        return connection


def time_dials(net: Net) -> None:
    """Have what is dialled from here on say how long it took."""
    net.dialer.__class__ = TimedDialer


@on_net
async def test_the_phases_of_dialling_are_the_first_exchanges(net: Net, clock: Clock) -> None:
    time_dials(net)
    told = []
    for _ in range(3):
        call, wire = await net.sent()
        wire.send(OK)
        await call.body()
        told.append(await timings(call))
        # Whatever the connection does afterwards.
        assert list(told[0]) == ["dns", "connect", "sent", "first_byte", "done"]
    assert told[0]["connect"] == 2

    assert [list(one) for one in told[1:]] == [["sent", "first_byte", "done"]] * 2
    assert list(await timings(net.calls[0])) == ["dns", "connect", "sent", "first_byte", "done"]


@on_net
async def test_the_second_attempt_tells_of_the_second_connection(net: Net, clock: Clock) -> None:
    await net.warm()
    time_dials(net)
    call, wire = await net.sent()
    clock.now += 3
    wire.fin()
    await net.loop.quiet()
    net.wires[1].send(OK)

    assert await timings(call) == {
        "dns": 1,
        "connect": 2,
        "sent": 3,
        "first_byte": 3,
        "done": 3,
    }


@on_net
async def test_who_had_to_wait_for_a_connection_tells_for_how_long(net: Net, clock: Clock) -> None:
    net.configure(limit=1)
    first, wire = await net.sent()
    second = net.send()
    third = net.send("GET", "http://b.test/")
    await net.loop.quiet()
    time_dials(net)
    clock.now += 5
    wire.send(OK)
    await net.loop.quiet()
    clock.now += 2
    wire.send(OK)
    await net.loop.quiet()
    net.wires[1].send(OK)

    assert await timings(first) == {"sent": 0, "first_byte": 5, "done": 5}
    assert await timings(second) == {"queued": 5, "sent": 5, "first_byte": 7, "done": 7}
    assert list((await timings(third)).items()) == [
        ("queued", 7),
        ("dns", 1),
        ("connect", 2),
        ("sent", 7),
        ("first_byte", 7),
        ("done", 7),
    ]
    for call in (first, second, third):
        await call.body()
    # Nobody who comes later is told of it.
    later, wire = await net.sent("GET", "http://b.test/")
    wire.send(OK)
    assert list(await timings(later)) == ["sent", "first_byte", "done"]


@on_net
async def test_a_wait_that_is_watched_is_a_wait(net: Net, clock: Clock) -> None:
    net.configure(limit=1)
    first, wire = await net.sent()
    gate = asyncio.Event()
    second = net.send(observer=Log(at=ConnectionQueuedStart, gate=gate))
    await net.loop.quiet()
    wire.send(OK)
    await first.body()
    clock.now += 5
    gate.set()
    await net.loop.quiet()
    wire.send(OK)

    assert (await timings(second))["queued"] == 5
    await second.body()


@on_net
async def test_a_connection_that_was_lent_out_takes_its_phases_along(
    net: Net, clock: Clock
) -> None:
    time_dials(net)
    lent = await net.connector.connect(head())
    lent.release()
    call, wire = await net.sent()
    wire.send(OK)

    assert list(await timings(call)) == ["sent", "first_byte", "done"]


@on_net
async def test_the_real_clock_runs_forward(net: Net) -> None:
    call, wire = await net.sent()
    wire.send(OK)
    told = await timings(call)
    await call.body()
    assert 0 <= told["sent"] <= told["first_byte"] <= told["done"]
