"""A crowd of requests at a small pool, which has to do what an oracle says.

After every transition of the pool it must have handed out and closed exactly that.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from itertools import takewhile
from typing import Final, cast

from martlet_connector_pool._pool import Pool
from martlet_interfaces import ConnectionKey

from .fakes import Fake, key
from .oracle import HOSTS, LIMIT, LIMIT_PER_HOST, Oracle

__all__ = ["Crowd"]

CANCELLED: Final = 0.1
# Half of the requests go to a few hosts, so that both limits have their say.
BUSY: Final = HOSTS[:4]
MOMENTS: Final = ("waiting", "hand-over", "dial", "use")


class Grant(asyncio.Future["Fake | None"]):
    """What a request waits for; it tells the crowd the moment it is given something."""

    def __init__(self, request: "Request") -> None:
        super().__init__(loop=asyncio.get_running_loop())
        self._request = request

    def set_result(self, result: Fake | None, /) -> None:
        self._request.crowd.granted.append((self._request.number, result))
        super().set_result(result)


class Request:
    """One request of the crowd. *moment*: when it is to be cancelled, if it is."""

    __slots__ = ("cancelled", "crowd", "key", "moment", "number", "task")

    task: "asyncio.Task[None]"

    def __init__(self, crowd: "Crowd", number: int, key: ConnectionKey) -> None:
        self.crowd = crowd
        self.number = number
        self.key = key
        self.moment = ""
        self.cancelled = False

    def create_future(self) -> Grant:
        """Stand in for the event loop in `Pool.wait`: here the request joins the line."""
        self.crowd.oracle.line[self.number] = self.key.host
        return Grant(self)

    def cancel(self, moment: str) -> None:
        assert not self.cancelled
        self.cancelled = True
        self.crowd.happened[f"cancelled: {moment}"] += 1
        self.crowd.oracle.line.pop(self.number, None)
        self.task.cancel()


class Crowd:
    """Requests to many hosts, which do at random what requests do."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.now = 0.0
        self.keepalive = (None, 0.5, 0.0)[seed % 3]
        self.pool: Pool[Fake] = Pool(
            limit=LIMIT,
            limit_per_host=LIMIT_PER_HOST,
            keepalive=self.keepalive,
            time=lambda: self.now,
        )
        self.oracle = Oracle()
        self.requests: list[Request] = []
        self.unfinished = 0
        self.open: set[Fake] = set()
        self.opened: list[Fake] = []
        self.due: dict[int, list[Request]] = {}
        self.tick = 0
        self.rush = 7
        self.wrong: AssertionError | None = None
        self.happened: Counter[str] = Counter()
        self.peak = 0
        # What the pool did in the transition that is just over.
        self.granted: list[tuple[int, Fake | None]] = []
        self.closed: list[Fake] = []
        # What requests were given and have not taken yet.
        self.handed: dict[int, Fake | None] = {}

    # After every transition

    def settle(self, granted: list[tuple[int, Fake | None]], closed: list[Fake]) -> None:
        """Hold the pool to what the oracle says it had to do, and then make mischief."""
        try:  # in whichever task this is, the first to find a fault ends the test
            assert self.granted == granted, f"granted {self.granted}, not {granted}"
            assert self.closed == closed, f"closed {self.closed}, not {closed}"
            self.open.difference_update(closed)
            self.granted.clear()
            self.closed.clear()
            self.check()
        except AssertionError as exc:
            self.wrong = self.wrong or exc
            raise self.wrong from None
        self.handed.update(granted)
        for number, grant in granted:
            self._disturb_hand_over(self.requests[number], grant)

    def check(self) -> None:
        """Hold what is true after every transition."""
        oracle, slots = self.oracle, self.pool.slots
        used = slots.used
        assert used == oracle.held_in_all <= LIMIT
        assert used == sum(slots.used_by_host.values())
        for host, count in slots.used_by_host.items():
            assert 0 < count == oracle.held[host[0]] <= LIMIT_PER_HOST
        assert self.pool.idle.all() == list(oracle.idle)
        # What is open is in use or idle; the other slots are being dialled.
        assert len(self.open) <= used
        assert self.open == self.pool._members
        if used > self.peak:
            self.peak = used
        if used < LIMIT or oracle.idle:
            assert all(map(oracle.host_full, oracle.line.values())), "somebody waits in vain"

    def _disturb_hand_over(self, winner: Request, grant: Fake | None) -> None:
        # The winner's task has not woken yet.
        if winner.moment == "hand-over" and not winner.cancelled:
            winner.cancel("hand-over")
        if grant is not None and self.random.random() < 0.05:
            self.happened["died in the hand-over"] += 1
            self.pool.discard(grant)
            self.freed(grant.key, [grant])

    def freed(self, key: ConnectionKey, closed: list[Fake]) -> None:
        """Learn that a slot was given back, in a transition that is over."""
        number = self.oracle.freed(key.host)
        self.settle([] if number is None else [(number, None)], closed)

    def released(self, fake: Fake) -> None:
        """Learn that *fake* was given back, fit for another request."""
        if self.keepalive == 0:
            self.freed(fake.key, [fake])
            return
        number = self.oracle.freed(fake.key.host)
        if number is None:
            self.oracle.count(fake.key.host, +1)
            self.oracle.idle[fake] = self.now
            self.settle([], [])
        elif self.requests[number].key == fake.key:
            self.happened["handed over"] += 1
            self.settle([(number, fake)], [])
        else:
            self.settle([(number, None)], [fake])

    # What a request does

    def take(self, request: Request) -> Fake | None:
        oracle = self.oracle
        stack = [fake for fake in reversed(oracle.idle) if fake.key == request.key]
        dead = list(takewhile(lambda fake: not fake.ready, stack))
        fake = self.pool.take(request.key)
        assert fake is next(iter(stack[len(dead) :]), None)
        admitted = []
        for gone in dead:
            del oracle.idle[gone]
            admitted.append(oracle.freed(gone.key.host))
        if fake is not None:
            del oracle.idle[fake]
            self.happened["reused"] += 1
        self.settle([(number, None) for number in admitted if number is not None], dead)
        return fake

    def try_slot(self, request: Request) -> bool:
        oracle, host = self.oracle, request.key.host
        rivals = oracle.rivals(host)
        got = self.pool.try_slot(request.key)
        assert got is (rivals is None or rivals != [])
        victims = self.closed
        if got and rivals is not None:
            (victim,) = victims
            assert victim in rivals
            del oracle.idle[victim]
            oracle.count(victim.key.host, -1)
            self.happened["evicted"] += 1
        oracle.count(host, +got)
        self.settle([], victims if rivals else [])
        return got

    async def wait(self, request: Request) -> Fake | None:
        self.happened["waited"] += 1
        try:
            grant = await self.pool.wait(request.key, cast("asyncio.AbstractEventLoop", request))
        except asyncio.CancelledError:
            if request.number in self.handed:
                self._passed_on(request)
            raise
        assert grant is self.handed.pop(request.number)
        return grant

    def _passed_on(self, request: Request) -> None:
        self.happened["passed on"] += 1
        grant = self.handed.pop(request.number)
        if grant is None:
            self.freed(request.key, [])
        elif grant in self.open:
            self.released(grant)
        else:
            self.settle([], [])

    async def dial(self, request: Request) -> Fake:
        try:
            await self.pause()
            if request.moment == "dial" and not request.cancelled:
                request.cancel("dial")
            await asyncio.sleep(0)
            if self.random.random() < 0.1:
                self.happened["dial failed"] += 1
                raise ConnectionRefusedError
        except BaseException:
            self.pool.give_back(request.key)
            self.freed(request.key, [])
            raise
        fake = _Noted(request.key, len(self.opened), self.closed.append)
        self.opened.append(fake)
        self.open.add(fake)
        self.pool.adopt(fake)
        self.settle([], [])
        return fake

    async def lease(self, request: Request) -> Fake:
        while True:
            fake = self.take(request)
            if fake is None and not self.try_slot(request):
                fake = await self.wait(request)
            if fake is None:
                fake = await self.dial(request)
            if not fake.closed:
                return fake

    async def pause(self) -> None:
        for _ in range(self.random.randrange(3)):
            await asyncio.sleep(0)

    async def live(self, request: Request) -> None:
        fake = await self.lease(request)
        fit = False
        try:
            await self.pause()
            if request.moment and not request.cancelled:
                request.cancel("use")
            await asyncio.sleep(0)
            fit = self.random.random() < 0.8
        finally:
            if fit:
                self.pool.release(fake)
                self.released(fake)
            else:
                self.pool.discard(fake)
                self.freed(fake.key, [fake])
        self.happened["served"] += 1

    # What happens to them

    def start(self) -> None:
        draw = self.random
        host = draw.choice(BUSY if draw.random() < 0.5 else HOSTS)
        name = key(host)._replace(server_hostname=draw.choice([None, None, "x"]))
        request = Request(self, len(self.requests), name)
        self.requests.append(request)
        self.unfinished += 1
        request.task = asyncio.get_running_loop().create_task(self.live(request))
        request.task.add_done_callback(self._finished)
        if draw.random() < CANCELLED:
            request.moment = draw.choice(MOMENTS)
            if request.moment == "waiting":
                when = self.tick + draw.randrange(60)
                self.due.setdefault(when, []).append(request)

    def _finished(self, _: "asyncio.Task[None]") -> None:
        self.unfinished -= 1

    def disturb(self) -> None:
        """Cancel those whose time has come; let idle connections die, noticed and not."""
        for request in self.due.pop(self.tick, ()):
            if not request.task.done() and not request.cancelled:
                request.cancel("waiting" if request.number in self.oracle.line else "any time")
        if self.oracle.idle and self.random.random() < 0.1:
            fake = self.random.choice(list(self.oracle.idle))
            if self.random.random() < 0.5:
                fake.ready = False
                self.happened["died unnoticed"] += 1
            else:
                del self.oracle.idle[fake]
                self.happened["died"] += 1
                self.pool.discard(fake)
                self.freed(fake.key, [fake])
        self._prune()

    def _prune(self) -> None:
        limit = float("inf") if self.keepalive is None else self.keepalive
        old = [fake for fake, since in self.oracle.idle.items() if since + limit <= self.now]
        self.pool.prune(self.now)
        admitted = []
        for fake in old:
            del self.oracle.idle[fake]
            admitted.append(self.oracle.freed(fake.key.host))
        self.happened["pruned"] += len(old)
        self.settle([(number, None) for number in admitted if number is not None], old)

    async def gather(self, count: int) -> None:
        """Let *count* requests come, in rushes and lulls, and see every one of them end."""
        while len(self.requests) < count or self.unfinished:
            assert self.tick < 10 * count, "somebody waits for ever"
            await self.pass_tick(count - len(self.requests))

    async def pass_tick(self, most: int) -> None:
        """Let up to *most* requests come, and one iteration of the loop pass."""
        self.tick += 1
        if self.random.random() < 0.01:
            self.rush = self.random.choice([1, 1, 2, 4, 7])
        if self.unfinished < 200:
            for _ in range(min(most, self.random.randrange(self.rush + 1))):
                self.start()
        await asyncio.sleep(0)
        self.now += 0.1
        if self.wrong is not None:
            raise self.wrong
        self.disturb()

    def close(self) -> list[int]:
        """Close the pool; name those who waited."""
        oracle = self.oracle
        waiting, idle = list(oracle.line), list(oracle.idle)
        oracle.line.clear()
        oracle.idle.clear()
        for fake in idle:
            oracle.count(fake.key.host, -1)
        in_use = self.pool.close()
        assert set(in_use) == self.open - set(idle)
        self.keepalive = 0.0  # what ends now is closed
        self.settle([], idle)
        return waiting


class _Noted(Fake):
    """A connection that says when it is closed."""

    def __init__(self, name: ConnectionKey, number: int, on_close: Callable[[Fake], None]) -> None:
        super().__init__(name, number)
        self._on_close = on_close

    def close(self) -> None:
        super().close()
        self._on_close(self)
