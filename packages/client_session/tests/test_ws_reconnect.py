import asyncio
import random
from collections.abc import Callable
from typing import Any

import pytest
from yarl import URL

from martlet_client_session import ClientSession
from martlet_client_session._ws_reconnect import WebSocketReconnect
from martlet_exceptions import (
    ClientConnectionError,
    InvalidURL,
    ServerDisconnectedError,
    ServerTimeoutError,
    WSServerHandshakeError,
)
from martlet_interfaces import RequestInfo

from .scripted import no_fields, run_virtual
from .ws_scripted import WebSocketServer

ADDRESS = "ws://example.org/"


def refused(status: int) -> WSServerHandshakeError:
    info = RequestInfo(URL(ADDRESS), "GET", no_fields(), URL(ADDRESS))
    return WSServerHandshakeError(info, (), status=status)


def run(scenario: Callable[[WebSocketServer, ClientSession], Any]) -> float:
    async def main() -> None:
        server = WebSocketServer()
        async with ClientSession(connector=server) as session:
            await scenario(server, session)

    return run_virtual(main)


async def turns(server: WebSocketServer, reconnect: Any, count: int, held: float = 0) -> None:
    """Go through *count* connections, each of which ends after *held* seconds."""
    async for ws in reconnect:
        count -= 1
        loop = asyncio.get_running_loop()
        loop.call_later(held, server.peers[-1].eof)
        assert [message async for message in ws] == []
        if not count:
            break


def test_the_waits_grow() -> None:
    async def scenario(server: WebSocketServer, session: ClientSession) -> None:
        await turns(server, session.ws_reconnect(ADDRESS, jitter=False), 9)

    assert run(scenario) == pytest.approx(0.5 + 1 + 2 + 4 + 8 + 16 + 32 + 60)


def test_what_held_for_long_begins_anew() -> None:
    async def scenario(server: WebSocketServer, session: ClientSession) -> None:
        await turns(server, session.ws_reconnect(ADDRESS, jitter=False), 5, held=100)

    assert run(scenario) == pytest.approx(500 + 4 * 0.5)


def test_failures_to_connect() -> None:
    async def scenario(server: WebSocketServer, session: ClientSession) -> None:
        server.failures += [
            ServerDisconnectedError(),
            ServerTimeoutError("too long"),
            refused(503),
            refused(429),
        ]
        await turns(server, session.ws_reconnect(ADDRESS, jitter=False), 1)
        assert server.failures == []

    assert run(scenario) == pytest.approx(0.5 + 1 + 2 + 4)


@pytest.mark.parametrize(
    "failure",
    [refused(404), refused(101), ClientConnectionError("Connector is closed"), InvalidURL("x")],
)
def test_failures_that_last(failure: Exception) -> None:
    async def scenario(server: WebSocketServer, session: ClientSession) -> None:
        server.failures.append(failure)
        with pytest.raises(type(failure)) as caught:
            await turns(server, session.ws_reconnect(ADDRESS), 1)
        assert caught.value is failure

    assert run(scenario) == 0


def test_enough_is_enough() -> None:
    async def scenario(server: WebSocketServer, session: ClientSession) -> None:
        server.failures += [ServerDisconnectedError(str(number)) for number in range(9)]
        reconnect = session.ws_reconnect(ADDRESS, attempts=3, backoff=lambda _: 1.0, jitter=False)
        with pytest.raises(ServerDisconnectedError, match="2"):
            await turns(server, reconnect, 1)

    assert run(scenario) == pytest.approx(2)


def test_the_one_before_is_closed() -> None:
    async def scenario(server: WebSocketServer, session: ClientSession) -> None:
        found: list[Any] = []
        async for ws in session.ws_reconnect(ADDRESS, timeout=3, backoff=lambda _: 0):
            found.append(ws)
            if len(found) == 2:
                break
        assert [ws.closed for ws in found] == [True, False]
        assert server.peers[0].transport.aborted
        server.peers[1].eof()

    assert run(scenario) == pytest.approx(3)


def test_waits_are_random_parts() -> None:
    async def scenario(server: WebSocketServer, session: ClientSession) -> None:
        reconnect = session.ws_reconnect(ADDRESS, backoff=lambda _: 10, jitter=random.Random(1))
        await turns(server, reconnect, 4)

    seeded = random.Random(1)
    assert run(scenario) == pytest.approx(10 * sum(seeded.random() for _ in range(3)))

    async def default(server: WebSocketServer, session: ClientSession) -> None:
        await turns(server, session.ws_reconnect(ADDRESS, backoff=lambda _: 10), 2)

    assert 0 <= run(default) < 10


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"attempts": 0}, ValueError, "at least 1"),
        ({"attempts": True}, TypeError, "an int or None, not bool"),
        ({"attempts": "3"}, TypeError, "not str"),
        ({"backoff": 3}, TypeError, "cannot be called"),
        ({"jitter": 0.5}, TypeError, "bool or a random.Random"),
    ],
)
def test_mistakes(options: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        WebSocketReconnect(lambda: pytest.fail("it is not asked"), **options)


def test_a_backoff_that_gives_no_number() -> None:
    async def scenario(server: WebSocketServer, session: ClientSession) -> None:
        with pytest.raises(ValueError, match="backoff"):
            await turns(server, session.ws_reconnect(ADDRESS, backoff=lambda _: -1), 2)

    run(scenario)
