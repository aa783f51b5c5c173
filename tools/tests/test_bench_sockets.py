"""The WebSocket scenarios: who has them, what is sent, and what the clients make of it."""

import asyncio
import resource
import zlib
from collections.abc import AsyncIterator, Iterator
from itertools import repeat
from pathlib import Path
from typing import cast

import pytest

from bench import _socket_rounds, clients
from bench._echo_server import Echo, listen
from bench._payloads import socket_messages
from bench._processes import Cores
from bench._runner import Pace, Runner
from bench._scenarios import IDLE_SOCKETS, SCENARIOS, SOCKET_KINDS, Scenario
from bench._servers import Addresses
from bench._socket_rounds import echo, measure_idle_sockets, possible_sockets
from bench.clients.picows_client import Picows
from bench.clients.shape import BadAnswerError, Plan, SocketClient

_SOCKETS = [one for one in SCENARIOS.values() if one.kind in SOCKET_KINDS]
_ECHOES = [one for one in _SOCKETS if one.kind == "socket"]


@pytest.fixture
async def port() -> AsyncIterator[int]:
    server = await listen()
    async with server:
        yield server.sockets[0].getsockname()[1]


@pytest.fixture(params=["martlet", "picows"])
async def client(request: pytest.FixtureRequest) -> AsyncIterator[SocketClient]:
    client = cast(SocketClient, clients.create(request.param))
    await client.open(Plan(concurrency=1, limit=0, fresh=False, authority=None))
    yield client
    await client.close()
    # The server has to see the end of them before the loop goes.
    for _ in range(100_000):
        if not Echo.opened:
            break
        await asyncio.sleep(0)


def test_who_is_asked() -> None:
    for scenario in SCENARIOS.values():
        assert scenario.asks("martlet")
        assert scenario.asks("aiohttp")
        assert not (scenario.asks("picows") and scenario.asks("floor"))
    asked = {one.name for one in SCENARIOS.values() if one.asks("picows")}
    assert asked == {"ws-echo-64", "ws-flight-500", "ws-64k", "ws-idle-memory"}
    assert not any(one.asks("httpx") for one in _SOCKETS)


@pytest.mark.parametrize("scenario", _ECHOES, ids=lambda one: one.name)
def test_messages(scenario: Scenario) -> None:
    messages = socket_messages(scenario)
    assert {len(message) for message in messages} == {scenario.length}
    assert {isinstance(message, str) for message in messages} == {scenario.compress}
    assert socket_messages(scenario) == messages


def test_compressed_messages_are_not_found_whole_in_what_went_before() -> None:
    texts = [str(message).encode() for message in socket_messages(SCENARIOS["ws-deflate-2k"])]
    assert len(set(texts)) * 2_000 > 2 * 32_768
    compressor, packed = zlib.compressobj(wbits=-15), 0
    for text in texts * 2:
        packed = len(compressor.compress(text) + compressor.flush(zlib.Z_SYNC_FLUSH))
    assert 200 < packed < 800


@pytest.mark.parametrize("name", [one.name for one in _ECHOES])
async def test_echo(client: SocketClient, port: int, name: str) -> None:
    scenario = SCENARIOS[name]
    url = f"ws://127.0.0.1:{port}{scenario.path}"
    if isinstance(client, Picows) and scenario.compress:
        with pytest.raises(ValueError, match="no compression"):
            await client.connect(url, compress=True)
        return
    await client.connect(url, compress=scenario.compress)
    # Fewer than are in flight at once, and more.
    for count in (2, scenario.concurrency + 2):
        sample = await echo(scenario, client, count)
        assert sample.operations == count
        assert sample.cpu is not None


async def test_a_message_that_is_lost(client: SocketClient, port: int) -> None:
    await client.connect(f"ws://127.0.0.1:{port}/echo", compress=False)
    for one in Echo.opened:
        one.transport.abort()
    with pytest.raises((BadAnswerError, TypeError, ConnectionError)):
        await asyncio.wait_for(client.echo(repeat(b"one", 9), 2, text=False), 10)


async def test_picows_is_asked_for_binary_messages_only() -> None:
    with pytest.raises(ValueError, match="binary"):
        await Picows().echo(iter(["text"]), 1, text=True)


class Short:
    """Stands for a client: hands out one byte less than it got."""

    async def open(self, plan: Plan) -> None: ...

    async def close(self) -> None: ...

    async def connect(self, url: str, *, compress: bool) -> None: ...

    async def echo(self, messages: Iterator[str | bytes], flying: int, *, text: bool) -> int:
        return sum(map(len, messages)) - 1

    async def rest(self, url: str, count: int, at_once: int) -> None: ...


async def test_a_byte_that_is_missing() -> None:
    with pytest.raises(BadAnswerError, match="191 bytes of messages in place of 192"):
        await echo(SCENARIOS["ws-echo-64"], Short(), 3)


async def test_sockets_that_are_not_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_socket_rounds, "open_connections", lambda counter: 7)
    with pytest.raises(BadAnswerError, match="0 sockets were open in place of 3"):
        await measure_idle_sockets(Short(), "ws://a/", 1, 3)


async def test_sockets_that_rest(
    client: SocketClient, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The server is on this loop: it cannot be asked in the way that blocks.
    monkeypatch.setattr(_socket_rounds, "open_connections", lambda counter: len(Echo.opened))
    sample = await measure_idle_sockets(client, f"ws://127.0.0.1:{port}/echo", port, 5)
    assert sample.operations == 5
    assert sample.memory is not None


@pytest.mark.parametrize(
    ("soft", "count"),
    [(1_024, 524), (10_499, 9_999), (65_536, IDLE_SOCKETS), (resource.RLIM_INFINITY, IDLE_SOCKETS)],
)
def test_possible_sockets(monkeypatch: pytest.MonkeyPatch, soft: int, count: int) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda which: (soft, soft))
    assert possible_sockets() == count


def test_where_the_sockets_lead(tmp_path: Path) -> None:
    addresses = Addresses(plain="http://127.0.0.1:1", hold=2, echo=3)
    pace = Pace(rounds=1, process_rounds=1, seconds=1, operations=None)
    cores = Cores(None, None)
    runner = Runner(tmp_path, addresses, cores, "uvloop", pace)
    for scenario in _SOCKETS:
        assert runner._base(scenario) == "ws://127.0.0.1:3"
        assert runner._counter(scenario) == 3
    assert runner._counter(SCENARIOS["idle-memory"]) == 2
