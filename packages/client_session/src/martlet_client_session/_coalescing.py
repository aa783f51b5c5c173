"""Writing many small pieces as one."""

from typing import Final, TypeAlias

from ._stream_writer import AbstractStreamWriter, BodyStreamWriter

__all__ = ["GATHERED", "CoalescingWriter"]

GATHERED: Final = 64 * 1024
"""How many bytes are gathered before they are passed on."""

_Bytes: TypeAlias = "bytes | bytearray | memoryview"


class CoalescingWriter(BodyStreamWriter):
    """Keeps what is written until there is enough of it, or until `flush`."""

    def __init__(self, writer: AbstractStreamWriter) -> None:
        super().__init__(writer)
        self._pieces: list[bytes] = []
        self._gathered = 0

    @property
    def full(self) -> bool:
        """Whether there is enough to be passed on."""
        return self._gathered >= GATHERED

    def keep(self, piece: bytes) -> None:
        """Write *piece* without passing anything on."""
        self._pieces.append(piece)
        self._gathered += len(piece)

    async def write(self, chunk: _Bytes) -> None:
        """Write *chunk*; wait only if there is enough to be passed on."""
        # What may change before it is passed on has to be copied.
        self.keep(chunk if isinstance(chunk, bytes) else bytes(chunk))
        if self._gathered >= GATHERED:
            await self.flush()

    async def flush(self) -> None:
        """Pass everything on."""
        pieces = self._pieces
        if pieces:
            self._pieces = []
            self._gathered = 0
            await super().write(pieces[0] if len(pieces) == 1 else b"".join(pieces))
