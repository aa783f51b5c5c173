"""Time, tasks and sockets around the pool."""

import asyncio
import contextlib

import pytest

from martlet_exceptions import ClientConnectionError, ConnectionTimeoutError
from martlet_interfaces import Timeouts

from .net import Net, on_net
from .scripted import OK, Log


@pytest.mark.parametrize(
    ("timeouts", "phase", "after"),
    [
        (Timeouts(sock_connect=3), "sock_connect", 3),
        (Timeouts(connect=5), "connect", 5),
        (Timeouts(connect=5, sock_connect=3), "sock_connect", 3),
        (Timeouts(connect=3, sock_connect=5), "connect", 3),
        (Timeouts(sock_connect=0), "sock_connect", 0),
        (Timeouts(connect=0), "connect", 0),
    ],
)
@pytest.mark.parametrize("observed", [False, True])
@on_net
async def test_a_dial_that_takes_too_long(
    net: Net, timeouts: Timeouts, phase: str, after: float, observed: bool
) -> None:
    net.dialer.gate = asyncio.Event()
    began = net.loop.time()
    call = net.send(url="http://a.test/x", timeouts=timeouts, observer=Log() if observed else None)

    with pytest.raises(ConnectionTimeoutError) as caught:
        await call.task
    error = caught.value
    assert net.loop.time() - began == pytest.approx(after, abs=0.01)
    assert (error.phase, error.limit, str(error.url)) == (phase, after, "http://a.test/x")
    assert error.elapsed == pytest.approx(after, abs=0.01)
    assert f"{phase}={after} s" in str(error)
    assert isinstance(error.__cause__, TimeoutError | asyncio.CancelledError)


@on_net
async def test_each_dial_has_the_whole_time(net: Net) -> None:
    net.configure(limit=1)
    call, wire = await net.sent()
    queued = net.send(url="http://b.test/", timeouts=Timeouts(sock_connect=3))
    await net.loop.until(net.loop.time() + 100)
    net.dialer.gate = asyncio.Event()
    wire.send(OK)
    await call.body()
    began = net.loop.time()

    with pytest.raises(ConnectionTimeoutError):
        await queued.task
    assert net.loop.time() - began == pytest.approx(3)


@pytest.mark.parametrize("error", [TimeoutError("the system's"), OSError("x"), ValueError("x")])
@pytest.mark.parametrize("timeouts", [Timeouts(), Timeouts(connect=5, sock_connect=3)])
@on_net
async def test_an_error_of_the_dial_comes_out_as_it_is(
    net: Net, error: Exception, timeouts: Timeouts
) -> None:
    net.dialer.errors.append(error)

    with pytest.raises(type(error)) as caught:
        await net.send(timeouts=timeouts).task
    assert caught.value is error


@on_net
async def test_a_failed_dial_lets_the_next_in_line_dial(net: Net) -> None:
    net.configure(limit=1)
    net.dialer.gate = asyncio.Event()
    net.dialer.errors.append(ClientConnectionError("refused"))
    failing = net.send()
    await net.loop.quiet()
    queued = net.send()
    await net.loop.quiet()
    net.dialer.gate.set()
    await net.loop.quiet()
    net.wires[0].send(OK)

    assert await queued.body() == b"ok"
    with pytest.raises(ClientConnectionError, match="refused"):
        await failing.task


@on_net
async def test_a_cancelled_dial_lets_the_next_in_line_dial(net: Net) -> None:
    net.configure(limit_per_host=1)
    net.dialer.gate = asyncio.Event()
    leaver = net.send()
    await net.loop.quiet()
    stayer = net.send()
    await net.loop.quiet()
    leaver.task.cancel()
    net.dialer.gate.set()
    await net.loop.quiet()
    net.wires[0].send(OK)

    assert await stayer.body() == b"ok"


@pytest.mark.parametrize("how", ["fin", "reset"])
@on_net
async def test_a_connection_that_breaks_as_it_is_handed_over_is_replaced(
    net: Net, how: str
) -> None:
    net.configure(limit=1)
    call, wire = await net.sent()
    queued = net.send("POST")
    await net.loop.quiet()
    wire.send(OK)
    wire.writes.clear()
    getattr(wire, how)()
    await net.loop.quiet()

    # Nothing was written to it, so this is no second attempt.
    assert wire.writes == []
    net.wires[1].send(OK)
    assert await queued.body() == b"ok"
    assert await call.body() == b"ok"


