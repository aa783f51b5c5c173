"""The same connection, received into a buffer that is used again.

A plain protocol gets a new bytes object of 256 KiB for every read from asyncio's selector
loops, cut down afterwards to the few hundred bytes that came: to map and unmap that
memory costs more than everything else about a small response.
"""

import asyncio
import threading
from typing import Final

from ._http1 import Http1Connection

__all__ = ["BufferedHttp1Connection", "connection_class", "may_share_buffer", "receive_buffer"]

_SIZE: Final = 256 * 1024
_threads = threading.local()


def receive_buffer() -> memoryview:
    """Give this thread's buffer, which is filled and emptied within one callback."""
    try:
        buffer: memoryview = _threads.buffer
    except AttributeError:
        buffer = _threads.buffer = memoryview(bytearray(_SIZE))
    return buffer


def may_share_buffer(loop: asyncio.AbstractEventLoop) -> bool:
    """Tell whether *loop* asks for a buffer when there is something to read, not in advance."""
    return isinstance(loop, asyncio.SelectorEventLoop)


class BufferedHttp1Connection(Http1Connection, asyncio.BufferedProtocol):
    """An `Http1Connection` for event loops that read when there is something to read."""

    __slots__ = ("_buffer",)

    _buffer: memoryview

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport, and this thread's buffer."""
        super().connection_made(transport)
        self._buffer = receive_buffer()

    def get_buffer(self, sizehint: int) -> memoryview:
        """Say where the next bytes go."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Take them from there."""
        self.data_received(self._buffer[:nbytes].tobytes())


def connection_class(loop: asyncio.AbstractEventLoop) -> type[Http1Connection]:
    """Choose for *loop*."""
    return BufferedHttp1Connection if may_share_buffer(loop) else Http1Connection
