import asyncio
import re

import pytest

from martlet_connector_pool._pool import Pool
from martlet_exceptions import ClientConnectionError
from martlet_interfaces import ConnectionKey

from .fakes import Fake, key

A, B, C = key("a"), key("b"), key("c")
CLOSED = re.compile("^Connector is closed$")


class Bench:
    """A pool, its time, and those who wait in it."""

    def __init__(
        self, limit: int = 0, limit_per_host: int = 0, keepalive: float | None = 10
    ) -> None:
        self.now = 100.0
        self.pool: Pool[Fake] = Pool(
            limit=limit, limit_per_host=limit_per_host, keepalive=keepalive, time=lambda: self.now
        )

    def dialled(self, name: ConnectionKey = A) -> Fake:
        """Take a slot and fill it."""
        assert self.pool.try_slot(name)
        fake = Fake(name)
        self.pool.adopt(fake)
        return fake

    def idle(self, name: ConnectionKey = A) -> Fake:
        fake = self.dialled(name)
        self.pool.release(fake)
        return fake

    async def waiting(self, name: ConnectionKey = A) -> "asyncio.Task[Fake | None]":
        assert not self.pool.try_slot(name)
        task = asyncio.create_task(self.pool.wait(name, asyncio.get_running_loop()))
        await asyncio.sleep(0)
        return task

    def __str__(self) -> str:
        return repr(self.pool)


def test_its_repr_counts() -> None:
    bench = Bench()
    bench.dialled()
    bench.idle()
    bench.pool.try_slot(A)

    assert repr(bench.pool) == "<Pool 1 active, 1 idle, 1 dialling, 0 waiting>"


def test_the_limit_is_exact() -> None:
    bench = Bench(limit=2)
    one, _ = bench.dialled(A), bench.dialled(B)

    assert not bench.pool.try_slot(C)
    bench.pool.discard(one)
    assert bench.pool.try_slot(C)
    assert not bench.pool.try_slot(C)


def test_the_limit_per_host_is_exact() -> None:
    bench = Bench(limit_per_host=2)
    one, _ = bench.dialled(A), bench.dialled(A)

    assert not bench.pool.try_slot(A)
    assert bench.pool.try_slot(B)
    bench.pool.discard(one)
    assert bench.pool.try_slot(A)
    assert not bench.pool.try_slot(A)


def test_the_newest_idle_one_is_taken() -> None:
    bench = Bench()
    older, newer = bench.dialled(), bench.dialled()
    bench.pool.release(older)
    bench.pool.release(newer)

    assert bench.pool.take(A) is newer
    assert bench.pool.take(B) is None


def test_what_is_taken_is_asked_how_it_is_after_so_long() -> None:
    bench = Bench()
    good, bad = bench.dialled(), bench.dialled()
    bench.pool.release(good)
    bench.now += 1
    bench.pool.release(bad)
    bad.ready = False
    bench.now += 4

    assert bench.pool.take(A) is good
    assert (good.asked, bad.asked) == ([5.0], [4.0])
    assert (good.closed, bad.closed) == (0, 1)
    assert bench.pool.slots.used == 1


def test_an_idle_one_of_another_host_makes_room_oldest_first() -> None:
    bench = Bench(limit=2)
    old, new = bench.idle(A), bench.idle(B)

    assert bench.pool.try_slot(C)

    assert (old.closed, new.closed) == (1, 0)
    assert bench.pool.slots.used == 2


def test_at_the_hosts_limit_its_own_idle_one_makes_room() -> None:
    bench = Bench(limit=3, limit_per_host=1)
    other = bench.idle(B)
    own = bench.idle(A._replace(server_hostname="x"))

    assert bench.pool.try_slot(A)

    assert (own.closed, other.closed) == (1, 0)
    assert bench.pool.slots.used == 2


def test_idle_ones_of_others_do_not_help_at_the_hosts_limit() -> None:
    bench = Bench(limit_per_host=1)
    other = bench.idle(B)
    bench.dialled(A)

    assert not bench.pool.try_slot(A)
    assert other.closed == 0


