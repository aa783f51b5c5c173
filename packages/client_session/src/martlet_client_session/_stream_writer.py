"""Where a payload writes itself to."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from martlet_interfaces import BodyWriter

if TYPE_CHECKING:
    from asyncio import Transport

    from multidict import CIMultiDict

__all__ = [
    "AbstractStreamWriter",
    "BodyStreamWriter",
    "BoundedStreamWriter",
    "GatheringStreamWriter",
]

_Bytes: TypeAlias = "bytes | bytearray | memoryview"


class AbstractStreamWriter(ABC):
    """What `Payload.write` gets, in aiohttp's shape; `write` is what a payload needs."""

    buffer_size: int = 0
    """How many bytes wait here; none do."""
    output_size: int = 0
    """How many bytes have been written."""
    length: int | None = None
    """How many bytes are still wanted; ``None``: as many as come."""
    on_body_write: Callable[[int, int], None] | None = None
    """Called with the number of bytes before and after they are written."""

    @abstractmethod
    async def write(self, chunk: _Bytes) -> None:
        """Write *chunk*; return when there is room for more."""

    @abstractmethod
    async def write_eof(self, chunk: bytes = b"") -> None:
        """Write *chunk*, the last one."""

    @abstractmethod
    async def drain(self) -> None:
        """Return when there is room for more."""

    @abstractmethod
    def enable_compression(self, encoding: str = "deflate", strategy: int | None = None) -> None:
        """Compress what is written from here on."""

    @abstractmethod
    def enable_chunking(self) -> None:
        """Send what is written in chunks."""

    @abstractmethod
    async def write_headers(self, status_line: str, headers: "CIMultiDict[str]") -> None:
        """Write the head of the message."""

    def send_headers(self) -> None:
        """Send the head, if it waits here."""
        return

    @property
    def transport(self) -> "Transport | None":
        """Where it all goes, if that can be told."""
        return None


class _PlainStreamWriter(AbstractStreamWriter):
    """A writer of a body only. Framing and head are not the payload's to decide."""

    async def write_eof(self, chunk: bytes = b"") -> None:
        """Write *chunk*, the last one; the end itself is the connector's to write."""
        await self.write(chunk)

    async def drain(self) -> None:
        """Do nothing: `write` has waited already."""

    def enable_compression(self, encoding: str = "deflate", strategy: int | None = None) -> None:
        """Raise `RuntimeError`: ask for it with the request's ``compress=``."""
        raise RuntimeError("A body that is being written cannot be compressed: give compress=")

    def enable_chunking(self) -> None:
        """Raise `RuntimeError`: ask for it with the request's ``chunked=``."""
        raise RuntimeError("The framing of a body that is being written is decided: give chunked=")

    async def write_headers(self, status_line: str, headers: "CIMultiDict[str]") -> None:
        """Raise `RuntimeError`: the head has been written."""
        raise RuntimeError("The head of the request has been written already")


class BodyStreamWriter(_PlainStreamWriter):
    """Writes a body to a connector."""

    def __init__(self, out: BodyWriter) -> None:
        self.out = out

    async def write(self, chunk: _Bytes) -> None:
        """Write *chunk*; return when the transport has room for more."""
        size = chunk.nbytes if isinstance(chunk, memoryview) else len(chunk)
        if not size:
            return
        await self.out.write(chunk)
        self.output_size += size


class BoundedStreamWriter(_PlainStreamWriter):
    """Passes on the first *left* bytes of what is written, and drops the rest."""

    def __init__(self, writer: AbstractStreamWriter, left: int) -> None:
        self._writer = writer
        self.length = left

    async def write(self, chunk: _Bytes) -> None:
        """Write as much of *chunk* as is still wanted."""
        left = self.length or 0
        if isinstance(chunk, memoryview):
            chunk = chunk.cast("B") if chunk.c_contiguous else chunk.tobytes()
        piece = chunk[:left]
        if piece:
            self.length = left - len(piece)
            await self._writer.write(piece)
            self.output_size += len(piece)


class GatheringStreamWriter(_PlainStreamWriter):
    """Keeps what is written."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    async def write(self, chunk: _Bytes) -> None:
        """Keep a copy of *chunk*, if it can change."""
        self._pieces.append(bytes(chunk))
        self.output_size += len(self._pieces[-1])

    def gathered(self) -> bytes:
        """Give all that has been written."""
        return b"".join(self._pieces)
