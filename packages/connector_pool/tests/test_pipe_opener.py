"""Streams to named pipes, on a loop that has Unix sockets in their place."""

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from martlet_connector_pool._dial_clock import DialClock
from martlet_connector_pool._pipe_opener import PipeOpener, check_pipes
from martlet_exceptions import ClientConnectorError, UnixClientConnectorError

from .test_unix_opener import KEY, Listener


class PipeLoop(asyncio.SelectorEventLoop):
    """Has the method of Windows' proactor loop; *broken* is raised when all is connected."""

    broken: BaseException | None = None

    async def create_pipe_connection(
        self, protocol_factory: Callable[[], asyncio.Protocol], address: str
    ) -> tuple[asyncio.Transport, asyncio.Protocol]:
        pair = await self.create_unix_connection(protocol_factory, address)
        if self.broken is not None:
            raise self.broken
        return pair


def run(scenario: "Callable[[Path], object]", path: Path) -> None:
    """Run *scenario* where something listens at *path*."""

    async def main() -> None:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(path))
            server.listen()
            await scenario(path)  # type: ignore[misc]  # a coroutine

    with asyncio.Runner(loop_factory=PipeLoop) as runner:
        runner.run(main())


async def open_at(path: Path, protocol: Listener, clock: DialClock) -> asyncio.Transport:
    opener = PipeOpener(str(path))
    transport = await opener.open(KEY, protocol, clock, None)
    opener.close()
    return transport


def test_only_some_loops_can_do_it() -> None:
    loop = PipeLoop()
    check_pipes(loop)
    loop.close()
    other = asyncio.SelectorEventLoop()
    other.close()

    with pytest.raises(RuntimeError, match=r"ProactorEventLoop.* this is <.*SelectorEventLoop"):
        check_pipes(other)


def test_it_connects(tmp_path: Path) -> None:
    async def scenario(path: Path) -> None:
        listener = Listener()
        times = iter([1.0, 3.5])
        clock = DialClock(lambda: next(times))
        transport = await open_at(path, listener, clock)
        assert transport is listener.transport
        assert clock.phases == {"connect": 2.5}
        transport.abort()
        await listener.lost.wait()

    run(scenario, tmp_path / "pipe")


def test_nobody_is_there(tmp_path: Path) -> None:
    async def scenario(path: Path) -> None:
        clock = DialClock(lambda: 1.0)
        with pytest.raises(ClientConnectorError) as caught:
            await open_at(path.with_name("missing"), Listener(), clock)
        assert not isinstance(caught.value, UnixClientConnectorError)
        assert isinstance(caught.value.__cause__, FileNotFoundError)
        assert caught.value.host == "a.test"
        assert clock.phases == {}

    run(scenario, tmp_path / "pipe")


@pytest.mark.parametrize("error", [OSError("broken"), asyncio.CancelledError()])
def test_what_fails_when_it_is_connected_is_closed(tmp_path: Path, error: BaseException) -> None:
    async def scenario(path: Path) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, PipeLoop)
        loop.broken = error
        listener = Listener()
        expected = ClientConnectorError if isinstance(error, OSError) else asyncio.CancelledError
        with pytest.raises(expected):
            await open_at(path, listener, DialClock(lambda: 1.0))
        assert listener.transport.is_closing()
        assert listener.lost.is_set()
        await asyncio.sleep(0)

    run(scenario, tmp_path / "pipe")