async def test_a_connection_is_handed_over_without_becoming_idle() -> None:
    bench = Bench(limit=1)
    fake = bench.dialled()
    first, second = await bench.waiting(), await bench.waiting()

    bench.pool.release(fake)

    assert str(bench) == "<Pool 1 active, 0 idle, 0 dialling, 1 waiting>"
    assert bench.pool.take(A) is None
    assert not bench.pool.try_slot(A)
    assert await first is fake
    bench.pool.release(fake)
    assert await second is fake
    bench.pool.release(fake)
    assert str(bench) == "<Pool 0 active, 1 idle, 0 dialling, 0 waiting>"
    assert fake.closed == 0


@pytest.mark.parametrize("other", [B, A._replace(ssl=False)])
async def test_who_cannot_use_the_connection_gets_its_slot(other: ConnectionKey) -> None:
    bench = Bench(limit=1)
    fake = bench.dialled(A)
    waiter = await bench.waiting(other)

    bench.pool.release(fake)

    assert fake.closed == 1
    assert str(bench) == "<Pool 0 active, 0 idle, 1 dialling, 0 waiting>"
    assert await waiter is None


async def test_a_connection_for_which_only_blocked_ones_wait_becomes_idle() -> None:
    bench = Bench(limit_per_host=1)
    bench.dialled(A)
    fake = bench.dialled(B)
    waiter = await bench.waiting(A)

    bench.pool.release(fake)

    assert fake in bench.pool.idle
    assert not waiter.done()
    waiter.cancel()


@pytest.mark.parametrize("how", ["lost", "dial failed"])
async def test_a_slot_that_becomes_free_goes_to_the_first_waiter(how: str) -> None:
    bench = Bench(limit=1)
    fake = bench.dialled(A) if how == "lost" else None
    assert bench.pool.try_slot(A) is (how == "dial failed")
    first, second = await bench.waiting(B), await bench.waiting(A)

    if fake is not None:
        bench.pool.discard(fake)
    else:
        bench.pool.give_back(A)

    assert await first is None
    assert not second.done()
    bench.pool.give_back(B)
    assert await second is None


async def test_a_waiter_that_leaves_is_not_missed() -> None:
    bench = Bench(limit=1)
    fake = bench.dialled()
    leaver, stayer = await bench.waiting(), await bench.waiting()
    leaver.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaver

    bench.pool.release(fake)

    assert await stayer is fake


async def test_a_waiter_cancelled_in_the_same_tick_before_the_hand_over_gets_nothing() -> None:
    bench = Bench(limit=1)
    fake = bench.dialled()
    leaver, stayer = await bench.waiting(), await bench.waiting()
    leaver.cancel()

    bench.pool.release(fake)

    assert await stayer is fake
    assert leaver.cancelled()


@pytest.mark.parametrize("grant", ["connection", "slot"])
async def test_a_waiter_cancelled_after_the_hand_over_passes_it_on(grant: str) -> None:
    bench = Bench(limit=1)
    fake = bench.dialled()
    leaver, stayer = await bench.waiting(), await bench.waiting()
    if grant == "connection":
        bench.pool.release(fake)
    else:
        bench.pool.discard(fake)
    leaver.cancel()

    assert await stayer is (fake if grant == "connection" else None)
    assert leaver.cancelled()
    assert bench.pool.slots.used == 1


async def test_what_nobody_else_wants_is_kept() -> None:
    bench = Bench(limit=1)
    fake = bench.dialled()
    leaver = await bench.waiting()
    bench.pool.release(fake)
    leaver.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaver

    assert str(bench) == "<Pool 0 active, 1 idle, 0 dialling, 0 waiting>"


async def test_a_connection_that_ended_after_the_hand_over_is_not_given_back_twice() -> None:
    bench = Bench(limit=2)
    fake, _ = bench.dialled(), bench.dialled()
    leaver = await bench.waiting()
    bench.pool.release(fake)
    bench.pool.discard(fake)
    leaver.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaver

    assert bench.pool.slots.used == 1
    assert len(bench.pool.idle) == 0


def test_ending_what_has_ended_changes_nothing() -> None:
    bench = Bench()
    active, idle = bench.dialled(), bench.idle()

    for fake in (active, idle, active, idle):
        bench.pool.discard(fake)

    assert (active.closed, idle.closed) == (1, 1)
    assert bench.pool.slots.used == 0


