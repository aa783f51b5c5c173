import asyncio
import os
import socket
from collections.abc import Callable, Coroutine, Iterator
from types import SimpleNamespace
from typing import Any

import aiodns
import pytest
import uvloop
from aiodns.error import ARES_ENOMEM, ARES_ENOTIMP, DNSError

from martlet_connector_pool import ResolveResult
from martlet_connector_pool._async_resolver import _INHERITED, AsyncResolver

from .dns_server import A, Server, World, served
from .forked import in_child

Scenario = Callable[[Server, World], Coroutine[Any, Any, None]]


async def in_world(scenario: Scenario, **options: Any) -> None:
    async with served(**options) as (server, world):
        await scenario(server, world)


@pytest.fixture(
    params=[
        pytest.param(asyncio.SelectorEventLoop, id="asyncio"),
        pytest.param(uvloop.new_event_loop, id="uvloop"),
    ]
)
def runner(request: pytest.FixtureRequest) -> Iterator[asyncio.Runner]:
    with asyncio.Runner(loop_factory=request.param) as runner:
        yield runner


@pytest.fixture
def run(runner: asyncio.Runner) -> Callable[..., None]:
    """Run a scenario in a world of its own, on each kind of loop."""

    def run(scenario: Scenario, **options: Any) -> None:
        runner.run(in_world(scenario, **options))

    return run


Run = Callable[..., None]


