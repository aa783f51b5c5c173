"""A request may be cancelled in every iteration of the loop, and nothing stays behind."""

import asyncio
import gc
import socket
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, NamedTuple

import pytest

import martlet
from martlet_connector_pool import AbstractResolver, ResolveResult

from .fault_server import Peer, Step, answer, fin, gate, head_only, ordinary, request, send
from .stepper import Stepped, cancel_after
from .world import LOOPS, LoopFactory, World, run

MOST = 400
HEAD = b"HTTP/1.1 200 OK\r\n"
LARGE = bytes(6_000_000)

Action = Coroutine[Any, Any, object]


class Scenario(NamedTuple):
    name: str
    prepare: Callable[[World], Awaitable[Action]]
    """Does what comes before, and gives what is to be cancelled."""
    scripts: Sequence[Sequence[Step]] = ()
    tls: bool = False
    limit: int = 100
    resolve: bool = False
    fails: type[BaseException] | tuple[type[BaseException], ...] = ()
    """What may come out instead of a result or the cancellation."""
    session: Callable[[], dict[str, Any]] = dict
    """What the session is made with."""


class SlowResolver(AbstractResolver):
    """Takes a few iterations of the loop."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        for _ in range(5):
            await asyncio.sleep(0)
        found = ResolveResult(
            hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0
        )
        return [found]

    async def close(self) -> None:
        pass


def pieces(*parts: bytes) -> list[Step]:
    async def step(peer: Peer) -> None:
        await peer.request()
        for part in parts:
            await asyncio.sleep(0)
            peer.writer.write(part)

    return [step]


async def plain(world: World) -> Action:
    return world.fetch()


async def warm(world: World) -> Action:
    await world.fetch()
    return world.fetch()


async def with_timeouts(world: World) -> Action:
    limits = martlet.ClientTimeout(total=60, connect=60, sock_connect=60, sock_read=60)
    return world.fetch(timeout=limits)


async def post(world: World) -> Action:
    async def action() -> None:
        async with world.session.post(world.url, data=b"data") as response:
            assert await response.read() == b"ok"

    return action()


async def upload(world: World) -> Action:
    async def action() -> None:
        async with world.session.put(world.url, data=LARGE) as response:
            assert await response.read() == b"ok"

    return action()


async def early_response(world: World) -> Action:
    async def action() -> None:
        async with world.session.put(world.url, data=LARGE) as response:
            assert response.status == 413
            await response.read()

    return action()


async def streaming(world: World) -> Action:
    async def action() -> None:
        async with world.session.get(world.url) as response:
            got = [piece async for piece in response.content.iter_chunked(2)]
        assert b"".join(got) == b"abcdef"

    return action()


async def whole(world: World) -> Action:
    async def action() -> None:
        assert await world.fetch() == b"abcdef"

    return action()


async def waiting(world: World) -> Action:
    world.beside(world.fetch())
    await world.server.gate_reached.wait()
    world.server.gate.set()
    return world.fetch()


async def handed_over(world: World) -> Action:
    # Two in the queue: who is cancelled after the hand-over has to pass it on.
    world.beside(world.fetch())
    await world.server.gate_reached.wait()

    async def action() -> None:
        asyncio.get_running_loop().call_soon(world.server.gate.set)
        task = asyncio.current_task()
        assert task is not None
        asyncio.get_running_loop().call_soon(lambda: world.beside(world.fetch()))
        await world.fetch()

    return action()


async def dns_leader(world: World) -> Action:
    async def follow() -> None:
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await world.fetch(world.server.url_of("peer.test"))

    world.beside(follow())
    return world.fetch(world.server.url_of("peer.test"))


async def dns_follower(world: World) -> Action:
    world.beside(world.fetch(world.server.url_of("peer.test")))
    await asyncio.sleep(0)
    return world.fetch(world.server.url_of("peer.test"))


async def closing(world: World) -> Action:
    async def close() -> None:
        for _ in range(4):
            await asyncio.sleep(0)
        await world.session.close()

    async def action() -> None:
        world.beside(close())
        await world.fetch()

    return action()


async def close_itself(world: World) -> Action:
    await world.fetch()
    return _close(world)


async def _close(world: World) -> None:
    await world.session.close()


async def evicting(world: World) -> Action:
    # Another host has the only connection, idle: it has to make room.
    await world.fetch(world.server.url_of("other.test"))
    return world.fetch()


GATED: list[Step] = [gate, ordinary]
CHUNKS = pieces(
    HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
    b"3\r\nab",
    b"c\r\n3",
    b"\r\ndef\r\n",
    b"0\r\n\r\n",
)
SIZED = pieces(HEAD, b"Content-Length: 6\r\n\r\n", b"abc", b"de", b"f")
TOO_LARGE = send(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
GONE = (martlet.ServerDisconnectedError, martlet.ClientOSError)

SCENARIOS = [
    Scenario("a fresh GET", plain),
    Scenario("a warm GET", warm),
    Scenario("a GET with all limits", with_timeouts),
    Scenario("a GET over TLS", plain, tls=True),
    Scenario("a warm GET over TLS", warm, tls=True),
    Scenario("a small POST", post),
    Scenario("a large upload", upload),
    Scenario("a large upload over TLS", upload, tls=True),
    Scenario("an early response", early_response, [[head_only, TOO_LARGE, fin]], fails=GONE),
    Scenario("a chunked body, read whole", whole, [CHUNKS]),
    Scenario("a chunked body, streamed", streaming, [CHUNKS]),
    Scenario("a sized body, streamed", streaming, [SIZED]),
    Scenario("a sized body, streamed over TLS", streaming, [SIZED], tls=True),
    Scenario("waiting for the pool", waiting, [GATED], limit=1),
    Scenario("handing over", handed_over, [GATED], limit=1),
    Scenario("leading a lookup", dns_leader, resolve=True),
    Scenario("following a lookup", dns_follower, resolve=True),
    Scenario("making room", evicting, resolve=True, limit=1),
    Scenario("the peer closes", plain, [[request, fin]], fails=GONE),
    Scenario("a retry", warm, [[answer, request, fin]]),
    Scenario("a retry over TLS", warm, [[answer, request, fin]], tls=True),
    Scenario("the session is closed", closing, fails=martlet.ClientConnectionError),
    Scenario("closing the session", close_itself),
    Scenario("closing the session over TLS", close_itself, tls=True),
]


async def conclude(task: "asyncio.Task[Any]", cancelled: bool, scenario: Scenario) -> None:
    await asyncio.wait([task])
    if task.cancelled():
        assert cancelled
        return
    exc = task.exception()
    assert exc is None or isinstance(exc, scenario.fails or ()), exc


def points(loop_factory: LoopFactory, scenario: Scenario, in_its_tick: bool) -> int:
    """Run *scenario* once for each point; give their number."""
    count = 0
    over = False

    async def once(world: World) -> None:
        nonlocal over
        action = await scenario.prepare(world)
        loop = asyncio.get_running_loop()
        if in_its_tick:
            stepped = Stepped(action, count)
            task = loop.create_task(stepped)
            await asyncio.wait([task])
            over = stepped.steps <= count
            cancelled = not over
        else:
            task = loop.create_task(action)
            cancelled = await cancel_after(task, count)
            over = not cancelled
        await conclude(task, cancelled, scenario)

    options: dict[str, Any] = {"limit": scenario.limit}
    if scenario.resolve or scenario.prepare is evicting:
        options["resolver"] = SlowResolver()
    # Each world looks for garbage: only in what is its own, which takes a tenth of the time.
    gc.collect()
    gc.freeze()
    try:
        while not over:
            session = scenario.session()
            run(
                loop_factory,
                once,
                *scenario.scripts,
                tls=scenario.tls,
                connector=options,
                **session,
            )
            count += 1
            assert count < MOST, "it does not come to an end"
    finally:
        gc.unfreeze()
    return count


@LOOPS
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_cancelled_after_any_number_of_iterations(
    loop_factory: LoopFactory, scenario: Scenario
) -> None:
    count = points(loop_factory, scenario, in_its_tick=False)
    print(f"{count} points")
    assert count >= 3


@LOOPS
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_cancelled_in_the_tick_in_which_a_wait_is_over(
    loop_factory: LoopFactory, scenario: Scenario
) -> None:
    count = points(loop_factory, scenario, in_its_tick=True)
    print(f"{count} points")
    assert count >= 2
