"""The connector as a whole: its parameters, its state, and its life around event loops."""

import asyncio
import functools
import gc
from typing import Any

import pytest

from martlet_connector_pool import BaseConnector
from martlet_exceptions import ClientConnectionError, ConnectionTimeoutError
from martlet_interfaces import NO_TIMEOUTS, UNSET, Connector, Timeouts

from .net import Net, head, on_net
from .scripted import OK, Answer, ScriptedConnector, ScriptedDialer


def test_its_defaults() -> None:
    connector = BaseConnector()

    assert connector.limit == 100
    assert connector.limit_per_host == 0
    assert connector.force_close is False
    assert connector.closed is False
    assert connector._keepalive == 15.0
    assert connector.schemes == {"http", "https", "ws", "wss"}
    assert connector.allowed_protocol_schema_set == connector.schemes | {""}


@pytest.mark.parametrize("none", [0, None])
def test_no_limit_can_be_said_in_two_ways(none: int | None) -> None:
    connector = BaseConnector(limit=none, limit_per_host=none)

    assert (connector.limit, connector.limit_per_host) == (0, 0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"limit": -1}, "limit must not be negative: -1"),
        ({"limit_per_host": -2}, "limit_per_host must not be negative: -2"),
        ({"keepalive_timeout": -0.5}, "keepalive_timeout must not be negative: -0.5"),
        (
            {"force_close": True, "keepalive_timeout": 15},
            "keepalive_timeout cannot be set together with force_close",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        BaseConnector(**options)


@pytest.mark.parametrize("keepalive", [UNSET, None, 0])
def test_force_close_keeps_nothing_whatever_the_keepalive(keepalive: Any) -> None:
    assert BaseConnector(force_close=True, keepalive_timeout=keepalive)._keepalive == 0


def test_it_satisfies_the_interface() -> None:
    connector: Connector = BaseConnector(enable_cleanup_closed=True)

    assert connector.schemes


async def test_it_does_not_know_how_to_dial() -> None:
    with pytest.raises(TypeError, match=r"^BaseConnector does not say how to dial$"):
        await BaseConnector().send(head(), None, Answer(), timeouts=NO_TIMEOUTS)


@on_net
async def test_its_repr_tells_its_state(net: Net) -> None:
    shown = [repr(net.connector)]
    call, wire = await net.sent()
    shown.append(repr(net.connector))
    wire.send(OK)
    await call.body()
    shown.append(repr(net.connector))
    await net.connector.close()
    shown.append(repr(net.connector))

    assert shown == [
        "<ScriptedConnector unused>",
        "<ScriptedConnector Pool 1 active, 0 idle, 0 dialling, 0 waiting>",
        "<ScriptedConnector Pool 0 active, 1 idle, 0 dialling, 0 waiting>",
        "<ScriptedConnector closed>",
    ]


@on_net
async def test_nothing_is_sent_if_the_request_cannot_be(net: Net) -> None:
    call = net.send(headers={"A": "b\nc"})

    with pytest.raises(ValueError, match="control character"):
        await call.task
    assert net.connector._leases is None


@on_net
async def test_force_close(net: Net) -> None:
    net.configure(force_close=True)
    call, wire = await net.sent()
    assert b"\r\nConnection: close\r\n" in wire.received
    wire.send(OK)

    assert wire.is_closing()
    assert await call.body() == b"ok"


@on_net
async def test_an_idle_connection_is_closed_after_the_keepalive(net: Net) -> None:
    net.configure(keepalive_timeout=15)
    began = net.loop.time()
    (first,) = await net.warm()
    await net.loop.until(began + 10)
    (second,) = await net.warm(url="http://b.test/")
    await net.loop.until(began + 14.9)
    open_at = [not (first.lost or second.lost)]
    await net.loop.until(began + 15.1)
    open_at.append(first.lost and not second.lost)
    await net.loop.until(began + 25.1)
    open_at.append(second.lost)

    assert open_at == [True, True, True]
    assert net.pool.slots.used == 0
    # And the timer comes back when there is something to wait for.
    (third,) = await net.warm()
    await net.loop.until(net.loop.time() + 15.1)
    assert third.lost


@on_net
async def test_without_a_keepalive_timeout_connections_stay(net: Net) -> None:
    net.configure(keepalive_timeout=None)
    (wire,) = await net.warm()
    await net.loop.until(net.loop.time() + 1e6)

    assert not wire.lost


@on_net
async def test_the_limit_holds_and_the_queue_is_served_in_order(net: Net) -> None:
    net.configure(limit=2)
    calls = [net.send(url=f"http://a.test/{number}") for number in range(5)]
    await net.loop.quiet()
    assert repr(net.pool) == "<Pool 2 active, 0 idle, 0 dialling, 3 waiting>"
    for number in range(5):
        wire = next(wire for wire in net.wires if wire.received.count(b"/%d " % number))
        wire.send(OK)
        assert await calls[number].body() == b"ok"
        await net.loop.quiet()

    assert len(net.wires) == 2


@on_net
async def test_several_users_of_one_connector_are_as_one(net: Net) -> None:
    async with net.connector as same:
        assert same is net.connector
        await net.warm()

    assert net.connector.closed
    assert net.wires[0].lost


def make(**options: Any) -> tuple[ScriptedConnector, ScriptedDialer]:
    dialer = ScriptedDialer()
    dialer.respond = lambda wire: wire.send(OK)
    return ScriptedConnector(dialer, **options), dialer


async def get(connector: BaseConnector) -> bytes:
    answer = Answer()
    await connector.send(head(), None, answer, timeouts=NO_TIMEOUTS)
    return await answer.read()


class NamedLoop(asyncio.SelectorEventLoop):
    def __repr__(self) -> str:
        return f"<loop {id(self)}>"


class TestLoops:
    """A connector belongs to the loop that first sends with it."""

    @staticmethod
    def test_another_loop_is_refused_and_both_are_named() -> None:
        connector, _ = make()
        named = functools.partial(asyncio.Runner, loop_factory=NamedLoop)
        with named() as one, named() as other:
            assert one.run(get(connector)) == b"ok"
            with pytest.raises(RuntimeError) as caught:
                other.run(get(connector))
            assert str(caught.value) == (
                f"ScriptedConnector belongs to <loop {id(one.get_loop())}>,"
                f" and cannot be used from <loop {id(other.get_loop())}>"
            )
            one.run(self_close(connector))

    @staticmethod
    def test_a_loop_that_was_given_is_held_to() -> None:
        with asyncio.Runner() as one, asyncio.Runner() as other:
            connector, dialer = make(loop=one.get_loop())
            with pytest.raises(RuntimeError, match="cannot be used from"):
                other.run(get(connector))
            assert dialer.keys == []
            assert one.run(get(connector)) == b"ok"
            one.run(self_close(connector))

    @staticmethod
    def test_it_needs_no_loop_to_be_made_or_closed() -> None:
        connector, _ = make()

        closing = connector.close()

        assert connector.closed
        with asyncio.Runner() as runner:
            runner.run(awaited(closing))

    @staticmethod
    def test_after_its_loop_it_can_still_be_closed() -> None:
        connector, dialer = make()
        with asyncio.Runner() as runner:
            runner.run(get(connector))
        dialer.wires.clear()

        with asyncio.Runner() as other:
            other.run(self_close(connector))
        assert connector.closed

    @staticmethod
    def test_an_unclosed_one_is_complained_of_once_and_closed() -> None:
        connector, dialer = make()
        with asyncio.Runner() as runner:
            runner.run(get(connector))
            with pytest.warns(ResourceWarning, match=r"^Unclosed connector <Scripted.*1 idle"):
                del connector
            runner.run(asyncio.sleep(0))
            assert dialer.wires[0].lost

    @staticmethod
    def test_the_complaint_comes_even_when_the_loop_is_closed() -> None:
        connector, _ = make()
        with asyncio.Runner() as runner:
            runner.run(get(connector))
        with pytest.warns(ResourceWarning, match=r"^Unclosed connector"):
            del connector
        gc.collect()

    @staticmethod
    @pytest.mark.parametrize("used", [False, True])
    def test_there_is_nothing_to_complain_of_without_connections(used: bool) -> None:
        connector, dialer = make(keepalive_timeout=0)
        with asyncio.Runner() as runner:
            if used:
                runner.run(get(connector))
                runner.run(asyncio.sleep(0))
            del connector
            gc.collect()
        assert all(wire.lost for wire in dialer.wires)

    @staticmethod
    def test_one_that_failed_to_be_made_is_not_complained_of() -> None:
        with pytest.raises(ValueError, match="negative"):
            BaseConnector(limit=-1)
        gc.collect()


async def awaited(closing: Any) -> None:
    await closing


async def self_close(connector: BaseConnector) -> None:
    await connector.close()


@on_net
async def test_the_wait_for_a_connection_has_a_limit(net: Net) -> None:
    net.configure(limit=1)
    call, wire = await net.sent()
    began = net.loop.time()
    queued = net.send(url="http://a.test/q", timeouts=Timeouts(connect=5, sock_connect=3))

    with pytest.raises(ConnectionTimeoutError) as caught:
        await queued.task
    error = caught.value
    assert net.loop.time() - began == pytest.approx(5)
    assert (error.phase, error.limit, str(error.url)) == ("connect", 5, "http://a.test/q")
    assert error.elapsed == pytest.approx(5)
    assert isinstance(error.__cause__, TimeoutError)
    assert str(error) == (
        "Timeout on getting a connection to http://a.test/q: none was ready within 5 s"
        " (connect=5 s, 5 s since the request began)"
    )
    wire.send(OK)
    assert await call.body() == b"ok"


@on_net
async def test_errors_of_one_request_do_not_reach_another(net: Net) -> None:
    broken, bad = await net.sent()
    fine, good = await net.sent()
    bad.reset()
    good.send(OK)

    with pytest.raises(ClientConnectionError):
        await broken.task
    assert await fine.body() == b"ok"


@on_net
async def test_a_thousand_faulty_requests_leave_nothing_behind(net: Net) -> None:
    net.dialer.respond = lambda wire: wire.reset() if wire.number % 2 else wire.send(OK[:-1])
    for number in range(1000):
        call = net.send()
        await net.loop.quiet()
        if number % 2:
            with pytest.raises(ClientConnectionError):
                await call.task
        else:
            await call.exchange()
            call.task.result().release()
        assert net.pool.slots.used == 0
        net.calls.clear()

    assert not net.connector._leases or not net.connector._leases.connections
