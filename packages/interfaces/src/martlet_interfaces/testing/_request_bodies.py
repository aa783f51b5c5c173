"""Bodies that behave, misbehave and get stuck."""

import asyncio
from collections.abc import Sequence

from martlet_interfaces import BodyWriter

__all__ = ["FailingBody", "PiecesBody", "StuckBody"]


class PiecesBody:
    """Writes *pieces* through one buffer that it uses again, as a `RequestBody` may."""

    replayable = False

    def __init__(self, pieces: Sequence[bytes], *, length: int | None) -> None:
        self._pieces = pieces
        self.length = length

    async def write_to(self, out: BodyWriter, /) -> None:
        """Write the pieces; what was written is overwritten as soon as that is allowed."""
        for piece in self._pieces:
            buffer = bytearray(piece)
            await out.write(buffer)
            buffer[:] = bytes(len(buffer))


class FailingBody:
    """Writes something, waits until *go* is set, and raises *exc*."""

    replayable = False
    length = None

    def __init__(self, exc: Exception, go: asyncio.Event | None = None) -> None:
        self._exc = exc
        self._go = go

    async def write_to(self, out: BodyWriter, /) -> None:
        """Fail in the middle."""
        await out.write(b"something")
        if self._go is not None:
            await self._go.wait()
        raise self._exc


class StuckBody:
    """Writes something and waits for ever; *started* and *ended* tell how far it is."""

    replayable = False
    length = None

    def __init__(self) -> None:
        self.started = asyncio.Event()
        self.ended = asyncio.Event()

    async def write_to(self, out: BodyWriter, /) -> None:
        """Get stuck."""
        try:
            await out.write(b"something")
            self.started.set()
            await asyncio.Event().wait()
        finally:
            self.ended.set()
