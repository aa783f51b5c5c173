"""The same connection, received into a buffer that is used again.

A plain protocol gets a new bytes object of 256 KiB for every read from asyncio's selector
loops, cut down afterwards to the few hundred bytes that came: to map and unmap that
memory costs more than everything else about a small response.
"""

import asyncio
import threading
from typing import Final

from ._http1 import Http1Connection

__all__ = ["BufferedHttp1Connection", "connection_class"]

# Filled and emptied within one callback, so one serves all connections of a thread.
_SIZE: Final = 256 * 1024
_threads = threading.local()


class BufferedHttp1Connection(Http1Connection, asyncio.BufferedProtocol):
    """An `Http1Connection` for event loops that read when there is something to read."""

    __slots__ = ("_buffer",)

    _buffer: memoryview

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport, and this thread's buffer."""
        super().connection_made(transport)
        try:
            self._buffer = _threads.buffer
        except AttributeError:
            self._buffer = _threads.buffer = memoryview(bytearray(_SIZE))

    def get_buffer(self, sizehint: int) -> memoryview:
        """Say where the next bytes go."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Take them from there."""
        self.data_received(self._buffer[:nbytes].tobytes())


def connection_class(loop: asyncio.AbstractEventLoop) -> type[Http1Connection]:
    """Choose for *loop*: those that hand a buffer to the system in advance cannot share it."""
    if isinstance(loop, asyncio.SelectorEventLoop):
        return BufferedHttp1Connection
    return Http1Connection
