"""Streams to Unix sockets, and what can be in their place."""

import asyncio
import errno
import socket
from pathlib import Path

import pytest

from martlet_connector_pool._dial_clock import DialClock
from martlet_connector_pool._unix_opener import UnixOpener
from martlet_exceptions import ClientConnectorError, UnixClientConnectorError
from martlet_interfaces import ConnectionKey

from .proxies import on_both_loops

KEY = ConnectionKey("a.test", 80, is_ssl=False)


class Listener(asyncio.Protocol):
    """Notes its transport, and what it hears."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self.lost = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]  # a stream's

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost.set()


async def open_at(path: Path | str, protocol: Listener, clock: DialClock) -> asyncio.Transport:
    opener = UnixOpener(str(path))
    transport = await opener.open(KEY, protocol, clock, None)
    opener.close()
    return transport


@on_both_loops
async def test_it_connects(tmp_path: Path) -> None:
    listener = Listener()
    times = iter([1.0, 3.5])
    clock = DialClock(lambda: next(times))
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
        server.listen()
        transport = await open_at(tmp_path / "s", listener, clock)
        # Closing the opener ends nothing.
        transport.write(b"hello")
        with server.accept()[0] as peer:
            peer.setblocking(False)
            assert await asyncio.get_running_loop().sock_recv(peer, 10) == b"hello"
        await listener.lost.wait()

    assert transport is listener.transport
    assert clock.phases == {"connect": 2.5}


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("missing", errno.ENOENT),
        ("file", errno.ECONNREFUSED),
        ("dead", errno.ECONNREFUSED),
        ("file/s", errno.ENOTDIR),
    ],
)
@on_both_loops
async def test_nobody_is_there(tmp_path: Path, name: str, number: int) -> None:
    (tmp_path / "file").touch()
    with socket.socket(socket.AF_UNIX) as gone:
        gone.bind(str(tmp_path / "dead"))
    clock = DialClock(lambda: 1.0)

    with pytest.raises(UnixClientConnectorError) as caught:
        await open_at(tmp_path / name, Listener(), clock)
    error = caught.value
    assert isinstance(error, ClientConnectorError)
    assert (error.errno, error.path, error.host) == (number, str(tmp_path / name), "a.test")
    assert error.__cause__ is error.os_error
    assert f"unix socket {tmp_path / name}" in str(error)
    assert clock.phases == {}


@on_both_loops
async def test_a_path_that_is_too_long() -> None:
    with pytest.raises(UnixClientConnectorError, match="too long"):
        await open_at("/" + "a" * 200, Listener(), DialClock(lambda: 1.0))


@on_both_loops
async def test_cancelled_while_it_connects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loop = asyncio.get_running_loop()
    reached = asyncio.Event()

    async def hold(*_: object) -> None:
        reached.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(loop, "sock_connect", hold)
    task = asyncio.create_task(open_at(tmp_path, Listener(), DialClock(lambda: 1.0)))
    await reached.wait()
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("ticks", range(6))
@on_both_loops
async def test_cancelled_in_any_tick(tmp_path: Path, ticks: int) -> None:
    listener = Listener()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
        server.listen()
        task = asyncio.create_task(open_at(tmp_path / "s", listener, DialClock(lambda: 1.0)))
        for _ in range(ticks):
            await asyncio.sleep(0)
        task.cancel()
        (result,) = await asyncio.gather(task, return_exceptions=True)
        if not isinstance(result, asyncio.CancelledError):
            assert result is listener.transport
            listener.transport.abort()
        if hasattr(listener, "transport"):
            await listener.lost.wait()
