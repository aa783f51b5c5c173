"""What the session's policies do may be cancelled anywhere, or its time may be up there."""

import asyncio
import gc
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

import pytest

import martlet

from .policy_scenarios import (
    CREDENTIALS,
    LIMIT,
    MIDDLEWARES,
    REDIRECTS,
    RETRIES,
    Policy,
)
from .policy_server import ROUTED
from .policy_uploads import FURTHER
from .stepper import LeapingLoop, LeapingUvLoop, Stepped, cancel_after, leap
from .world import LoopFactory, World, run

POLICIES: Final = [*REDIRECTS, *RETRIES, *MIDDLEWARES, *CREDENTIALS, *FURTHER]
MOST: Final = 400

LEAPING: Final = pytest.mark.parametrize(
    "loop_factory",
    [pytest.param(LeapingLoop, id="asyncio"), pytest.param(LeapingUvLoop, id="uvloop")],
)


@pytest.fixture(scope="module", autouse=True)
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    netrc.chmod(0o600)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NETRC", str(netrc))
        # Each world looks for garbage: only in what is its own, which takes a tenth of the time.
        gc.collect()
        gc.freeze()
        yield
        gc.unfreeze()


class Run:
    """One time that a scenario runs, interrupted at its point *number*."""

    def __init__(self, policy: Policy, number: int) -> None:
        self.policy = policy
        self.number = number
        self.over = False

    async def cancelled(self, world: World) -> None:
        """Cancel it after so many iterations."""
        task = await self._start(world)
        cancelled = await cancel_after(task, self.number)
        self.over = not cancelled
        await self._conclude(task, cancelled)

    async def cancelled_twice(self, world: World) -> None:
        """Cancel it, and then while it cleans up."""
        task = await self._start(world)
        cancelled = await cancel_after(task, self.number)
        self.over = not cancelled
        await cancel_after(task, 1)
        await self._conclude(task, cancelled)

    async def cancelled_in_the_tick(self, world: World) -> None:
        """Cancel it in the tick in which a wait is over."""
        stepped = Stepped(await self._action(world), self.number)
        task = asyncio.get_running_loop().create_task(stepped)
        await asyncio.wait([task])
        self.over = stepped.steps <= self.number
        await self._conclude(task, stepped.cancelled)

    async def expired(self, world: World) -> None:
        """Have its time be up after so many iterations."""
        task = await self._start(world)
        for _ in range(self.number):
            await asyncio.sleep(0)
        self.over = task.done()
        leap(LIMIT + 1)
        await self._expire(task)

    async def expired_in_the_tick(self, world: World) -> None:
        """Have its time be up in the tick in which a wait is over."""
        stepped = Stepped(await self._action(world), self.number, lambda: leap(LIMIT + 1))
        task = asyncio.get_running_loop().create_task(stepped)
        await self._expire(task)
        self.over = stepped.steps <= self.number

    async def _action(self, world: World) -> "asyncio.Task[object]":
        if self.policy.warm:
            await world.fetch()
        return self.policy.act(world)

    async def _start(self, world: World) -> "asyncio.Task[object]":
        return asyncio.get_running_loop().create_task(await self._action(world))

    async def _conclude(self, task: "asyncio.Task[object]", cancelled: bool) -> None:
        await asyncio.wait([task])
        if task.cancelled():
            assert cancelled
            return
        exc = task.exception()
        assert exc is None or isinstance(exc, self.policy.fails), repr(exc)
        assert exc is not None or not cancelled, "the cancellation got lost"

    async def _expire(self, task: "asyncio.Task[object]") -> None:
        await asyncio.wait([task])
        assert not task.cancelled()
        assert task.cancelling() == 0
        exc = task.exception()
        expected = (martlet.TotalTimeoutError, *self.policy.fails)
        assert exc is None or isinstance(exc, expected), repr(exc)


MODES: Final = [
    Run.cancelled,
    Run.cancelled_twice,
    Run.cancelled_in_the_tick,
    Run.expired,
    Run.expired_in_the_tick,
]


@cache
def points(loop_factory: LoopFactory, policy: Policy, mode: Callable[..., object]) -> int:
    """Run *policy* once for each point; give their number."""
    number = 0
    while True:
        one = Run(policy, number)

        async def once(world: World) -> None:
            await mode(one, world)
            check_repeats(world)

        options = {"timeout": martlet.ClientTimeout(total=LIMIT), **policy.session()}
        run(
            loop_factory, once, *ROUTED,
            tls=policy.tls, connector=policy.connector, **options,
        )  # fmt: skip
        number += 1
        if one.over:
            return number
        assert number < MOST, "it does not come to an end"


def check_repeats(world: World) -> None:
    """No POST goes to the same place twice, but for one that was answered."""
    lines = [head.split(b"\r\n")[0] for head in world.server.requests]
    posts = Counter(line for line in lines if line.startswith(b"POST") and b"digest" not in line)
    assert all(count == 1 for count in posts.values()), posts


@LEAPING
@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.__name__)
@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_nothing_stays_behind(
    loop_factory: LoopFactory, policy: Policy, mode: Callable[..., object]
) -> None:
    count = points(loop_factory, policy, mode)
    print(f"{count} points")
    assert count >= 2
