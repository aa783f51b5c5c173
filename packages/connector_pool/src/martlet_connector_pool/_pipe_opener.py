"""Streams to a named pipe of Windows."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol, cast

from martlet_exceptions import ClientConnectorError
from martlet_interfaces import ConnectionKey

from ._dial_clock import DialClock
from ._opener import attach

if TYPE_CHECKING:
    from martlet_interfaces import Observer

__all__ = ["PipeOpener", "check_pipes"]


class _PipeLoop(Protocol):
    """What asyncio's proactor loop has, and no other."""

    def create_pipe_connection(
        self, protocol_factory: Callable[[], asyncio.Protocol], address: str, /
    ) -> Awaitable[tuple[asyncio.BaseTransport, object]]: ...


def check_pipes(loop: asyncio.AbstractEventLoop) -> None:
    """Raise `RuntimeError` unless *loop* can connect to named pipes."""
    if not hasattr(loop, "create_pipe_connection"):
        raise RuntimeError(
            "Named pipes need asyncio's ProactorEventLoop, which is the default on Windows;"
            f" this is {loop!r}"
        )


class PipeOpener:
    """Opens streams to the pipe at *path*, whatever host a request names."""

    __slots__ = ("_path",)

    def __init__(self, path: str) -> None:
        self._path = path

    async def open(
        self,
        key: ConnectionKey,
        protocol: asyncio.Protocol,
        clock: DialClock,
        observer: "Observer | None",
    ) -> asyncio.Transport:
        """Connect to the pipe (`Opener.open`)."""
        loop = cast("_PipeLoop", asyncio.get_running_loop())
        try:
            transport = await attach(
                protocol,
                lambda: loop.create_pipe_connection(lambda: protocol, self._path),
                lambda: None,
            )
        except OSError as exc:
            raise ClientConnectorError(key, exc) from exc
        clock.lap("connect")
        return transport

    def close(self) -> None:
        """Do nothing: nothing goes on in the background."""