@on_net
async def test_a_connection_that_breaks_for_the_first_in_line_may_go_to_the_next(net: Net) -> None:
    net.configure(limit=1)
    call, wire = await net.sent()
    queued = [net.send() for _ in range(3)]
    await net.loop.quiet()
    wire.send(OK)
    wire.fin()
    for _ in queued:
        await net.loop.quiet()
        net.wires[-1].send(OK)

    assert await call.body() == b"ok"
    assert [await other.body() for other in queued] == [b"ok"] * 3


@on_net
async def test_what_a_cancelled_waiter_passed_on_is_not_idle_for_ever(net: Net) -> None:
    net.configure(limit=1, keepalive_timeout=15)
    call, wire = await net.sent()
    leaver = net.send("POST")
    await net.loop.quiet()
    wire.send(OK)
    leaver.task.cancel()
    await call.body()
    await net.loop.quiet()
    idle = len(net.pool.idle)
    await net.loop.until(net.loop.time() + 15.1)

    assert leaver.task.cancelled()
    assert (idle, len(net.pool.idle)) == (1, 0)
    assert wire.lost


@on_net
async def test_one_timer_serves_all_idle_connections(net: Net) -> None:
    await net.warm(5)
    leases = net.connector._leases
    assert leases is not None
    timer = leases._prune_timer
    await net.warm(5)

    assert leases._prune_timer is timer
    assert len(leases.connections) == 5


@on_net
async def test_a_slow_dial_and_its_observer_share_the_time(net: Net) -> None:
    gate = asyncio.Event()
    from martlet_interfaces import ConnectionCreateEnd

    call = net.send(
        timeouts=Timeouts(sock_connect=3),
        observer=Log(at=ConnectionCreateEnd, gate=gate),
    )

    with pytest.raises(ConnectionTimeoutError, match="sock_connect"):
        await call.task
    assert net.wires[0].lost


@pytest.mark.parametrize("how", ["late", "closed", "closed from inside"])
@on_net
async def test_giving_a_dial_up_does_not_haunt_the_task(net: Net, how: str) -> None:
    # A task that lives on must not be cancelled by what was meant for the dial.
    if how == "closed from inside":
        net.dialer.on_made = lambda _: net.connector.close()
    else:
        net.dialer.gate = asyncio.Event()

    async def client() -> int:
        with pytest.raises(ClientConnectionError):
            await net.send_here(timeouts=Timeouts(sock_connect=3))
        task = asyncio.current_task()
        assert task is not None
        await asyncio.sleep(0)
        return task.cancelling()

    task = asyncio.create_task(client())
    await net.loop.quiet()
    if how == "closed":
        net.connector.close()
    elif how == "late":
        await net.loop.until(net.loop.time() + 4)

    assert await task == 0


@on_net
async def test_a_dial_that_succeeds_although_it_was_given_up(net: Net) -> None:
    dial = net.dialer.dial

    async def stubborn(*args: object) -> object:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        return await dial(*args)  # type: ignore[arg-type]  # as they came

    net.dialer.dial = stubborn  # type: ignore[method-assign,assignment]  # only here
    net.dialer.respond = lambda wire: wire.send(OK)

    async def client() -> int:
        await net.send_here(timeouts=Timeouts(sock_connect=3))
        task = asyncio.current_task()
        assert task is not None
        await asyncio.sleep(0)
        return task.cancelling()

    assert await asyncio.create_task(client()) == 0
    net.dialer.dial = dial  # type: ignore[method-assign]  # as it was


@on_net
async def test_a_dial_given_up_and_cancelled_at_once_is_cancelled(net: Net) -> None:
    net.dialer.gate = asyncio.Event()
    call = net.send(timeouts=Timeouts(sock_connect=3))
    await net.loop.quiet()
    net.connector.close()
    call.task.cancel()
    await net.loop.quiet()

    assert call.task.cancelled()
