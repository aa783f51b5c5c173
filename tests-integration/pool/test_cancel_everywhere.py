"""The making of a connection may be cancelled at every await, and nothing stays behind."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from yarl import URL

from martlet_exceptions import ClientConnectionError, ClientHttpProxyError
from martlet_interfaces import TransportOptions

from .cancel_world import Patient, Peers, Route, World, serve_peers

if TYPE_CHECKING:
    from client.stepper import Stepped, cancel_after
else:
    stepper = import_module("..client.stepper", __package__)
    Stepped, cancel_after = stepper.Stepped, stepper.cancel_after

MOST = 400
REFUSED_ADDRESS = "127.0.0.3"
HERE = "127.0.0.1"

DIRECT = Route()
TLS = Route("https")
PROXY = Route(proxy="http")
TLS_PROXY = Route(proxy="https")
TUNNEL = Route("https", "http")
TLS_IN_TLS = Route("https", "https")
UNIX = Route(unix=True)
UNIX_TLS = Route("https", unix=True)

Action = Coroutine[Any, Any, object]


class Scenario(NamedTuple):
    name: str
    route: Route
    prepare: Callable[[World], Awaitable[Action]]
    """Does what comes before, and gives what is to be cancelled."""
    awaits: int
    """How often it waits."""
    iterations: int
    """How many iterations of the loop it takes, at least."""
    fails: type[Exception] | None = None
    """What comes out of it where it is not cancelled."""
    limit: int = 100
    addresses: tuple[str, ...] = (HERE,)
    happy_eyeballs_delay: float | None = None


class WhileWaiting(Stepped):
    """Cancels its task when its *target*-th wait has begun."""

    def send(self, value: Any) -> Any:
        at = self.steps
        waits_for = self._inner.send(value)
        self.steps += 1
        task = asyncio.current_task()
        if at == self._target and task is not None:
            asyncio.get_running_loop().call_soon(task.cancel)
        return waits_for


class Wanted(NamedTuple):
    """A request, as far as `connect` looks at it."""

    url: URL
    options: TransportOptions


async def fresh(world: World) -> Action:
    return world.fetch()


async def warm(world: World) -> Action:
    await world.fetch()
    return world.fetch()


async def watched(world: World) -> Action:
    return world.fetch(observer=Patient())


async def warm_and_watched(world: World) -> Action:
    await world.fetch()
    return world.fetch(observer=Patient())


async def refused(world: World) -> Action:
    world.peers.refusing = True
    return world.fetch()


async def by_name(world: World) -> Action:
    return world.fetch(host="one.test")


async def dns_leader(world: World) -> Action:
    async def follow() -> None:
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await world.fetch(host="one.test")

    world.beside(follow())
    return world.fetch(host="one.test")


async def dns_follower(world: World) -> Action:
    world.beside(world.fetch(host="one.test"))
    await asyncio.sleep(0)
    return world.fetch(host="one.test")


async def waiting(world: World) -> Action:
    world.beside(world.fetch("/gated"))
    await world.peers.gate_reached.wait()
    world.peers.gate.set()
    return world.fetch()


async def waiting_and_watched(world: World) -> Action:
    world.beside(world.fetch("/gated"))
    await world.peers.gate_reached.wait()
    world.peers.gate.set()
    return world.fetch(observer=Patient())


async def freed_while_told(world: World) -> Action:
    # What it is about to wait for becomes free while its observer hears that it waits.
    world.beside(world.fetch("/gated"))
    await world.peers.gate_reached.wait()
    world.peers.gate.set()
    return world.fetch(observer=Patient(world.others))


async def waiting_for_a_slot(world: World) -> Action:
    # The connection of another host ends for this one, which has to dial.
    world.beside(world.fetch("/gated", "other.test"))
    await world.peers.gate_reached.wait()
    world.peers.gate.set()
    return world.fetch()


async def making_room(world: World) -> Action:
    await world.fetch(host="other.test")
    return world.fetch()


async def handed_over(world: World) -> Action:
    # Two in the queue: who is cancelled after the hand-off has to pass it on.
    world.beside(world.fetch("/gated"))
    await world.peers.gate_reached.wait()

    async def action() -> None:
        loop = asyncio.get_running_loop()
        loop.call_soon(lambda: world.beside(world.fetch()))
        loop.call_soon(world.peers.gate.set)
        await world.fetch()

    return action()


async def slot_handed_over(world: World) -> Action:
    # What was handed over is a slot; another host's request waits for it too.
    world.beside(world.fetch("/gated", "other.test"))
    await world.peers.gate_reached.wait()

    async def action() -> None:
        loop = asyncio.get_running_loop()
        loop.call_soon(lambda: world.beside(world.fetch(host="third.test")))
        loop.call_soon(world.peers.gate.set)
        await world.fetch()

    return action()


async def retry(world: World) -> Action:
    await world.fetch("/once")
    return world.fetch("/once")


async def connect(world: World) -> Action:
    async def action() -> None:
        connection = await world.connector.connect(Wanted(world.url(), world.options))
        connection.release()

    return action()


async def connect_at_the_limit(world: World) -> Action:
    world.beside(world.fetch("/gated"))
    await world.peers.gate_reached.wait()
    world.peers.gate.set()
    return await connect(world)


def closed_after(iterations: int) -> Callable[[World], Awaitable[Action]]:
    async def close(world: World) -> None:
        for _ in range(iterations):
            await asyncio.sleep(0)
        await world.connector.close()

    async def prepare(world: World) -> Action:
        async def action() -> None:
            world.beside(close(world))
            await world.fetch(host="one.test")

        return action()

    return prepare


async def closing(world: World) -> Action:
    # It is the close that is cancelled: once it has begun, it has taken effect.
    async def dial() -> None:
        try:
            await world.fetch()
        except ClientConnectionError:
            assert world.connector.closed
        else:
            assert not world.connector.closed

    await world.fetch(host="idle.test")
    world.beside(dial())
    for _ in range(4):
        await asyncio.sleep(0)

    async def close() -> None:
        await world.connector.close()

    return close()


CLOSED = ClientConnectionError
SCENARIOS = [
    Scenario("direct", DIRECT, fresh, 3, 7),
    Scenario("direct, warm", DIRECT, warm, 1, 4),
    Scenario("TLS", TLS, fresh, 4, 7),
    Scenario("TLS, warm", TLS, warm, 1, 4),
    Scenario("TLS, watched", TLS, watched, 9, 9),
    Scenario("TLS, warm and watched", TLS, warm_and_watched, 3, 5),
    Scenario("http by proxy", PROXY, fresh, 3, 7),
    Scenario("http by TLS proxy", TLS_PROXY, fresh, 4, 7),
    Scenario("tunnel", TUNNEL, fresh, 5, 17),
    Scenario("tunnel, warm", TUNNEL, warm, 1, 6),
    Scenario("TLS in TLS", TLS_IN_TLS, fresh, 6, 16),
    Scenario("TLS in TLS, warm", TLS_IN_TLS, warm, 1, 6),
    Scenario("TLS in TLS, watched", TLS_IN_TLS, watched, 12, 17),
    Scenario("CONNECT refused", TUNNEL, refused, 3, 7, ClientHttpProxyError),
    Scenario("CONNECT refused over TLS", TLS_IN_TLS, refused, 4, 7, ClientHttpProxyError),
    Scenario("Unix", UNIX, fresh, 2, 6),
    Scenario("Unix, TLS", UNIX_TLS, fresh, 3, 7),
    Scenario("Unix, TLS, warm", UNIX_TLS, warm, 1, 4),
    Scenario("leading a lookup", DIRECT, dns_leader, 4, 12),
    Scenario("following a lookup", DIRECT, dns_follower, 4, 11),
    Scenario("first address refuses", TLS, by_name, 5, 16, addresses=(REFUSED_ADDRESS, HERE)),
    Scenario("race", TLS, by_name, 5, 17, addresses=(HERE, HERE), happy_eyeballs_delay=0),
    Scenario("waiting at the limit", TLS, waiting, 2, 5, limit=1),
    Scenario("waiting at the limit, watched", TLS, waiting_and_watched, 5, 7, limit=1),
    Scenario("freed while an observer is told", TLS, freed_while_told, 6, 7, limit=1),
    Scenario("waiting for a tunnel", TLS_IN_TLS, waiting, 2, 7, limit=1),
    Scenario("waiting for a slot", DIRECT, waiting_for_a_slot, 4, 7, limit=1),
    Scenario("making room", DIRECT, making_room, 3, 7, limit=1),
    Scenario("hand-off", DIRECT, handed_over, 2, 7, limit=1),
    Scenario("hand-off of a tunnel", TLS_IN_TLS, handed_over, 2, 7, limit=1),
    Scenario("hand-off of a slot", DIRECT, slot_handed_over, 4, 8, limit=1),
    Scenario("retry", DIRECT, retry, 3, 8),
    Scenario("retry in a tunnel", TLS_IN_TLS, retry, 6, 21),
    Scenario("connect()", TLS, connect, 3, 7),
    Scenario("connect() in a tunnel", TLS_IN_TLS, connect, 5, 16),
    Scenario("connect() at the limit", TLS, connect_at_the_limit, 1, 3, limit=1),
    Scenario("closed in the lookup", TLS, closed_after(3), 1, 7, CLOSED),
    Scenario("closed in the handshake", TLS, closed_after(12), 2, 12, CLOSED),
    Scenario("closed with a proxy", TLS_IN_TLS, closed_after(5), 1, 7, CLOSED),
    Scenario("closed in the tunnel", TLS_IN_TLS, closed_after(14), 1, 12, CLOSED),
    Scenario("close() while dialling", TLS_IN_TLS, closing, 1, 5),
]


@pytest.fixture
async def peers() -> AsyncIterator[Peers]:
    async with serve_peers() as found:
        yield found


def conclude(task: "asyncio.Task[object]", cancelled: bool, scenario: Scenario) -> None:
    """Hold that a cancellation comes out as what it is, and nothing else does."""
    assert task.cancelled() is cancelled
    assert task.cancelling() == cancelled  # what the connector cancels, it takes back
    if not cancelled:
        exc = task.exception()
        assert (exc and type(exc)) is scenario.fails, exc


class Points:
    """Runs *scenario* once for each point at which it can be cancelled, and once in peace."""

    def __init__(self, peers: Peers, scenario: Scenario) -> None:
        self._peers = peers
        self._scenario = scenario

    async def count(self, stepped: type[Stepped] | None) -> int:
        """Cancel by *stepped*, or after each number of iterations; give the number of points."""
        number = 0
        while await self._once(stepped, number):
            number += 1
            assert number < MOST, "it does not come to an end"
        gc.collect()
        assert self._peers.complaints == []
        return number

    async def _once(self, stepped: type[Stepped] | None, number: int) -> bool:
        scenario = self._scenario
        self._peers.renew()
        options: dict[str, Any] = {"limit": scenario.limit}
        if not scenario.route.unix:
            options["happy_eyeballs_delay"] = scenario.happy_eyeballs_delay
            options["addresses"] = scenario.addresses
        world = World(self._peers, scenario.route, **options)
        try:
            action = await scenario.prepare(world)
            cancelled = await _cancel(action, stepped, number, scenario)
            await world.check()
        except BaseException as exc:
            exc.add_note(f"{scenario.name}, cancelled at point {number}")
            raise
        finally:
            await world.drop()
        return cancelled


async def _cancel(
    action: Action, stepped: type[Stepped] | None, number: int, scenario: Scenario
) -> bool:
    loop = asyncio.get_running_loop()
    if stepped is None:
        task = loop.create_task(action)
        cancelled = await cancel_after(task, number)
        await asyncio.wait([task])
    else:
        steps = stepped(action, number)
        task = loop.create_task(steps)
        await asyncio.wait([task])
        cancelled = steps.steps > number
    conclude(task, cancelled, scenario)
    return cancelled


SCENARIO = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)


@SCENARIO
async def test_cancelled_while_it_waits(peers: Peers, scenario: Scenario) -> None:
    count = await Points(peers, scenario).count(WhileWaiting)
    print(f"{count} points")
    assert count >= scenario.awaits


@SCENARIO
async def test_cancelled_in_the_tick_in_which_a_wait_is_over(
    peers: Peers, scenario: Scenario
) -> None:
    count = await Points(peers, scenario).count(Stepped)
    print(f"{count} points")
    assert count >= scenario.awaits


@SCENARIO
async def test_cancelled_after_any_number_of_iterations(peers: Peers, scenario: Scenario) -> None:
    count = await Points(peers, scenario).count(None)
    print(f"{count} points")
    assert count >= scenario.iterations