def test_it_finds_addresses(run: Run) -> None:
    async def scenario(server: Server, world: World) -> None:
        found = await world.resolver.resolve("both.test", 80)

        assert found == [
            ResolveResult(
                hostname="both.test",
                host="192.0.2.7",
                port=80,
                family=socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
        ]
        assert server.asked == [("both.test", A)]

    run(scenario)


@pytest.mark.parametrize(
    ("host", "family", "addresses"),
    [
        ("both.test", socket.AF_UNSPEC, {"192.0.2.7", "2001:db8::7"}),
        ("both.test", socket.AF_INET6, {"2001:db8::7"}),
        ("both.test.", socket.AF_INET, {"192.0.2.7"}),
        ("BOTH.Test", socket.AF_INET, {"192.0.2.7"}),
        ("four.test", socket.AF_UNSPEC, {"192.0.2.4", "192.0.2.5"}),
        ("six.test", socket.AF_UNSPEC, {"2001:db8::6"}),
        ("bücher.test", socket.AF_INET, {"192.0.2.8"}),
        ("xn--bcher-kva.test", socket.AF_INET, {"192.0.2.8"}),
    ],
)
def test_what_names_have(
    host: str, family: socket.AddressFamily, addresses: set[str], run: Run
) -> None:
    async def scenario(_: Server, world: World) -> None:
        found = await world.resolver.resolve(host, 80, family)

        assert {result["host"] for result in found} == addresses
        assert {result["hostname"] for result in found} == {host}
        assert all((":" in one["host"]) == (one["family"] == socket.AF_INET6) for one in found)

    run(scenario)


@pytest.mark.parametrize(
    ("host", "family", "address"),
    [
        ("127.0.0.1", socket.AF_UNSPEC, "127.0.0.1"),
        ("127.0.0.1", socket.AF_INET, "127.0.0.1"),
        ("::1", socket.AF_UNSPEC, "::1"),
        ("2001:db8::1", socket.AF_INET6, "2001:db8::1"),
    ],
)
def test_an_address_is_not_asked_for(
    host: str, family: socket.AddressFamily, address: str, run: Run
) -> None:
    async def scenario(server: Server, world: World) -> None:
        assert await world.found(host, family) == [address]
        assert server.asked == []
        assert world.resolver._channel is None

    run(scenario)


@pytest.mark.parametrize(("host", "family"), [("::1", "INET"), ("127.0.0.1", "INET6")])
def test_an_address_of_another_family_is_none(host: str, family: str, run: Run) -> None:
    async def scenario(_: Server, world: World) -> None:
        await world.error(host, socket.AddressFamily[f"AF_{family}"])

    run(scenario)


def test_localhost_is_not_asked_for(run: Run) -> None:
    async def scenario(server: Server, world: World) -> None:
        assert await world.found("localhost") == ["127.0.0.1"]
        assert await world.found("localhost", socket.AF_INET6) == ["::1"]
        assert server.asked == []

    run(scenario)


async def test_a_scope_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    async def getaddrinfo(*_: object, **__: object) -> SimpleNamespace:
        addresses = [(b"fe80::1", 80, 0, 3), (b"2001:db8::1", 80, 0, 0)]
        return SimpleNamespace(
            nodes=[SimpleNamespace(family=socket.AF_INET6, addr=address) for address in addresses]
        )

    monkeypatch.setattr(aiodns.DNSResolver, "getaddrinfo", getaddrinfo)
    resolver = AsyncResolver()

    found = await resolver.resolve("printer.test", 80, socket.AF_INET6)

    assert [result["host"] for result in found] == ["fe80::1%3", "2001:db8::1"]
    await resolver.close()


@pytest.mark.parametrize(
    ("host", "errno"),
    [
        ("nowhere.test", socket.EAI_NONAME),
        ("none.test", socket.EAI_NODATA),
        ("broken.test", socket.EAI_AGAIN),
        ("refused.test", socket.EAI_FAIL),
        ("a..test", socket.EAI_NONAME),
        ("x" * 70 + ".test", socket.EAI_NONAME),
    ],
)
@pytest.mark.parametrize("family", [socket.AF_UNSPEC, socket.AF_INET6])
def test_errors_are_the_systems(
    host: str, errno: int, family: socket.AddressFamily, run: Run
) -> None:
    async def scenario(_: Server, world: World) -> None:
        error = await world.error(host, family)

        assert error.errno == errno
        assert isinstance(error.__cause__, DNSError)
        assert error.strerror == error.__cause__.args[1]

    run(scenario)


@pytest.mark.parametrize(
    ("code", "errno"), [(ARES_ENOMEM, socket.EAI_MEMORY), (ARES_ENOTIMP, socket.EAI_FAIL)]
)
async def test_rare_errors_are_the_systems_too(
    code: int, errno: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def getaddrinfo(*_: object, **__: object) -> None:
        raise DNSError(code, "no")

    monkeypatch.setattr(aiodns.DNSResolver, "getaddrinfo", getaddrinfo)
    resolver = AsyncResolver()

    with pytest.raises(socket.gaierror, match="no") as caught:
        await resolver.resolve("a.test")
    assert caught.value.errno == errno
    await resolver.close()


async def test_what_a_system_does_not_know_is_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(socket, "EAI_NODATA")
    async with served() as (_, world):
        assert (await world.error("none.test")).errno == socket.EAI_NONAME


@pytest.mark.parametrize(
    "host",
    ["", ".", "127.0.0.1\0.test", "both.test\0", "ü..test", "\ud800.test", "ü" * 70 + ".test"],
)
def test_what_is_no_name_is_not_asked_for(host: str, run: Run) -> None:
    async def scenario(server: Server, world: World) -> None:
        error = await world.error(host)

        assert error.errno == socket.EAI_NONAME
        assert "Not a name of a host" in str(error)
        assert server.asked == []

    run(scenario)


def test_without_an_answer_time_runs_out(run: Run) -> None:
    async def scenario(_: Server, world: World) -> None:
        error = await world.error("silent.test")

        assert error.errno == socket.EAI_AGAIN
        assert isinstance(error.__cause__, DNSError)

    run(scenario, timeout=0.01)


def test_nobody_there(run: Run) -> None:
    async def scenario(server: Server, world: World) -> None:
        server.transport.close()
        await asyncio.sleep(0)  # in which it is closed

        assert (await world.error("both.test")).errno == socket.EAI_AGAIN

    run(scenario, timeout=1)


def test_who_is_cancelled_leaves_the_others_alone(run: Run) -> None:
    async def scenario(server: Server, world: World) -> None:
        lookups = [
            asyncio.ensure_future(world.resolver.resolve(f"{name}.silent.test")) for name in "ab"
        ]
        for _ in lookups:
            await server.silences.acquire()
        lookups[0].cancel()
        with pytest.raises(asyncio.CancelledError):
            await lookups[0]

        assert await world.found("four.test") == ["192.0.2.4", "192.0.2.5"]

        assert not lookups[1].done()
        await world.resolver.close()
        with pytest.raises(socket.gaierror):
            await lookups[1]

    run(scenario)


def test_closing_ends_lookups(run: Run) -> None:
    async def scenario(server: Server, world: World) -> None:
        lookup = asyncio.ensure_future(world.resolver.resolve("silent.test"))
        await server.silences.acquire()

        await world.resolver.close()
        await world.resolver.close()

        # Nobody has cancelled them.
        with pytest.raises(socket.gaierror) as caught:
            await lookup
        assert caught.value.errno == socket.EAI_AGAIN
        assert isinstance(caught.value.__cause__, DNSError)

    run(scenario)


def test_it_can_be_used_after_closing(run: Run) -> None:
    async def scenario(server: Server, world: World) -> None:
        for _ in range(2):
            assert await world.found("both.test") == ["192.0.2.7"]
            await world.resolver.close()
        assert server.asked == [("both.test", A)] * 2

    run(scenario)


def test_it_needs_no_loop_to_be_made() -> None:
    resolver = AsyncResolver(nameservers=["127.0.0.1"])
    assert resolver._channel is None
    asyncio.run(resolver.close())


def test_it_belongs_to_one_loop_as_long_as_that_is_open() -> None:
    resolver = AsyncResolver()
    with asyncio.Runner() as first:
        assert first.run(resolver.resolve("localhost"))
        with asyncio.Runner() as second:
            with pytest.raises(RuntimeError, match="belongs to another event loop"):
                second.run(resolver.resolve("localhost"))
        assert first.run(resolver.resolve("localhost"))
    with asyncio.Runner() as third:
        assert third.run(resolver.resolve("localhost"))
    asyncio.run(resolver.close())  # when the loop is closed already


async def test_what_a_child_inherits_is_left_alone() -> None:
    # It would tell the parent's channel, by what they share, that it is no longer needed.
    resolver = AsyncResolver()
    channel = resolver._open()
    try:
        resolver._pid += 1
        assert resolver._open() is not channel
        assert resolver._pid == os.getpid()
        await resolver.close()

        resolver._channel = channel
        resolver._pid += 1
        await resolver.close()

        assert [id(one) for one in _INHERITED] == [id(channel)] * 2
    finally:
        _INHERITED.clear()
        await channel.close()


def test_a_forked_child_has_a_channel_of_its_own() -> None:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    resolver = AsyncResolver(
        nameservers=["127.0.0.1"], udp_port=sock.getsockname()[1], timeout=30, tries=1
    )

    async def lookup(name: str) -> list[ResolveResult]:
        async with served(sock=sock.dup()):
            return await resolver.resolve(name)

    def check() -> bool:
        found = asyncio.run(lookup("four.test"))
        asyncio.run(resolver.close())
        return len(found) == 2

    with sock, asyncio.Runner() as runner:
        assert len(runner.run(lookup("both.test"))) == 1
        assert in_child(check)
        # What the child has done with its inheritance has not harmed what it is a copy of.
        assert len(runner.run(lookup("both.test"))) == 1
        runner.run(resolver.close())
