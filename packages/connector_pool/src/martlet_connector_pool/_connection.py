"""A connection in the hands of a caller, as `BaseConnector.connect` gives it."""

import asyncio
import warnings
from collections.abc import Callable
from typing import Protocol

from yarl import URL

from ._dial_clock import NO_PHASES
from ._http1 import Http1Connection

__all__ = ["ConnectRequest", "Connection"]


class ConnectRequest(Protocol):
    """What `BaseConnector.connect` has to know of a request."""

    @property
    def url(self) -> URL:
        """Where it leads."""


class Connection:
    """A leased connection: it counts against the limits until `release` or `close`."""

    def __init__(
        self,
        connection: Http1Connection,
        loop: asyncio.AbstractEventLoop,
        free: Callable[[Http1Connection], None],
    ) -> None:
        self._connection: Http1Connection | None = connection
        self._transport = connection.transport
        self._loop = loop
        self._free = free
        self._handed_out = False
        self._callbacks: list[Callable[[], object]] = []

    def __repr__(self) -> str:
        return f"<Connection {self._connection or 'released'}>"

    def __bool__(self) -> bool:
        return True

    def __del__(self, _warn: Callable[..., None] = warnings.warn) -> None:
        if getattr(self, "_connection", None) is not None:
            _warn(f"Unclosed connection {self!r}", ResourceWarning, source=self, stacklevel=1)
            if not self._loop.is_closed():
                self._loop.call_soon_threadsafe(self.close)

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The event loop that it belongs to."""
        return self._loop

    @property
    def transport(self) -> asyncio.Transport | None:
        """The transport: write to it, or put a protocol on it; ``None`` once released."""
        self._handed_out = True
        return None if self._connection is None else self._transport

    @property
    def protocol(self) -> Http1Connection | None:
        """The connector's own protocol on the transport; ``None`` once released."""
        self._handed_out = True
        return self._connection

    @property
    def closed(self) -> bool:
        """Whether it is released or closed, or the peer has gone."""
        return self._connection is None or self._transport.is_closing()

    def add_callback(self, callback: Callable[[], object] | None) -> None:
        """Have *callback* called when it is released or closed."""
        if callback is not None:
            self._callbacks.append(callback)

    def close(self) -> None:
        """Close it, at once."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.abort()
            self._notify()

    def release(self) -> None:
        """Give it back to the pool.

        It is closed if its `transport` was ever asked for: what was written there may be
        answered later, and must not be taken for the answer to somebody else's request.
        """
        connection, self._connection = self._connection, None
        if connection is None:
            return
        if not self._handed_out and connection.is_ready(0):
            connection.reused = True
            connection.phases = NO_PHASES
            self._free(connection)
        else:
            connection.abort()
        self._notify()

    def _notify(self) -> None:
        callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()
