"""Attaching a protocol to a transport that may not come, or come in vain."""

import asyncio
import contextlib
import socket

import pytest

from martlet_connector_pool._opener import attach

from .tls_world import Lower


class Lonely(asyncio.Protocol):
    """Remembers its transport, and that it was lost."""

    transport: asyncio.BaseTransport

    def __init__(self) -> None:
        self.lost: list[Exception | None] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost.append(exc)


async def test_the_transport_is_given() -> None:
    lower, protocol, given_up = Lower(), Lonely(), list[str]()

    async def create() -> tuple[asyncio.BaseTransport, object]:
        protocol.connection_made(lower)
        return lower, protocol

    assert await attach(protocol, create, lambda: given_up.append("socket")) is lower
    assert lower.asked == []
    assert protocol.lost == []
    assert given_up == []


@pytest.mark.parametrize(
    "exc", [OSError("no"), MemoryError(), asyncio.CancelledError(), KeyboardInterrupt()], ids=repr
)
@pytest.mark.parametrize("connected", [True, False])
async def test_nothing_is_left_behind(exc: BaseException, connected: bool) -> None:
    lower, protocol, given_up = Lower(), Lonely(), list[str]()

    async def create() -> tuple[asyncio.BaseTransport, object]:
        if connected:
            protocol.connection_made(lower)
        raise exc

    caught: BaseException | None = None
    try:
        await attach(protocol, create, lambda: given_up.append("socket"))
    except BaseException as error:  # noqa: BLE001  # any of them
        caught = error

    assert caught is exc
    assert lower.asked == (["abort"] if connected else [])
    assert protocol.lost == ([None] if connected else [])
    assert given_up == ([] if connected else ["socket"])


@pytest.mark.parametrize("ticks", range(6))
async def test_cancelled_in_any_tick(ticks: int) -> None:
    loop = asyncio.get_running_loop()
    near, far = socket.socketpair()
    near.setblocking(False)
    protocol = Lonely()
    task = asyncio.create_task(
        attach(protocol, lambda: loop.create_connection(lambda: protocol, sock=near), near.close)
    )
    for _ in range(ticks):
        await asyncio.sleep(0)
    begun = ticks > 0
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        (await task).abort()
    if not begun:
        near.close()
    while near.fileno() != -1:  # noqa: ASYNC110  # the loop closes it in a tick to come
        await asyncio.sleep(0)

    assert not hasattr(protocol, "transport") or protocol.lost
    assert far.recv(1) == b""
    far.close()
