"""What receivers of tracing raise: it comes out of the request, and nothing stays behind."""

from typing import Any, Final

import pytest

import martlet

from .fault_server import Step, answer, fin, gate, request, send
from .world import LOOPS, LoopFactory, World, run

REDIRECT: Final = send(b"HTTP/1.1 307 Go\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n")


class MineError(Exception):
    """What a receiver raises."""


class Trap:
    """Raises, when *name* is told of, as long as it is set."""

    def __init__(self, name: str) -> None:
        self.set = False
        self.error = MineError(name)
        self.failures: list[BaseException] = []
        self.config = martlet.TraceConfig()
        self.config.on_request_exception.append(self._fail)
        getattr(self.config, name).append(self._receive)

    async def _receive(self, *_told: object) -> None:
        if self.set:
            raise self.error

    async def _fail(self, _session: object, _ctx: object, params: Any) -> None:
        self.failures.append(params.exception)


# The scripts bring a request to where each of them is told.
TRAPS: Final[dict[str, list[Step]]] = {
    "on_request_start": [],
    "on_connection_create_start": [],
    "on_connection_create_end": [],
    "on_dns_cache_miss": [],
    "on_dns_resolvehost_start": [],
    "on_dns_resolvehost_end": [],
    "on_request_headers_sent": [],
    "on_request_chunk_sent": [],
    "on_request_redirect": [request, REDIRECT],
    "on_request_end": [],
    "on_request_exception": [request, fin],
}


@LOOPS
@pytest.mark.parametrize("name", TRAPS)
def test_what_a_receiver_raises_comes_out(name: str, loop_factory: LoopFactory) -> None:
    trap = Trap(name)

    async def scenario(world: World) -> None:
        trap.set = True
        with pytest.raises(MineError) as caught:
            await world.session.post(world.server.url_of("localhost"), data=b"body")
        trap.set = False
        assert caught.value is trap.error
        if name != "on_request_exception":
            assert trap.failures[-1:] in ([], [trap.error])

    run(loop_factory, scenario, TRAPS[name], trace_configs=[trap.config])


@LOOPS
@pytest.mark.parametrize("name", ["on_connection_reuseconn", "on_dns_cache_hit"])
def test_what_a_receiver_raises_on_the_second_request_comes_out(
    name: str, loop_factory: LoopFactory
) -> None:
    trap = Trap(name)

    async def scenario(world: World) -> None:
        url = world.server.url_of("localhost")
        await world.fetch(url)
        trap.set = True
        with pytest.raises(MineError):
            await world.session.get(url)
        trap.set = False
        assert trap.failures == [trap.error]

    options = {"force_close": name == "on_dns_cache_hit"}
    run(loop_factory, scenario, connector=options, trace_configs=[trap.config])


@LOOPS
@pytest.mark.parametrize("name", ["on_connection_queued_start", "on_connection_queued_end"])
def test_what_a_receiver_raises_to_one_who_waits_comes_out(
    name: str, loop_factory: LoopFactory
) -> None:
    trap = Trap(name)

    async def scenario(world: World) -> None:
        world.beside(world.fetch())
        await world.server.gate_reached.wait()
        trap.set = True
        world.beside(let_go(world))
        with pytest.raises(MineError):
            await world.session.get(world.url)
        trap.set = False

    async def let_go(world: World) -> None:
        world.server.gate.set()

    script = [gate, answer]
    run(loop_factory, scenario, script, connector={"limit": 1}, trace_configs=[trap.config])


@LOOPS
def test_what_a_receiver_of_chunks_raises_comes_out_of_reading(loop_factory: LoopFactory) -> None:
    trap = Trap("on_response_chunk_received")
    part = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart"

    async def scenario(world: World) -> None:
        trap.set = True
        async with world.session.get(world.url) as response:
            with pytest.raises(MineError):
                await response.read()
        trap.set = False

    run(loop_factory, scenario, [request, send(part), gate], trace_configs=[trap.config])
