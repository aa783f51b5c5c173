"""TLS over memory buffers, and nobody who waits for it any more."""

import asyncio
import gc
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from .tls_world import World


def begun(world: World) -> None:
    world.layer.connection_made(world.lower)


def opened(world: World) -> None:
    world.open()


def failed(world: World) -> None:
    begun(world)
    world.feed(b"garbage")


def broken(world: World) -> None:
    begun(world)
    world.layer.connection_lost(ConnectionResetError())


def closed(world: World) -> None:
    world.open()
    world.layer.close()


@pytest.mark.parametrize("state", [begun, opened, failed, broken, closed])
@pytest.mark.parametrize("times", [1, 2])
async def test_nobody_waits_any_more(state: Callable[[World], None], times: int) -> None:
    complaints: list[Mapping[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    world = World()
    state(world)

    for _ in range(times):
        world.layer.give_up()
    assert world.lower.asked[-1] == "abort"
    assert world.layer.is_closing()
    world.feed(b"late bytes")
    world.layer.eof_received()
    world.layer.connection_lost(ConnectionAbortedError())

    assert world.done.done()
    assert world.done.cancelled() is (state is begun)
    del world
    gc.collect()
    assert complaints == []


async def test_nobody_waits_before_it_is_connected() -> None:
    world = World()

    world.layer.give_up()

    assert world.done.cancelled()
    assert world.lower.asked == []


@pytest.mark.parametrize("end", ["opens", "fails", "breaks"])
async def test_the_wait_is_cancelled_and_the_handshake_goes_on(end: str) -> None:
    world = World()
    world.layer.connection_made(world.lower)
    task = asyncio.create_task(world.layer.handshake())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    if end == "opens":
        world.pump()
    elif end == "fails":
        world.feed(b"garbage")
    else:
        world.layer.connection_lost(None)

    assert world.done.cancelled()
    assert world.layer.is_closing() is (end != "opens")


async def test_back_pressure_before_it_is_open_is_nobodys() -> None:
    world = World()
    world.layer.connection_made(world.lower)

    world.layer.pause_writing()
    world.layer.resume_writing()
    world.open()

    assert world.upper.heard == ["made"]


async def test_it_ends_before_it_has_begun() -> None:
    world = World()
    world.layer.connection_made(world.lower)

    world.layer.close()
    world.layer.write(b"x")
    world.lower.take()
    world.layer.connection_lost(None)

    assert world.lower.asked == ["close"]
    assert isinstance(world.done.exception(), ConnectionResetError)
    assert world.upper.heard == []
