"""Payloads of what only comes while it is sent."""

from collections.abc import AsyncIterable, Awaitable, Callable
from typing import Any, ClassVar

from ._payload import Payload
from ._stream_reader import StreamReader
from ._stream_writer import AbstractStreamWriter

__all__ = ["AsyncIterablePayload", "StreamReaderPayload"]


class AsyncIterablePayload(Payload):
    """What an async iterable, such as an async generator, gives piece by piece.

    Pieces are bytes, bytearray or memoryview, else `TypeError` is raised while it is sent;
    what the iterable raises itself comes out as it is. Its iterator is closed, if it has an
    ``aclose``, however the sending ends. It can be sent once, but as often as is asked
    after `as_bytes`, which keeps what it has read.

    Raises `TypeError` for what is no async iterable, `ValueError` for an async generator
    that has ended already. The other parameters are those of `Payload`.
    """

    _autoclose: ClassVar[bool] = True
    _value: AsyncIterable[bytes]

    def __init__(self, value: AsyncIterable[bytes], *args: Any, **kwargs: Any) -> None:
        if not isinstance(value, AsyncIterable):
            raise TypeError(f"An async iterable is needed, not {type(value).__name__}")
        if getattr(value, "ag_frame", value) is None:
            raise ValueError("The async generator has ended already: call its function again")
        super().__init__(value, *args, **kwargs)
        self._kept: bytes | None = None

    @property
    def replayable(self) -> bool:
        """Whether `as_bytes` has kept it."""
        return self._kept is not None

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Give it as text, if `as_bytes` has kept it; otherwise raise `TypeError`."""
        if self._kept is None:
            raise TypeError("What comes piece by piece has to be awaited: use as_bytes()")
        return self._kept.decode(self._encoding or encoding, errors)

    async def as_bytes(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        """Give all of it as bytes, and keep them; *encoding* and *errors* mean nothing here."""
        if self._kept is None:
            kept = await super().as_bytes(encoding, errors)
            self._kept = kept
            self._size = len(kept)
            self._consumed = False
        return self._kept

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Write all of it. Raises `RuntimeError` if it has been sent already."""
        await self.write_with_length(writer, None)

    async def write_with_length(
        self, writer: AbstractStreamWriter, content_length: int | None
    ) -> None:
        """Write it, but no more than *content_length* bytes, if that is not ``None``.

        Of the pieces no more than needed are asked for. Raises `RuntimeError` if it has
        been sent already.
        """
        if self._kept is not None:
            await writer.write(self._kept[:content_length])
            return
        if self._consumed:
            raise RuntimeError("The async iterable has been sent already, and cannot be once more")
        self._consumed = True
        iterator = aiter(self._value)
        try:
            if content_length is None:
                async for item in iterator:
                    await writer.write(_checked(item))
            elif content_length > 0:
                await _write_up_to(content_length, iterator, writer.write)
        finally:
            aclose: Callable[[], Awaitable[None]] | None = getattr(iterator, "aclose", None)
            if aclose is not None:
                await aclose()


async def _write_up_to(
    left: int,
    iterator: AsyncIterable[object],
    write: Callable[[bytes | bytearray | memoryview], Awaitable[None]],
) -> None:
    async for item in iterator:
        piece = _checked(item)[:left]
        await write(piece)
        left -= len(piece)
        if not left:
            return


def _checked(item: object) -> bytes | bytearray | memoryview:
    if isinstance(item, bytes | bytearray):
        return item
    if isinstance(item, memoryview):
        return item.cast("B") if item.c_contiguous else item.tobytes()
    hint = ": encode it" if isinstance(item, str) else ""
    raise TypeError(f"An async iterable has to give bytes, not {type(item).__name__}{hint}")


class StreamReaderPayload(AsyncIterablePayload):
    """A body that is read, such as a response's ``content``, as it comes."""

    def __init__(self, value: StreamReader, *args: Any, **kwargs: Any) -> None:
        super().__init__(value.iter_any(), *args, **kwargs)
