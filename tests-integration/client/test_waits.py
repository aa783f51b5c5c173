"""What never comes: names, connections, handshakes, heads, bodies, free connections."""

import asyncio
import errno
import re
import socket
from collections.abc import Sequence
from typing import NamedTuple

import pytest

import martlet
from martlet import ClientTimeout
from martlet_connector_pool import AbstractResolver, ResolveResult

from .fault_server import Peer, Step, answer, gate, request, send
from .world import LOOPS, LoopFactory, World, run

SOON = 0.05


class Silent(AbstractResolver):
    """Never finds anything, and never says so."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        await asyncio.Event().wait()
        return []

    async def close(self) -> None:
        """Hold nothing."""


class Failing(Silent):
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


async def drip(peer: Peer) -> None:
    """Send a head byte by byte, and never its end."""
    for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 50:
        peer.writer.write(bytes([byte]))
        await asyncio.sleep(0)


class Wait(NamedTuple):
    name: str
    steps: Sequence[Step]
    timeout: ClientTimeout
    error: type[Exception]
    phase: str


PART = send(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart")
READ = ClientTimeout(sock_read=SOON)
TOTAL = ClientTimeout(total=SOON)
WAITS = [
    Wait("no head", [request, gate], READ, martlet.SocketTimeoutError, "sock_read"),
    Wait("no head, in all", [request, gate], TOTAL, martlet.TotalTimeoutError, "total"),
    Wait("half a head", [request, drip, gate], READ, martlet.SocketTimeoutError, "sock_read"),
    Wait("a slow head, in all", [request, drip, gate], TOTAL, martlet.TotalTimeoutError, "total"),
    Wait("half a body", [request, PART, gate], READ, martlet.SocketTimeoutError, "sock_read"),
    Wait("half a body, in all", [request, PART, gate], TOTAL, martlet.TotalTimeoutError, "total"),
]


def check_text(error: BaseException, phase: str, url: str) -> None:
    """Every timeout names its phase, its limit, the time that went by and the URL."""
    assert isinstance(error, martlet.ServerTimeoutError)
    assert isinstance(error, asyncio.TimeoutError)
    assert (error.phase, error.limit) == (phase, SOON)
    assert error.elapsed is not None
    assert error.elapsed >= SOON - 0.002  # a loop's clock ticks in milliseconds
    assert url in str(error)
    assert re.search(rf"\({phase}=0\.05 s, ", str(error))


@LOOPS
@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
@pytest.mark.parametrize("wait", WAITS, ids=lambda wait: wait.name)
def test_a_silent_server_is_given_up(loop_factory: LoopFactory, wait: Wait, tls: bool) -> None:
    async def scenario(world: World) -> None:
        # The connection is there already, so that a short limit hits what it is for.
        assert await world.fetch(timeout=None) == b"ok"
        with pytest.raises(wait.error) as caught:
            await world.fetch(timeout=wait.timeout)
        check_text(caught.value, wait.phase, world.url)

    run(loop_factory, scenario, [answer, *wait.steps], tls=tls)


@LOOPS
@pytest.mark.parametrize(
    ("timeout", "phase"),
    [
        (ClientTimeout(sock_connect=SOON), "sock_connect"),
        (ClientTimeout(connect=SOON), "connect"),
        (TOTAL, "total"),
    ],
    ids=["sock_connect", "connect", "total"],
)
class TestConnectingTakesTooLong:
    def test_for_a_name(
        self, loop_factory: LoopFactory, timeout: ClientTimeout, phase: str
    ) -> None:
        async def scenario(world: World) -> None:
            url = world.server.url_of("slow.test")
            with pytest.raises(martlet.ServerTimeoutError) as caught:
                await world.fetch(url, timeout=timeout)
            check_text(caught.value, phase, url)

        run(loop_factory, scenario, connector={"resolver": Silent()})

    def test_for_a_connection(
        self, loop_factory: LoopFactory, timeout: ClientTimeout, phase: str
    ) -> None:
        async def scenario(world: World) -> None:
            with socket.socket() as full, socket.socket() as first, socket.socket() as second:
                full.bind(("127.0.0.1", 0))
                full.listen(0)
                for filler in (first, second):  # what comes after these is not answered
                    filler.setblocking(False)
                    filler.connect_ex(full.getsockname())
                url = f"http://127.0.0.1:{full.getsockname()[1]}/"
                with pytest.raises(martlet.ServerTimeoutError) as caught:
                    await world.fetch(url, timeout=timeout)
                check_text(caught.value, phase, url)

        run(loop_factory, scenario)

    def test_for_a_handshake(
        self, loop_factory: LoopFactory, timeout: ClientTimeout, phase: str
    ) -> None:
        async def scenario(world: World) -> None:
            url = world.url.replace("http:", "https:")
            with pytest.raises(martlet.ServerTimeoutError) as caught:
                await world.fetch(url, timeout=timeout)
            check_text(caught.value, phase, url)

        run(loop_factory, scenario, [gate])


@LOOPS
def test_nobody_listens(loop_factory: LoopFactory) -> None:
    async def scenario(world: World) -> None:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            port = unused.getsockname()[1]
            with pytest.raises(martlet.ClientConnectorError, match=f"127.0.0.1:{port}") as caught:
                await world.fetch(f"http://127.0.0.1:{port}/")
        assert caught.value.errno == errno.ECONNREFUSED
        assert isinstance(caught.value.__cause__, ConnectionRefusedError)

    run(loop_factory, scenario)


@LOOPS
def test_the_system_knows_no_such_name(loop_factory: LoopFactory) -> None:
    async def scenario(world: World) -> None:
        with pytest.raises(martlet.ClientConnectorDNSError, match=r"nosuch\.invalid:80") as caught:
            await world.fetch("http://nosuch.invalid/")
        assert isinstance(caught.value.__cause__, socket.gaierror)

    run(loop_factory, scenario)


@LOOPS
def test_each_who_asks_for_a_name_hears_that_there_is_none(loop_factory: LoopFactory) -> None:
    async def scenario(world: World) -> None:
        url = world.server.url_of("none.test")
        results = await asyncio.gather(
            *[world.fetch(url) for _ in range(3)], return_exceptions=True
        )
        errors = [result for result in results if isinstance(result, Exception)]
        assert [type(error) for error in errors] == [martlet.ClientConnectorDNSError] * 3
        assert len({id(error) for error in errors}) == 3
        assert all(isinstance(error.__cause__, socket.gaierror) for error in errors)

    run(loop_factory, scenario, connector={"resolver": Failing()})


@LOOPS
def test_all_connections_are_in_use(loop_factory: LoopFactory) -> None:
    async def scenario(world: World) -> None:
        order: list[int] = []

        async def one(number: int) -> None:
            await world.fetch(f"{world.url}{number}", timeout=None)
            order.append(number)

        tasks = [asyncio.ensure_future(one(0))]
        await world.server.gate_reached.wait()
        tasks += [asyncio.ensure_future(one(number)) for number in (1, 2, 3)]
        with pytest.raises(martlet.ConnectionTimeoutError) as caught:
            await world.fetch(timeout=ClientTimeout(connect=SOON))
        check_text(caught.value, "connect", world.url)
        world.server.gate.set()
        await asyncio.gather(*tasks)
        assert order == [0, 1, 2, 3]
        assert world.server.connections == 1

    ok = send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    run(loop_factory, scenario, [request, gate, ok], connector={"limit": 1})
