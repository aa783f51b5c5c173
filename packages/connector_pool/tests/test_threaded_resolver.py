import asyncio
import contextlib
import gc
import socket
import threading
import weakref
from collections.abc import Iterator
from typing import Any

import pytest

from martlet_connector_pool import ResolveResult
from martlet_connector_pool._threaded_resolver import ThreadedResolver

from .forked import in_child

Info = tuple[int, int, int, str, tuple[object, ...]]


def info(address: str = "192.0.2.1") -> Info:
    return socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, 80)


class System:
    """Stands for the system's `getaddrinfo`: shut, until it is opened; has a resolver over it."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.resolver = ThreadedResolver()
        self.opened = threading.Event()
        self.threads: list[threading.Thread] = []
        self.hosts: list[str] = []
        self.entered = asyncio.Semaphore(0)

    def getaddrinfo(self, host: str, *_: object, **__: object) -> list[Info]:
        self.threads.append(threading.current_thread())
        self.hosts.append(host)
        self.loop.call_soon_threadsafe(self.entered.release)
        assert self.opened.wait(30)
        return [info()]

    def join(self) -> None:
        for thread in self.threads:
            thread.join()

    async def wait_for(self, count: int) -> None:
        for _ in range(count):
            await self.entered.acquire()


@pytest.fixture
async def system(monkeypatch: pytest.MonkeyPatch) -> Any:
    loop = asyncio.get_running_loop()
    complaints: list[dict[str, Any]] = []
    loop.set_exception_handler(lambda _, context: complaints.append(context))
    system = System(loop)
    monkeypatch.setattr(socket, "getaddrinfo", system.getaddrinfo)
    yield system
    system.opened.set()
    await system.resolver.close()
    await asyncio.to_thread(system.join)
    gc.collect()
    await asyncio.sleep(0)
    assert complaints == []


@pytest.fixture
def resolver() -> Iterator[ThreadedResolver]:
    resolver = ThreadedResolver()
    yield resolver
    asyncio.run(resolver.close())


def begin(
    resolver: ThreadedResolver, count: int, name: str = "h{}.test"
) -> list[asyncio.Task[list[ResolveResult]]]:
    return [asyncio.ensure_future(resolver.resolve(name.format(i), 80)) for i in range(count)]


async def test_it_finds_the_addresses_of_this_machine() -> None:
    resolver = ThreadedResolver()

    found = await resolver.resolve("localhost", 80, socket.AF_INET)

    assert found[0] == {
        "hostname": "localhost",
        "host": "127.0.0.1",
        "port": 80,
        "family": socket.AF_INET,
        "proto": socket.IPPROTO_TCP,
        "flags": socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
    }
    await resolver.close()


async def test_any_family_may_be_asked_for() -> None:
    resolver = ThreadedResolver()

    found = await resolver.resolve("localhost", 80, socket.AF_UNSPEC)

    assert "127.0.0.1" in {result["host"] for result in found}
    await resolver.close()


@pytest.mark.parametrize(
    ("host", "family", "flags"),
    [
        ("a.test", socket.AF_UNSPEC, socket.AI_ADDRCONFIG),
        ("localhost.test", socket.AF_UNSPEC, socket.AI_ADDRCONFIG),
        ("notlocalhost", socket.AF_UNSPEC, socket.AI_ADDRCONFIG),
        # Loopback addresses do not count as addresses of this machine, so without others
        # nothing would be found.
        ("localhost", socket.AF_UNSPEC, 0),
        ("LOCALHOST.", socket.AF_UNSPEC, 0),
        ("a.localhost", socket.AF_UNSPEC, 0),
        ("localhost", socket.AF_INET, 0),
        ("a.test", socket.AF_INET, 0),
        ("a.test", socket.AF_INET6, 0),
    ],
)
async def test_what_the_system_is_asked(
    host: str, family: socket.AddressFamily, flags: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[tuple[object, ...], dict[str, object]]] = []

    def getaddrinfo(*args: object, **kwargs: object) -> list[Info]:
        asked.append((args, kwargs))
        return [info()]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    resolver = ThreadedResolver()

    await resolver.resolve(host, 80, family)

    options = {"family": family, "type": socket.SOCK_STREAM, "flags": flags}
    assert asked == [((host, 80), options)]
    await resolver.close()


async def test_a_scope_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = (socket.AF_INET6, socket.SOCK_STREAM, 6, "")
    infos = [
        (*kind, ("fe80::1", 80, 0, 3)),
        (*kind, ("fe80::1%eth0", 80, 0, 3)),
        (*kind, ("2001:db8::1", 80, 0, 0)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: infos)
    resolver = ThreadedResolver()

    found = await resolver.resolve("printer.local", 80, socket.AF_INET6)

    assert [result["host"] for result in found] == ["fe80::1%3", "fe80::1%3", "2001:db8::1"]
    await resolver.close()


@pytest.mark.parametrize("host", ["a..b", "x" * 70 + ".test", ".test"])
async def test_what_is_no_name_is_not_found(host: str) -> None:
    resolver = ThreadedResolver()
    with pytest.raises(socket.gaierror, match="Not a name of a host") as caught:
        await resolver.resolve(host, 80)
    assert caught.value.errno == socket.EAI_NONAME
    assert isinstance(caught.value.__cause__, UnicodeError)
    await resolver.close()


async def test_a_name_does_not_end_at_a_nul() -> None:
    with pytest.raises(socket.gaierror, match="contains NUL") as caught:
        await ThreadedResolver().resolve("127.0.0.1\0.test", 80)
    assert caught.value.errno == socket.EAI_NONAME


async def test_the_systems_error_comes_out() -> None:
    resolver = ThreadedResolver(asyncio.get_running_loop())
    with pytest.raises(socket.gaierror):
        await resolver.resolve("::1", 80, socket.AF_INET)
    await resolver.close()


async def test_an_error_is_in_no_cycle(monkeypatch: pytest.MonkeyPatch) -> None:
    class FailureError(OSError):
        pass

    failures: list[weakref.ref[FailureError]] = []

    def getaddrinfo(*_: object, **__: object) -> list[Info]:
        failure = FailureError()
        failures.append(weakref.ref(failure))
        try:
            raise failure
        finally:
            del failure

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    resolver = ThreadedResolver()
    gc.disable()
    try:
        with contextlib.suppress(FailureError):
            await resolver.resolve("a.test")
        assert resolver._executor is not None
        resolver._executor.shutdown()
        await asyncio.sleep(0)  # until then the loop holds what has woken this task
        assert failures[0]() is None
    finally:
        gc.enable()


async def test_it_has_eight_threads_of_its_own(system: System) -> None:
    resolver = system.resolver
    assert resolver._executor is None

    lookups = begin(resolver, 20)
    await system.wait_for(8)

    # The other twelve wait in line; those of the loop's threads who want one get it.
    assert await asyncio.to_thread(lambda: len(system.hosts)) == 8
    assert all(thread.name.startswith("martlet-dns_") for thread in system.threads)
    assert len(set(system.threads)) == 8
    system.opened.set()
    assert [len(found) for found in await asyncio.gather(*lookups)] == [1] * 20
    assert len(set(system.threads)) == 8


async def test_busy_threads_of_the_loop_do_not_delay_it(system: System) -> None:
    from concurrent.futures import ThreadPoolExecutor

    system.opened.set()
    shut = threading.Event()
    busy = ThreadPoolExecutor(1)
    loop = asyncio.get_running_loop()
    loop.set_default_executor(busy)
    other = loop.run_in_executor(None, shut.wait, 30)
    resolver = system.resolver

    assert len(await resolver.resolve("a.test")) == 1

    assert not other.done()
    shut.set()
    assert await other


async def test_who_is_cancelled_leaves_the_others_alone(system: System) -> None:
    resolver = system.resolver
    lookups = begin(resolver, 10)
    await system.wait_for(8)

    lookups[0].cancel()  # in a thread
    lookups[8].cancel()  # in line
    for cancelled in (lookups[0], lookups[8]):
        with pytest.raises(asyncio.CancelledError):
            await cancelled
    system.opened.set()

    others = [lookup for lookup in lookups if not lookup.cancelled()]
    assert [len(found) for found in await asyncio.gather(*others)] == [1] * 8
    assert sorted(system.hosts) == sorted(f"h{i}.test" for i in range(10) if i != 8)


async def test_the_error_of_one_who_is_cancelled_is_not_missed(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    def getaddrinfo(host: str, *_: object, **__: object) -> list[Info]:
        system.getaddrinfo(host)
        raise socket.gaierror(socket.EAI_NONAME, "no")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    resolver = system.resolver
    (lookup,) = begin(resolver, 1)
    await system.wait_for(1)

    lookup.cancel()
    system.opened.set()

    with pytest.raises(asyncio.CancelledError):
        await lookup
    # `system` sees whether somebody complains.


async def test_closing_does_not_wait(system: System) -> None:
    resolver = system.resolver
    lookups = begin(resolver, 10)
    await system.wait_for(8)

    await resolver.close()
    await resolver.close()

    # Those in line learn of it as of an error: nobody has cancelled them.
    for lookup in lookups[8:]:
        with pytest.raises(socket.gaierror, match=r"has been closed$") as caught:
            await lookup
        assert caught.value.errno == socket.EAI_AGAIN
    assert not any(lookup.done() for lookup in lookups[:8])
    system.opened.set()
    assert [len(found) for found in await asyncio.gather(*lookups[:8])] == [1] * 8
    await asyncio.to_thread(system.join)  # closing has told them to end


async def test_closing_what_was_not_used_does_nothing() -> None:
    resolver = ThreadedResolver()
    await resolver.close()
    assert resolver._executor is None


async def test_it_can_be_used_after_closing(system: System) -> None:
    system.opened.set()
    resolver = system.resolver
    for _ in range(2):
        assert len(await resolver.resolve("a.test")) == 1
        await resolver.close()
    assert len(set(system.threads)) == 2


def test_one_serves_several_loops(resolver: ThreadedResolver) -> None:
    for _ in range(2):
        found = asyncio.run(resolver.resolve("127.0.0.1"))
        assert [result["host"] for result in found] == ["127.0.0.1"]


def test_a_loop_can_end_before_its_lookups(
    resolver: ThreadedResolver, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    systems: list[System] = []

    async def main() -> None:
        system = System(asyncio.get_running_loop())
        systems.append(system)
        monkeypatch.setattr(socket, "getaddrinfo", system.getaddrinfo)
        lookup = asyncio.ensure_future(resolver.resolve("a.test"))
        await system.wait_for(1)
        assert not lookup.done()  # asyncio.run cancels it

    asyncio.run(main())
    executor = resolver._executor
    assert executor is not None
    systems[0].opened.set()
    executor.shutdown()

    assert caplog.records == []
    resolver._executor = None


def test_a_forked_child_has_threads_of_its_own(resolver: ThreadedResolver) -> None:
    def check() -> bool:
        found = asyncio.run(resolver.resolve("127.0.0.1"))
        asyncio.run(resolver.close())
        return [result["host"] for result in found] == ["127.0.0.1"]

    # Its thread is idle now, so that without care the child would count on it.
    asyncio.run(resolver.resolve("127.0.0.1"))

    assert in_child(check)
    assert asyncio.run(resolver.resolve("127.0.0.1"))


def test_a_forked_child_may_close_what_it_inherits(resolver: ThreadedResolver) -> None:
    def check() -> bool:
        asyncio.run(resolver.close())
        return resolver._executor is None

    asyncio.run(resolver.resolve("127.0.0.1"))
    executor = resolver._executor
    assert executor is not None

    # Whatever thread of the parent may hold it in that moment.
    with executor._shutdown_lock:
        assert in_child(check)
