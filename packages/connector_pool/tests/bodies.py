"""Request bodies that do what a test needs."""

import asyncio
from collections.abc import Callable, Sequence

from martlet_interfaces import BodyWriter

__all__ = ["Pieces", "RaisingBody"]


class Pieces:
    """Writes its pieces, one after the other; *gate* holds it up before the last."""

    def __init__(
        self,
        pieces: Sequence[bytes | bytearray | memoryview],
        length: int | None = None,
        *,
        replayable: bool = False,
        gate: asyncio.Event | None = None,
    ) -> None:
        self.pieces = pieces
        self.length = length
        self.replayable = replayable
        self.gate = gate
        self.begun = 0
        self.ended = 0
        self.errors: list[BaseException] = []
        self.after_write: Callable[[int], object] | None = None

    async def write_to(self, out: BodyWriter, /) -> None:
        self.begun += 1
        try:
            for number, piece in enumerate(self.pieces):
                if self.gate is not None and number == len(self.pieces) - 1:
                    await self.gate.wait()
                await out.write(piece)
                if self.after_write is not None:
                    self.after_write(number)
        except BaseException as exc:
            self.errors.append(exc)
            raise
        finally:
            self.ended += 1


class RaisingBody:
    """Writes one piece, and then raises *error*."""

    length: int | None = None
    replayable = False

    def __init__(self, error: BaseException, gate: asyncio.Event | None = None) -> None:
        self.error = error
        self.gate = gate

    async def write_to(self, out: BodyWriter, /) -> None:
        await out.write(b"piece")
        if self.gate is not None:
            await self.gate.wait()
        raise self.error
