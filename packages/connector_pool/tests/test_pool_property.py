"""Crowds at a small pool: whatever they do, nobody gets too much and nobody is forgotten."""

import asyncio
import random
from collections import Counter

import pytest

from martlet_connector_pool._limits import Slots
from martlet_connector_pool._pool import Pool
from martlet_connector_pool._waiters import Waiter, Waiters

from .fakes import Fake, key

LIMIT = 5
LIMIT_PER_HOST = 2


class FairWaiters(Waiters[Fake]):
    """Checks each choice: nobody who came earlier could have been chosen."""

    def next(self, slots: Slots) -> Waiter[Fake] | None:
        chosen = super().next(slots)
        assert chosen is None or not slots.host_full(chosen.host)
        for waiter in self.everybody():
            if chosen is None or waiter.number < chosen.number:
                assert slots.host_full(waiter.host)
        return chosen

    def everybody(self) -> list[Waiter[Fake]]:
        lines = self._lines.values()
        return [waiter for line in lines for waiter in line.values() if not waiter.grant.done()]


class Crowd:
    """Requests to many hosts, which do at random what requests do."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.now = 0.0
        self.pool: Pool[Fake] = Pool(
            limit=LIMIT,
            limit_per_host=LIMIT_PER_HOST,
            keepalive=self.random.choice([None, 0, 20]),
            time=lambda: self.now,
        )
        self.waiters = self.pool.waiters = FairWaiters()
        self.opened: list[Fake] = []
        self.done = 0

    def check(self) -> None:
        """Hold what is true after every step."""
        slots, idle = self.pool.slots, self.pool.idle
        assert 0 <= slots.used <= LIMIT
        assert all(0 < count <= LIMIT_PER_HOST for count in slots.used_by_host.values())
        assert sum(slots.used_by_host.values()) == slots.used
        assert len(self.pool._members) <= slots.used
        open_now = [fake for fake in self.opened if not fake.closed]
        assert set(open_now) == self.pool._members
        assert all(fake.closed <= 1 for fake in self.opened)
        for waiter in self.waiters.everybody():
            if slots.host_full(waiter.host):
                assert idle.any_of_host(waiter.host) is None
            else:
                assert slots.full
                assert len(idle) == 0

    async def pause(self) -> None:
        for _ in range(self.random.randrange(4)):
            await asyncio.sleep(0)
        self.now += self.random.random()
        self.check()

    async def lease(self, host: str) -> Fake:
        name = key(host)._replace(server_hostname=self.random.choice([None, "x"]))
        fake = self.pool.take(name)
        if fake is None and not self.pool.try_slot(name):
            fake = await self.pool.wait(name, asyncio.get_running_loop())
        if fake is not None:
            return fake
        try:
            await self.pause()
            if self.random.random() < 0.1:
                raise ConnectionRefusedError
        except BaseException:
            self.pool.give_back(name)
            raise
        fake = Fake(name, len(self.opened))
        self.opened.append(fake)
        self.pool.adopt(fake)
        return fake

    async def request(self) -> None:
        try:
            fake = await self.lease(self.random.choice("aaabbcdefgh"))
        except ConnectionRefusedError:
            self.check()
            return
        fit = False
        try:
            await self.pause()
            fit = self.random.random() < 0.8
        finally:
            if fit:
                self.pool.release(fake)
            else:
                self.pool.discard(fake)
        self.done += 1
        self.check()

    async def disturb(self) -> None:
        """Prune, and end a connection that somebody may just have been given."""
        await self.pause()
        self.pool.prune(self.now)
        if self.pool.idle.all() and self.random.random() < 0.3:
            self.pool.discard(self.random.choice(self.pool.idle.all()))
        self.check()


@pytest.mark.parametrize("seed", range(25))
async def test_a_crowd_is_served(seed: int) -> None:
    crowd = Crowd(seed)
    tasks = []
    for _ in range(300):
        tasks.append(asyncio.create_task(crowd.request()))
        if crowd.random.random() < 0.1:
            crowd.random.choice(tasks).cancel()
        if crowd.random.random() < 0.5:
            await crowd.disturb()

    outcomes = await asyncio.gather(*tasks, return_exceptions=True)

    kinds = Counter(type(outcome) for outcome in outcomes)
    assert set(kinds) <= {type(None), asyncio.CancelledError}
    assert crowd.done > 150
    crowd.check()
    assert len(crowd.waiters) == 0
    assert crowd.pool.slots.used == len(crowd.pool.idle)
    assert crowd.pool.close() == []
    assert crowd.pool.slots.used_by_host == {}
    assert all(fake.closed == 1 for fake in crowd.opened)
