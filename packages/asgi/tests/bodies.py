"""Bodies that write themselves, well or badly."""

import asyncio
from collections.abc import Sequence

from martlet_interfaces import BodyWriter

__all__ = ["FailingBody", "PiecesBody", "StuckBody"]


class PiecesBody:
    """Writes *pieces* through one buffer, and says how far it is."""

    replayable = False

    def __init__(self, pieces: Sequence[bytes], length: int | None = None) -> None:
        self.length = length
        self.written = 0
        self._pieces = pieces

    async def write_to(self, out: BodyWriter, /) -> None:
        for piece in self._pieces:
            buffer = bytearray(piece)
            await out.write(buffer)
            buffer[:] = bytes(len(buffer))
            self.written += 1


class FailingBody:
    """Writes something and raises *exc*."""

    replayable = False
    length = None

    def __init__(self, exc: BaseException) -> None:
        self._exc = exc

    async def write_to(self, out: BodyWriter, /) -> None:
        await out.write(b"something")
        raise self._exc


class StuckBody:
    """Writes something and waits for ever; *exc* is what it raises when it is cancelled."""

    replayable = False
    length = None

    def __init__(self, exc: BaseException | None = None) -> None:
        self.started = asyncio.Event()
        self.ended = asyncio.Event()
        self._exc = exc

    async def write_to(self, out: BodyWriter, /) -> None:
        try:
            await out.write(b"something")
            self.started.set()
            await asyncio.Event().wait()
        finally:
            self.ended.set()
            if self._exc is not None:
                raise self._exc
