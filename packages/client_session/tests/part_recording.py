"""Where payloads write to in the tests, and payloads that need no others."""

from collections.abc import AsyncIterator, Iterable

from martlet_client_session._payload import Payload
from martlet_client_session._stream_writer import AbstractStreamWriter, BodyStreamWriter

# What never may begin a new line, or end the text, on the wire.
INJECTIONS = ["\r", "\n", "\r\n", "\0", "\x01", "\x7f", "\u010a", "\ud800"]


class Recorder:
    """A `BodyWriter` that keeps each piece."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    async def write(self, data: bytes | bytearray | memoryview, /) -> None:
        self.pieces.append(bytes(data))

    @property
    def data(self) -> bytes:
        return b"".join(self.pieces)


async def written(payload: Payload) -> list[bytes]:
    """Write *payload*, and give the pieces."""
    recorder = Recorder()
    await payload.write(BodyStreamWriter(recorder))
    return recorder.pieces


class Pieces(Payload):
    """Writes its pieces one by one, and can do so once, if *once*."""

    def __init__(
        self,
        pieces: Iterable[bytes | bytearray | memoryview],
        headers: dict[str, str] | None = None,
        *,
        size: int | None = None,
        once: bool = False,
    ) -> None:
        super().__init__(None, headers)
        self.pieces = list(pieces)
        self.once = once
        self.closed = 0
        self.said_size = size

    @property
    def size(self) -> int | None:
        return self.said_size

    @property
    def replayable(self) -> bool:
        return not self.once

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        return b"".join(self.pieces).decode(encoding, errors)

    async def write(self, writer: AbstractStreamWriter) -> None:
        self._consumed = self.once
        for piece in self.pieces:
            await writer.write(piece)

    async def close(self) -> None:
        self.closed += 1


async def aiter_of(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
