"""The peers of this folder's tests, one of each for all of them; the tests run on both loops."""

import asyncio
import gc
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
import uvloop

from martlet_connector_pool import TCPConnector
from open_sockets import socket_names

from .origin import Origin, serve_origin
from .proxies import Proxy, serve_squid, serve_tinyproxy

_FEW = 10


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Run each test on asyncio's own loop and on uvloop."""
    return {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}


@pytest.fixture(scope="session", autouse=True)
def _imports_are_no_garbage() -> None:
    gc.collect()
    gc.freeze()  # the collections after each test are cheap then


@pytest.fixture(scope="session")
def origin() -> Iterator[Origin]:
    with serve_origin() as server:
        yield server


@pytest.fixture(scope="session")
def tinyproxy(origin: Origin) -> Iterator[Proxy]:
    assert origin.https.port is not None
    with serve_tinyproxy(origin.https.port) as server:
        yield server


@pytest.fixture(scope="session")
def squids() -> Iterator[tuple[Proxy, Proxy]]:
    with serve_squid() as servers:
        yield servers


@pytest.fixture(scope="session")
def squid(squids: tuple[Proxy, Proxy]) -> Proxy:
    return squids[0]


@pytest.fixture(scope="session")
def tls_squid(squids: tuple[Proxy, Proxy]) -> Proxy:
    return squids[1]


@pytest.fixture(params=["tinyproxy", "squid", "tls_squid"])
def proxy(request: pytest.FixtureRequest) -> Proxy:
    """Each of the proxies in turn."""
    found: Proxy = request.getfixturevalue(request.param)
    return found


@pytest.fixture
async def connector() -> AsyncIterator[TCPConnector]:
    async with TCPConnector(limit=10) as connector:
        yield connector


@pytest.fixture
def dead_port() -> Iterator[int]:
    """Give a port that refuses connections, and that nobody takes meanwhile."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        yield sock.getsockname()[1]


@pytest.fixture(autouse=True)
async def _nothing_stays_behind() -> AsyncIterator[None]:
    """Hold the invariants: no task, no socket, no complaint is left when a connector is closed."""
    complaints: list[dict[str, Any]] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: complaints.append(context))
    tasks: set[asyncio.Task[Any] | None] = {*asyncio.all_tasks()}
    sockets = len(socket_names())
    yield
    gc.collect()
    tasks.add(asyncio.current_task())  # another one than before
    for _ in range(_FEW):  # cleaning up takes iterations of the loop, but never time
        if asyncio.all_tasks() <= tasks and len(socket_names()) == sockets:
            break
        await asyncio.sleep(0)
    assert asyncio.all_tasks() <= tasks
    assert len(socket_names()) == sockets
    assert complaints == []
