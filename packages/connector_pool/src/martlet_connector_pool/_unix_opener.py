"""Streams to a Unix socket."""

import asyncio
import socket
from typing import TYPE_CHECKING

from martlet_exceptions import UnixClientConnectorError
from martlet_interfaces import ConnectionKey

from ._dial_clock import DialClock
from ._opener import attach

if TYPE_CHECKING:
    from martlet_interfaces import Observer

__all__ = ["UnixOpener"]


class UnixOpener:
    """Opens streams to the socket at *path*, whatever host a request names."""

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
        """Connect to the socket (`Opener.open`); raises `UnixClientConnectorError`."""
        loop = asyncio.get_running_loop()
        try:
            sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                sock.setblocking(False)
                await loop.sock_connect(sock, self._path)
            except BaseException:
                sock.close()
                raise
            clock.lap("connect")
            return await attach(
                protocol,
                lambda: loop.create_unix_connection(lambda: protocol, sock=sock),
                sock.close,
            )
        except OSError as exc:
            raise UnixClientConnectorError(self._path, key, exc) from exc

    def close(self) -> None:
        """Do nothing: nothing goes on in the background."""
