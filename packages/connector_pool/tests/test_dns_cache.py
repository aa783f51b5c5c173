import asyncio
import copy
import socket

import pytest

from martlet_connector_pool import AbstractResolver, ResolveResult
from martlet_connector_pool._dns_cache import CachingResolver, is_ip_address

from .scripted import Log


def result(host: str = "192.0.2.1", port: int = 80) -> ResolveResult:
    return ResolveResult(
        hostname="a.test", host=host, port=port, family=socket.AF_INET, proto=6, flags=0
    )


class Scripted(AbstractResolver):
    """Answers when its gate opens; counts what it is asked."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.asked: list[tuple[str, int, int]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.error = error
        self.found = [result()]

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append((host, port, family))
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return self.found

    async def close(self) -> None:
        raise AssertionError("it is the caller's")


class Bench:
    def __init__(
        self, *, ttl: float | None = 10, max_hosts: int = 1000, error: BaseException | None = None
    ) -> None:
        self.now = 100.0
        self.resolver = Scripted(error)
        self.cache = CachingResolver(
            self.resolver, ttl=ttl, time=lambda: self.now, max_hosts=max_hosts
        )

    @property
    def lookups(self) -> int:
        return len(self.resolver.asked)

    async def resolve(self, host: str = "a.test", port: int = 80) -> list[ResolveResult]:
        return await self.cache.resolve(host, port)

    async def waiting(self, count: int) -> "list[asyncio.Task[list[ResolveResult]]]":
        self.resolver.gate.clear()
        tasks = [asyncio.create_task(self.resolve()) for _ in range(count)]
        await asyncio.sleep(0)
        return tasks


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("fe80::1%eth0", True),
        ("2001:db8::192.0.2.1", True),
        ("127.1", False),
        ("0x7f000001", False),
        ("127.0.0.1%eth0", False),
        ("256.0.0.1", False),
        ("a.test", False),
        ("::g", False),
        ("", False),
        ("127.0.0.1\0", False),
    ],
)
def test_it_knows_an_address_when_it_sees_one(host: str, expected: bool) -> None:
    assert is_ip_address(host) is expected


async def test_what_was_found_is_remembered_for_a_while() -> None:
    bench = Bench(ttl=10)

    assert await bench.resolve() == [result()]
    bench.now += 9.9
    assert await bench.resolve() == [result()]
    assert bench.lookups == 1
    bench.now += 0.1
    assert await bench.resolve() == [result()]
    assert bench.lookups == 2
    assert bench.resolver.asked[0] == ("a.test", 80, socket.AF_UNSPEC)


async def test_it_may_be_remembered_for_ever_or_not_at_all() -> None:
    for_ever, never = Bench(ttl=None), Bench(ttl=0)
    for bench in (for_ever, never):
        await bench.resolve()
        bench.now += 1e9
        await bench.resolve()

    assert (for_ever.lookups, never.lookups) == (1, 2)
    assert never.cache.table == {}


async def test_ports_are_remembered_apart() -> None:
    bench = Bench()

    await bench.resolve(port=80)
    await bench.resolve(port=81)

    assert bench.lookups == 2


async def test_it_forgets_on_demand() -> None:
    bench = Bench()
    for host in ("a.test", "b.test", "c.test"):
        await bench.resolve(host)

    bench.cache.clear("a.test", 80)
    bench.cache.clear("nobody.test", 80)
    assert set(bench.cache.table) == {("b.test", 80), ("c.test", 80)}
    bench.cache.clear()
    assert bench.cache.table == {}


async def test_it_is_bounded_and_drops_the_oldest() -> None:
    bench = Bench(max_hosts=3)
    for number in range(5):
        await bench.resolve(f"{number}.test")

    assert [host for host, _ in bench.cache.table] == ["2.test", "3.test", "4.test"]


async def test_one_lookup_serves_all_who_wait() -> None:
    bench = Bench()
    tasks = await bench.waiting(5)
    bench.resolver.gate.set()

    assert await asyncio.gather(*tasks) == [[result()]] * 5
    assert bench.lookups == 1
    assert bench.cache._lookups == {}


async def test_each_who_waits_gets_an_exception_of_its_own() -> None:
    error = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    bench = Bench(error=error)
    tasks = await bench.waiting(3)
    bench.resolver.gate.set()

    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert len({id(outcome) for outcome in outcomes}) == 3
    for outcome in outcomes:
        assert isinstance(outcome, socket.gaierror)
        assert outcome is not error
        assert outcome.args == error.args
        assert outcome.errno == socket.EAI_NONAME
        assert outcome.__cause__ is error
    assert bench.lookups == 1


async def test_failures_are_not_remembered() -> None:
    bench = Bench(error=OSError("no"))
    with pytest.raises(OSError, match="no"):
        await bench.resolve()
    bench.resolver.error = None

    assert await bench.resolve() == [result()]


async def test_no_addresses_are_a_failure() -> None:
    bench = Bench()
    bench.resolver.found = []

    with pytest.raises(OSError, match=r"No addresses for a\.test"):
        await bench.resolve()
    assert bench.cache.table == {}


async def test_who_is_cancelled_leaves_the_others_undisturbed() -> None:
    bench = Bench()
    first, second = await bench.waiting(2)
    first.cancel()
    await asyncio.sleep(0)
    bench.resolver.gate.set()

    assert await second == [result()]
    assert first.cancelled()
    assert bench.lookups == 1


@pytest.mark.parametrize("error", [None, OSError("too late")])
async def test_a_lookup_that_nobody_waits_for_any_more_ends_quietly(
    error: Exception | None,
) -> None:
    bench = Bench(error=error)
    tasks = await bench.waiting(2)
    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    assert len(bench.cache._lookups) == 1
    bench.resolver.gate.set()
    await asyncio.wait(list(bench.cache._lookups.values()))
    await asyncio.sleep(0)

    assert bench.cache._lookups == {}
    assert (len(bench.cache.table) == 1) is (error is None)
    assert complaints == []


async def test_close_stops_the_lookups() -> None:
    bench = Bench()
    (task,) = await bench.waiting(1)
    bench.cache.close()
    await asyncio.wait([task])
    await asyncio.sleep(0)

    assert bench.cache._lookups == {}
    assert bench.cache.table == {}


async def test_an_observer_hears_of_hits_misses_and_lookups() -> None:
    bench = Bench()
    log = Log()
    for _ in range(2):
        await bench.cache.resolve("a.test", 80, log)

    assert log.names == ["DnsCacheMiss", "DnsResolveStart", "DnsResolveEnd", "DnsCacheHit"]
    assert {getattr(event, "host", None) for event in log.events} == {"a.test"}


async def test_an_observer_hears_of_a_failed_lookup_only_that_it_began() -> None:
    bench = Bench(error=OSError("no"))
    log = Log()

    with pytest.raises(OSError, match="no"):
        await bench.cache.resolve("a.test", 80, log)
    assert log.names == ["DnsCacheMiss", "DnsResolveStart"]


def test_errors_of_the_resolver_can_be_copied() -> None:
    twin = copy.copy(socket.gaierror(socket.EAI_NONAME, "x"))

    assert (twin.errno, twin.strerror) == (socket.EAI_NONAME, "x")