def test_with_a_keepalive_of_zero_nothing_is_kept() -> None:
    bench = Bench(keepalive=0)

    assert bench.idle().closed == 1
    assert bench.pool.slots.used == 0


async def test_with_a_keepalive_of_zero_nothing_is_handed_over_either() -> None:
    bench = Bench(limit=1, keepalive=0)
    fake = bench.dialled()
    waiter = await bench.waiting()

    bench.pool.release(fake)

    assert fake.closed == 1
    assert await waiter is None


def test_without_a_keepalive_they_stay_for_ever() -> None:
    bench = Bench(keepalive=None)
    fake = bench.idle()

    bench.pool.prune(1e12)

    assert bench.pool.take(A) is fake


def test_pruning_closes_what_was_idle_for_too_long() -> None:
    bench = Bench(keepalive=10)
    old = bench.idle()
    bench.now += 5
    new = bench.idle(B)

    bench.pool.prune(110.0)

    assert (old.closed, new.closed) == (1, 0)
    assert bench.pool.slots.used == 1


def test_closing_closes_the_idle_and_names_the_active() -> None:
    bench = Bench()
    active = bench.dialled(A)
    idle = bench.idle(B)

    assert bench.pool.close() == [active]

    assert (active.closed, idle.closed) == (0, 1)
    assert bench.pool.closed
    bench.pool.release(active)
    assert active.closed == 1
    assert bench.pool.slots.used == 0


async def test_closing_fails_each_waiter_with_an_exception_of_its_own() -> None:
    bench = Bench(limit=1)
    fake = bench.dialled()
    waiters = [await bench.waiting() for _ in range(2)]
    cancelled = await bench.waiting()
    cancelled.cancel()

    bench.pool.close()

    errors = await asyncio.gather(*waiters, cancelled, return_exceptions=True)
    assert [type(error) for error in errors] == [
        ClientConnectionError,
        ClientConnectionError,
        asyncio.CancelledError,
    ]
    assert errors[0] is not errors[1]
    assert str(errors[0]) == "Connector is closed"
    bench.pool.discard(fake)
    assert bench.pool.slots.used == 0


async def test_a_waiter_cancelled_after_the_close_is_cancelled() -> None:
    bench = Bench(limit=1)
    fake = bench.dialled()
    waiter = await bench.waiting()
    bench.pool.close()
    waiter.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiter
    bench.pool.discard(fake)
    assert bench.pool.slots.used == 0


async def test_nothing_is_given_out_after_the_close() -> None:
    bench = Bench()
    bench.pool.close()

    with pytest.raises(ClientConnectionError, match=CLOSED):
        bench.pool.check_open()
    with pytest.raises(ClientConnectionError, match=CLOSED):
        bench.pool.try_slot(A)
    with pytest.raises(ClientConnectionError, match=CLOSED):
        await bench.pool.wait(A, asyncio.get_running_loop())
    assert bench.pool.slots.used == 0


async def test_a_traded_connection_is_closed_and_its_slot_stays_with_who_traded() -> None:
    bench = Bench(limit=1)
    fake = bench.dialled()
    waiter = await bench.waiting()

    bench.pool.trade(fake)

    assert fake.closed == 1
    assert str(bench) == "<Pool 0 active, 0 idle, 1 dialling, 1 waiting>"
    # Its own end, which is heard of later, gives nothing back a second time.
    bench.pool.discard(fake)
    assert str(bench) == "<Pool 0 active, 0 idle, 1 dialling, 1 waiting>"
    bench.pool.adopt(fresh := Fake(A))
    bench.pool.release(fresh)
    assert await waiter is fresh


async def test_a_trade_that_came_to_nothing_serves_the_next_in_line() -> None:
    bench = Bench(limit_per_host=1)
    fake = bench.dialled()
    waiter = await bench.waiting()
    bench.pool.trade(fake)

    bench.pool.give_back(A)

    assert await waiter is None
    assert bench.pool.slots.used_by_host == {("a", 80, False): 1}
