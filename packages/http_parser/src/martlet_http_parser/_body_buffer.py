"""A sink that keeps a whole body, for those who want it in one piece."""

from typing import Final

from martlet_exceptions import ClientPayloadError

__all__ = ["BodyBuffer"]

_DEFAULT_LIMIT: Final = 16 * 1024 * 1024


class BodyBuffer:
    """Gathers a body of up to *limit* bytes (default 16 MiB): a `BodySink`.

    More raises `ClientPayloadError`, out of the parser's `feed`. When `complete`, `data`
    is the body; if it `failed`, the rest will never come.
    """

    __slots__ = ("_limit", "_pieces", "_size", "complete", "failed")

    complete: bool
    failed: BaseException | None

    def __init__(self, limit: int = _DEFAULT_LIMIT) -> None:
        self._limit = limit
        self._pieces: list[bytes] = []
        self._size = 0
        self.complete = False
        self.failed = None

    def __len__(self) -> int:
        return self._size

    @property
    def data(self) -> bytes:
        """What has come so far."""
        pieces = self._pieces
        if len(pieces) > 1:
            pieces[:] = [b"".join(pieces)]
        return pieces[0] if pieces else b""

    def feed(self, data: bytes, /) -> None:
        """Take the next piece."""
        self._size += len(data)
        if self._size > self._limit:
            self._pieces.clear()
            raise ClientPayloadError(f"The body is larger than {self._limit} bytes")
        self._pieces.append(data)

    def eof(self) -> None:
        """Learn that the body is complete."""
        self.complete = True

    def fail(self, exc: BaseException, /) -> None:
        """Learn that the rest will never come."""
        self.failed = exc
