"""What the tests of payloads have in common."""

from pathlib import Path

from martlet_client_session._payload import Payload
from martlet_client_session._stream_writer import BodyStreamWriter


class Pieces:
    """A `BodyWriter` that keeps what is written; *error* is raised after so many pieces."""

    def __init__(self, error: BaseException | None = None, after: int = 0) -> None:
        self.pieces: list[bytes] = []
        self._error = error
        self._after = after

    async def write(self, data: bytes | bytearray | memoryview, /) -> None:
        if self._error is not None and len(self.pieces) == self._after:
            raise self._error
        self.pieces.append(bytes(data))


async def pieces(payload: Payload, length: int | None = None) -> list[bytes]:
    """Give what *payload* writes, as it writes it."""
    out = Pieces()
    await payload.write_with_length(BodyStreamWriter(out), length)
    return out.pieces


async def written(payload: Payload, length: int | None = None) -> bytes:
    """Give what *payload* writes."""
    return b"".join(await pieces(payload, length))


async def written_whole(payload: Payload) -> bytes:
    """Give what its `write` writes."""
    out = Pieces()
    await payload.write(BodyStreamWriter(out))
    return b"".join(out.pieces)


def fill(path: Path, data: bytes) -> None:
    """Make *data* what the file at *path* holds."""
    path.write_bytes(data)
