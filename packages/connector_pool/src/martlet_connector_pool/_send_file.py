"""Sending a file by the operating system (sendfile), past the transport.

The event loops' own ways are not used: asyncio's stops reading meanwhile, so that it would
hear neither of an early response nor of the end of the connection, and uvloop has none.
"""

import asyncio
import errno
import os
from typing import TYPE_CHECKING, Final

from martlet_exceptions import ClientConnectionError

if TYPE_CHECKING:
    from typing import BinaryIO

    from ._http1 import Http1Connection

__all__ = ["FileCopy", "can_copy", "read_piece"]

# As much as is sent in one go, so that others have their turn however fast the peer is.
_STEP: Final = 2 * 1024 * 1024
# What tells that the connection is broken, and not that the file cannot be sent like this.
_BROKEN: Final = frozenset(
    {errno.EPIPE, errno.ECONNRESET, errno.ECONNABORTED, errno.ENOTCONN, errno.ESHUTDOWN}
    | {errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN}
)


def can_copy(transport: asyncio.Transport) -> bool:
    """Tell whether a file may go past *transport*: nothing between may change the bytes."""
    return (
        hasattr(os, "sendfile")
        and transport.get_extra_info("ssl_object") is None
        and transport.get_extra_info("socket") is not None
    )


class FileCopy:
    """Sends *count* bytes of *file*, from *offset* on, over *connection*'s socket.

    `sent` says how many of them are sent. After `run` they may be fewer: then the file has
    ended, or the system cannot send it, and to read the rest tells which.
    """

    __slots__ = ("_connection", "_count", "_file", "_more", "_offset", "_turn", "sent")

    _turn: "asyncio.Future[None]"

    def __init__(
        self, connection: "Http1Connection", file: "BinaryIO", offset: int, count: int
    ) -> None:
        self._connection = connection
        self._file = file
        self._offset = offset
        self._count = count
        self._more = True
        self.sent = 0

    async def run(self) -> None:
        """Send them; raises `ClientConnectionError` if the connection breaks."""
        if not await self._flush():
            return
        sock = self._connection.transport.get_extra_info("socket")
        self._step(sock.fileno())
        if self._more:
            await self._send_in_turns(sock.fileno())
        failure = self._connection.write_failure
        if failure is not None:
            # An early response may have come before: two iterations, so that it is read.
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            raise self._connection.broken(failure)

    async def _flush(self) -> bool:
        """Wait until the transport holds nothing back, which would be overtaken."""
        transport = self._connection.transport
        if transport.get_write_buffer_size():
            transport.set_write_buffer_limits(0)
            try:
                await self._connection.drain()
            finally:
                if not transport.is_closing():
                    transport.set_write_buffer_limits()
        if transport.is_closing():
            raise ClientConnectionError("Connection closed")
        return not transport.get_write_buffer_size()

    async def _send_in_turns(self, sock: int) -> None:
        """Send a part each time that the socket has room."""
        loop = asyncio.get_running_loop()
        self._turn = loop.create_future()
        try:
            # The transport's own descriptor is the loop's, which watches it already.
            out = os.dup(sock)
        except OSError:  # too many files are open
            return
        try:
            try:
                loop.add_writer(out, self._take_turn, out)
            except (OSError, NotImplementedError):  # loops of Windows cannot
                return
            try:
                while self._more:
                    await self._connection.until(self._turn)
                    self._turn = loop.create_future()
            finally:
                loop.remove_writer(out)
        finally:
            os.close(out)

    def _take_turn(self, out: int) -> None:
        if self._turn.done():
            return
        if self._connection.transport.is_closing():
            self._turn.set_exception(ClientConnectionError("Connection closed"))
            return
        self._step(out)
        if not self._more:
            self._turn.set_result(None)

    def _step(self, out: int) -> None:
        size = min(self._count - self.sent, _STEP)
        try:
            sent = os.sendfile(out, self._file.fileno(), self._offset + self.sent, size)
        except BlockingIOError:
            return
        except Exception as exc:  # noqa: BLE001  # to read the file tells what is wrong with it
            if isinstance(exc, OSError) and exc.errno in _BROKEN:
                self._connection.write_failure = exc
            self._more = False
            return
        self.sent += sent
        self._more = sent > 0 and self.sent < self._count


async def read_piece(file: "BinaryIO", offset: int, size: int) -> bytes:
    """Read at most *size* bytes of *file*, from *offset* on, in a thread; none: it has ended.

    Returns only when the thread has let go of the file, also if it is cancelled.
    """
    job = asyncio.get_running_loop().run_in_executor(None, _read, file, offset, size)
    try:
        await asyncio.wait([job])
    except asyncio.CancelledError:
        await asyncio.wait([job])
        job.exception()  # or the event loop complains that nobody looked
        raise
    return job.result()


def _read(file: "BinaryIO", offset: int, size: int) -> bytes:
    if hasattr(os, "pread"):
        try:
            descriptor = file.fileno()
        except (AttributeError, OSError):  # it is in memory
            pass
        else:
            # Others may be reading the same file.
            return os.pread(descriptor, size, offset)
    file.seek(offset)
    return file.read(size)
