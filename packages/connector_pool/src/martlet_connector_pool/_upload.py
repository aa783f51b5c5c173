"""Writing a body that is not simply bytes in memory."""

from typing import TYPE_CHECKING

from martlet_exceptions import ClientConnectionError, ClientPayloadError
from martlet_http_parser import LAST_CHUNK, serialize_chunk
from martlet_interfaces import RequestBody

if TYPE_CHECKING:
    from typing import BinaryIO

    from martlet_interfaces import Observer

    from ._http1 import Http1Connection

__all__ = ["BytesBody", "Http1BodyWriter", "upload"]

_SLICE = 256 * 1024
_PIECE_OF_FILE = 512 * 1024


class BytesBody:
    """Bytes too large to be written at once."""

    replayable = True

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.length: int = len(data)

    async def write_to(self, out: "Http1BodyWriter") -> None:
        """Write them a slice at a time, so that the peer sets the pace."""
        view = memoryview(self._data)
        for start in range(0, self.length, _SLICE):
            await out.write_stable(view[start : start + _SLICE])


class Http1BodyWriter:
    """Frames what a body writes, and holds it to the length it has announced.

    It is a `martlet_interfaces.FileBodyWriter`.
    """

    __slots__ = ("_connection", "_left", "_observer")

    def __init__(
        self,
        connection: "Http1Connection",
        length: int | None,
        observer: "Observer | None" = None,
    ) -> None:
        self._connection = connection
        self._left = length
        self._observer = observer

    async def write(self, data: bytes | bytearray | memoryview, /) -> None:
        """Send *data*; return when there is room for more."""
        # Transports keep what they cannot send at once, and the caller may change it.
        await self.write_stable(bytes(data))

    async def write_stable(self, data: bytes | memoryview) -> None:
        """Send *data*, which is never going to change."""
        piece = data
        if self._left is None:
            data = serialize_chunk(data)
        else:
            self._left -= data.nbytes if isinstance(data, memoryview) else len(data)
            if self._left < 0:
                raise _longer(-self._left)
        connection = self._connection
        if connection.transport.is_closing():
            raise ClientConnectionError("Connection closed")
        if data:
            connection.transport.write(data)
        if self._observer is not None:
            from martlet_interfaces import ChunkSent

            await self._observer.observe(ChunkSent(bytes(piece)))
        await connection.drain()

    async def send_file(self, file: "BinaryIO", offset: int, count: int, /) -> None:
        """Send *count* bytes of *file*, from *offset* on; return when there is room for more.

        See `martlet_interfaces.FileBodyWriter`.
        """
        if offset < 0 or count < 0:
            raise ValueError(f"A file has no part of {count} bytes from {offset} on")
        if self._left is not None and count > self._left:
            raise _longer(count - self._left)
        from ._send_file import FileCopy, can_copy, read_piece

        end = offset + count
        if count and self._left is not None and self._observer is None:
            connection = self._connection
            if can_copy(connection.transport):
                copy = FileCopy(connection, file, offset, count)
                try:
                    await copy.run()
                finally:
                    self._left -= copy.sent
                    offset += copy.sent
        while offset < end:
            piece = await read_piece(file, offset, min(end - offset, _PIECE_OF_FILE))
            if not piece:
                whole = "its Content-Length" if self._left is not None else "it was to be"
                raise ClientPayloadError(
                    f"The request's body is {end - offset} bytes shorter than {whole}:"
                    " its file has ended"
                )
            await self.write(piece)
            offset += len(piece)

    def finish(self) -> None:
        """Write what ends the body."""
        if self._left is None:
            if not self._connection.transport.is_closing():
                self._connection.transport.write(LAST_CHUNK)
        elif self._left:
            raise ClientPayloadError(
                f"The request's body is {self._left} bytes shorter than its Content-Length"
            )


def _longer(excess: int) -> ClientPayloadError:
    return ClientPayloadError(
        f"The request's body is {excess} bytes longer than its Content-Length"
    )


async def upload(
    connection: "Http1Connection",
    body: "RequestBody | BytesBody",
    observer: "Observer | None" = None,
) -> None:
    """Write all of *body* to *connection*."""
    writer = Http1BodyWriter(connection, body.length, observer)
    await body.write_to(writer)
    writer.finish()
